import { Meanings, type Meaning } from "../model/meanings.ts";
import { ownId } from "../model/read.ts";
import { surroundingsOf } from "../plan/after.ts";
import type { Change } from "../plan/plan.ts";

/** What a change leads to, from what the plan holds of it; undefined for a delete. */
export function meaningAfter(change: Change, meanings: Meanings): Meaning | undefined {
  const { address, after } = change;
  if (after === null) return undefined;
  const id = ownId(address, after.content);
  const entity = { address, id, content: after.content, storage: { form: "file", path: "" } } as const;
  return meanings.of(entity, surroundingsOf(after.assets, after.ids));
}
