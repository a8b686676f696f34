import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import * as v from "valibot";
import type { Operation } from "../../../src/api/operation.ts";
import { pathsOf } from "../../../src/emulator/requests/router.ts";
import { served } from "../../../src/emulator/services.ts";
import { testEmulator } from "../../support/emulator.ts";
import { exchange, type Exchange } from "./call.ts";
import { documentErrors, ignoredMembers, type DocumentError } from "./document-errors.ts";
import { fieldsOf } from "./declared-fields.ts";
import { examples, uncovered } from "./examples.ts";
import { isRedirect, isRefusal, type Example } from "./example.ts";
import { documentPath, faultsOf, OpenApi } from "./openapi.ts";
import { Scene } from "./scene.ts";
import { seed } from "./seed.ts";

const document = documentPath();
const openApi = document === undefined ? undefined : new OpenApi(fs.readFileSync(document, "utf8"));

/** What was excused, to find excuses that nothing needs any longer. */
const excused = new Map<DocumentError, Set<string>>(documentErrors.map((one) => [one, new Set()]));

function nameOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

describe("coverage", () => {
  const covered = new Set(examples.map(({ operation }) => operation));
  // The emulator's own paths are no part of the API.
  const ofTheApi = served.filter(({ operation }) => !operation.path.startsWith("/_emulator/"));

  test("every operation that is served has an example", () => {
    const missing = ofTheApi
      .map(({ operation }) => operation)
      .filter((operation) => !covered.has(operation) && !uncovered.includes(nameOf(operation)));
    expect(missing.map(nameOf)).toEqual([]);
  });

  test("what is listed as not covered is served, and has no example", () => {
    const names = served.map(({ operation }) => nameOf(operation));
    const done = [...covered].map(nameOf);
    expect(uncovered.filter((name) => !names.includes(name) || done.includes(name))).toEqual([]);
  });

  test("every example is of an operation that is served", () => {
    const known = new Set(served.map(({ operation }) => operation));
    expect(
      examples.filter(({ operation }) => !known.has(operation)).map((one) => nameOf(one.operation)),
    ).toEqual([]);
  });
});

describe("every operation, on each of its paths", () => {
  for (const example of examples) {
    for (const route of pathsOf(example.operation)) {
      test(`${example.operation.method} ${route}`, async () => {
        // Each in an emulator of its own, so that none leans on what another left behind.
        await using emulator = testEmulator({ seed });
        const scene = new Scene(emulator);
        const sent = await example.prepare(scene);
        const exchanged = await exchange(scene, example.operation, route, sent);
        expectAnswer(example, exchanged);
        expectSentInput(example.operation, sent.input ?? {});
        if (openApi !== undefined) expect(faultsByDocument(openApi, exchanged)).toEqual([]);
      });
    }
  }
});

describe("by the vendor's document", () => {
  test.skipIf(openApi === undefined)(
    "all that a request may say is declared, so that its type is checked",
    () => {
      const undeclared = examples.flatMap(({ operation }) => {
        const { method, path } = operation;
        const members = openApi?.find(method, path)?.bodyMembers ?? [];
        const schema = operation.input?.();
        const fields = schema === undefined ? [] : fieldsOf(schema);
        const places = new Set(fields.map((field) => field.path.join(".")));
        const free = fields.filter((field) => field.free).map((field) => `${field.path.join(".")}.`);
        return members
          .filter((place) => !places.has(place) && !free.some((start) => place.startsWith(start)))
          .filter((place) => !ignoredMembers.some(([at, what]) => at.test(path) && what.test(place)))
          .map((place) => `${method} ${path}: ${place}`);
      });
      expect([...new Set(undeclared)]).toEqual([]);
    },
  );

  test.skipIf(openApi === undefined)("no error of the document is excused that is none", () => {
    const unneeded = documentErrors.flatMap((one) =>
      one.at.filter((at) => !excused.get(one)?.has(at)).map((at) => `${at}: ${one.fault}`),
    );
    expect(unneeded).toEqual([]);
  });

  test.skipIf(openApi === undefined)("the document is read as a whole", () => {
    expect(openApi?.size).toBeGreaterThan(400);
  });
});

/** Checks status and reply, member by member, by the example and by what the client's own declaration demands. */
function expectAnswer({ operation, reply }: Example, { status, reply: got, location }: Exchange): void {
  if (isRedirect(reply)) {
    const target = new URL(location ?? "nowhere:");
    const members = [...target.searchParams.keys()].sort();
    target.search = "";
    expect({ status, to: target.href, members }).toEqual({
      status: 303,
      to: reply.to,
      members: [...reply.members].sort(),
    });
    return;
  }
  if (isRefusal(reply)) {
    expect({ status, errorCode: got.errorCode }).toEqual({
      status: reply.status,
      errorCode: reply.errorCode,
    });
    expect(got.errorDescription).toBeString();
    return;
  }
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(got)}`);
  const checked = v.safeParse(reply, got);
  const wrong = (checked.issues ?? []).map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
  expect(wrong).toEqual([]);
  const declared = operation.output?.();
  if (declared !== undefined) expect(v.is(declared, got)).toBeTrue();
}

/** An example says only what its operation declares: what the schema does not name, nothing would check. */
function expectSentInput(operation: Operation, input: unknown): void {
  const schema = operation.input?.() as { entries?: Record<string, unknown> } | undefined;
  if (schema?.entries === undefined || Array.isArray(input)) return;
  const names = Object.keys(schema.entries);
  if (names.length === 0) return;
  expect(Object.keys(input as object).filter((key) => !names.includes(key))).toEqual([]);
}

/** What the document says is wrong with a request and its answer, but for what is known to be wrong with the document. */
function faultsByDocument(api: OpenApi, exchanged: Exchange): string[] {
  const { method, route, query, body, status, reply } = exchanged;
  const documented = api.find(method, route);
  if (documented === undefined) return [];
  const faults: string[] = [];
  if (documented.body !== undefined && body !== undefined)
    faults.push(...faultsOf(documented.body, body).map((fault) => `request: ${fault}`));
  for (const name of Object.keys(query))
    if (!documented.query.has(name)) faults.push(`request: the query's ${name} is not in the document`);
  if (documented.reply !== undefined && status === 200) faults.push(...faultsOf(documented.reply, reply));
  return faults.filter((fault) => {
    const excuses = documentErrors.filter((one) => one.fault.test(fault));
    const found = excuses.flatMap((one) =>
      one.at.filter((at) => at === "*" || at === `${method} ${route}`).map((at) => [one, at] as const),
    );
    for (const [one, at] of found) excused.get(one)?.add(at);
    return found.length === 0;
  });
}
