import { isJsonObject, type JsonObject } from "../json/value.ts";
import { readConsole } from "./console.ts";
import { type FlowRead, readExported } from "./exported.ts";

/** The forms of a flow in one file. */
export type FileForm =
  /** What older console exports hold. */
  | "console"
  /** What `flow export` writes. */
  | "exported"
  /** The same as the member `flow` of an object: a saved reply of the API, or the output of `flow export --json`. */
  | "wrapped";

/** Tells the form of a flow's file; undefined when it holds none. */
export function formOf(raw: JsonObject): FileForm | undefined {
  if (isThere(raw, "flow") && isThere(raw, "screens")) return "console";
  if (isExported(raw)) return "exported";
  return isJsonObject(raw.flow) && isExported(raw.flow) ? "wrapped" : undefined;
}

/**
 * Reads a flow's file of the given form.
 *
 * @param file the file's name, for errors.
 * @throws {Failure} "file" for a known member of the wrong type.
 */
export function readFlowFile(raw: JsonObject, form: FileForm, file: string): FlowRead {
  switch (form) {
    case "console":
      return readConsole(raw, file);
    case "exported":
      return readExported(raw, file);
    case "wrapped":
      return readWrapped(raw, file);
  }
}

function readWrapped({ flow, ok: _ok, ...others }: JsonObject, file: string): FlowRead {
  const read = readExported(flow as JsonObject, file, "flow");
  return { flow: read.flow, lost: [...Object.keys(others), ...read.lost] };
}

function isExported(raw: JsonObject): boolean {
  return isThere(raw, "contents") && isThere(raw, "metadata");
}

function isThere(raw: JsonObject, key: string): boolean {
  return Object.hasOwn(raw, key) && raw[key] !== null;
}
