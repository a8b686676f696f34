import path from "node:path";

/**
 * A path as it is worked with: `.`, `..`, doubled and final separators resolved by their letters alone, links not looked at. The empty
 * path is the current folder, ".".
 */
export function cleanPath(named: string): string {
  const normal = path.normalize(named);
  const { root } = path.parse(normal);
  return normal.length > root.length && normal.endsWith(path.sep) ? normal.slice(0, -1) : normal;
}
