import { expect, test } from "bun:test";
import { cli, credentials } from "../../support/cli.ts";
import { scriptedServer } from "../../support/server.ts";

test("tenant load sends one request and prints the record in its own order", async () => {
  using server = scriptedServer({
    "GET /v1/mgmt/tenant": {
      body: { name: "Acme", id: "acme", customAttributes: { "9": 1, "10": 2 }, more: true },
    },
  });
  const ran = await cli(["tenant", "load", "acme", "--json"], {
    env: { ...credentials, DESCOPE_BASE_URL: server.url },
  });
  server.verify();
  expect(ran.err).toBe("");
  expect(ran.out).toBe(
    '{\n  "ok": true,\n  "tenant": {\n    "id": "acme",\n    "name": "Acme",\n    "selfProvisioningDomains": [],\n' +
      '    "customAttributes": {\n      "10": 2,\n      "9": 1\n    }\n  }\n}\n',
  );
  expect(server.seen.map(({ method, path, query }) => ({ method, path, query }))).toEqual([
    { method: "GET", path: "/v1/mgmt/tenant", query: { id: "acme" } },
  ]);
  expect(server.seen[0]?.authorization).toBe(
    `Bearer ${credentials.DESCOPE_PROJECT_ID}:${credentials.DESCOPE_MANAGEMENT_KEY}`,
  );
});
