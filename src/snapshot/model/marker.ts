/** A whole value that was left to be filled in, or a doubly hashed name anywhere. */
const MARKER = /##[A-Z][A-Z0-9_]*##|^\$\{[A-Z][A-Z0-9_]*\}$/;

/** The marker in a text that somebody left to be filled in, such as `##HOOK_URL##` or `${HOOK_URL}`; undefined where there is none. */
export function markerIn(text: string): string | undefined {
  return MARKER.exec(text)?.[0];
}
