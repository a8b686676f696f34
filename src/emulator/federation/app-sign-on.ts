import type { Json } from "../../json/value.ts";
import { audit } from "../audit.ts";
import { readToken, signedInUser } from "../auth/current-session.ts";
import { deviceOf } from "../auth/device.ts";
import { recordLogin } from "../auth/login-history.ts";
import { endSession } from "../auth/sessions.ts";
import { Transactions } from "../auth/transactions.ts";
import { findSsoApp, identityProvider, ssoAppOfAddress, type SsoApp } from "../entities/sso-app.ts";
import { EmulatorError, forbidden, invalidArgument, notFound, unauthorized } from "../error.ts";
import { identityProviderPage, providerProblemPage } from "../pages/identity-provider.ts";
import { postingPage } from "../pages/posting.ts";
import { findProject, type Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { samlResponse } from "../saml/response.ts";
import { subjectOf } from "../saml/subject.ts";
import type { Digest } from "../saml/signed-xml.ts";
import { securityTokenResponse } from "../saml/wsfed-response.ts";
import type { Call } from "../service.ts";
import { HttpReply } from "../service.ts";
import { firstUsers, putUser, userById, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** An application waits for somebody to be signed in, for whom this project is the identity provider. */
export type SignOn = SamlSignOn | WsFedSignOn;

interface Waiting {
  readonly appId: string;
  /** Where the answer goes. */
  readonly replyTo: string;
  /** By what the application knows itself: only it may take the answer. */
  readonly audience: string;
  /** What it wants back as it was. */
  readonly relayState: string;
}

export interface SamlSignOn extends Waiting {
  readonly kind: "saml";
  readonly digest: Digest;
  readonly inResponseTo?: string;
}

export interface WsFedSignOn extends Waiting {
  readonly kind: "wsfed";
}

/** How somebody is asked for. */
export interface Asking {
  readonly loginHint?: string | null | undefined;
  /** What the page shows to begin with, where nobody is named. */
  readonly suggestion?: string | null | undefined;
  /** Whether a session in the browser is not enough. */
  readonly anew?: boolean;
  /** Whether no page may be shown. */
  readonly passive?: boolean;
}

const signOns = new Transactions<SignOn>("appSignOn", 600_000);

/** Where the page goes on which somebody is chosen. */
export const CHOOSE_PATH = "/_emulator/app-sign-on";

/** Accounts that the page offers. */
const OFFERED = 50;

/** Answers at once where it is known who it is: by a hint, or the session in the browser. Otherwise a page asks. */
export function beginSignOn(
  call: Call,
  project: Project,
  app: SsoApp,
  begun: SignOn,
  asking: Asking,
): object {
  const named = userNamed(project, asking.loginHint ?? "");
  const anew = asking.anew === true || app.settings.forceAuthentication === true;
  const user = named ?? (anew ? undefined : currentSession(call, project)?.user);
  if (user !== undefined) {
    requireMayUse(user, app);
    return answerPage(call, project, app, begun, signedOn(call, project, begun, user));
  }
  if (asking.passive === true) return answerPage(call, project, app, begun, undefined);
  return chooser(project, app, signOns.begin(project, begun), asking.loginHint || asking.suggestion || "");
}

/** What the page sent: who was chosen, or that nobody is. */
export function chosen(
  call: Call,
  projectId: string,
  state: string,
  answer: { readonly named: string; readonly cancelled: boolean },
): object {
  const project = findProject(call.world, projectId);
  const begun = project === undefined ? undefined : signOns.find(project, state);
  const app = project === undefined || begun === undefined ? undefined : findSsoApp(project, begun.appId);
  if (project === undefined || begun === undefined || app === undefined)
    return providerProblemPage(400, "It was ended before, or took too long. Begin again in the application.");
  const user = answer.cancelled ? undefined : userNamed(project, answer.named);
  if (user === undefined && !answer.cancelled) {
    const problem = answer.named === "" ? undefined : `No user signs in as ${answer.named}`;
    return chooser(project, app, state, answer.named, problem);
  }
  try {
    if (user !== undefined) requireMayUse(user, app);
  } catch (fault) {
    if (fault instanceof EmulatorError) return chooser(project, app, state, answer.named, fault.message);
    throw fault;
  }
  signOns.take(project, state);
  return answerPage(
    call,
    project,
    app,
    begun,
    user === undefined ? undefined : signedOn(call, project, begun, user),
  );
}

/**
 * Ends what was begun, for the user whose refresh token the call has: an application's own page does it so.
 *
 * @throws {EmulatorError} 401 without a token, or for something that is not known, or another application's.
 */
export function finishSignOn<K extends SignOn["kind"]>(
  call: Call,
  kind: K,
  state: string,
  appId: string | null | undefined,
): { readonly app: SsoApp; readonly begun: Extract<SignOn, { kind: K }>; readonly user: User } {
  const { project } = call;
  const { user } = signedInUser(call);
  const begun = signOns.find(project, state);
  const app = begun === undefined ? undefined : findSsoApp(project, begun.appId);
  if (begun?.kind !== kind || app === undefined || (appId && appId !== app.id))
    throw unauthorized("The state_id is not known, was finished before, or has expired");
  requireMayUse(user, app);
  signOns.take(project, state);
  return { app, begun: begun as Extract<SignOn, { kind: K }>, user: signedOn(call, project, begun, user) };
}

/** The answer to an application, as it goes into its form: base64 for SAML, XML for WS-Federation. */
export function answerFor(
  project: Project,
  app: SsoApp,
  begun: SignOn,
  user: User | undefined,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const subject = user === undefined ? undefined : subjectOf(project, app, user, more);
  const { audience, replyTo } = begun;
  const issuer = identityProvider(project, app, begun.kind).idpEntityId;
  if (begun.kind === "wsfed")
    return subject === undefined ? "" : securityTokenResponse(project, { issuer, audience, subject });
  const { inResponseTo, digest } = begun;
  const xml = samlResponse(project, {
    issuer,
    audience,
    destination: replyTo,
    inResponseTo,
    digest,
    subject,
  });
  return Buffer.from(xml).toString("base64");
}

/** Ends the session of the browser, and its cookies; leads on to `back` where there is one. */
export function signOff(call: Call, project: Project, back: string): object {
  const found = currentSession(call, project);
  if (found !== undefined) endSession(project, found.session.id);
  for (const cookie of ["DS", "DSR"])
    call.setHeader("set-cookie", `${cookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict`);
  return back === "" ? {} : new HttpReply(302, { location: back });
}

/** The application that an address means. @throws {EmulatorError} where there is none, or it is off or of another kind. */
export function requireApp(
  { world }: Call,
  kind: SignOn["kind"],
  named: string,
): { readonly project: Project; readonly app: SsoApp } {
  const found = ssoAppOfAddress(world, named);
  if (found === undefined) throw notFound(`There is no SSO application ${named}`);
  const { app } = found;
  if (app.kind !== kind)
    throw invalidArgument(`The SSO application ${app.id} does not speak ${TITLES[kind]}`);
  if (!app.enabled) throw forbidden(`The SSO application ${app.id} is disabled`);
  return found;
}

/**
 * Where an answer goes: one of the places that the application is set up with.
 *
 * @param wanted what the request says; the application's own where it says nothing.
 * @throws {EmulatorError} for any other place.
 */
export function replyPlace(app: SsoApp, own: string, others: Json | undefined, wanted: string): string {
  if (wanted === "") {
    if (own === "") throw invalidArgument(`The SSO application ${app.id} has no address to answer to`);
    return own;
  }
  if (wanted === own || (Array.isArray(others) && others.includes(wanted))) return wanted;
  // What the metadata of the service say is not fetched: an emulator is not to need the network.
  if (own === "" && app.settings.useMetadataInfo === true && /^https?:/.test(wanted)) return wanted;
  throw invalidArgument(`The SSO application ${app.id} does not allow answers to ${wanted}`);
}

const TITLES = { saml: "SAML", wsfed: "WS-Federation" } as const;

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
function signedOn(call: Call, project: Project, { appId, kind }: SignOn, user: User): User {
  recordLogin(project, user.userId, call.remoteAddress, "");
  if (!user.test)
    audit(project, {
      action: "LoginSucceed",
      userId: user.userId,
      actorId: user.userId,
      loginIds: user.loginIds,
      tenants: user.tenants.map(({ tenantId }) => tenantId),
      method: kind,
      device: deviceOf(call.userAgent),
      remoteAddress: call.remoteAddress,
      data: { ssoAppId: appId },
    });
  return putUser(project, { ...user, status: "enabled", lastLoginTime: project.clock.now() });
}

/** A page that sends the answer to the application by itself; for a client that wants JSON, such as a test, what it would send. */
function answerPage(
  call: Call,
  project: Project,
  app: SsoApp,
  begun: SignOn,
  user: User | undefined,
): object {
  const answer = answerFor(project, app, begun, user);
  if ((call.header("accept") ?? "").includes("application/json"))
    return answerReply(begun, answer, user === undefined);
  const { replyTo, relayState } = begun;
  if (begun.kind === "saml")
    return postingPage(replyTo, {
      SAMLResponse: answer,
      ...(relayState === "" ? {} : { RelayState: relayState }),
    });
  // WS-Federation has no answer for somebody who was not signed in.
  if (answer === "") {
    const back = text(app.settings.errorRedirectUrl);
    return back === ""
      ? providerProblemPage(403, "Nobody was signed in, and the application has no page for that.")
      : new HttpReply(302, { location: back });
  }
  return postingPage(replyTo, {
    wa: "wsignin1.0",
    wresult: answer,
    ...(relayState === "" ? {} : { wctx: relayState }),
  });
}

/** An answer to an application for whoever hands it on: a page of the application's own, or a test. */
export function answerReply({ kind, replyTo, relayState }: SignOn, answer: string, error: boolean): object {
  return kind === "saml"
    ? { url: replyTo, samlResponse: answer, relayState, error }
    : { replyURL: replyTo, wresult: answer, wctx: relayState, error };
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
    action: CHOOSE_PATH,
    hidden: { project: project.id, state },
    title: `Sign in to ${app.name}`,
    about: `Descope emulator, project ${project.info.name}. Whoever is chosen is signed in without a proof.`,
    accounts: accounts.slice(0, OFFERED),
    isCut: accounts.length > OFFERED,
    loginHint,
    problem,
  });
}
