/** What a piece of a line is, for its colour. The words alone must say the same: colour repeats, it never carries. */
export type Mark =
  | "added"
  | "removed"
  | "changed"
  | "error"
  | "warning"
  | "notice"
  | "heading"
  /** Of less weight than what stands around it. */
  | "quiet";

/** A piece of a line with its mark. */
export interface Marked {
  readonly mark: Mark;
  readonly text: string;
}

/** One line of a report for people, without its line break. Its text may come from elsewhere: it is made visible when it is printed. */
export type Line = string | readonly (string | Marked)[];

/** Colours a piece of text by what it is; leaves it alone where no colour is wanted. */
export type Paint = (mark: Mark, text: string) => string;

export const unpainted: Paint = (_mark, text) => text;

export function marked(mark: Mark, text: string): Marked {
  return { mark, text };
}

/** The text of a line alone. */
export function plainLine(line: Line): string {
  return typeof line === "string"
    ? line
    : line.map((piece) => (typeof piece === "string" ? piece : piece.text)).join("");
}
