/**
 * Makes text from elsewhere safe for a terminal: control characters, which could move the cursor, recolour or retitle the window,
 * and characters that reverse the direction of text are shown as escapes. Line breaks are kept where `keepLines` says so.
 */
export function visible(text: string, keepLines = false): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => {
    if (keepLines && (char === "\n" || char === "\t")) return char;
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

/** Cuts a text to so many columns, with a mark where something was left out. */
export function cut(text: string, width: number): string {
  if (Bun.stringWidth(text) <= width) return text;
  let out = "";
  for (const char of text) {
    if (Bun.stringWidth(out + char) > width - 1) break;
    out += char;
  }
  return `${out}…`;
}
