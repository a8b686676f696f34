import type { Operation } from "../../api/operation.ts";
import { operations } from "../../api/operations/table.ts";
import { EmulatorError } from "../error.ts";
import { REASONS } from "./not-served.ts";
import type { Served } from "../service.ts";

/** A request that has found what answers it. */
export interface Match {
  readonly served: Served;
  /** The parts of the path that the operation leaves open, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly method: string;
  readonly parts: readonly string[];
  readonly served: Served;
}

/** Finds what answers a request. Made of the operations that are served; what is only declared is named as not served yet. */
export class Router {
  private readonly fixed = new Map<string, Served>();
  private readonly patterns: Pattern[] = [];
  private readonly paths: string[] = [];

  constructor(served: readonly Served[]) {
    for (const one of served) {
      for (const path of pathsOf(one.operation)) this.add(one.operation.method, path, one);
    }
  }

  /** @throws {EmulatorError} 501 EMULATOR_NOT_IMPLEMENTED, naming the nearest path that is served. */
  match(method: string, path: string): Match {
    const found = this.find(method, path);
    if (found === undefined) throw this.notServed(method, path);
    return found;
  }

  /** What answers a request; undefined where nothing does. */
  find(method: string, path: string): Match | undefined {
    const served = this.fixed.get(`${method} ${path}`);
    if (served !== undefined) return { served, path: {} };
    const parts = path.split("/");
    for (const pattern of this.patterns) {
      if (pattern.method !== method) continue;
      const values = matchParts(pattern.parts, parts);
      if (values !== undefined) return { served: pattern.served, path: values };
    }
    return undefined;
  }

  private add(method: string, path: string, served: Served): void {
    this.paths.push(`${method} ${path}`);
    if (path.includes("{")) this.patterns.push({ method, parts: path.split("/"), served });
    else if (this.fixed.has(`${method} ${path}`)) throw new Error(`${method} ${path} is served twice`);
    else this.fixed.set(`${method} ${path}`, served);
  }

  private notServed(method: string, path: string): EmulatorError {
    const known = operations().find((operation) => {
      return operation.method === method && pathsOf(operation).some((one) => fits(one, path));
    });
    const what =
      known === undefined
        ? `There is no ${method} ${path}`
        : `${method} ${path} (${known.noun} ${known.verb}) is not served yet`;
    const reason = known === undefined ? undefined : REASONS.get(known.path);
    if (reason !== undefined)
      return new EmulatorError(
        501,
        NOT_IMPLEMENTED,
        NOT_SERVED,
        `${method} ${path} is not served: ${reason}`,
      );
    const nearest = nearestPath(`${method} ${path}`, this.paths);
    return new EmulatorError(
      501,
      NOT_IMPLEMENTED,
      NOT_SERVED,
      nearest === undefined ? what : `${what}; the nearest that is served is ${nearest}`,
    );
  }
}

const NOT_IMPLEMENTED = "EMULATOR_NOT_IMPLEMENTED";
const NOT_SERVED = "The emulator does not serve this";

/** The paths of an operation: its own, then those of its older forms. */
export function pathsOf(operation: Operation): readonly string[] {
  return [operation.path, ...(operation.olderPaths ?? [])];
}

function fits(pattern: string, path: string): boolean {
  return matchParts(pattern.split("/"), path.split("/")) !== undefined;
}

function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] as string;
    if (expected.startsWith("{")) {
      if (part === "") return undefined;
      values[expected.slice(1, -1)] = decode(part);
    } else if (expected !== part) return undefined;
  }
  return values;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The path that differs least: another version or method of the same path before another path. */
function nearestPath(wanted: string, paths: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Infinity;
  // Those that end alike come first: once one is near, others are soon seen to be further away.
  const end = wanted.slice(wanted.lastIndexOf("/"));
  for (const path of [...paths.filter((one) => one.endsWith(end)), ...paths]) {
    const far = distance(wanted, path, least);
    if (far < least) {
      least = far;
      nearest = path;
    }
  }
  return nearest;
}

/** Steps of one letter from one text to the other (Levenshtein), not counted further than `limit`. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  // What both begin and end with costs nothing.
  let [start, fromEnd, toEnd] = [0, from.length, to.length];
  while (start < fromEnd && start < toEnd && from[start] === to[start]) start++;
  while (fromEnd > start && toEnd > start && from[fromEnd - 1] === to[toEnd - 1]) {
    fromEnd--;
    toEnd--;
  }
  const width = toEnd - start;
  let row = Array.from({ length: width + 1 }, (_, i) => i);
  for (let i = start; i < fromEnd; i++) {
    const next = [i - start + 1];
    let least = i - start + 1;
    for (let j = 1; j <= width; j++) {
      const changed = (row[j - 1] as number) + (from[i] === to[start + j - 1] ? 0 : 1);
      const steps = Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1);
      next.push(steps);
      if (steps < least) least = steps;
    }
    // No later row has less in it than this one.
    if (least >= limit) return limit;
    row = next;
  }
  return row[width] as number;
}
