import fs from "node:fs";
import path from "node:path";
import type { Behaviour, DescribedCase, ParityCase, Replies } from "./case.ts";
import { connectionCases } from "./described/connection.ts";
import { entityCases } from "./described/entities.ts";
import { flowCases } from "./described/flows.ts";
import { grammarCases } from "./described/grammar.ts";
import { projectCases } from "./described/projects.ts";
import { snapshotCases } from "./described/snapshots.ts";
import { parseWire } from "./wire.ts";

interface Recorded {
  readonly replies: Replies;
  readonly cases: readonly ParityCase[];
}

function read(file: string): unknown {
  return parseWire(fs.readFileSync(path.join(import.meta.dir, file), "utf8"));
}

/** Cases over which the vendor's program was run, and the replies that all cases share. */
export const { replies, cases: recordedCases } = read("cases.json") as Recorded;

/** What the vendor's program did, by the id of the case. */
export const recordings = read("recorded.json") as Readonly<Record<string, Behaviour>>;

/** Cases whose behaviour is known from its description alone. */
export const describedCases: readonly DescribedCase[] = [
  ...entityCases,
  ...projectCases,
  ...snapshotCases,
  ...flowCases,
  ...grammarCases,
  ...connectionCases,
];

export const allCases: readonly ParityCase[] = [...recordedCases, ...describedCases];

/** What is wanted in a case: what was recorded, or what is described. @throws when the case has neither. */
export function wanted(given: ParityCase, from: Readonly<Record<string, Behaviour>> = recordings): Behaviour {
  const found = from[given.id] ?? describedCases.find(({ id }) => id === given.id)?.expect;
  if (found === undefined) throw new Error(`nothing was recorded for ${given.id}`);
  return found;
}
