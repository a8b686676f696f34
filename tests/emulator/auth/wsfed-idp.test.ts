import { afterEach, beforeEach, expect, test } from "bun:test";
import { DOMParser } from "@xmldom/xmldom";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { postedBy, signedPart, visit } from "../../support/identity-provider.ts";
import type { SsoAppSettings } from "../../support/replies.ts";
import { signInClient, type SignInClient } from "../../support/sign-in.ts";

const REALM = "urn:sp";
const REPLY = "https://sp.example.com/signin";

let emulator: TestEmulator;
let client: SignInClient;
let app: SsoAppSettings;
beforeEach(async () => {
  emulator = testEmulator();
  client = signInClient(emulator);
  await emulator.ok("/v1/mgmt/user/create", {
    loginId: "ann",
    email: "ann@example.com",
    name: "Ann & <Lee>",
  });
  app = await create();
});
afterEach(() => emulator.stop());

async function create(more: object = {}): Promise<SsoAppSettings> {
  const { id } = await emulator.ok("/v1/mgmt/sso/idp/app/wsfed/create", {
    name: `App ${Math.random()}`,
    enabled: true,
    realm: REALM,
    replyUrl: REPLY,
    replyAllowedCallbacks: ["https://sp.example.com/other"],
    attributeMapping: [
      { name: "http://schemas.example.com/claims/mail", value: "email" },
      { name: "full", value: "name" },
    ],
    ...more,
  });
  return (await emulator.ok(`/v1/mgmt/sso/idp/app/load?id=${id}`)).wsfedSettings;
}

/** What an answer says, once its signature was found good. */
function claimsIn(wresult: string) {
  const assertion = signedPart(wresult, "Assertion", app.idpCert, "AssertionID");
  const of = (name: string) => [
    ...new DOMParser().parseFromString(assertion, "text/xml").getElementsByTagNameNS("*", name),
  ];
  return {
    nameId: of("NameIdentifier")[0]?.textContent,
    audience: of("Audience")[0]?.textContent,
    attributes: of("Attribute").map((one) => [
      one.getAttribute("AttributeNamespace"),
      one.getAttribute("AttributeName"),
      one.textContent,
    ]),
  };
}

test("a service asks, and gets an assertion that is signed", async () => {
  const { text } = await visit(app.idpSsoUrl, {
    wa: "wsignin1.0",
    wtrealm: REALM,
    wctx: `rm=0&id="x"`,
    login_hint: "ann",
  });
  const { action, members } = postedBy(text);
  expect({ action, wa: members.wa, wctx: members.wctx }).toEqual({
    action: REPLY,
    wa: "wsignin1.0",
    wctx: `rm=0&id="x"`,
  });
  expect(claimsIn(members.wresult ?? "")).toEqual({
    nameId: "ann",
    audience: REALM,
    attributes: [
      ["http://schemas.example.com/claims", "mail", "ann@example.com"],
      ["http://schemas.xmlsoap.org/ws/2005/05/identity/claims", "full", "Ann & <Lee>"],
    ],
  });
  expect(() => claimsIn((members.wresult ?? "").replace("ann@", "eve@"))).toThrow();
});

test("the page, another place, what the project begins, and an application's own page", async () => {
  const wreply = "https://sp.example.com/other";
  const page = await visit(app.idpSsoUrl, { wtrealm: REALM, wreply });
  expect(page.text).toContain("Sign in to App");
  const { action, members } = postedBy(page.text);
  const { project, state } = members as { project: string; state: string };
  const answer = await visit(emulator.url + action, { project, state, typed: "ann" });
  expect(postedBy(answer.text).action).toBe(wreply);
  const begun = await visit(
    app.idpInitiatedUrl,
    {},
    { method: "POST", body: new URLSearchParams({ login_hint: "ann" }) },
  );
  expect(claimsIn(postedBy(begun.text).members.wresult ?? "").audience).toBe(REALM);
  const again = postedBy((await visit(app.idpSsoUrl, { wtrealm: REALM, wctx: "c" })).text).members.state;
  const { refreshJwt } = await client.session("carl");
  const body = { state_id: again };
  await client.refused(401, "E061005", "/v1/auth/saml/idp/sso-finish", body, refreshJwt);
  const finished = await client.ok("/v1/auth/wsfed/idp/sso-finish", body, refreshJwt);
  expect(finished).toMatchObject({ replyURL: REPLY, wctx: "c", error: false });
  expect(claimsIn(finished.wresult).nameId).toBe("carl");
});

test("cancelling goes to the application's page for errors, or says so", async () => {
  const cancel = async () => {
    const { action, members } = postedBy((await visit(app.idpSsoUrl, { wtrealm: REALM })).text);
    const { project, state } = members as { project: string; state: string };
    return visit(emulator.url + action, { project, state, error: "access_denied" });
  };
  expect((await cancel()).status).toBe(403);
  app = await create({ errorRedirectUrl: "https://sp.example.com/error" });
  expect((await cancel()).headers.get("location")).toBe("https://sp.example.com/error");
});

test("signing out, and what makes no sense", async () => {
  const { refreshJwt } = await client.session("carl");
  const headers = { cookie: `DSR=${refreshJwt}` };
  const out = await visit(app.idpSsoUrl, { wa: "wsignout1.0", wreply: REPLY }, { headers });
  expect(out.headers.get("location")).toBe(REPLY);
  await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
  for (const wrong of [
    { wa: "wattr1.0" },
    { wtrealm: "urn:another" },
    { wreply: "https://evil.example.com" },
    { wa: "wsignout1.0", wreply: "https://evil.example.com" },
  ])
    expect(
      (await visit(app.idpSsoUrl, { login_hint: "ann", ...(wrong as Record<string, string>) })).status,
    ).toBe(400);
});

test("the metadata name the place and the key", async () => {
  const { text } = await visit(app.idpMetadataUrl);
  const document = new DOMParser().parseFromString(text, "text/xml");
  expect<unknown>(document.documentElement?.getAttribute("entityID")).toBe(app.idpEntityId);
  expect<unknown>(document.getElementsByTagNameNS("*", "Address")[0]?.textContent).toBe(app.idpSsoUrl);
  const key = document.getElementsByTagNameNS("*", "X509Certificate")[0]?.textContent ?? "";
  expect(app.idpCert.replaceAll("\n", "")).toContain(key);
});
