import type { DescribedCase } from "../case.ts";
export const snapshotCases: readonly DescribedCase[] = [];
