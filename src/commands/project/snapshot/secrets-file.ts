import { fileFailure } from "../../../failure.ts";
import type { Files } from "../../../files/files.ts";
import { JsonSyntaxError, parseJson } from "../../../json/parse.ts";
import type { Json } from "../../../json/value.ts";

/** The content of a secrets file, where one is named. @throws {Failure} "file" */
export function secretsFile(
  files: Files,
  file: string | undefined,
): { readonly secrets?: { readonly content: Json; readonly file: string } } {
  if (file === undefined || file === "") return {};
  try {
    return { secrets: { content: parseJson(files.readText(file)), file } };
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw fileFailure(`${file}: not JSON: ${error.message}`);
    throw error;
  }
}
