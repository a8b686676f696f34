import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import descope from "@descope/node-sdk";

const { DESCOPE_BASE_URL, DESCOPE_PROJECT_ID, DESCOPE_MANAGEMENT_KEY } = process.env;
const sdk = descope({
  baseUrl: DESCOPE_BASE_URL,
  projectId: DESCOPE_PROJECT_ID,
  managementKey: DESCOPE_MANAGEMENT_KEY,
});

/** A call of the emulator's own. */
async function emulator(method, path, body) {
  const response = await fetch(`${DESCOPE_BASE_URL}/_emulator/${path}`, {
    method,
    body: JSON.stringify(body),
  });
  assert.equal(response.status, 200);
  return response.json();
}

beforeEach(() => emulator("POST", "reset"));

test("a user signs in with the code that was sent", async () => {
  await sdk.otp.signIn.email("ann@acme.com");
  const { messages } = await emulator("GET", "messages?loginId=ann@acme.com");
  const { data } = await sdk.otp.verify.email("ann@acme.com", messages.at(-1).code);
  const session = await sdk.validateSession(data.sessionJwt);
  assert.equal(sdk.validateTenantPermissions(session, "acme", ["invoices.read"]), true);
});

test("a session that has ended cannot be refreshed", async () => {
  const { data } = await sdk.password.signIn("ann@acme.com", "Correct-Horse-1");
  await emulator("POST", "clock", { advance: "90d" });
  const refreshed = await sdk.refresh(data.refreshJwt);
  assert.equal(refreshed.ok, false);
});

test("too many requests are an answer that can be told from others", async () => {
  await emulator("POST", "faults", { path: "/v1/mgmt/user/create", status: 429, retryAfter: 1, count: 1 });
  const refused = await sdk.management.user.create("bo@acme.com", { email: "bo@acme.com" });
  assert.equal(refused.code, 429);
  const created = await sdk.management.user.create("bo@acme.com", { email: "bo@acme.com" });
  assert.equal(created.ok, true);
  const { requests } = await emulator("GET", "requests?path=/v1/mgmt/user/create");
  assert.deepEqual(
    requests.map(({ status }) => status),
    [429, 200],
  );
});
