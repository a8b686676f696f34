import type { Report } from "../../../command/result.ts";
import { plainLine } from "../../../output/line.ts";
import { visible } from "../../../output/terminal-text.ts";

/** A report's body as the text of a file. */
export function toText(body: Report["body"]): string {
  return typeof body === "string" ? body : body.map((line) => `${visible(plainLine(line))}\n`).join("");
}
