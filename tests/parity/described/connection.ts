import type { DescribedCase } from "../case.ts";
export const connectionCases: readonly DescribedCase[] = [];
