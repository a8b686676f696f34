import type { DescribedCase } from "../case.ts";
export const projectCases: readonly DescribedCase[] = [];
