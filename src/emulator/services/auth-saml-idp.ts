import * as v from "valibot";
import { operation } from "../../api/operation.ts";
import * as operations from "../../api/operations/auth-saml-idp.ts";
import { text as textSchema } from "../../api/operations/schemas.ts";
import type { Json } from "../../json/value.ts";
import { audit } from "../audit.ts";
import { readToken, signedInUser } from "../auth/current-session.ts";
import { deviceOf } from "../auth/device.ts";
import { recordLogin } from "../auth/login-history.ts";
import { endSession } from "../auth/sessions.ts";
import { Transactions } from "../auth/transactions.ts";
import { identityProvider, ssoAppOfAddress, type SsoApp } from "../entities/sso-app.ts";
import {
  EmulatorError,
  forbidden,
  invalidArgument,
  missingArgument,
  notFound,
  unauthorized,
} from "../error.ts";
import { identityProviderPage, postingPage, providerProblemPage } from "../pages/identity-provider.ts";
import { findProject, type Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { readAuthnRequest, digestOf } from "../saml/authn-request.ts";
import { samlMetadata } from "../saml/metadata.ts";
import { samlResponse } from "../saml/response.ts";
import type { Digest } from "../saml/signed-xml.ts";
import { subjectOf } from "../saml/subject.ts";
import { HttpReply, on, onEach, type Call, type Service } from "../service.ts";
import { firstUsers, putUser, userById, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** A service waits for somebody to be signed in. */
interface SignOn {
  readonly appId: string;
  readonly acsUrl: string;
  readonly audience: string;
  readonly relayState: string;
  readonly digest: Digest;
  readonly inResponseTo?: string;
}

const signOns = new Transactions<SignOn>("samlSignOn", 600_000);

const PAGE_PATH = "/_emulator/saml-sign-on";

/** Where the page goes on which somebody is chosen. */
const choose = operation({
  noun: "Emulator",
  verb: "SamlSignOn",
  method: "GET",
  path: PAGE_PATH,
  open: true,
  effect: "write",
  input: () =>
    v.looseObject({
      project: v.string(),
      state: v.string(),
      login_hint: textSchema(),
      typed: textSchema(),
      error: textSchema(),
    }),
});

/** Accounts that the page offers. */
const OFFERED = 50;

/** The project as identity provider of services that speak SAML: its answers are signed with the project's key. */
export const samlIdpService: Service = [
  on(operations.metadata, ({ app: named }, call) => {
    const { project, app } = requireApp(call, named);
    const { idpEntityId, idpSsoUrl } = identityProvider(project, app, "saml");
    const xml = samlMetadata(project, { entityId: idpEntityId, ssoUrl: idpSsoUrl });
    // Services read the XML itself; clients of the API want JSON.
    if ((call.header("accept") ?? "").includes("application/json")) return { xml };
    return new HttpReply(200, { "content-type": "application/samlmetadata+xml; charset=utf-8" }, xml);
  }),
  ...onEach([operations.initiateByRedirect, operations.initiateByPost], ({ app: named, ...input }, call) => {
    const { project, app } = requireApp(call, named);
    const acsUrl = text(app.settings.acsUrl);
    if (acsUrl === "") throw noAcs(app);
    return begin(call, project, app, input, {
      acsUrl,
      relayState: input.RelayState || text(app.settings.defaultRelayState),
      // Nobody has asked for one of the two: the application's setting, and SHA-1 where it says nothing, as Descope does.
      digest: app.settings.defaultSignatureAlgorithm === "sha256" ? "sha256" : "sha1",
      audience: text(app.settings.entityId) || acsUrl,
    });
  }),
  ...onEach([operations.signOnByRedirect, operations.signOnByPost], ({ app: named, ...input }, call) => {
    const { project, app } = requireApp(call, named);
    const encoded = input.SAMLRequest || input.SamlRequest;
    if (!encoded) throw missingArgument("The SAMLRequest field is required");
    const request = readAuthnRequest(encoded);
    const entityId = text(app.settings.entityId);
    if (entityId !== "" && request.issuer !== entityId)
      throw invalidArgument(
        `The SAMLRequest is not the application's: its issuer is ${request.issuer || "not said"}`,
      );
    return begin(
      call,
      project,
      app,
      input,
      {
        acsUrl: acsOf(app, request.acsUrl),
        relayState: input.RelayState || text(app.settings.defaultRelayState),
        digest: digestOf(input.SigAlg),
        audience: request.issuer || entityId,
        inResponseTo: request.id,
      },
      request,
    );
  }),
  on(choose, ({ project: id, state, login_hint: hint, typed, error }, call) => {
    const project = findProject(call.world, id);
    const begun = project === undefined ? undefined : signOns.find(project, state);
    const found = begun === undefined ? undefined : ssoAppOfAddress(call.world, `${id}-${begun.appId}`);
    if (project === undefined || begun === undefined || found === undefined)
      return providerProblemPage(
        400,
        "It was ended before, or took too long. Begin again in the application.",
      );
    const { app } = found;
    if (error) return posted(project, app, ended(project, state, begun), undefined);
    const named = hint || typed || "";
    const user = userNamed(project, named);
    if (user === undefined)
      return chooser(project, app, state, named, named === "" ? undefined : `No user signs in as ${named}`);
    try {
      requireMayUse(user, app);
      return posted(project, app, ended(project, state, begun), signedOn(call, project, app, user));
    } catch (fault) {
      if (fault instanceof EmulatorError) return chooser(project, app, state, named, fault.message);
      throw fault;
    }
  }),
  on(operations.finish, ({ state_id: state, sso_app_id: appId, additionalSAMLAttributes }, call) => {
    const { project } = call;
    const { user } = signedInUser(call);
    const begun = signOns.take(project, state);
    const found =
      begun === undefined ? undefined : ssoAppOfAddress(call.world, `${project.id}-${begun.appId}`);
    if (begun === undefined || found === undefined || (appId && appId !== begun.appId))
      throw unauthorized("The state_id is not known, was finished before, or has expired");
    requireMayUse(user, found.app);
    signedOn(call, project, found.app, user);
    const xml = answer(project, found.app, begun, user, additionalSAMLAttributes ?? {});
    return { url: begun.acsUrl, samlResponse: xml, relayState: begun.relayState, error: false };
  }),
  ...onEach([operations.logoutByRedirect, operations.logoutByPost], ({ app: named }, call) => {
    const found = named ? ssoAppOfAddress(call.world, named) : undefined;
    const project = found?.project ?? findProject(call.world, call.authorization.project);
    if (project === undefined) throw notFound(`There is no SSO application ${named ?? ""}`);
    const session = currentSession(call, project);
    if (session !== undefined) endSession(project, session.session.id);
    for (const cookie of ["DS", "DSR"])
      call.setHeader("set-cookie", `${cookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`);
    const back = text(found?.app.settings.logoutRedirectUrl);
    return back === "" ? {} : new HttpReply(302, { location: back });
  }),
];

type Where = Omit<SignOn, "appId">;

function begin(
  call: Call,
  project: Project,
  app: SsoApp,
  input: { readonly LoginHint?: string | null | undefined; readonly login_hint?: string | null | undefined },
  where: Where,
  request: { readonly forceAuthn: boolean; readonly isPassive: boolean } = {
    forceAuthn: false,
    isPassive: false,
  },
): HttpReply {
  const begun = { ...where, appId: app.id };
  const named = userNamed(project, input.login_hint || "");
  const asksAnew = request.forceAuthn || app.settings.forceAuthentication === true;
  const user = named ?? (asksAnew ? undefined : currentSession(call, project)?.user);
  if (user !== undefined) {
    requireMayUse(user, app);
    return posted(project, app, begun, signedOn(call, project, app, user));
  }
  if (request.isPassive) return posted(project, app, begun, undefined);
  const hint = input.login_hint || input.LoginHint || "";
  return chooser(project, app, signOns.begin(project, begun), hint);
}

function ended(project: Project, state: string, begun: SignOn): SignOn {
  signOns.take(project, state);
  return begun;
}

function userNamed(project: Project, named: string): User | undefined {
  return named === "" ? undefined : (userByLoginId(project, named) ?? userById(project, named));
}

/** Who is signed in in the browser, as its cookies or the authorization show. */
function currentSession(call: Call, project: Project) {
  const cookie = /(?:^|;\s*)DSR=([^;]+)/.exec(call.header("cookie") ?? "")?.[1];
  const token = call.authorization.token ?? cookie;
  if (token === undefined) return undefined;
  try {
    return readToken(project, token);
  } catch (fault) {
    if (fault instanceof EmulatorError) return undefined;
    throw fault;
  }
}

function requireMayUse(user: User, app: SsoApp): void {
  if (user.status === "disabled" || user.status === "expired") throw forbidden(`The user is ${user.status}`);
  if (!app.enabled) throw forbidden(`The SSO application ${app.id} is disabled`);
}

/** Keeps that somebody was signed in for an application. */
function signedOn(call: Call, project: Project, app: SsoApp, user: User): User {
  recordLogin(project, user.userId, call.remoteAddress, "");
  if (!user.test)
    audit(project, {
      action: "LoginSucceed",
      userId: user.userId,
      actorId: user.userId,
      loginIds: user.loginIds,
      tenants: user.tenants.map(({ tenantId }) => tenantId),
      method: "saml",
      device: deviceOf(call.userAgent),
      remoteAddress: call.remoteAddress,
      data: { ssoAppId: app.id },
    });
  return putUser(project, { ...user, status: "enabled", lastLoginTime: project.clock.now() });
}

function answer(
  project: Project,
  app: SsoApp,
  { acsUrl, audience, inResponseTo, digest }: SignOn,
  user: User | undefined,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const xml = samlResponse(project, {
    issuer: identityProvider(project, app, "saml").idpEntityId,
    audience,
    destination: acsUrl,
    inResponseTo,
    digest,
    subject: user === undefined ? undefined : subjectOf(project, app, user, more),
  });
  return Buffer.from(xml).toString("base64");
}

function posted(project: Project, app: SsoApp, begun: SignOn, user: User | undefined): HttpReply {
  const { acsUrl, relayState } = begun;
  return postingPage(acsUrl, {
    SAMLResponse: answer(project, app, begun, user),
    ...(relayState === "" ? {} : { RelayState: relayState }),
  });
}

function chooser(
  project: Project,
  app: SsoApp,
  state: string,
  loginHint: string,
  problem?: string,
): HttpReply {
  const accounts = firstUsers(project, OFFERED + 1);
  return identityProviderPage({
    action: PAGE_PATH,
    hidden: { project: project.id, state },
    title: `Sign in to ${app.name}`,
    about: `Descope emulator, project ${project.info.name}. Whoever is chosen is signed in without a proof.`,
    accounts: accounts.slice(0, OFFERED),
    isCut: accounts.length > OFFERED,
    loginHint,
    problem,
  });
}

/** Where an answer goes: one of the places that the application is set up with. */
function acsOf(app: SsoApp, wanted: string): string {
  const own = text(app.settings.acsUrl);
  const others: readonly Json[] = Array.isArray(app.settings.acsAllowedCallbacks)
    ? app.settings.acsAllowedCallbacks
    : [];
  if (wanted === "") {
    if (own === "") throw noAcs(app);
    return own;
  }
  if (wanted === own || others.includes(wanted)) return wanted;
  // What the metadata of the service say is not fetched: an emulator is not to need the network.
  if (own === "" && app.settings.useMetadataInfo === true && /^https?:/.test(wanted)) return wanted;
  throw invalidArgument(`The SSO application ${app.id} does not allow answers to ${wanted}`);
}

function requireApp({ world }: Call, named: string): { readonly project: Project; readonly app: SsoApp } {
  const found = ssoAppOfAddress(world, named);
  if (found === undefined) throw notFound(`There is no SSO application ${named}`);
  if (found.app.kind !== "saml")
    throw invalidArgument(`The SSO application ${found.app.id} does not speak SAML`);
  if (!found.app.enabled) throw forbidden(`The SSO application ${found.app.id} is disabled`);
  return found;
}

function noAcs(app: SsoApp): EmulatorError {
  return invalidArgument(`The SSO application ${app.id} has no acsUrl to answer to`);
}
