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
