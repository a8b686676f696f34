import type { DescribedCase } from "../case.ts";
export const entityCases: readonly DescribedCase[] = [];
