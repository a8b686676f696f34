import * as saml from "../../../src/api/operations/auth-saml-idp.ts";
import * as wsFed from "../../../src/api/operations/auth-wsfed-idp.ts";
import { postedBy, visit } from "../../support/identity-provider.ts";
import { sending, type Examples, type Sent } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, nothing, strict, text } from "./shapes.ts";

/** What the pages would send, in place of the pages. */
const headers = { accept: "application/json" };

const samlReply = strict({ url: text, samlResponse: text, relayState: text, error: flag });
const wsFedReply = strict({ replyURL: text, wresult: text, wctx: text, error: flag });

/** An application, as its addresses name it. */
async function appOf(scene: Scene, kind: "saml" | "wsfed"): Promise<string> {
  const settings =
    kind === "saml"
      ? { entityId: "sp", acsUrl: "https://sp.example.com/acs" }
      : { realm: "urn:sp", replyUrl: "https://sp.example.com/signin" };
  return `${scene.project}-${await scene.ssoApp(kind, settings)}`;
}

async function loginIdOf(scene: Scene): Promise<string> {
  return (await scene.user()).loginIds[0];
}

const REQUEST = Buffer.from(
  '<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"><saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">sp</saml:Issuer></samlp:AuthnRequest>',
).toString("base64");

/** Members of a request in place of a user's choice on the page. */
const named = (kind: "saml" | "wsfed", more: object) => async (scene: Scene) => ({
  headers,
  input: { app: await appOf(scene, kind), login_hint: await loginIdOf(scene), ...more },
});

/** The same with the application in the query, as the document has it. */
const beside = (make: (scene: Scene) => Promise<{ input: { app: string } }>) => async (scene: Scene) => {
  const { input, ...sent } = await make(scene);
  const { app, ...rest } = input;
  return { ...sent, query: { app }, input: rest };
};

/** A sign-on that waits for the application's own page. */
const waiting =
  (kind: "saml" | "wsfed", more: Readonly<Record<string, string>>) =>
  async (scene: Scene): Promise<Sent> => {
    const app = await appOf(scene, kind);
    const url = `${scene.emulator.url}/v1/auth/${kind}/idp/sso?app=${app}`;
    const { state } = postedBy((await visit(url, more)).text).members;
    const { refreshJwt } = await scene.session();
    return { token: refreshJwt, input: { state_id: state, sso_app_id: app.slice(scene.project.length + 1) } };
  };

const metadata = (kind: "saml" | "wsfed") => async (scene: Scene) => ({
  headers,
  input: { app: await appOf(scene, kind) },
});

export const samlIdpExamples: Examples = [
  sending(saml.metadata, strict({ xml: text }), metadata("saml")),
  sending(saml.initiateByRedirect, samlReply, named("saml", { RelayState: "r" })),
  sending(saml.initiateByPost, samlReply, named("saml", { RelayState: "r" })),
  sending(saml.signOnByRedirect, samlReply, named("saml", { SAMLRequest: REQUEST, RelayState: "r" })),
  sending(saml.signOnByPost, samlReply, beside(named("saml", { SAMLRequest: REQUEST, RelayState: "r" }))),
  sending(saml.finish, samlReply, waiting("saml", { SAMLRequest: REQUEST })),
  sending(saml.logoutByRedirect, nothing, metadata("saml")),
  sending(saml.logoutByPost, nothing, metadata("saml")),
];

const passive = { wa: "wsignin1.0", wtrealm: "urn:sp", wctx: "c" };

export const wsFedIdpExamples: Examples = [
  sending(wsFed.metadata, strict({ xml: text }), metadata("wsfed")),
  sending(wsFed.initiateByRedirect, wsFedReply, named("wsfed", {})),
  sending(wsFed.initiateByPost, wsFedReply, named("wsfed", {})),
  sending(wsFed.passiveByRedirect, wsFedReply, named("wsfed", passive)),
  sending(wsFed.passiveByPost, wsFedReply, named("wsfed", passive)),
  sending(wsFed.finish, wsFedReply, waiting("wsfed", passive)),
];
