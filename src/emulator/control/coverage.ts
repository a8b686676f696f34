import { operations } from "../../api/operations/table.ts";
import { pathsOf } from "../requests/router.ts";
import type { Served } from "../service.ts";

/** One call of the API, and whether the emulator answers it. */
export interface CoverageRow {
  readonly noun: string;
  readonly verb: string;
  readonly method: string;
  readonly path: string;
  /** Older paths that are answered in the same way. */
  readonly olderPaths: readonly string[];
  readonly served: boolean;
}

/** Every call that is declared, and how many of them are answered. */
export interface Coverage {
  readonly total: number;
  readonly served: number;
  readonly operations: readonly CoverageRow[];
}

/** What of the declared calls is served, by noun and path. */
export function coverage(served: readonly Served[]): Coverage {
  const answered = new Set(served.map(({ operation }) => `${operation.method} ${operation.path}`));
  const rows = operations()
    .map((operation) => {
      const { noun, verb, method, path } = operation;
      const olderPaths = pathsOf(operation).slice(1);
      return { noun, verb, method, path, olderPaths, served: answered.has(`${method} ${path}`) };
    })
    .sort((a, b) => compare(a.noun, b.noun) || compare(a.path, b.path) || compare(a.method, b.method));
  return { total: rows.length, served: rows.filter((row) => row.served).length, operations: rows };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
