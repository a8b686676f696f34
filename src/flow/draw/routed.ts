import type { Arrow } from "./picture.ts";

/** A corner of an arrow's line. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow with its line, of level and upright pieces. */
export interface Routed {
  readonly arrow: Arrow;
  readonly points: readonly Point[];
}

/** Arrows that may share a line: they lead to one place and look alike. */
export function netOf({ to, kind, status }: Arrow): string {
  return `${to} ${kind === "error"} ${status}`;
}
