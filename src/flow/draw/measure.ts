import { visible } from "../../output/terminal-text.ts";

/** Widths of the printable ASCII characters of Helvetica, in thousandths of the font's size. */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** Whoever looks at the picture may have a wider font than the one that is measured here. */
const WIDER = 1.13;

/** How wide a text is, in pixels, at most: nothing here can ask a browser. */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    const known = code >= 32 && code < 127 ? WIDTHS[code - 32] : undefined;
    width += known ?? Bun.stringWidth(char) * 560;
  }
  return (width * size * WIDER * (bold ? 1.06 : 1)) / 1000;
}

/** The text, cut with "…" where it is wider than `width`. What cannot be seen is written out, as it is in the picture. */
export function fitText(given: string, width: number, size: number, bold = false): string {
  const text = visible(given);
  if (textWidth(text, size, bold) <= width) return text;
  let out = "";
  for (const char of text) {
    if (textWidth(`${out}${char}…`, size, bold) > width) break;
    out += char;
  }
  return `${out.trimEnd()}…`;
}

/** The text in at most `most` lines, broken at spaces where there are any; what does not fit is cut with "…". */
export function wrapText(text: string, width: number, size: number, bold: boolean, most: number): string[] {
  const lines: string[] = [];
  let rest = visible(text.replace(/\s+/g, " ").trim());
  while (rest !== "" && lines.length < most) {
    if (lines.length === most - 1 || textWidth(rest, size, bold) <= width) {
      lines.push(fitText(rest, width, size, bold));
      break;
    }
    let end = 0;
    let space = -1;
    let line = "";
    for (const char of rest) {
      if (textWidth(line + char, size, bold) > width) break;
      if (char === " ") space = end;
      line += char;
      end += char.length;
    }
    const at = space > 0 ? space : Math.max(end, 1);
    lines.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return lines;
}
