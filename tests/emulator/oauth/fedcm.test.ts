import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { CALLBACK } from "../../support/oauth.ts";
import { claimsOf } from "../../support/sign-in.ts";
import { SEED } from "./seed.ts";

/** What the browser is told. */
interface FedcmReply {
  readonly accounts_endpoint: string;
  readonly client_metadata_endpoint: string;
  readonly id_assertion_endpoint: string;
  readonly login_url: string;
  readonly accounts: unknown;
  readonly token: string;
  readonly error: { readonly code: string };
}

let emulator: TestEmulator;
beforeEach(() => {
  const shop = { id: "shop", name: "Shop", clientId: "shop-client", approvedRedirectUrls: [CALLBACK] };
  emulator = testEmulator({
    projects: [{ id: "P2one", name: "One" }],
    seed: { ...SEED, oidcApps: [shop] },
  });
});
afterEach(() => emulator.stop());

/** What the browser's dialog sends. */
const dialog = { "sec-fetch-dest": "webidentity" };
const origin = new URL(CALLBACK).origin;
const get = async (address: string, headers: Record<string, string> = dialog) => {
  const response = await fetch(address, { headers });
  return { status: response.status, headers: response.headers, body: (await response.json()) as FedcmReply };
};
const config = async () => (await get(`${emulator.url}/P2one/fedcm/config`)).body;
const assert = async (form: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch((await config()).id_assertion_endpoint, {
    method: "POST",
    headers: { ...dialog, origin, ...headers },
    body: new URLSearchParams({ account_id: "Uann", client_id: "shop-client", nonce: "n", ...form }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as FedcmReply };
};

describe("the browser's dialog", () => {
  test("finds all addresses by the configuration, and who can be chosen", async () => {
    const { accounts_endpoint, client_metadata_endpoint, login_url } = await config();
    const { accounts } = (await get(accounts_endpoint)).body;
    expect(accounts).toEqual([
      {
        id: "Uann",
        name: "Ann <b>Lee</b>",
        email: "ann@example.com",
        given_name: "Ann",
        login_hints: ["ann@example.com"],
      },
      { id: "Ubo", name: "bo", email: "bo", login_hints: ["bo"] },
    ]);
    expect<unknown>((await get(`${client_metadata_endpoint}?client_id=shop-client`)).body).toEqual({});
    expect((await get(`${client_metadata_endpoint}?client_id=nobody`)).status).toBe(404);
    const page = await fetch(login_url);
    expect(await page.text()).toContain("offers the users");
    expect([page.status, page.headers.get("set-login")]).toEqual([200, "logged-in"]);
  });

  test("gets an ID token of the user who was chosen, for the application's page", async () => {
    const { status, body, headers } = await assert({});
    expect(status).toBe(200);
    expect(claimsOf(body.token)).toMatchObject({
      iss: `${emulator.url}/P2one/shop`,
      aud: "shop-client",
      sub: "Uann",
      nonce: "n",
      email: "ann@example.com",
    });
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-credentials")).toBe("true");
  });

  test("gets none for another page, client or user", async () => {
    const refused = async (form: Record<string, string>, headers?: Record<string, string>) => {
      const { status, body } = await assert(form, headers);
      return [status, body.error.code];
    };
    expect(await refused({}, { origin: "http://localhost:10" })).toEqual([403, "unauthorized_client"]);
    expect(await refused({ client_id: "nobody" })).toEqual([403, "unauthorized_client"]);
    expect(await refused({ account_id: "Unobody" })).toEqual([403, "access_denied"]);
    expect(await refused({ account_id: "Udi" })).toEqual([403, "access_denied"]);
  });

  test("alone may ask: no page can say who it is", async () => {
    const { accounts_endpoint } = await config();
    const page = { "sec-fetch-dest": "empty" };
    expect((await get(accounts_endpoint, page)).status).toBe(403);
    expect((await assert({}, page)).status).toBe(403);
    expect((await get(`${emulator.url}/P2none/fedcm/config`)).status).toBe(404);
  });
});
