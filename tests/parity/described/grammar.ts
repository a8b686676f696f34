import type { DescribedCase } from "../case.ts";
export const grammarCases: readonly DescribedCase[] = [];
