/**
 * Breaks a text into lines of at most `width` characters, at spaces; a word that is longer stands on a line of its own. Lines that
 * follow each other are one paragraph, empty lines part paragraphs, and indented lines stay as they are.
 */
export function wrap(text: string, width: number): string[] {
  // Most of what is in a table is short, and help is to be quick.
  if (text.length <= width && !text.includes("\n")) return [text];
  const out: string[] = [];
  let paragraph: string[] = [];
  const finish = () => {
    if (paragraph.length > 0) out.push(...fill(paragraph.join(" ").split(" "), width));
    paragraph = [];
  };
  for (const line of text.split("\n")) {
    if (line !== "" && !line.startsWith(" ")) {
      paragraph.push(line);
      continue;
    }
    finish();
    out.push(line);
  }
  finish();
  return out;
}

function fill(words: readonly string[], width: number): string[] {
  const out: string[] = [];
  let current = "";
  for (const word of words) {
    if (current !== "" && current.length + 1 + word.length > width) {
      out.push(current);
      current = word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...out, current];
}
