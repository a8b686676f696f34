import { byCodePoint } from "../../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import type { Scope } from "../entities/scope.ts";
import { forgetPolicies, resources, type Resource } from "../entities/resource.ts";
import type { Project } from "../project.ts";
import { text } from "../project-settings.ts";
import type { SnapshotPart } from "./parts.ts";

/** The project's resources, by their names: ids, versions and times are each project's own. */
export const resourcesPart: SnapshotPart = {
  name: "resources",
  file: "resources.json",
  write(project) {
    const all = resources.all(project).sort((a, b) => byCodePoint(a.name, b.name));
    if (all.length === 0) return undefined;
    return { resources: all.map(({ version, createdTime, modifiedTime, ...resource }) => toJson(resource)) };
  },
  check(content) {
    const failures: string[] = [];
    const seen = new Set<string>();
    const list = isJsonObject(content) ? content.resources : undefined;
    if (list !== undefined && !Array.isArray(list)) failures.push("resources.json: resources must be a list");
    for (const { name } of listed(content)) {
      if (text(name) === "") failures.push("resources.json: a resource has no name");
      else if (seen.has(text(name)))
        failures.push(`resources.json: another resource is called "${text(name)}" too`);
      seen.add(text(name));
    }
    return failures;
  },
  read(project, content) {
    const wanted = listed(content);
    for (const before of resources.all(project)) {
      if (wanted.some(({ name }) => name === before.name)) continue;
      forgetPolicies(project, ({ resourceId }) => resourceId === before.id);
      resources.delete(project, before.id);
    }
    for (const one of wanted) resources.put(project, settled(project, one));
  },
};

function listed(content: Json): JsonObject[] {
  const list = isJsonObject(content) ? content.resources : undefined;
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** A resource of a file as it is kept: the one of its name keeps its id. */
function settled(project: Project, given: JsonObject): Resource {
  const before = resources.named(project, text(given.name));
  const now = project.clock.now();
  const isFree = text(given.id) !== "" && resources.get(project, text(given.id)) === undefined;
  const own = isFree ? text(given.id) : project.ids.next("RS");
  const scopes = isJsonObject(given.scopes) ? given.scopes : {};
  return {
    description: "",
    uri: "",
    type: "",
    userAccess: "",
    clientAccess: "",
    ...given,
    scopes: {
      ...scopes,
      permissionsScopes: scopesOf(scopes.permissionsScopes),
      attributesScopes: scopesOf(scopes.attributesScopes),
      connectionsScopes: scopesOf(scopes.connectionsScopes),
    },
    id: before?.id ?? own,
    name: text(given.name),
    version: (before?.version ?? 0) + 1,
    createdTime: before?.createdTime ?? now,
    modifiedTime: now,
  } as Resource;
}

/** Scopes of a file; what has no name is none. */
function scopesOf(given: Json | undefined): Scope[] {
  const all = Array.isArray(given) ? given.filter(isJsonObject) : [];
  return all
    .filter(({ name }) => text(name) !== "")
    .map((scope) => ({
      ...scope,
      name: text(scope.name),
      description: text(scope.description),
      values: Array.isArray(scope.values) ? scope.values.map(text) : [],
    }));
}

function toJson(thing: object): Json {
  return JSON.parse(JSON.stringify(thing)) as Json;
}
