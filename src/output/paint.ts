import type { Mark, Paint } from "./line.ts";

/** The colours of marks. The library is loaded only here, where colour is wanted. */
export async function colours(): Promise<Paint> {
  const { createColors } = await import("picocolors");
  const of = createColors(true);
  const byMark: Readonly<Record<Mark, (text: string) => string>> = {
    added: of.green,
    removed: of.red,
    changed: of.yellow,
    error: of.red,
    warning: of.yellow,
    notice: of.cyan,
    heading: of.bold,
    quiet: of.dim,
  };
  return (mark, text) => byMark[mark](text);
}
