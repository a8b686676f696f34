import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import type { Project } from "../project.ts";

/** What stands in a file for a secret that is set. The secret itself never leaves the project. */
export const PLACEHOLDER = "PLACEHOLDER_VALUE";

/** The kinds of things that have secrets, by the names that requests and replies use for them. */
export type SecretOwner = "connectors" | "oauthProviders" | "outboundApps" | "externalAuth";

/** A place in a configuration that holds a secret, or a placeholder for one. */
export interface SecretPlace {
  /** What the secret is called: the last word of its path, in lower case; the whole path where two would be called the same. */
  readonly type: string;
  /** What stands there. */
  readonly content: string;
  readonly path: readonly string[];
}

const SECRET_KEY =
  /(?:^|[a-z0-9_-])(?:password|secret|secretkey|apikey|token|bearertoken|authtoken|accesstoken|privatekey|hmacsecret|authkey)$/i;

/** The places of a configuration that hold secrets: placeholders anywhere, and texts under names that mean a secret. */
export function secretPlaces(configuration: Json): SecretPlace[] {
  const found: { path: string[]; content: string }[] = [];
  const walk = (value: Json, path: string[]): void => {
    if (typeof value === "string") {
      const key = path.at(-1) ?? "";
      if (value === PLACEHOLDER || (value !== "" && SECRET_KEY.test(key)))
        found.push({ path, content: value });
    } else if (Array.isArray(value)) value.forEach((item, index) => walk(item, [...path, String(index)]));
    else if (isJsonObject(value)) {
      for (const [key, member] of Object.entries(value)) walk(member, [...path, key]);
    }
  };
  walk(configuration, []);
  const short = found.map(({ path }) => (path.at(-1) ?? "").toLowerCase());
  return found.map(({ path, content }, index) => {
    const own = short[index] as string;
    const isAlone = short.filter((name) => name === own).length === 1;
    return { path, content, type: isAlone ? own : path.join(".").toLowerCase() };
  });
}

/** What stands at `path`; undefined for nothing. */
export function contentAt(configuration: Json | undefined, path: readonly string[]): Json | undefined {
  let content = configuration;
  for (const step of path) {
    if (Array.isArray(content)) content = content[Number(step)];
    else content = isJsonObject(content) ? content[step] : undefined;
  }
  return content;
}

/** A copy of `configuration` with `content` at `path`. */
export function withContent(configuration: Json, path: readonly string[], content: string): Json {
  const [step, ...rest] = path;
  if (step === undefined) return content;
  if (Array.isArray(configuration)) {
    return configuration.map((item, index) =>
      String(index) === step ? withContent(item, rest, content) : item,
    );
  }
  if (!isJsonObject(configuration)) return configuration;
  const member = configuration[step];
  return member === undefined
    ? configuration
    : { ...configuration, [step]: withContent(member, rest, content) };
}

export function getSecret(
  project: Project,
  owner: SecretOwner,
  entity: string,
  type: string,
): string | undefined {
  return project.store.get<{ value: string }>(
    "SELECT value FROM secrets WHERE project = ? AND owner = ? AND entity = ? AND type = ?",
    project.id,
    owner,
    entity,
    type,
  )?.value;
}

export function putSecret(
  project: Project,
  owner: SecretOwner,
  entity: string,
  type: string,
  value: string,
): void {
  project.store.run(
    `INSERT INTO secrets VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (project, owner, entity, type) DO UPDATE SET value = excluded.value`,
    project.id,
    owner,
    entity,
    type,
    value,
  );
}

/** Forgets the secrets of something that is gone. */
export function deleteSecrets(project: Project, owner: SecretOwner, entity: string): void {
  project.store.run(
    "DELETE FROM secrets WHERE project = ? AND owner = ? AND entity = ?",
    project.id,
    owner,
    entity,
  );
}

/** Gives a project the secrets of another one, as cloning does. */
export function copySecrets(from: Project, to: Project): void {
  to.store.run(
    `INSERT INTO secrets SELECT ?, owner, entity, type, value FROM secrets WHERE project = ?`,
    to.id,
    from.id,
  );
}

/** What has secrets in a snapshot: connectors, and the providers of social sign-in. */
export interface SecretHolder {
  readonly owner: SecretOwner;
  readonly id: string;
  readonly name: string;
  /** The file that it stands in. */
  readonly file: string;
  /** Where in the file its configuration stands. */
  readonly at: readonly string[];
  readonly configuration: JsonObject;
}
