/** A whole value that was left to be filled in, a part of an address that was, or a doubly hashed name anywhere. Code has such braces. */
const MARKER =
  /##[A-Z][A-Z0-9_]*##|^\$\{[A-Z][A-Z0-9_]*\}$|(?<=^https?:\/\/\S*)\$\{[A-Z][A-Z0-9_]*\}(?=\S*$)/;

/** The marker in a text that somebody left to be filled in, such as `##HOOK_URL##` or `${HOOK_URL}`; undefined where there is none. */
export function markerIn(text: string): string | undefined {
  return MARKER.exec(text)?.[0];
}
