import type { Found, Rule } from "../../lint/finding.ts";
import { editDistance } from "../../edit-distance.ts";
import type { Path } from "../../json/locate.ts";
import type { JsonFile } from "../../json/source.ts";
import { isJsonObject, isRawNumber, type Json } from "../../json/value.ts";
import { markerIn } from "../model/marker.ts";
import { KNOWN_MEMBERS, type Kind } from "./known-members.ts";

const UNKNOWN_MEMBER: Rule = {
  code: "unknown-member",
  level: "warning",
  summary: "A setting is called almost as a known one that is missing",
  help: "An import ignores what it does not know. Names that nothing else is like are left alone: later versions have more of them.",
};

const WRONG_TYPE: Rule = {
  code: "wrong-type",
  level: "warning",
  summary: "A setting holds another kind of value than exports have there",
  help: "An import may refuse it, or take something else for it.",
};

const UNRESOLVED_MARKER: Rule = {
  code: "unresolved-marker",
  level: "error",
  summary: "A text was left to be filled in",
  help: "Markers such as ##NAME## reach the project as they are. Values of an environment belong into its file, under set.",
};

const NEWER_VERSION: Rule = {
  code: "newer-version",
  level: "note",
  summary: "The snapshot has a version that is not known yet",
  help: "What it adds is carried along and compared as it is, but no rule knows it.",
};

export const MEMBER_RULES: readonly Rule[] = [UNKNOWN_MEMBER, WRONG_TYPE, UNRESOLVED_MARKER, NEWER_VERSION];

/** The newest version of snapshots whose files the rules were written for. */
const KNOWN_VERSION = 5;

/** What is wrong with the names and kinds of settings, and what was left to be filled in anywhere. */
export function memberFindings(files: ReadonlyMap<string, JsonFile>): Found[] {
  return [
    ...newerVersion(files.get("snapshot.json")),
    ...[...files].flatMap(([path, file]) => [...settings(path, file), ...markers(path, file)]),
  ];
}

function* newerVersion(file: JsonFile | undefined): Generator<Found> {
  if (file === undefined || !isJsonObject(file.content)) return;
  const { version } = file.content;
  if (typeof version !== "number" || version <= KNOWN_VERSION) return;
  yield {
    rule: NEWER_VERSION,
    address: "file/snapshot.json#/version",
    message: `The snapshot has version ${version}, and the newest that is known is ${KNOWN_VERSION}`,
    fix: "Get a newer descope, if there is one.",
    file,
    path: ["version"],
  };
}

function* settings(path: string, file: JsonFile): Generator<Found> {
  const known = Object.hasOwn(KNOWN_MEMBERS, path) ? KNOWN_MEMBERS[path] : undefined;
  if (known === undefined || !isJsonObject(file.content)) return;
  const address = path.replace(/\.json$/, "");
  for (const [key, value] of Object.entries(file.content)) {
    const kind = Object.hasOwn(known, key) ? known[key] : undefined;
    if (kind === undefined) {
      const near = Object.keys(known).find(
        (one) => !Object.hasOwn(file.content as object, one) && isSlip(one, key),
      );
      if (near === undefined) continue;
      yield {
        rule: UNKNOWN_MEMBER,
        address: `${address}#/${key}`,
        message: `"${key}" is not known, and "${near}" is missing`,
        fix: `Did you mean "${near}"?`,
        file,
        path: [key],
      };
    } else if (value !== null && !isOfKind(value, kind)) {
      yield {
        rule: WRONG_TYPE,
        address: `${address}#/${key}`,
        message: `"${key}" must be ${WORDS[kind]}`,
        fix: "Write it as an export does.",
        file,
        path: [key],
      };
    }
  }
}

/** One or two letters that are not as they should be, in a word that is long enough for that to be no other word. */
function isSlip(known: string, typed: string): boolean {
  const most = known.length < 8 ? 1 : 2;
  return (
    known.toLowerCase() === typed.toLowerCase() ||
    (Math.abs(known.length - typed.length) <= most && editDistance(known, typed) <= most)
  );
}

const WORDS: Readonly<Record<Kind, string>> = {
  text: "a text",
  texts: "a text, or a list of texts",
  number: "a number",
  flag: "true or false",
  list: "a list",
  object: "an object",
};

function isOfKind(value: Json, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "texts":
      return typeof value === "string" || Array.isArray(value);
    case "number":
      return typeof value === "number" || isRawNumber(value);
    case "flag":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "object":
      return isJsonObject(value);
  }
}

function* markers(path: string, file: JsonFile): Generator<Found> {
  const walk = function* (value: Json, at: Path): Generator<Found> {
    if (typeof value === "string") {
      const marker = markerIn(value);
      if (marker === undefined) return;
      yield {
        rule: UNRESOLVED_MARKER,
        address: `file/${path}#/${at.join("/")}`,
        message: `"${marker}" was left to be filled in`,
        fix: "Write the value, or set it in the environments' files.",
        file,
        path: at,
      };
    } else if (Array.isArray(value)) {
      for (const [i, item] of value.entries())
        if (typeof item === "object" || typeof item === "string") yield* walk(item, [...at, i]);
    } else if (isJsonObject(value)) {
      for (const key in value) {
        const member = value[key] ?? null;
        if (
          typeof member === "string"
            ? member.includes("##") || member.includes("${")
            : typeof member === "object"
        )
          yield* walk(member, [...at, key]);
      }
    }
  };
  yield* walk(file.content, []);
}
