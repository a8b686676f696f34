/**
 * The words of a line of a shell as far as examples go: quotes, `&&`, `|`, nothing expanded. Of a line with `$(…)` or
 * `<(…)`, what stands in there.
 */
export function shellCommands(line: string): string[][] {
  const [, inner] = /[$<]\(([^()]*)\)/.exec(line) ?? [];
  if (inner !== undefined) return shellCommands(inner);
  const commands: string[][] = [[]];
  const token = /\s+|\|\||&&|[|;]|<<<|<|>|(?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\|;&<>])+/gy;
  for (const [found] of line.matchAll(token)) {
    if (/^\s+$/.test(found)) continue;
    if (/^(\|\||&&|[|;])$/.test(found)) commands.push([]);
    else commands.at(-1)?.push(unquoted(found));
  }
  return commands;
}

function unquoted(word: string): string {
  return word.replace(/"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g, (_, double, single, one) => {
    if (double !== undefined) return (double as string).replace(/\\(["\\$`])/g, "$1");
    return (single ?? one) as string;
  });
}
