import type { FlagSpec } from "./argv.ts";
import { wrap } from "./wrap.ts";

/** The width of help: that of the narrowest usual terminal, and lines of that length are read easily in any. */
export const WIDTH = 80;

const TYPE_NAMES = { string: "string", int: "int", list: "strings", bool: "" } as const;

/** Flags with what is said about them; those that are deprecated are not shown. */
export function flagTable(flags: readonly FlagSpec[]): string[] {
  return aligned(
    flags
      .filter(({ deprecated }) => deprecated === undefined)
      .map((flag): Row => {
        const type = flag.value ?? TYPE_NAMES[flag.kind];
        const short = flag.short === undefined ? "    " : `-${flag.short}, `;
        const about = flag.default === undefined ? flag.about : `${flag.about} (default ${flag.default})`;
        return [`${short}--${flag.long}${type === "" ? "" : ` ${type}`}`, about];
      }),
  );
}

export type Row = readonly [name: string, about: string];

/** Names with what is said about them beside them, indented. */
export function aligned(
  rows: readonly Row[],
  width = Math.max(...rows.map(([name]) => name.length)),
): string[] {
  return rows.flatMap(([name, about]) => {
    const [first = "", ...more] = wrap(about, WIDTH - width - 5);
    return [`  ${name.padEnd(width)}   ${first}`, ...more.map((line) => " ".repeat(width + 5) + line)];
  });
}
