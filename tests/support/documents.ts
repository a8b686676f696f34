/**
 * Documents whose form is for others to say (settings in snapshots, flows): what stands somewhere in them, and how it is changed.
 */

/** Keys of objects and positions in lists. */
export type Path = readonly (string | number)[];

/** What stands at the end of `path`; undefined where its last step leads nowhere. @throws when a step before leads nowhere. */
export function valueAt(document: unknown, path: Path): unknown {
  let here = document;
  for (const [index, step] of path.entries()) {
    if (typeof here !== "object" || here === null)
      throw new Error(`Nothing stands at ${path.slice(0, index).join(".")}`);
    here = (here as Record<string | number, unknown>)[step];
  }
  return here;
}

/** Puts `value` at the end of `path`. @throws when the way leads nowhere. */
export function setAt(document: unknown, path: Path, value: unknown): void {
  const holder = valueAt(document, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof holder !== "object" || holder === null || last === undefined)
    throw new Error(`Nothing stands at ${path.slice(0, -1).join(".")}`);
  (holder as Record<string | number, unknown>)[last] = value;
}
