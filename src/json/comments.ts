/**
 * Takes comments and trailing commas out of JSON text, putting spaces in their place, so that lines and columns stay what they are.
 * What is wrong with the rest is for the parser to say.
 */
export function withoutComments(text: string): string {
  let out = "";
  let kept = 0;
  let comma = -1;
  const blank = (from: number, to: number) => {
    out += text.slice(kept, from) + text.slice(from, to).replace(/[^\r\n]/g, " ");
    kept = to;
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') {
      for (i++; i < text.length && text[i] !== '"' && text[i] !== "\n"; i++) if (text[i] === "\\") i++;
      comma = -1;
    } else if (char === "/" && (text[i + 1] === "/" || text[i + 1] === "*")) {
      const line = text[i + 1] === "/";
      const found = text.indexOf(line ? "\n" : "*/", i + 2);
      const end = found === -1 ? text.length : line ? found : found + 2;
      blank(i, end);
      i = end - 1;
    } else if (char === ",") comma = i;
    else if ((char === "}" || char === "]") && comma !== -1) {
      // The comma lies in what is copied already when a comment stood behind it.
      const offset = comma - kept;
      if (offset >= 0) blank(comma, comma + 1);
      else out = `${out.slice(0, out.length + offset)} ${out.slice(out.length + offset + 1)}`;
      comma = -1;
    } else if (!/\s/.test(char as string)) comma = -1;
  }
  return out + text.slice(kept);
}
