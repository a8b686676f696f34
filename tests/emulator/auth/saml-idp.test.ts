import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { DOMParser } from "@xmldom/xmldom";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { postedBy, signedPart, visit } from "../../support/identity-provider.ts";
import type { SsoAppSettings } from "../../support/replies.ts";
import { signInClient, type SignInClient } from "../../support/sign-in.ts";

const ACS = "https://sp.example.com/acs?tenant=1&x=2";
const ENTITY = "https://sp.example.com";

let emulator: TestEmulator;
let client: SignInClient;
let app: SsoAppSettings;
beforeEach(async () => {
  emulator = testEmulator({
    seed: { roles: ["admin", "other"].map((name) => ({ id: `ROL${name}`, name })) },
  });
  client = signInClient(emulator);
  await create();
  await emulator.ok("/v1/mgmt/user/create", {
    loginId: "ann",
    email: "ann@example.com",
    name: `Ann <"&'> Lée`,
    roleNames: ["admin"],
    customAttributes: { langs: ["en", "fr"] },
  });
});
afterEach(() => emulator.stop());

async function create(more: object = {}): Promise<void> {
  const { id } = await emulator.ok("/v1/mgmt/sso/idp/app/saml/create", {
    name: `App ${Math.floor(performance.now())}`,
    enabled: true,
    entityId: ENTITY,
    acsUrl: ACS,
    acsAllowedCallbacks: ["https://sp.example.com/other"],
    defaultRelayState: "home",
    attributeMapping: [
      { name: "mail", value: "email" },
      { name: "full", value: "{{user.name}}" },
      { name: "langs", value: "langs" },
      { name: "nothing", value: "picture" },
    ],
    groupsMapping: [
      { name: "groups", value: "admins", roles: [{ id: "ROLadmin", name: "admin" }] },
      { name: "groups", value: "others", roles: [{ id: "ROLother", name: "other" }] },
    ],
    ...more,
  });
  app = (await emulator.ok(`/v1/mgmt/sso/idp/app/load?id=${id}`)).samlSettings;
}

const deflated = (xml: string) => Buffer.from(Bun.deflateSync(Buffer.from(xml))).toString("base64");
const authnRequest = (more = "", issuer = ENTITY) =>
  `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_request1" Version="2.0" ${more}>` +
  `<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${issuer}</saml:Issuer></samlp:AuthnRequest>`;

/** What a signature of the project's is of. */
const verified = (xml: string, element: "Response" | "Assertion") => signedPart(xml, element, app.idpCert);

function assertionIn(html: string) {
  const { action, members } = postedBy(html);
  const xml = Buffer.from(members.SAMLResponse ?? "", "base64").toString();
  const whole = verified(xml, "Response");
  const assertion = verified(xml, "Assertion");
  const of = (name: string) => [
    ...new DOMParser().parseFromString(assertion, "text/xml").getElementsByTagNameNS("*", name),
  ];
  return {
    action,
    relayState: members.RelayState,
    whole,
    assertion,
    nameId: of("NameID")[0]?.textContent,
    audience: of("Audience")[0]?.textContent,
    attributes: Object.fromEntries(
      of("Attribute").map((one) => [
        one.getAttribute("Name"),
        [...one.getElementsByTagNameNS("*", "AttributeValue")].map((value) => value.textContent),
      ]),
    ),
  };
}

test("the metadata and the certificate are true, and outlast a rotation only where the key does", async () => {
  const { text, headers } = await visit(app.idpMetadataUrl);
  expect(headers.get("content-type")).toStartWith("application/samlmetadata+xml");
  const document = new DOMParser().parseFromString(text, "text/xml");
  expect<unknown>(document.documentElement?.getAttribute("entityID")).toBe(app.idpEntityId);
  const services = [...document.getElementsByTagNameNS("*", "SingleSignOnService")];
  expect<unknown>(services.map((one) => one.getAttribute("Location"))).toEqual([
    app.idpSsoUrl,
    app.idpSsoUrl,
  ]);
  const inMetadata = document.getElementsByTagNameNS("*", "X509Certificate")[0]?.textContent ?? "";
  const certificate = new X509Certificate(app.idpCert);
  expect(certificate.raw.toString("base64")).toBe(inMetadata);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.subject).toBe(`CN=Descope emulator ${emulator.project}`);
  expect(new Date(certificate.validTo).getUTCFullYear()).toBe(2049);
  const { xml } = await emulator.ok<{ xml: string }>(
    app.idpMetadataUrl.slice(emulator.url.length),
    undefined,
    {
      headers: { accept: "application/json" },
    },
  );
  expect(xml).toBe(text);
  await client.control("POST", "keys/rotate", {});
  expect((await visit(app.idpMetadataUrl)).text).not.toContain(inMetadata);
});

describe("a service asks", () => {
  test("by an address: the hint names who it is, and the answer is signed and whole", async () => {
    const request = authnRequest(`AssertionConsumerServiceURL="${ACS.replace("&", "&amp;")}"`);
    const { status, text, headers } = await visit(app.idpSsoUrl, {
      SAMLRequest: deflated(request),
      RelayState: `a"b&c`,
      login_hint: "ann",
    });
    expect(status).toBe(200);
    expect(headers.get("content-security-policy")).toContain("script-src 'sha256-");
    const answer = assertionIn(text);
    expect(answer).toMatchObject({ action: ACS, relayState: `a"b&c`, nameId: "ann", audience: ENTITY });
    expect(answer.attributes).toEqual({
      mail: ["ann@example.com"],
      full: [`Ann <"&'> Lée`],
      langs: ["en", "fr"],
      groups: ["admins"],
    });
    const xml = Buffer.from(postedBy(text).members.SAMLResponse ?? "", "base64").toString();
    const forged = xml.replace("ann@example.com", "eve@example.com");
    for (const element of ["Response", "Assertion"] as const)
      expect(() => verified(forged, element)).toThrow();
    expect(answer.whole).toContain('InResponseTo="_request1"');
    expect(answer.whole).toContain("rsa-sha256");
    expect(answer.assertion).toContain('Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"');
  });

  test("by a form, with its own algorithm and another place that is allowed", async () => {
    const request = authnRequest('AssertionConsumerServiceURL="https://sp.example.com/other"');
    const body = new URLSearchParams({
      SAMLRequest: Buffer.from(request).toString("base64"),
      login_hint: "ann",
    });
    const { text } = await visit(app.idpSsoUrl, {}, { method: "POST", body });
    expect(assertionIn(text)).toMatchObject({ action: "https://sp.example.com/other", relayState: "home" });
    const sha1 = await visit(app.idpSsoUrl, {
      SAMLRequest: deflated(request),
      SigAlg: "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
      login_hint: "ann",
    });
    expect(assertionIn(sha1.text).whole).toContain("xmldsig#rsa-sha1");
  });

  test("without a hint a page asks who it is, once", async () => {
    const page = await visit(app.idpSsoUrl, { SAMLRequest: deflated(authnRequest()), LoginHint: "bob" });
    expect(page.text).toContain("Sign in to App");
    const { action, members } = postedBy(page.text);
    const next = (more: Record<string, string>) => {
      const { project, state } = members as { project: string; state: string };
      return visit(emulator.url + action, { project, state, ...more });
    };
    const unknown = await next({ typed: "nobody" });
    expect({ status: unknown.status, known: unknown.text.includes("No user signs in as nobody") }).toEqual({
      status: 400,
      known: true,
    });
    expect(assertionIn((await next({ typed: "ann" })).text).nameId).toBe("ann");
    expect((await next({ typed: "ann" })).status).toBe(400);
  });

  test("who cancels is told to the service, in a signed answer", async () => {
    const page = await visit(app.idpSsoUrl, { SAMLRequest: deflated(authnRequest()) });
    const { action, members } = postedBy(page.text);
    const { project, state } = members as { project: string; state: string };
    const { text } = await visit(emulator.url + action, { project, state, error: "access_denied" });
    const xml = Buffer.from(postedBy(text).members.SAMLResponse ?? "", "base64").toString();
    expect(verified(xml, "Response")).toContain("status:AuthnFailed");
    expect(xml).not.toContain("Assertion ");
  });

  test("a session in the browser is enough, unless the service wants to be sure", async () => {
    const { refreshJwt } = await client.session("carl");
    const headers = { cookie: `DSR=${refreshJwt}` };
    const signedIn = await visit(app.idpSsoUrl, { SAMLRequest: deflated(authnRequest()) }, { headers });
    expect(assertionIn(signedIn.text).nameId).toBe("carl");
    const forced = await visit(
      app.idpSsoUrl,
      { SAMLRequest: deflated(authnRequest('ForceAuthn="true"')) },
      { headers },
    );
    expect(forced.text).toContain("Sign in to App");
    const passive = await visit(app.idpSsoUrl, { SAMLRequest: deflated(authnRequest('IsPassive="1"')) });
    expect(postedBy(passive.text).members.SAMLResponse).toBeString();
  });

  test("what makes no sense is refused", async () => {
    for (const request of [
      "nonsense",
      "<a/>",
      '<!DOCTYPE x [<!ENTITY a "b">]><AuthnRequest ID="a"/>',
      "<AuthnRequest/>",
      authnRequest("", "https://another.example.com"),
      authnRequest('AssertionConsumerServiceURL="https://evil.example.com"'),
    ])
      expect((await visit(app.idpSsoUrl, { SAMLRequest: deflated(request), login_hint: "ann" })).status).toBe(
        400,
      );
    expect((await visit(app.idpSsoUrl)).status).toBe(400);
    expect((await visit(`${emulator.url}/v1/auth/saml/idp/sso?app=nothing&SAMLRequest=x`)).status).toBe(404);
    await emulator.ok("/v1/mgmt/user/update/status", { loginId: "ann", status: "disabled" });
    expect(
      (await visit(app.idpSsoUrl, { SAMLRequest: deflated(authnRequest()), login_hint: "ann" })).status,
    ).toBe(403);
  });
});

test("the project begins: by e-mail, signed as the application is set to", async () => {
  const { text } = await visit(app.idpInitiatedUrl, { login_hint: "ann" });
  const answer = assertionIn(text);
  expect(answer.whole).not.toContain("InResponseTo");
  expect(answer.whole).toContain("xmldsig#rsa-sha1");
  await create({ subjectNameIdType: "email", defaultSignatureAlgorithm: "sha256" });
  const other = assertionIn((await visit(app.idpInitiatedUrl, { login_hint: "ann" })).text);
  expect(other.nameId).toBe("ann@example.com");
  expect(other.assertion).toContain("nameid-format:emailAddress");
  expect(other.whole).toContain("rsa-sha256");
});

test("an application's own page finishes it with the user's session", async () => {
  const page = await visit(app.idpSsoUrl, { SAMLRequest: deflated(authnRequest()), RelayState: "r" });
  const { state } = postedBy(page.text).members;
  const { refreshJwt } = await client.session("carl");
  const body = { state_id: state, additionalSAMLAttributes: { extra: "more" } };
  await client.refused(401, "E061005", "/v1/auth/saml/idp/sso-finish", body);
  const finished = await client.ok("/v1/auth/saml/idp/sso-finish", body, refreshJwt);
  expect(finished).toMatchObject({ url: ACS, relayState: "r", error: false });
  const xml = Buffer.from(finished.samlResponse, "base64").toString();
  expect(verified(xml, "Assertion")).toContain('<saml:Attribute Name="extra"');
  await client.refused(401, "E061005", "/v1/auth/saml/idp/sso-finish", body, refreshJwt);
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", { actions: ["LoginSucceed"] });
  expect(audits.map(({ method }) => method)).toContain("saml");
});

test("a test gets the answer as JSON, without the page", async () => {
  const headers = { accept: "application/json" };
  const { text } = await visit(
    app.idpSsoUrl,
    { SAMLRequest: deflated(authnRequest()), login_hint: "ann" },
    { headers },
  );
  const { samlResponse, ...rest } = JSON.parse(text) as { samlResponse: string };
  expect(rest).toEqual({ url: ACS, relayState: "home", error: false });
  expect(verified(Buffer.from(samlResponse, "base64").toString(), "Assertion")).toContain(
    ">ann</saml:NameID>",
  );
});

test("logout ends the session of the browser and goes where the application says", async () => {
  const { refreshJwt } = await client.session("carl");
  const headers = { cookie: `DSR=${refreshJwt}` };
  const out = await visit(app.idpLogoutUrl, {}, { headers });
  expect(out.status).toBe(200);
  expect(out.headers.getSetCookie()).toHaveLength(2);
  await client.refused(401, "E064001", "/v1/auth/refresh", {}, refreshJwt);
  await create({ logoutRedirectUrl: "https://sp.example.com/bye" });
  expect((await visit(app.idpLogoutUrl)).headers.get("location")).toBe("https://sp.example.com/bye");
});
