import { missingArgument, signInUserNotFound, userExists } from "../error.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import { createUser, type NewUser } from "../users/user-changes.ts";
import type { UserInput } from "../users/user-fields.ts";
import { putUser, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { applyUpdate } from "./address-update.ts";
import type { Challenge, Purpose, Subject } from "./challenges.ts";
import { addressFor, channelOf, type Channel } from "./delivery.ts";
import { baseSession, requireEnabled, type LoginOptions } from "./sign-in.ts";
import { isTestLoginId, requireMethod, requireSignUp } from "./settings.ts";

/** Whether somebody new, somebody known or either may begin. */
export type Intent = "signUp" | "signIn" | "signUpOrIn";

/** What a request says that begins a sign-in. */
export interface StartInput {
  readonly loginId?: string | null | undefined;
  readonly user?: SignUpUser | null | undefined;
  readonly loginOptions?: LoginOptions | null | undefined;
  /** The address, once more: some SDKs send it on sign-up. */
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly voice?: string | null | undefined;
  readonly whatsapp?: string | null | undefined;
}

/** What a sign-up says of the user. */
export interface SignUpUser {
  readonly name?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly givenName?: string | null | undefined;
  readonly middleName?: string | null | undefined;
  readonly familyName?: string | null | undefined;
  readonly picture?: string | null | undefined;
  readonly recoveryEmail?: string | null | undefined;
  readonly recoveryPhone?: string | null | undefined;
}

/** A sign-in that has begun, and how it goes on. */
export interface Started {
  readonly subject: Subject;
  readonly channel: Channel;
  readonly address: string;
  readonly purpose: Purpose;
}

/**
 * Begins a sign-in by something that is sent.
 *
 * @throws {EmulatorError} E062108 for an unknown user who signs in, E062107 for a known one who signs up, 403 where the method is
 * off or the user disabled.
 */
export function start(
  call: Call,
  method: string,
  settings: string,
  intent: Intent,
  input: StartInput,
): Started {
  const { project } = call;
  requireMethod(project, settings);
  const channel = channelOf(method);
  const loginId = loginIdOf(input, channel);
  const options = input.loginOptions ?? {};
  const user = userByLoginId(project, loginId);
  if (user !== undefined) {
    if (intent === "signUp") throw userExists(loginId);
    requireEnabled(call, user, settings);
    const address = addressFor(channel, user, loginId);
    const sessionId = baseSession(call, user, options);
    const purpose = { loginId, method, address, options, ...(sessionId === undefined ? {} : { sessionId }) };
    return { subject: user, channel, address, purpose };
  }
  if (intent === "signIn") throw signInUserNotFound(loginId);
  requireSignUp(project);
  const signUp = newUser(loginId, input, channel);
  const address = addressFor(
    channel,
    { email: signUp.email ?? undefined, phone: signUp.phone ?? undefined },
    loginId,
  );
  return {
    subject: somebodyNew(project, loginId),
    channel,
    address,
    purpose: { loginId, method, address, options, signUp },
  };
}

/** Somebody who is not a user yet, and becomes one by the proof. */
export function somebodyNew(project: Project, loginId: string): Subject {
  return { userId: `new:${loginId}`, loginIds: [loginId], test: isTestLoginId(project, loginId) };
}

/**
 * The user whom a proof is of; somebody new is made a user now, and the address to which the proof went counts as verified.
 *
 * @throws {EmulatorError} E062108 when the user was deleted meanwhile.
 */
export function proven(call: Call, challenge: Challenge): User {
  const { project } = call;
  const { loginId, signUp, update } = challenge;
  if (update !== undefined) return applyUpdate(call, challenge, update);
  const known = userByLoginId(project, loginId);
  if (known !== undefined) return verified(project, known, challenge);
  if (signUp === undefined) throw signInUserNotFound(loginId);
  const test = isTestLoginId(project, loginId);
  const created = createUser(project, { ...(signUp as UserInput), loginId }, { test });
  return verified(project, created, challenge);
}

/** The user with the address verified to which the proof went; an address that was not known yet is taken over. */
function verified(project: Project, user: User, { method, address }: Challenge): User {
  if (address === undefined || method === "embedded") return user;
  const changed =
    channelOf(method) === "email"
      ? {
          ...user,
          email: user.email ?? address,
          verifiedEmail: (user.email ?? address) === address || user.verifiedEmail,
        }
      : {
          ...user,
          phone: user.phone ?? address,
          verifiedPhone: (user.phone ?? address) === address || user.verifiedPhone,
        };
  return putUser(project, changed);
}

/** What a sign-up makes of a request: the address stands in one of several fields, or is the login id. */
export function newUser(loginId: string, input: StartInput, channel?: Channel): NewUser {
  const { email, phone, voice, whatsapp } = input;
  const user = input.user ?? {};
  const number = phone || voice || whatsapp || user.phone;
  const address = email || user.email;
  return {
    // Only what somebody may say of themselves: no roles, no tenants.
    name: user.name,
    givenName: user.givenName,
    middleName: user.middleName,
    familyName: user.familyName,
    picture: user.picture,
    recoveryEmail: user.recoveryEmail,
    recoveryPhone: user.recoveryPhone,
    loginId,
    ...(address
      ? { email: address }
      : channel === "email" && loginId.includes("@")
        ? { email: loginId }
        : {}),
    ...(number ? { phone: number } : channel === "phone" && /^\+?\d/.test(loginId) ? { phone: loginId } : {}),
  };
}

function loginIdOf(input: StartInput, channel: Channel): string {
  const address = channel === "email" ? input.email || input.user?.email : input.phone || input.user?.phone;
  const loginId = input.loginId || address;
  if (!loginId) throw missingArgument("The loginId field is required");
  return loginId;
}
