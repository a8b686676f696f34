import { afterEach, beforeEach, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { hidden, oauthEndpoints, type Members, type OAuthEndpoints, type Page } from "../../support/oauth.ts";
import { claimsOf } from "../../support/sign-in.ts";
import { SEED } from "./seed.ts";

/** Where Entra has proofs posted. */
const ENTRA = "https://login.microsoftonline.com/common/federation/externalauthprovider";

let emulator: TestEmulator;
let own: OAuthEndpoints;
beforeEach(() => {
  const entra = { id: "entra", name: "Entra", clientId: "entra-client", approvedRedirectUrls: [ENTRA] };
  emulator = testEmulator({
    projects: [{ id: "P2one", name: "One" }],
    seed: { ...SEED, oidcApps: [entra] },
  });
  own = oauthEndpoints(emulator, "/oauth2/v1", {});
});
afterEach(() => emulator.stop());

const hint = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.AAAA`;
const ask = (more: Members = {}, path = "/oauth2/v1/authorize/entramfa") =>
  own.post(
    path,
    {
      response_type: "id_token",
      scope: "openid",
      client_id: "entra-client",
      redirect_uri: ENTRA,
      state: "s",
      nonce: "n",
      id_token_hint: hint({ sub: "entra-1", preferred_username: "ann@example.com" }),
      claims: JSON.stringify({
        id_token: {
          acr: { essential: true, values: ["possessionorinherence"] },
          amr: { essential: true, values: ["face", "otp"] },
        },
      }),
      ...more,
    },
    { accept: "text/html" },
  );

function expectProof(page: Page): void {
  expect(page.text).toContain(`action="${ENTRA}"`);
  const { id_token: token, state } = hidden(page);
  expect(state).toBe("s");
  expect<unknown>(claimsOf(token ?? "")).toEqual({
    iss: `${emulator.url}/P2one/entra`,
    sub: "entra-1",
    aud: "entra-client",
    nonce: "n",
    acr: "possessionorinherence",
    amr: ["face"],
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
}

test("the user whom Entra names proves another factor on a page, for Entra alone", async () => {
  const page = await ask();
  expect(page.text).toContain("Signed in as <b>Ann &lt;b&gt;Lee&lt;/b&gt;</b>");
  const other = await own.post("/oauth2/v1/finish-authorize", { ...hidden(page), login_id: "bo" });
  expect(hidden(other)).toMatchObject({ error: "access_denied", state: "s" });
  expectProof(await own.post("/oauth2/v1/finish-authorize", { ...hidden(page), login_id: "Uann" }));
  const denied = await ask();
  const answer = await own.post("/oauth2/v1/finish-authorize", { ...hidden(denied), action: "deny" });
  expect(hidden(answer)).toMatchObject({ error: "access_denied" });
});

test("a test passes the page by, also at the application's own address", async () => {
  expectProof(await ask({ prompt: "none" }));
  expectProof(await ask({ prompt: "none" }, "/entra/oauth2/v1/authorize/entramfa"));
});

const faults: readonly (readonly [string, Members, string])[] = [
  ["another response type", { response_type: "code" }, "invalid_request"],
  ["no openid", { scope: "profile" }, "invalid_request"],
  ["no nonce", { nonce: undefined }, "invalid_request"],
  ["no hint", { id_token_hint: undefined }, "invalid_request"],
  ["a stranger", { id_token_hint: hint({ sub: "x", upn: "stranger" }) }, "access_denied"],
  ["somebody disabled", { id_token_hint: hint({ sub: "x", upn: "di" }), prompt: "none" }, "access_denied"],
];
for (const [what, members, error] of faults) {
  test(`is told to Entra: ${what}`, async () => expect(hidden(await ask(members))).toMatchObject({ error }));
}

test("goes nowhere else", async () => {
  expect((await ask({ redirect_uri: "https://elsewhere.example.com" })).status).toBe(400);
  expect((await ask({ client_id: "nobody" })).status).toBe(400);
});
