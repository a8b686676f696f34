import { expect, test } from "bun:test";
import * as v from "valibot";
import { operation, type Effect } from "../../src/api/operation.ts";
import { testClient } from "../support/client.ts";
import { scriptedServer } from "../support/server.ts";

const of = (effect: Effect) =>
  operation({
    noun: "Thing",
    verb: "Do",
    method: "POST",
    path: `/${effect}`,
    effect,
    input: () => v.looseObject({}),
    output: () => v.looseObject({}),
  });

const table: readonly [limit: Effect, effect: Effect, sent: boolean][] = [
  ["read", "read", true],
  ["read", "write", false],
  ["read", "destroy", false],
  ["write", "read", true],
  ["write", "write", true],
  ["write", "destroy", false],
  ["destroy", "destroy", true],
];

for (const [limit, effect, sent] of table) {
  test(`a client limited to "${limit}" ${sent ? "sends" : "refuses"} a call that is "${effect}"`, async () => {
    using server = scriptedServer({ "*": { body: {} } });
    const api = testClient(server.url, limit);
    const calls = [
      () => api.call(of(effect), { a: 1 }).then(() => "sent"),
      () => api.exchange(of(effect), "{}").then(() => "sent"),
      () => api.receive(of(effect), "{}", () => ({ take() {}, end() {} })).then(() => "sent"),
    ];
    for (const call of calls) {
      const outcome = await call().catch((error: Error) => error.message);
      expect(outcome).toBe(
        sent ? "sent" : `refused Thing.Do: its effect is "${effect}" where at most "${limit}" is allowed`,
      );
    }
    expect(server.seen.map(({ path }) => path)).toEqual(sent ? calls.map(() => `/${effect}`) : []);
  });
}
