import { expect, test } from "bun:test";
import { against } from "../../support/project.ts";
import { scriptedServer, type Answer } from "../../support/server.ts";

const CREATE = "POST /v1/mgmt/thirdparty/app/create";
const LOAD = "GET /v1/mgmt/thirdparty/app/load";
const needed = ["-f", "https://flow.example.com/", "-p", "a,b,-"];
const line = ["apps", "inbound", "create", "Files", ...needed];

test.each<[string, Answer, string]>([
  [
    "fails",
    { status: 500, body: { errorCode: "E1", errorDescription: "Oops" } },
    "[E1] Oops [Status-Code:500]",
  ],
  [
    "is turned away",
    { status: 403, body: { errorCode: "E1", errorDescription: "No" } },
    "[E1] No [Status-Code:403]",
  ],
  [
    "is no JSON",
    { raw: "<html>" },
    'The server\'s reply cannot be used: status 200 with application/json that is not JSON: "<html>"',
  ],
  ["is empty", { body: {} }, "The server's reply cannot be used: app is missing"],
  [
    "has another shape",
    { body: { id: "TPA2", name: 5 } },
    "The server's reply cannot be used: app.name is not a text",
  ],
])("an application that was made is not lost when what follows %s", async (_, answer, message) => {
  using server = scriptedServer({
    [CREATE]: { body: { id: "TPA2", cleartext: "app-secret" } },
    [LOAD]: answer,
  });
  const json = await against(server, [...line, "-j"]);
  expect(json).toMatchObject({ status: 1, err: "" });
  expect(json.json()).toMatchObject({
    ok: false,
    error: `The application was created, but: ${message}`,
    id: "TPA2",
    secret: "app-secret",
  });
  const text = await against(server, line);
  expect(text).toMatchObject({ status: 1, out: "" });
  expect(text.err).toContain("\n  id: TPA2\n  secret: app-secret\n");
});

test("an application without its secret is named", async () => {
  using server = scriptedServer({ [CREATE]: { body: { id: "TPA2" } } });
  const ran = await against(server, [...line, "-j"]);
  expect(ran.json()).toMatchObject({
    ok: false,
    id: "TPA2",
    error: expect.stringContaining("cleartext is missing"),
  });
});

test.each<[string[], string]>([
  [["-p", "a,b,-"], "The flag --flow-hosting-url is missing"],
  [["-f", "", "-p", "a,b,-"], "The flag --flow-hosting-url is missing"],
  [["-f", "u"], "The flag --permission-scope is missing"],
  [["-f", "u", "-p", ""], "The flag --permission-scope is missing"],
  [
    ["-f", "u", "-p", "a,b"],
    "The flag --permission-scope needs three parts for each scope, and has 2 in all",
  ],
  [
    ["-f", "u", "-p", "a,b,c", "-p", "d"],
    "The flag --permission-scope needs three parts for each scope, and has 4 in all",
  ],
  [["-f", "u", "-p", ",b,c"], "The flag --permission-scope has no name in scope 1"],
  [["-f", "u", "-p", "a,b,c,d,,f"], "The flag --permission-scope has no description in scope 2"],
  [["-f", "u", "-p", "a,b,c||d"], "The flag --permission-scope has an empty value in scope 1"],
  [["-f", "u", "-p", "a,b,|"], "The flag --permission-scope has an empty value in scope 1"],
  [
    ["-f", "u", "-p", "a,b,-", "-a", "x"],
    "The flag --attribute-scope needs three parts for each scope, and has 1 in all",
  ],
])("%j is refused before any request", async (flags, message) => {
  using server = scriptedServer({});
  for (const words of [
    ["create", "Files"],
    ["update", "TPA2", "Files"],
  ]) {
    const ran = await against(server, ["apps", "inbound", ...words, ...flags, "-j"]);
    expect(ran).toMatchObject({ status: 1, err: "" });
    expect(ran.json()).toMatchObject({ ok: false, code: "invalid_input", error: message });
  }
  expect(server.seen).toEqual([]);
});

test.each<[string[], unknown]>([
  [
    ["-p", "a,b,c", "-p", "d,e,-"],
    [
      { name: "a", description: "b", values: ["c"] },
      { name: "d", description: "e", values: null },
    ],
  ],
  [
    ["-p", "a,b,c,d,e,-"],
    [
      { name: "a", description: "b", values: ["c"] },
      { name: "d", description: "e", values: null },
    ],
  ],
  [["-p", "a", "-p", "b", "-p", "c"], [{ name: "a", description: "b", values: ["c"] }]],
  [["-p", "a,b,"], [{ name: "a", description: "b", values: null }]],
  [["-p", 'a,"b, c",d|e'], [{ name: "a", description: "b, c", values: ["d", "e"] }]],
  [["-p", " a , b , c | d "], [{ name: " a ", description: " b ", values: [" c ", " d "] }]],
])("%j are scopes", async (flags, scopes) => {
  using server = scriptedServer({
    [CREATE]: { body: { id: "TPA2", cleartext: "s" } },
    [LOAD]: { body: { id: "TPA2" } },
  });
  const ran = await against(server, ["apps", "inbound", "create", "Files", "-f", "u", ...flags]);
  expect(ran.status).toBe(0);
  expect(server.seen[0]?.body).toMatchObject({ permissionsScopes: scopes });
});

test("--all loads page after page", async () => {
  const page = (...ids: string[]) => ({ body: { total: 3, apps: ids.map((id) => ({ id })) } });
  using server = scriptedServer({ "GET /v1/mgmt/thirdparty/apps/load": [page("a", "b"), page("c")] });
  const ran = await against(server, ["apps", "inbound", "load-all", "--all", "-j"]);
  expect(ran.json()).toMatchObject({ count: 3, apps: [{ id: "a" }, { id: "b" }, { id: "c" }] });
  expect(server.seen.map(({ query }) => query)).toEqual([
    { limit: "100", page: "0" },
    { limit: "100", page: "1" },
  ]);
});
