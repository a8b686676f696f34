import { printJson } from "../json/print.ts";
import type { Json } from "../json/value.ts";
import type { Line, Paint } from "../output/line.ts";
import { keyValues, table, type TableStyle } from "../output/table.ts";
import { visible } from "../output/terminal-text.ts";
import type { Ended, Result as AnyResult } from "./result.ts";

/** A result that there is something to show of. */
type Result = Exclude<AnyResult, Ended>;

/** Whom a result is for. */
export type Reader =
  /** A program that asked for JSON. */
  | { readonly kind: "json" }
  /** A pipe or file: the lines that the vendor's command line writes, so that what reads them goes on working. */
  | { readonly kind: "pipe"; readonly paint: Paint }
  /** Somebody at a terminal. */
  | { readonly kind: "terminal"; readonly style: TableStyle; readonly paint: Paint };

/** A result as the text that goes to standard output, with its final newline; empty where there is nothing to say. */
export function render(result: Result, reader: Reader): string {
  if (reader.kind === "json") return `${printJson(jsonDocument(result))}\n`;
  if (result.kind === "report") return reportText(result.body, reader);
  return reader.kind === "pipe" ? pipeText(result) : terminalText(result, reader.style);
}

function jsonDocument(result: Result): Json {
  switch (result.kind) {
    case "value":
    case "document":
      return { [result.key]: result.value, ok: true };
    case "fields":
      return { ...result.fields, ok: true };
    case "list":
      return { count: result.items.length, [result.key]: [...result.items], ok: true };
    case "done":
      return { ok: true };
    case "no":
    case "report":
      return result.document;
  }
}

/** `text` as a line of its own, however it ends; nothing for nothing. */
function line(text: string): string {
  return text === "" ? "" : `${text}\n`;
}

function listHeading({ verb, items, noun }: Extract<Result, { kind: "list" }>): string {
  return `* ${verb} ${items.length} ${items.length === 1 ? noun[0] : noun[1]}`;
}

function reportText(body: readonly Line[] | string, reader: Extract<Reader, { paint: Paint }>): string {
  if (typeof body === "string") return reader.kind === "terminal" ? visible(body, true) : body;
  return body.map((one) => `${paintLine(one, reader.paint)}\n`).join("");
}

function paintLine(one: Line, paint: Paint): string {
  if (typeof one === "string") return visible(one);
  return one
    .map((piece) => (typeof piece === "string" ? visible(piece) : paint(piece.mark, visible(piece.text))))
    .join("");
}

function pipeText(result: Exclude<Result, { kind: "report" }>): string {
  const compact = (content: Json) => visible(printJson(content, "compact"));
  switch (result.kind) {
    case "value":
      return line(`* ${result.label}: ${compact(result.value)}`);
    case "fields":
      return line(`* ${result.label}: ${compact({ ...result.fields })}`);
    case "list":
      return line(
        [
          listHeading(result),
          ...result.items.map((item, i) => `  - ${result.item} ${i}: ${compact(item)}`),
        ].join("\n"),
      );
    case "document":
      return line(printJson(result.value));
    case "done":
      return line(result.message === undefined ? "" : `* ${visible(result.message)}`);
    case "no":
      return line(result.lines.map((text) => visible(text)).join("\n"));
  }
}

function terminalText(result: Exclude<Result, { kind: "report" }>, style: TableStyle): string {
  switch (result.kind) {
    case "value":
      return typeof result.value === "string"
        ? line(`${style.heading(result.label)}: ${visible(result.value)}`)
        : line(`${style.heading(result.label)}\n${keyValues(result.value, style)}`);
    case "fields": {
      const lines = Object.entries(result.fields).map(([key, content]) => {
        if (typeof content === "string") return `  ${style.label(key)}  ${visible(content)}`;
        return `  ${style.label(key)}\n${keyValues(content, style, "    ")}`;
      });
      return line([style.heading(result.label), ...lines].join("\n"));
    }
    case "list": {
      const heading = style.heading(listHeading(result).slice(2));
      return line(
        result.items.length === 0 ? heading : `${heading}\n\n${table(result.items, result.columns, style)}`,
      );
    }
    case "document":
      return line(visible(printJson(result.value), true));
    default:
      return pipeText(result);
  }
}
