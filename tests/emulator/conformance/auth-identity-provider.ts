import * as v from "valibot";
import * as saml from "../../../src/api/operations/auth-saml-idp.ts";
import * as wsFed from "../../../src/api/operations/auth-wsfed-idp.ts";
import { postedBy, visit } from "../../support/identity-provider.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, nothing, strict, text } from "./shapes.ts";

/** What says in the addresses of an application's settings which one it is. */
const appIn = (url: string): string => new URL(url).searchParams.get("app") ?? "";

async function samlApp(scene: Scene): Promise<any> {
  const id = await scene.ssoApp("saml", {
    entityId: "https://sp.example.com",
    acsUrl: "https://sp.example.com/acs",
    attributeMapping: [{ name: "mail", value: "email" }],
  });
  return (await scene.manage(`/v1/mgmt/sso/idp/app/load?id=${id}`)).samlSettings;
}

async function wsFedApp(scene: Scene): Promise<any> {
  const id = await scene.ssoApp("wsfed", { realm: "urn:sp", replyUrl: "https://sp.example.com/signin" });
  return (await scene.manage(`/v1/mgmt/sso/idp/app/load?id=${id}`)).wsfedSettings;
}

const authnRequest =
  '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_request1" Version="2.0">' +
  '<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://sp.example.com</saml:Issuer></samlp:AuthnRequest>';
const deflated = Buffer.from(Bun.deflateSync(Buffer.from(authnRequest))).toString("base64");
const plain = Buffer.from(authnRequest).toString("base64");

/** A page that posts the answer to the application by itself. */
const posts = (member: string) => v.pipe(text, v.includes("sp.example.com"), v.includes(`name="${member}"`));

/** The application, and somebody who signs in to it. */
const signingOn =
  (make: (scene: Scene) => Promise<any>, more: object = {}) =>
  async (scene: Scene): Promise<Record<string, string>> => ({
    app: appIn((await make(scene)).idpSsoUrl),
    login_hint: (await scene.user()).loginIds[0],
    ...more,
  });

const metadata = (make: (scene: Scene) => Promise<any>) => async (scene: Scene) => ({
  input: { app: appIn((await make(scene)).idpMetadataUrl) },
  headers: { accept: "application/json" },
});

/** Somebody who is signed in, with whose session an application's own page finishes what was begun. */
async function finishing(scene: Scene, page: string) {
  const { state } = postedBy(page).members;
  return { token: (await scene.session()).refreshJwt, input: { state_id: state } };
}

const xml = strict({ xml: v.pipe(text, v.includes("EntityDescriptor")) });

export const samlIdentityProviderExamples: Examples = [
  sending(saml.metadata, xml, metadata(samlApp)),
  example(saml.initiateByRedirect, posts("SAMLResponse"), signingOn(samlApp)),
  example(saml.initiateByPost, posts("SAMLResponse"), signingOn(samlApp)),
  example(saml.signOnByRedirect, posts("SAMLResponse"), signingOn(samlApp, { SAMLRequest: deflated })),
  sending(saml.signOnByPost, posts("SAMLResponse"), async (scene) => {
    const { app, ...input } = await signingOn(samlApp, { SAMLRequest: plain })(scene);
    return { query: { app: app ?? "" }, input };
  }),
  sending(
    saml.finish,
    strict({ url: text, samlResponse: text, relayState: text, error: flag }),
    async (scene) => {
      const page = await visit((await samlApp(scene)).idpSsoUrl, { SAMLRequest: deflated });
      return finishing(scene, page.text);
    },
  ),
  example(saml.logoutByRedirect, nothing, async (scene) => ({
    app: appIn((await samlApp(scene)).idpLogoutUrl),
  })),
  example(saml.logoutByPost, nothing, async (scene) => ({ app: appIn((await samlApp(scene)).idpLogoutUrl) })),
];

const asked = { wa: "wsignin1.0", wtrealm: "urn:sp", wctx: "context" };

export const wsFedIdentityProviderExamples: Examples = [
  sending(wsFed.metadata, xml, metadata(wsFedApp)),
  example(wsFed.initiateByRedirect, posts("wresult"), signingOn(wsFedApp)),
  example(wsFed.initiateByPost, posts("wresult"), signingOn(wsFedApp)),
  example(wsFed.passiveByRedirect, posts("wresult"), signingOn(wsFedApp, asked)),
  example(wsFed.passiveByPost, posts("wresult"), signingOn(wsFedApp, asked)),
  sending(wsFed.finish, strict({ replyURL: text, wresult: text, wctx: text, error: flag }), async (scene) => {
    const page = await visit((await wsFedApp(scene)).idpSsoUrl, asked);
    return finishing(scene, page.text);
  }),
];
