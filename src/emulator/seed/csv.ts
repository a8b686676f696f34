/** A field of a CSV file and where it begins. Lines and columns count from 1; columns count UTF-16 units. */
export interface Field {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong in a CSV file, and where. */
export class CsvError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, { line, column }: { readonly line: number; readonly column: number }) {
    super(message);
    this.name = "CsvError";
    this.line = line;
    this.column = column;
  }
}

/**
 * Reads a CSV file as RFC 4180 has it: quotes around a whole field, doubled inside it, where line breaks and commas are text. Lines end
 * in either way; empty ones say nothing.
 *
 * @throws {CsvError} for a quote that is out of place or is never closed.
 */
export function readCsv(text: string): Field[][] {
  const records: Field[][] = [];
  let record: Field[] = [];
  let offset = text.startsWith("\ufeff") ? 1 : 0;
  let line = 1;
  let lineStart = offset;
  const here = () => ({ line, column: offset - lineStart + 1 });
  const newLine = (length: number) => {
    offset += length;
    line++;
    lineStart = offset;
  };
  const lineBreak = () => (text[offset] === "\n" ? 1 : text.startsWith("\r\n", offset) ? 2 : 0);

  function quoted(): string {
    const opened = here();
    let content = "";
    for (offset++; offset < text.length;) {
      const start = offset;
      while (offset < text.length && text[offset] !== '"' && lineBreak() === 0) offset++;
      content += text.slice(start, offset);
      const length = lineBreak();
      if (length > 0) {
        content += text.slice(offset, offset + length);
        newLine(length);
      } else if (text[offset + 1] === '"') {
        content += '"';
        offset += 2;
      } else if (offset < text.length) {
        offset++;
        return content;
      }
    }
    throw new CsvError("the quote that begins here is never closed", opened);
  }

  function bare(): string {
    const start = offset;
    while (offset < text.length && text[offset] !== "," && lineBreak() === 0) {
      if (text[offset] === '"')
        throw new CsvError("a quote within a field that does not begin with one", here());
      offset++;
    }
    return text.slice(start, offset);
  }

  while (offset < text.length) {
    const isEmptyLine = record.length === 0 && lineBreak() > 0;
    if (isEmptyLine) {
      newLine(lineBreak());
      continue;
    }
    const place = here();
    record.push({ text: text[offset] === '"' ? quoted() : bare(), ...place });
    if (text[offset] === ",") {
      offset++;
      // What stands behind the last comma is a field, be it empty.
      if (offset < text.length && lineBreak() === 0) continue;
      record.push({ text: "", ...here() });
    }
    if (offset < text.length && lineBreak() === 0) throw new CsvError("text behind a closing quote", here());
    records.push(record);
    record = [];
    if (offset < text.length) newLine(lineBreak());
  }
  return records;
}
