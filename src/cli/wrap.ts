/**
 * Breaks a text into lines of at most `width` characters, at spaces; a word that is longer stands on a line of its own. Lines that are
 * indented or empty stay as they are.
 */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => (/^(\s|$)/.test(line) ? [line] : wrapLine(line, width)));
}

function wrapLine(line: string, width: number): string[] {
  const out: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + 1 + word.length > width) {
      out.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...out, current];
}
