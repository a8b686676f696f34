import { afterEach, beforeEach, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    projects: [
      { id: "P2one", name: "one" },
      { id: "P2two", name: "two" },
    ],
  });
});
afterEach(() => emulator.stop());

const call = (verb: string, body: unknown = {}, project = "P2one") =>
  emulator.ok(`/v1/mgmt/scopeClaimMapping/${verb}`, body, { project });

const mappings = [
  { scope: "profile", claims: { nick: "{{user.name}}", kind: "person" }, description: "Who it is" },
  { scope: "billing", claims: {}, description: "" },
];

test("the list is replaced whole, in its order, for one project", async () => {
  expect<unknown>(await call("get")).toEqual({ mappings: [] });
  await call("set", { mappings });
  expect<unknown>(await call("get")).toEqual({ mappings });
  expect<unknown>(await call("get", {}, "P2two")).toEqual({ mappings: [] });
  await call("set", { mappings: [{ scope: "other" }] });
  expect<unknown>(await call("get")).toEqual({ mappings: [{ scope: "other", claims: {}, description: "" }] });
  await call("set", { mappings: [] });
  expect<unknown>(await call("get")).toEqual({ mappings: [] });
});

test("the list is deleted, with or without a body", async () => {
  await call("set", { mappings });
  await call("delete", "");
  expect<unknown>(await call("get")).toEqual({ mappings: [] });
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", { oldestFirst: true }, { project: "P2one" });
  expect(audits.map(({ action, data }) => [action, data.scopes])).toEqual([
    ["ScopeClaimMappingUpdated", ["profile", "billing"]],
    ["ScopeClaimMappingDeleted", undefined],
  ]);
});

test.each<[object, string]>([
  [{ mappings: [{ claims: {} }] }, "The mappings.0.scope field is required"],
  [{ mappings: [{ scope: "a", claims: { b: 1 } }] }, "The mappings.0.claims.b field must be a string"],
  [{ mappings: [{ scope: "" }] }, "The scope field of a mapping is empty"],
])("%j is refused and changes nothing", async (body, message) => {
  await call("set", { mappings });
  const answer = await emulator.call("/v1/mgmt/scopeClaimMapping/set", body);
  expect([answer.status, answer.body.errorMessage]).toEqual([400, message]);
  expect<unknown>(await call("get")).toEqual({ mappings });
});
