import type { Behaviour, ParityCase, SentRequest } from "./case.ts";
import { isObject, missing, parseWire, printWire, sameWire } from "./wire.ts";
import type { Wire } from "./case.ts";

/**
 * Where one program did otherwise than another: one line each, none when they agree. Compared are the requests exactly, the exit
 * status, with JSON on standard output that it holds at least what is wanted, and the files left. Prose is each program's own.
 */
export function differences(given: ParityCase, want: Behaviour, got: Behaviour): string[] {
  const parts = given.compare ?? ["requests", "exit", "json", "files"];
  const wanted = { ...want, ...given.better };
  return [
    ...(parts.includes("requests") ? requestDifferences(wanted.requests, got.requests) : []),
    ...(parts.includes("exit") && wanted.exit !== got.exit
      ? [`exit: want ${wanted.exit}, got ${got.exit}`]
      : []),
    ...(parts.includes("json") && wanted.json !== undefined ? jsonDifferences(wanted.json, got.json) : []),
    ...(parts.includes("files") ? fileDifferences(wanted.files, got.files, given.bytes === true) : []),
  ];
}

function requestDifferences(want: readonly SentRequest[], got: readonly SentRequest[]): string[] {
  if (want.length !== got.length) {
    return [
      `requests: want ${want.map(({ to }) => to).join(", ")}; got ${got.map(({ to }) => to).join(", ")}`,
    ];
  }
  return want.flatMap((wanted, i) => {
    const sent = got[i] as SentRequest;
    const parts: [string, Wire, Wire][] = [
      ["line", wanted.to, sent.to],
      ["query", wanted.query ?? {}, sent.query ?? {}],
      ["body", wanted.body ?? null, sent.body ?? null],
      ["authorization", wanted.authorization, sent.authorization],
    ];
    return parts
      .filter(([, left, right]) => !sameWire(left, right))
      .map(
        ([name, left, right]) =>
          `request ${i + 1}, ${wanted.to}: ${name}: want ${printWire(left)}, got ${printWire(right)}`,
      );
  });
}

function jsonDifferences(want: Wire, got: Wire | undefined): string[] {
  if (got === undefined) return ["standard output: JSON is wanted"];
  if (isObject(want) && want.ok === false && "error" in want) {
    // The words of an error are each program's own, but there must be some.
    const worded = isObject(got) && typeof got.error === "string" && got.error !== "";
    return [...missing({ ok: false }, got), ...(worded ? [] : ['standard output: "error" is missing'])];
  }
  return missing(want, got).map((place) => `standard output ${place}`);
}

function fileDifferences(want: Behaviour["files"], got: Behaviour["files"], bytes: boolean): string[] {
  return [...new Set([...Object.keys(want), ...Object.keys(got)])].sort().flatMap((file) => {
    const left = want[file];
    const right = got[file];
    if (right === undefined) return [`file ${file}: missing`];
    if (left === undefined) return [`file ${file}: not wanted`];
    if (sameWire(left, right)) return [];
    if (typeof left !== "string" || typeof right !== "string" || !sameJson(left, right)) {
      return [`file ${file}: want ${JSON.stringify(left)}, got ${JSON.stringify(right)}`];
    }
    return bytes ? [`file ${file}: the same JSON, but other bytes`] : [];
  });
}

function sameJson(left: string, right: string): boolean {
  try {
    return sameWire(parseWire(left), parseWire(right));
  } catch {
    return false;
  }
}
