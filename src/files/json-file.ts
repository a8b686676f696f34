import { type Failure, fileFailure } from "../failure.ts";
import { isTooDeep } from "../json/depth.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { printJson } from "../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../json/value.ts";
import type { Files } from "./files.ts";

/**
 * Reads a file that holds one JSON object, numbers as they are spelled.
 *
 * @throws {Failure} "file" when it cannot be read, is not JSON (naming line and column) or holds something else, null included.
 */
export function readJsonObject(files: Files, path: string): JsonObject {
  const value = parse(files.readText(path), path);
  if (!isJsonObject(value)) throw fileFailure(`${path}: it must hold a JSON object, not ${kindOf(value)}`);
  if (isTooDeep(value)) throw fileFailure(`${path}: it is nested too deeply`);
  return value;
}

/** The text of a JSON file: the canonical form and a final newline. */
export function jsonFileText(value: Json): string {
  return `${printJson(value)}\n`;
}

function parse(text: string, path: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    throw error instanceof JsonSyntaxError ? notJson(path, error) : error;
  }
}

function notJson(path: string, error: JsonSyntaxError): Failure {
  return fileFailure(`${path}: not JSON: ${error.message}`);
}

function kindOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a string";
  return typeof value === "boolean" ? "true or false" : "a number";
}
