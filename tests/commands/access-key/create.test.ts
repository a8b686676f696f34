import { expect, test } from "bun:test";
import { against } from "../../support/project.ts";
import { scriptedServer, type Answer } from "../../support/server.ts";

const CREATE = "POST /v1/mgmt/accesskey/create";
const secret = "a-secret-that-is-shown-once";

test.each<[string, Answer]>([
  ["a key of a wrong shape", { body: { cleartext: secret, key: { id: "AK2", expireTime: "never" } } }],
  ["a key that is no object", { body: { cleartext: secret, key: ["AK2"] } }],
  ["no key", { body: { cleartext: secret } }],
  ["names in another case", { body: { ClearText: secret, KEY: { ID: "AK2", EXPIRETIME: 1.5 } } }],
])("the secret is not lost with %s", async (_, answer) => {
  using server = scriptedServer({ [CREATE]: answer });
  const json = await against(server, ["access-key", "create", "ci", "-j"]);
  expect(json).toMatchObject({ status: 1, err: "" });
  expect(json.json()).toMatchObject({ ok: false, code: "bad_reply", cleartext: secret });
  const text = await against(server, ["access-key", "create", "ci"]);
  expect(text).toMatchObject({ status: 1, out: "" });
  expect(text.err).toStartWith("* Error: The access key was created, but: ");
  expect(text.err).toContain(`  cleartext: ${secret}\n`);
  const debug = await against(server, ["access-key", "create", "ci", "--debug"]);
  expect(debug.err.split(secret)).toHaveLength(2);
});

test("a key without its secret is of no use, and named so that it can be deleted", async () => {
  using server = scriptedServer({ [CREATE]: { body: { key: { id: "AK2" } } } });
  const ran = await against(server, ["access-key", "create", "ci", "-j"]);
  expect(ran.status).toBe(1);
  expect(ran.json()).toMatchObject({
    ok: false,
    id: "AK2",
    error: expect.stringContaining("cleartext is missing"),
  });
});

test.each([
  ["4102444800", "4102444800"],
  ["9223372036854775807", "9223372036854775807"],
  ["-5", "-5"],
  ["0x10", "16"],
  ["010", "8"],
  ["1_000", "1000"],
])("the time %s is sent as %s", async (typed, sent) => {
  using server = scriptedServer({
    [CREATE]: { raw: `{"cleartext":"s","key":{"id":"AK2","expireTime":${sent}}}` },
  });
  const ran = await against(server, ["access-key", "create", "ci", "-e", typed, "-j"]);
  expect(ran.status).toBe(0);
  expect(server.seen[0]?.text).toContain(`"expireTime":${sent},`);
  expect(ran.out).toContain(`"expireTime": ${sent},`);
});

test("a creation is not sent twice when it is not known what became of it", async () => {
  using server = scriptedServer({
    [CREATE]: { status: 503, body: { errorCode: "E1", errorDescription: "Away" } },
  });
  const ran = await against(server, ["access-key", "create", "ci", "-j"]);
  expect(ran.json()).toMatchObject({ error: "[E1] Away [Status-Code:503]", status: 503 });
  expect(server.seen).toHaveLength(1);
});

test("one that was turned away for now is sent again", async () => {
  using server = scriptedServer({
    [CREATE]: [
      { status: 429, headers: { "retry-after": "0" }, body: { errorCode: "E130429" } },
      { body: { cleartext: "s", key: { id: "AK2" } } },
    ],
  });
  const ran = await against(server, ["access-key", "create", "ci", "-j"]);
  expect(ran.status).toBe(0);
  expect(server.seen).toHaveLength(2);
});
