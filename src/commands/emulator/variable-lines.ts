/** For whom variables are written down. */
export const SHELLS = ["sh", "fish", "powershell", "github", "dotenv"] as const;
export type Shell = (typeof SHELLS)[number];

/**
 * Lines that set variables: commands of a shell, lines for the file that `$GITHUB_ENV` names, or a `.env` file. Every value arrives as
 * it is, whatever characters it holds.
 */
export function variableLines(variables: Readonly<Record<string, string>>, shell: Shell): string {
  return Object.entries(variables)
    .map(([name, value]) => `${WRITERS[shell](name, value)}\n`)
    .join("");
}

/** Values that mean themselves without quotes. */
const PLAIN = /^[\w./:@%+,-]*$/;

const WRITERS: Readonly<Record<Shell, (name: string, value: string) => string>> = {
  sh: (name, value) =>
    `export ${name}=${PLAIN.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`}`,
  fish: (name, value) => `set -gx ${name} '${value.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
  // It takes typographic quotes for the plain one.
  powershell: (name, value) => `$env:${name} = '${value.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`,
  github: (name, value) => {
    if (!/[\r\n]/.test(value)) return `${name}=${value}`;
    const end = delimiter(value.split(/\r\n|\r|\n/));
    return `${name}<<${end}\n${value}\n${end}`;
  },
  dotenv: (name, value) => `${name}=${dotenvValue(value)}`,
};

/** A line that none of `lines` is. */
function delimiter(lines: readonly string[]): string {
  let found = "END_OF_VALUE";
  while (lines.includes(found)) found += "_";
  return found;
}

/** Bare where every reader takes it so; else in single quotes, in which nothing has a meaning; else in double ones. */
function dotenvValue(value: string): string {
  if (PLAIN.test(value)) return value;
  if (!/['\r\n]/.test(value)) return `'${value}'`;
  const escaped = value
    .replaceAll(/[\\"$`]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll("\r", String.raw`\r`);
  return `"${escaped}"`;
}
