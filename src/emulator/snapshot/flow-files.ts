import { byCodePoint } from "../../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { configurationRefused, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { assetName, assetPath, withAssetsInline, withKnownAssets } from "./assets.ts";
import {
  deleteBelow,
  filesBelow,
  getIndex,
  getObject,
  names,
  putFile,
  type Files,
} from "./snapshot-files.ts";

const INDEX = "flows/flows.json";

/** A text of this length and more gets a file of its own in a snapshot. Descope's own bound is not known. */
const LONG_TEXT = 1000;

/** What a list of flows says of each. */
export interface FlowSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly disabled: boolean;
}

/** The project's flows, in the order of their ids. */
export function listFlows(project: Project): FlowSummary[] {
  return getIndex(project, INDEX, "flows").map((id) => {
    const { name, description, disabled } = getObject(project, `flows/${id}/metadata.json`);
    return {
      id,
      name: typeof name === "string" ? name : id,
      description: typeof description === "string" ? description : "",
      disabled: disabled === true,
    };
  });
}

/** A flow as one object: what `flow export` gives. @throws {EmulatorError} when there is no such flow. */
export function exportFlow(project: Project, flowId: string): JsonObject {
  const folder = filesBelow(project, `flows/${flowId}`);
  const metadata = folder[`flows/${flowId}/metadata.json`];
  if (!isJsonObject(metadata)) throw notFound(`There is no flow ${flowId}`);
  const { references = {}, screens, ...rest } = metadata;
  const flow: JsonObject = {
    flowId,
    metadata: rest,
    contents: folder[`flows/${flowId}/contents.json`] ?? {},
    screens: names(screens).flatMap((name) => folder[`flows/${flowId}/screen-${name}.json`] ?? []),
    references,
  };
  return withAssetsInline(flow, filesBelow(project, "assets")) as JsonObject;
}

/**
 * Puts a flow of one object in place of the one with its id, or beside the others. Connectors that it refers to are found again by
 * their names.
 *
 * @throws {EmulatorError} when it is no flow.
 */
export function importFlow(project: Project, flowId: string, given: JsonObject): void {
  const flow = withKnownAssets(given, filesBelow(project, "assets")) as JsonObject;
  if (!/^[\w-]+$/.test(flowId))
    throw configurationRefused("The id of a flow holds letters, digits, - and _ only");
  const { metadata, contents, screens } = flow;
  if (!isJsonObject(metadata) || !isJsonObject(contents))
    throw configurationRefused(`The flow ${flowId} must have metadata and contents, both objects`);
  const screenList = (Array.isArray(screens) ? screens : []).map((screen) => {
    if (isJsonObject(screen) && typeof screen.screenId === "string") return screen;
    throw configurationRefused(`Each screen of the flow ${flowId} must be an object with a screenId`);
  });
  const references = isJsonObject(flow.references) ? flow.references : {};
  const fileNames = screenFileNames(contents, screenList);
  const assets: Files = {};
  const moved = withLocalConnectors(project, references, {
    metadata: {
      description: "",
      disabled: false,
      fingerprint: false,
      name: flowId,
      componentsVersion: "",
      sharedInteractions: [],
      ...metadata,
      ...(Object.keys(references).length === 0 ? {} : { references }),
      screens: [...fileNames.values()].sort(byCodePoint),
    },
    contents: withScriptAssets(contents, assets),
    screens: screenList.map(withWholeInteractions),
  });
  deleteBelow(project, `flows/${flowId}`);
  putFile(project, `flows/${flowId}/metadata.json`, moved.metadata as Json);
  putFile(project, `flows/${flowId}/contents.json`, moved.contents as Json);
  for (const screen of moved.screens as JsonObject[]) {
    putFile(project, `flows/${flowId}/screen-${fileNames.get(screen.screenId as string)}.json`, screen);
  }
  for (const [path, content] of Object.entries(assets)) putFile(project, path, content);
  const ids = new Set([...getIndex(project, INDEX, "flows"), flowId]);
  putFile(project, INDEX, { ...getObject(project, INDEX), flows: [...ids].sort(byCodePoint) });
}

/** Deletes a flow; true when there was one. */
export function deleteFlow(project: Project, flowId: string): boolean {
  const ids = getIndex(project, INDEX, "flows");
  if (!ids.includes(flowId)) return false;
  deleteBelow(project, `flows/${flowId}`);
  putFile(project, INDEX, { ...getObject(project, INDEX), flows: ids.filter((id) => id !== flowId) });
  return true;
}

/**
 * The file-name part of each screen, by its id: the slug of its task's name; with the end of the id where two would be the same, and
 * the id alone where the task was never named.
 */
function screenFileNames(contents: JsonObject, screens: readonly JsonObject[]): Map<string, string> {
  const tasks = isJsonObject(contents.tasks) ? Object.values(contents.tasks).filter(isJsonObject) : [];
  const slugs = new Map<string, string>();
  for (const { screenId } of screens) {
    const task = tasks.find((one) => one.type === "screen" && one.screenId === screenId);
    const name = typeof task?.name === "string" ? task.name : "";
    slugs.set(screenId as string, name === "New Screen" ? "" : slug(name));
  }
  const whole = (id: string) => id.replace(/^SC/, "").replace(/[^\w-]/g, "-");
  const ending = (id: string, part: string) => `${part}-${id.slice(-4).replace(/[^\w-]/g, "-")}`;
  const parts = new Map(
    [...slugs].map(([id, part]) => {
      const isAlone = [...slugs.values()].filter((other) => other === part).length === 1;
      return [id, part === "" ? whole(id) : isAlone ? part : ending(id, part)];
    }),
  );
  // Ids that end alike too: only the whole of them tells the files apart.
  return new Map(
    [...parts].map(([id, part]) => {
      const isAlone = [...parts.values()].filter((other) => other === part).length === 1;
      return [id, isAlone ? part : whole(id)];
    }),
  );
}

/** Lower case, every run of other characters than letters and digits as one dash, none at the ends. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** An interaction in a snapshot has all of its members. */
function withWholeInteractions(screen: JsonObject): JsonObject {
  if (!Array.isArray(screen.interactions)) return { ...screen, interactions: [] };
  const whole = screen.interactions.map((one) =>
    isJsonObject(one) ? { icon: "", id: "", label: "", subType: "", type: "", ...one } : one,
  );
  return { ...screen, interactions: whole };
}

/** Moves long scripts into files of their own. */
function withScriptAssets(value: Json, assets: Files, key = ""): Json {
  if (typeof value === "string") {
    if (key !== "value" || value.length < LONG_TEXT || assetPath(value) !== undefined) return value;
    const name = assetName("value", "txt", value);
    assets[`assets/${name}`] = value;
    return `asset:${name}`;
  }
  if (Array.isArray(value)) return value.map((item) => withScriptAssets(item, assets));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, withScriptAssets(member, assets, name)]),
  );
}

/** Replaces the ids of connectors that have another id here by that one; found by name. */
function withLocalConnectors(project: Project, references: JsonObject, flow: JsonObject): JsonObject {
  const { connectors } = references;
  if (!isJsonObject(connectors)) return flow;
  const local = new Map(
    getIndex(project, "connectors/connectors.json", "connectors").map((part) => {
      const { name, id } = getObject(project, `connectors/${part}.json`);
      return [name, id];
    }),
  );
  const replaced = new Map<string, string>();
  for (const [name, id] of Object.entries(connectors)) {
    const here = local.get(name);
    if (typeof id === "string" && typeof here === "string" && here !== id) replaced.set(id, here);
  }
  return replaced.size === 0 ? flow : (replaceTexts(flow, replaced) as JsonObject);
}

/** A copy in which every text that is a key of `replaced` is what it maps to. */
export function replaceTexts(value: Json, replaced: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return replaced.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => replaceTexts(item, replaced));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, replaceTexts(member, replaced)]),
  );
}
