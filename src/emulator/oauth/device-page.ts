import { EmulatorError, forbidden, invalidArgument, missingArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { HttpReply, type Call } from "../service.ts";
import { offeredUsers, typedUser, userNamed } from "./who-signs-in.ts";
import { clientOfApp } from "./client.ts";
import { OAuthError } from "./error.ts";
import { notePage } from "../pages/html-page.ts";
import { codePage, signInPage, type Offered } from "../pages/sign-in.ts";
import { waitingByUserCode, type WaitingClient } from "./pending.ts";
import { withResourceScopes } from "./resource-scopes.ts";
import { scopeDescriptions, scopesToConsent } from "./scopes.ts";
import { userById } from "../users/user-store.ts";
import { agree, deny, DEVICE_PATH } from "./waiting.ts";
import { maySignUp } from "../auth/settings.ts";

/** What somebody answers to a device, or to a client that asks from elsewhere. */
export interface DeviceAnswer {
  readonly user_code: string;
  readonly login_id?: string | null | undefined;
  readonly typed_login_id?: string | null | undefined;
  readonly action?: "allow" | "deny" | null | undefined;
}

/** The page on which a code is typed, or behind a code the one on which the user is chosen. */
export function devicePage(call: Call, userCode: string): HttpReply {
  if (userCode.trim() === "") return codePage(DEVICE_PATH);
  const found = waitingByUserCode(call.world, userCode.trim());
  if (found === undefined || !isOpen(found.project, found.waiting))
    return codePage(DEVICE_PATH, `The code ${userCode} is not known, was used, or has expired`);
  return choosePage(found.project, found.waiting);
}

/**
 * Takes an answer, from the page or from a test.
 *
 * @throws {EmulatorError} for a code that is not known or over, and for a user who does not exist or may not.
 */
export function answerDevice(call: Call, answer: DeviceAnswer): object {
  const found = waitingByUserCode(call.world, answer.user_code);
  if (found === undefined || !isOpen(found.project, found.waiting))
    throw notFound("The user_code is not known, was used, or has expired");
  const { project, waiting } = found;
  const isPage = (call.header("accept") ?? "").includes("text/html");
  if (answer.action === "deny") {
    deny(project, waiting);
    return isPage
      ? notePage(200, "Denied", "The device was told. This page can be closed.")
      : { status: "denied" };
  }
  const typed = answer.typed_login_id?.trim() ?? "";
  const user = answer.login_id ? userNamed(project, answer.login_id) : typedUserOf(project, typed);
  if (user === undefined) {
    const problem = `No user signs in as ${answer.login_id || typed}`;
    if (isPage) return choosePage(project, waiting, problem);
    throw notFound(problem);
  }
  try {
    agree(call, project, waiting, user);
  } catch (error) {
    const problem = error instanceof OAuthError || error instanceof EmulatorError ? error : undefined;
    if (problem === undefined) throw error;
    if (isPage) return choosePage(project, waiting, problem.message);
    throw problem instanceof EmulatorError
      ? problem
      : problem.code === "access_denied"
        ? forbidden(problem.message)
        : invalidArgument(problem.message);
  }
  return isPage
    ? notePage(200, "Done", "The device goes on. This page can be closed.")
    : { status: "allowed", userId: user.userId };
}

function typedUserOf(project: Project, typed: string) {
  if (typed === "")
    throw missingArgument("One of the fields login_id and typed_login_id must say who agrees");
  return typedUser(project, typed);
}

function isOpen(project: Project, { expires, sessionId, denied }: WaitingClient): boolean {
  return expires > project.clock.now() && sessionId === undefined && denied !== true;
}

function choosePage(project: Project, waiting: WaitingClient, problem?: string): HttpReply {
  const client = clientOfApp(project, waiting.kind, waiting.appId);
  if (client === undefined) return codePage(DEVICE_PATH, "The application is gone");
  const descriptions = scopeDescriptions(withResourceScopes(client, waiting.audiences, "user"));
  const asked: Offered | undefined =
    waiting.userId === undefined ? undefined : userById(project, waiting.userId);
  return signInPage({
    action: DEVICE_PATH,
    hidden: { user_code: waiting.userCode },
    appName: client.name,
    projectName: project.info.name,
    scopes: scopesToConsent(client, waiting.scopes).map((name) => [name, descriptions.get(name) ?? ""]),
    ...(asked === undefined ? offeredUsers(project) : { users: [], isCut: false }),
    signedIn: asked,
    message: waiting.bindingMessage ?? (waiting.type === "device" ? `Code ${waiting.userCode}` : undefined),
    mayCreate: maySignUp(project),
    problem,
  });
}
