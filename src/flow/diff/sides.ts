import type { Flow } from "../graph/model.ts";
import type { NormalFlow } from "./normal.ts";
import type { Pairs } from "./pair.ts";

/** The two flows of a comparison: as they are, in their normal form, and which step is which. */
export interface Sides {
  readonly left: Flow;
  readonly right: Flow;
  readonly a: NormalFlow;
  readonly b: NormalFlow;
  readonly pairs: Pairs;
}
