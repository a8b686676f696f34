import { xmlText } from "./html.ts";
import { visible } from "./terminal-text.ts";

/** Zero width: keeps a name from being read as a mention and a number from being read as a reference. */
const BREAK = "\u200b";

/**
 * Text from elsewhere as Markdown that shows it and nothing else: no markup, no HTML, no table cell's end, no mention of a person, no
 * reference to an issue, no link made of its own accord. One line.
 */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()<>#+!|~&-]/g, (char) => MARKUP[char] ?? `\\${char}`)
    .replace(/@(?=\w)/g, `@${BREAK}`)
    .replace(/\\#(?=\d)/g, `\\#${BREAK}`)
    .replace(/\b(https?|ftp|www)(?=[:.])/gi, `$1${BREAK}`);
}

const MARKUP: Readonly<Record<string, string | undefined>> = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };

/** Text from elsewhere inside an HTML element of a Markdown document, such as a summary. */
export function markdownHtml(text: string): string {
  return xmlText(visible(text))
    .replace(/@(?=\w)/g, `@${BREAK}`)
    .replace(/(?<!&)#(?=\d)/g, `#${BREAK}`);
}

/** Text from elsewhere as a piece of code within a line, also within a cell of a table. */
export function markdownCode(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = "`".repeat(longest + 1);
  const pad = shown.startsWith("`") || shown.endsWith("`") || shown === "" ? " " : "";
  return `${ticks}${pad}${shown.replace(/\\(?=\|)/g, `\\${BREAK}`).replaceAll("|", "\\|")}${pad}${ticks}`;
}

/** Lines in a fence that none of them can close. */
export function markdownFence(lines: readonly string[], language: string): string {
  const shown = lines.map((line) => visible(line));
  const longest = Math.max(
    2,
    ...shown.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)),
  );
  const fence = "`".repeat(longest + 1);
  return [`${fence}${language}`, ...shown, fence].join("\n");
}
