/**
 * Reads one CSV record as Go's `encoding/csv` does, which is how the vendor's command line reads a list: quotes only around a whole
 * item, doubled inside it; line breaks only inside quotes; of several lines the first one that is not empty counts; spaces are kept.
 *
 * @returns the items; none for an empty text; undefined when a quote is out of place.
 */
export function readCsvRecord(text: string): string[] | undefined {
  if (text === "") return [];
  let offset = 0;
  while (text[offset] === "\n" || text.startsWith("\r\n", offset)) offset += text[offset] === "\n" ? 1 : 2;
  // A lone carriage return at the end is the rest of a line break.
  if (offset >= text.length || text.slice(offset) === "\r") return undefined;
  const items: string[] = [];
  for (;;) {
    const item = text[offset] === '"' ? quoted(text, offset) : bare(text, offset);
    if (item === undefined) return undefined;
    items.push(item.content);
    offset = item.end;
    if (text[offset] !== ",") return items;
    offset++;
  }
}

interface Item {
  readonly content: string;
  /** Offset of the comma or line break behind it. */
  readonly end: number;
}

function bare(text: string, start: number): Item | undefined {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n") end++;
  let content = text.slice(start, end);
  if (content.endsWith("\r") && (text[end] === "\n" || end === text.length)) content = content.slice(0, -1);
  return content.includes('"') ? undefined : { content, end };
}

function quoted(text: string, start: number): Item | undefined {
  let content = "";
  let offset = start + 1;
  for (;;) {
    const quote = text.indexOf('"', offset);
    if (quote === -1) return undefined;
    content += text.slice(offset, quote);
    if (text[quote + 1] !== '"') {
      const end = quote + 1;
      const lineEnds =
        text[end] === "\n" || text.startsWith("\r\n", end) || (text[end] === "\r" && end + 1 === text.length);
      if (end < text.length && text[end] !== "," && !lineEnds) return undefined;
      return { content: content.replaceAll("\r\n", "\n"), end };
    }
    content += '"';
    offset = quote + 2;
  }
}
