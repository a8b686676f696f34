/** A character behind which a slash begins a regular expression, not a division. */
const BEFORE_EXPRESSION =
  /(?:^|[=(,:;!&|?{}[\]+\-*%<>~^\n]|\b(?:return|typeof|case|of|in|do|else|void|await|yield))\s*$/;

/**
 * A source file without what is no code: comments, texts and regular expressions are gone, the lines stay. What stands in `${…}` of a
 * template is code.
 */
export function codeOf(source: string): string {
  let code = "";
  /** For each template around this place, how many braces are open in its `${…}`. */
  const templates: number[] = [];
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at, at + 2);
    const char = source[at] ?? "";
    if (rest === "//") at = endOf(source, /\n|$/g, at);
    else if (rest === "/*") {
      const end = endOf(source, /\*\/|$/g, at + 2) + 2;
      code += source.slice(at, end).replaceAll(/[^\n]/g, "");
      at = end;
    } else if (char === '"' || char === "'") {
      code += '""';
      at++;
      while (at < source.length && source[at] !== char) at += source[at] === "\\" ? 2 : 1;
      at++;
    } else if (char === "/" && BEFORE_EXPRESSION.test(code.slice(-20))) {
      code += '""';
      at = endOfExpression(source, at);
    } else if (char === "`" || (char === "}" && templates.at(-1) === 0)) {
      if (char === "}") templates.pop();
      code += char === "}" ? ")" : '""';
      at++;
      while (at < source.length && source[at] !== "`" && source.slice(at, at + 2) !== "${") {
        if (source[at] === "\n") code += "\n";
        at += source[at] === "\\" ? 2 : 1;
      }
      if (source[at] === "`") at++;
      else {
        templates.push(0);
        code += "+(";
        at += 2;
      }
    } else {
      const last = templates.length - 1;
      if (last >= 0 && char === "{") templates[last] = (templates[last] ?? 0) + 1;
      if (last >= 0 && char === "}") templates[last] = (templates[last] ?? 0) - 1;
      code += char;
      at++;
    }
  }
  return code;
}

function endOf(source: string, end: RegExp, from: number): number {
  end.lastIndex = from;
  return end.exec(source)?.index ?? source.length;
}

function endOfExpression(source: string, from: number): number {
  let isClass = false;
  for (let at = from + 1; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") at++;
    else if (char === "[") isClass = true;
    else if (char === "]") isClass = false;
    else if (char === "/" && !isClass) return at + 1;
  }
  return source.length;
}
