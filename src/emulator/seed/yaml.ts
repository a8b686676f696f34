import { isMap, isNode, isSeq, LineCounter, parseDocument, type Document } from "yaml";

/** A text is not YAML. */
export class YamlSyntaxError extends Error {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = "YamlSyntaxError";
    this.line = line;
    this.column = column;
  }
}

/**
 * Reads a YAML text.
 *
 * @returns its value, and where in it something stands: the line, counted from 1, of the value at a path, or of the nearest one around it.
 * @throws {YamlSyntaxError} with line and column.
 */
export function parseYaml(text: string): {
  readonly value: unknown;
  readonly line: (place: readonly (string | number)[]) => number;
} {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new YamlSyntaxError(plain(error.message), line, col);
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    // What is written well and still has no value: an alias of nothing, or of far too much.
    throw new YamlSyntaxError(plain((error as Error).message), 1, 1);
  }
  return { value, line: (place) => lines.linePos(offsetOf(document, place)).line };
}

function offsetOf(document: Document, place: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of place) {
    let beginning: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === String(step));
      [beginning, node] = [pair?.key, pair?.value];
    } else if (isSeq(node)) beginning = node = node.items[Number(step)];
    else break;
    if (!isNode(beginning)) break;
    offset = beginning.range?.[0] ?? offset;
  }
  return offset;
}

function plain(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
}
