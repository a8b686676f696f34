import { fileFailure } from "../failure.ts";
import { isTooDeep } from "./depth.ts";
import { locate, type Path, type Position } from "./locate.ts";
import { JsonSyntaxError, parseJson } from "./parse.ts";
import type { Json } from "./value.ts";

/** A JSON document with where it came from, so that what is said about it can name file, line and column. */
export interface JsonFile {
  /** As it is shown to people: a path, or what else tells where it is from (`project:P…/sign-in`). */
  readonly path: string;
  readonly content: Json;
  /** The text that was parsed; absent for what never was a text here, such as a part of a reply. */
  readonly text?: string;
}

/** Parses a file's text. A byte order mark in front is no part of it. @throws {Failure} "file" with path, line and column. */
export function parseFile(path: string, text: string): JsonFile {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    const content = parseJson(clean);
    if (isTooDeep(content)) throw fileFailure(`${path}: it is nested too deeply`);
    return { path, content, text: clean };
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw fileFailure(`${path}: not JSON: ${error.message}`);
    throw error;
  }
}

/** Where `path` leads in a file; undefined where its text is not known. */
export function positionIn(file: JsonFile, path: Path): Position | undefined {
  return file.text === undefined ? undefined : locate(file.text, path);
}
