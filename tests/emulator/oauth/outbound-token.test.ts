import { afterEach, beforeEach, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { CALLBACK, oauthEndpoints } from "../../support/oauth.ts";
import type { OutboundTokenReply } from "../../support/replies.ts";
import { signInClient } from "../../support/sign-in.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    projects: [{ id: "P2one", name: "One" }],
    seed: {
      tenants: [{ id: "acme", name: "Acme" }],
      users: [
        { userId: "Uann", loginId: "ann@example.com", userTenants: [{ tenantId: "acme" }] },
        { userId: "Ubo", loginId: "bo@example.com" },
      ],
      inboundApps: [
        {
          id: "agent",
          name: "Agent",
          clientId: "agent-client",
          secret: "agent-secret",
          approvedCallbackUrls: [CALLBACK],
          permissionsScopes: [
            { name: "outbound.token.fetch", description: "Use your connections" },
            { name: "read", description: "Read" },
          ],
        },
      ],
    },
  });
});
afterEach(() => emulator.stop());

async function tokenOf(loginId: string, scope: string): Promise<string> {
  const ends = oauthEndpoints(emulator, "/oauth2/v1/apps", {
    response_type: "code",
    redirect_uri: CALLBACK,
    client_id: "agent-client",
    scope,
  });
  const code = await ends.code(loginId);
  const { json } = await ends.token({
    grant_type: "authorization_code",
    redirect_uri: CALLBACK,
    code,
    client_id: "agent-client",
    client_secret: "agent-secret",
  });
  return json.access_token;
}

test("an application with the scope fetches its user's token, and nobody else's, without a management key", async () => {
  const { app } = await emulator.ok("/v1/mgmt/outbound/app/create", { name: "Calendar" });
  for (const userId of ["Uann", "Ubo"])
    await emulator.ok("/v1/mgmt/outbound/app/user/oauthtoken/upload", {
      appId: app.id,
      userId,
      accessToken: `of ${userId}`,
    });
  const auth = signInClient(emulator);
  const path = "/v1/mgmt/outbound/app/user/token/latest";
  const token = await tokenOf("ann@example.com", "outbound.token.fetch");
  const fetched = await auth.ok(path, { appId: app.id, userId: "Uann" }, token);
  expect(fetched.token).toMatchObject({ userId: "Uann", accessToken: "of Uann" });
  await auth.refused(403, "E061004", path, { appId: app.id, userId: "Ubo" }, token);
  const other = await tokenOf("ann@example.com", "read");
  await auth.refused(403, "E061004", path, { appId: app.id, userId: "Uann" }, other);
  await auth.refused(401, "E061005", "/v1/mgmt/outbound/apps", undefined, token);
});

test("a user who is deleted leaves no tokens behind", async () => {
  const { app } = await emulator.ok("/v1/mgmt/outbound/app/create", { name: "Calendar" });
  const upload = { appId: app.id, userId: "Uann", accessToken: "t", scopes: ["a"] };
  await emulator.ok("/v1/mgmt/outbound/app/user/oauthtoken/upload", upload);
  await emulator.ok("/v1/mgmt/outbound/app/user/oauthtoken/upload", { ...upload, scopes: [] });
  const { token } = await emulator.ok<OutboundTokenReply>("/v1/mgmt/outbound/app/user/token/latest", upload);
  await emulator.ok("/v1/mgmt/user/delete", { userId: "Uann" });
  const gone = await emulator.call(`/v1/mgmt/outbound/token?id=${token.id}`, undefined, { method: "DELETE" });
  expect(gone.status).toBe(404);
});
