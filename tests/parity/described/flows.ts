import type { DescribedCase } from "../case.ts";
export const flowCases: readonly DescribedCase[] = [];
