import path from "node:path";
import * as v from "valibot";
import type { Files } from "../../files/files.ts";
import { fileFailure, type Failure } from "../../failure.ts";
import { withoutComments } from "../../json/comments.ts";
import { locate, type Path } from "../../json/locate.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { isJsonObject, isRawNumber, type Json } from "../../json/value.ts";
import { readPlace, writePlace, type Place } from "../model/address.ts";
import type { Environment, Origin, Rule, SecretRule } from "./environment.ts";
import { environmentFile, environmentKeys, isForSecrets, variableOf, type EnvironmentFile } from "./file.ts";

/**
 * The file of an environment: a path where one is given, else `envs/<name>.json` in the working folder or beside the snapshot's folder.
 *
 * @throws {Failure} "file" naming where it was looked for.
 */
export function environmentPath(files: Files, name: string, folder: string | undefined): string {
  if (name.endsWith(".json") || /[/\\]/.test(name)) return name;
  const places = environmentFolders(folder).map((one) => path.join(one, `${name}.json`));
  const found = places.find((place) => files.kind(place) === "file");
  if (found !== undefined) return found;
  throw fileFailure(
    `There is no environment "${name}": ${places.join(" and ")} ${places.length === 1 ? "does" : "do"} not exist`,
  );
}

/** Where environments are looked for: in the working folder, and beside the snapshot's where that is another place. */
function environmentFolders(folder: string | undefined): string[] {
  const beside = folder === undefined ? "envs" : path.join(path.dirname(path.resolve(folder)), "envs");
  return beside === path.resolve("envs") ? ["envs"] : [...new Set(["envs", beside])];
}

/**
 * All environments beside a snapshot's folder, or in the working folder: those files of `envs/` that no other one extends.
 *
 * @throws {Failure} "file" when there is none, or one is wrong.
 */
export function readEnvironments(files: Files, folder: string): Environment[] {
  const places = environmentFolders(folder);
  const found = places.find((place) => files.kind(place) === "folder");
  const all = (found === undefined ? [] : files.list(found, (name) => name.startsWith(".")))
    .filter(({ path: file, kind }) => kind === "file" && file.endsWith(".json") && !file.includes("/"))
    .map(({ path: file }) => readEnvironment(files, path.join(found ?? "", file)));
  const extended = new Set(all.flatMap(({ files: layers }) => layers.slice(0, -1)));
  const own = all.filter(({ files: layers }) => !extended.has(layers.at(-1) ?? ""));
  if (own.length === 0)
    throw fileFailure(
      `There are no environments: ${places.join(" and ")} ${places.length === 1 ? "holds" : "hold"} none`,
      "An environment is a file such as envs/prod.json.",
    );
  return own;
}

/**
 * Reads an environment file with what it extends.
 *
 * @throws {Failure} "file" naming file, line and column of what is wrong in it.
 */
export function readEnvironment(files: Files, file: string): Environment {
  const own = readOne(files, file);
  const extended = (own.content.extends ?? []).map((name, index) => {
    const one = readOne(files, path.join(path.dirname(file), name));
    if (one.content.extends !== undefined)
      throw own.wrong(
        ["extends", index],
        `${name} itself extends another file, which goes one level too deep`,
      );
    return one;
  });
  return merge(path.basename(file, ".json"), [...extended, own]);
}

interface OneFile {
  readonly path: string;
  readonly content: EnvironmentFile;
  origin(at: Path): Origin;
  wrong(at: Path, what: string): Failure;
}

function readOne(files: Files, file: string): OneFile {
  const text = withoutComments(files.readText(file).replace(/^\ufeff/, " "));
  let parsed: Json;
  try {
    parsed = parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw fileFailure(`${file}: not JSON: ${error.message}`);
    throw error;
  }
  const origin = (at: Path): Origin => ({ file, path: at, ...locate(text, at) });
  const wrong = (at: Path, what: string): Failure => {
    const { line, column } = origin(at);
    return fileFailure(`${file}:${line}:${column}: ${what}`);
  };
  if (!isJsonObject(parsed)) throw wrong([], "an environment is a JSON object");
  const twice = repeatedKey(text);
  if (twice !== undefined)
    throw fileFailure(`${file}:${twice.line}:${twice.column}: "${twice.key}" stands here a second time`);
  const checked = v.safeParse(environmentFile, plainNumbers(parsed));
  if (!checked.success) {
    const issue = checked.issues[0];
    const at = (issue.path ?? []).map(({ key }) => key as string | number);
    if (issue.type === "strict_object" && issue.expected === "never") {
      const known = at.length === 1 ? `; known are ${environmentKeys.join(", ")}` : "";
      throw wrong(at, `the key "${String(at.at(-1))}" is not known here${known}`);
    }
    if (issue.expected !== null && issue.expected === JSON.stringify(at.at(-1)) && at.length > 1)
      throw wrong(at, `the key ${issue.expected} is missing here`);
    throw wrong(
      at,
      `${at.length === 0 ? "the file" : `"${at.join(".")}"`} must be ${issue.expected ?? "valid"}`,
    );
  }
  return { path: file, content: checked.output, origin, wrong };
}

/** Numbers of the schema are plain ones; values of `set` keep their spelling. */
function plainNumbers(value: Json, inSet = false): Json {
  if (isRawNumber(value)) return inSet ? value : Number(value.rawJSON);
  if (Array.isArray(value)) return value.map((item) => plainNumbers(item, inSet));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, plainNumbers(member, inSet || key === "set")]),
  );
}

/** The first key that stands twice in one object of the text, which must be JSON. */
function repeatedKey(text: string): { key: string; line: number; column: number } | undefined {
  const seen: (Set<string> | undefined)[] = [];
  let expectsKey = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === "{") {
      seen.push(new Set());
      expectsKey = true;
    } else if (char === "[") seen.push(undefined);
    else if (char === "}" || char === "]") {
      seen.pop();
      expectsKey = false;
    } else if (char === ",") expectsKey = seen.at(-1) !== undefined;
    else if (char === '"') {
      const start = i;
      for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
      if (!expectsKey) continue;
      expectsKey = false;
      const key = JSON.parse(text.slice(start, i + 1)) as string;
      if (seen.at(-1)?.has(key) === true) {
        const before = text.slice(0, start);
        return { key, line: before.split("\n").length, column: start - before.lastIndexOf("\n") };
      }
      seen.at(-1)?.add(key);
    }
  }
  return undefined;
}

function merge(name: string, layers: readonly OneFile[]): Environment {
  const last = <T>(of: (content: EnvironmentFile) => T | undefined): T | undefined =>
    layers.map(({ content }) => of(content)).findLast((value) => value !== undefined);
  const places = (key: "only" | "keep" | "unset" | "protect" | "delete"): Rule[] =>
    layers.flatMap((layer) =>
      (layer.content[key] ?? []).map((text, index) => ({
        at: place(layer, [key, index], text),
        origin: layer.origin([key, index]),
      })),
    );
  const set = new Map<string, Environment["set"][number]>();
  const secrets = new Map<string, SecretRule>();
  for (const layer of layers) {
    for (const [text, value] of Object.entries(layer.content.set ?? {})) {
      const at = place(layer, ["set", text], text);
      if (at.pointer.length === 0)
        throw layer.wrong(["set", text], `"${text}" names no place: add "#/" and the member that is set`);
      const variable = variableOf(value);
      if (variable !== undefined && isForSecrets(variable))
        throw layer.wrong(
          ["set", text],
          `${variable} is a variable for a secret, and plans show what "set" takes: name it under "secrets", or give it another name`,
        );
      set.delete(text);
      set.set(text, { at, value, variable, origin: layer.origin(["set", text]) });
    }
    for (const [text, all] of Object.entries(layer.content.secrets ?? {})) {
      const at = place(layer, ["secrets", text], text);
      for (const [given, rule] of Object.entries(all)) {
        const where = ["secrets", text, given];
        const clear = rule.clear === true;
        if (clear === (rule.from !== undefined))
          throw layer.wrong(
            where,
            `the secret "${given}" needs "from" (env:NAME or file:path), or "clear": true to empty it`,
          );
        if (rule.from !== undefined && !/^(?:env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$/.test(rule.from))
          throw layer.wrong(
            [...where, "from"],
            `"from" must be env:NAME or file:path, never the secret itself`,
          );
        secrets.set(`${writePlace(at)} ${given.toLowerCase()}`, {
          address: at.address,
          at,
          name: given.toLowerCase(),
          from: rule.from,
          version: rule.version,
          clear,
          origin: layer.origin(where),
        });
      }
    }
  }
  const protection = last(({ protection: given }) => given);
  return {
    name,
    files: layers.map(({ path: file }) => file),
    project: last(({ project }) => project),
    isProtected: protection === undefined ? undefined : protection === "production",
    allowDelete: last(({ allowDelete }) => allowDelete),
    only: places("only"),
    keep: places("keep"),
    unset: places("unset"),
    protect: places("protect"),
    delete: places("delete"),
    set: [...set.values()],
    secrets: [...secrets.values()],
    ignore: layers.flatMap((layer) =>
      (layer.content.ignore ?? []).map(({ at, why }, index) => ({
        at: place(layer, ["ignore", index, "at"], at),
        why,
        origin: layer.origin(["ignore", index]),
      })),
    ),
  };
}

function place(layer: OneFile, at: Path, text: string): Place {
  const found = readPlace(text);
  if (found === undefined)
    throw layer.wrong(
      at,
      `"${text}" is not an address: write one as in the plan, such as project#/inviteUrl or connector/My HTTP`,
    );
  return found;
}
