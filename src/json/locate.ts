/** A place in a text. Lines and columns count from 1; columns count UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The way to a value in a JSON document: keys of objects, positions in lists. */
export type Path = readonly (string | number)[];

/**
 * Finds where the member or item at `path` begins in the JSON document `text`: at its key, or at the item itself. Where the path ends
 * early, the deepest place on it that exists is given. `text` must be valid JSON.
 */
export function locate(text: string, path: Path): Position {
  let offset = skipSpace(text, 0);
  let place = offset;
  for (const step of path) {
    const found = typeof step === "number" ? findItem(text, offset, step) : findMember(text, offset, step);
    if (found === undefined) break;
    [place, offset] = found;
  }
  const before = text.slice(0, place);
  return { line: before.split("\n").length, column: place - before.lastIndexOf("\n") };
}

/** A JSON pointer (RFC 6901). */
export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** Where a key begins and where its value does. */
type Found = readonly [place: number, value: number] | undefined;

function findMember(text: string, start: number, key: string): Found {
  if (text[start] !== "{") return undefined;
  let offset = skipSpace(text, start + 1);
  while (text[offset] === '"') {
    const place = offset;
    offset = skipString(text, offset);
    const raw = text.slice(place, offset);
    const value = skipSpace(text, skipSpace(text, offset) + 1);
    if (raw === `"${key}"` || (raw.includes("\\") && JSON.parse(raw) === key)) return [place, value];
    offset = skipSpace(text, skipValue(text, value));
    if (text[offset] !== ",") return undefined;
    offset = skipSpace(text, offset + 1);
  }
  return undefined;
}

function findItem(text: string, start: number, index: number): Found {
  if (text[start] !== "[") return undefined;
  let offset = skipSpace(text, start + 1);
  for (let i = 0; text[offset] !== "]" && offset < text.length; i++) {
    if (i === index) return [offset, offset];
    offset = skipSpace(text, skipValue(text, offset));
    if (text[offset] === ",") offset = skipSpace(text, offset + 1);
  }
  return undefined;
}

function skipValue(text: string, start: number): number {
  let offset = start;
  let depth = 0;
  while (offset < text.length) {
    const char = text[offset];
    if (char === '"') {
      offset = skipString(text, offset);
      if (depth === 0) return offset;
      continue;
    }
    if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") {
      if (depth === 0) return offset;
      if (--depth === 0) return offset + 1;
    } else if (char === "," && depth === 0) return offset;
    offset++;
  }
  return offset;
}

function skipString(text: string, start: number): number {
  let offset = start + 1;
  while (offset < text.length && text[offset] !== '"') offset += text[offset] === "\\" ? 2 : 1;
  return offset + 1;
}

function skipSpace(text: string, start: number): number {
  let offset = start;
  while (offset < text.length && " \t\r\n".includes(text[offset] as string)) offset++;
  return offset;
}
