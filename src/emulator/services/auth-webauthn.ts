import * as operations from "../../api/operations/auth-webauthn.ts";
import { signedInAs } from "../auth/current-session.ts";
import { auditLogin, baseSession, requireEnabled, signIn, type LoginOptions } from "../auth/sign-in.ts";
import { newUser, type StartInput } from "../auth/start.ts";
import { isTestLoginId, requireMethod, requireSignUp } from "../auth/settings.ts";
import { Transactions } from "../auth/transactions.ts";
import {
  invalidArgument,
  missingArgument,
  sessionEnded,
  signInUserNotFound,
  unauthorized,
  userExists,
} from "../error.ts";
import {
  creationOptions,
  PATIENCE,
  relyingParty,
  requestOptions,
  verifiesUser,
  type PasskeyInput,
} from "../passkeys/options.ts";
import { hasSigned, readPublicKey } from "../passkeys/public-key.ts";
import { bad, readAssertion, readRegistration, type Assertion, type Expected } from "../passkeys/response.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { auditUser, createUser, type NewUser } from "../users/user-changes.ts";
import { putUser, userById, userByLoginId, usersLinked } from "../users/user-store.ts";
import type { Passkey, User } from "../users/user.ts";

/** Passkeys (WebAuthn): whatever an authenticator gives is checked as the real service must. */
export const webauthnService: Service = [
  on(operations.signUpStart, (input, call) => {
    const loginId = input.loginId || input.user?.loginId || "";
    requireMethod(call.project, "webauthn");
    if (loginId === "") throw missingArgument("The loginId field is required");
    if (userByLoginId(call.project, loginId) !== undefined) throw userExists(loginId);
    return beginSignUp(call, { ...input, loginId });
  }),
  on(operations.signUpFinish, (input, call) => {
    const { project } = call;
    const begun = ended(call, input, "signUp");
    const registration = registered(call, input.response, begun);
    const { loginId } = begun.signUp;
    if (userByLoginId(project, loginId) !== undefined) throw userExists(loginId);
    const test = isTestLoginId(project, loginId);
    const created = createUser(project, begun.signUp, { test, userId: begun.userId });
    const user = putUser(project, { ...created, passkeys: [registration] });
    return signIn(call, user, { ...PROOF, options: begun.options });
  }),
  on(operations.signInStart, (input, call) => {
    requireMethod(call.project, "webauthn");
    if (!input.loginId) return beginSignIn(call, undefined, input);
    const user = userByLoginId(call.project, input.loginId);
    if (user === undefined) throw signInUserNotFound(input.loginId);
    return beginSignIn(call, user, input);
  }),
  on(operations.signInFinish, (input, call) => {
    const begun = ended(call, input, "signIn");
    const { user, passkey } = proven(call, input.response, begun);
    requireEnabled(call, user, "webauthn");
    const { sessionId, options } = begun;
    const others = (user.passkeys ?? []).filter(({ credentialId }) => credentialId !== passkey.credentialId);
    const saved = putUser(call.project, { ...user, passkeys: [...others, passkey] });
    return signIn(call, saved, { ...PROOF, options, sessionId });
  }),
  on(operations.signUpOrInStart, (input, call) => {
    requireMethod(call.project, "webauthn");
    if (input.loginId === "") throw missingArgument("The loginId field is required");
    const user = userByLoginId(call.project, input.loginId);
    return user === undefined ? beginSignUp(call, input) : beginSignIn(call, user, input);
  }),
  on(operations.updateStart, ({ loginId, origin, passkeyOptions, mfa }, call) => {
    const { project } = call;
    requireMethod(project, "webauthn");
    const { user, session } = signedInAs(call, loginId);
    const rpId = relyingParty(project, origin ?? "");
    return create(
      call,
      { userId: user.userId, loginId, displayName: user.name ?? "" },
      user.passkeys ?? [],
      passkeyOptions ?? {},
      {
        kind: "update",
        ...page(origin ?? "", rpId),
        userId: user.userId,
        sessionId: session.id,
        options: mfa === true ? { mfa } : {},
      },
    );
  }),
  on(operations.updateFinish, (input, call) => {
    const { project } = call;
    const begun = ended(call, input, "update");
    const user = userById(project, begun.userId);
    if (user === undefined) throw sessionEnded();
    requireEnabled(call, user, "webauthn");
    const passkey = registered(call, input.response, begun);
    const passkeys = [...(user.passkeys ?? []), passkey];
    const saved = putUser(project, { ...user, passkeys, modifiedTime: project.clock.now() });
    auditUser(project, "PasskeyAdded", saved, user.userId);
    const { options, sessionId } = begun;
    return options.mfa === true ? { jwt: signIn(call, saved, { ...PROOF, options, sessionId }) } : {};
  }),
];

const PROOF = { method: "webauthn", amr: ["webauthn"] } as const;

/** An authenticator is asked for something. */
type Begun = BegunSignUp | BegunSignIn | BegunUpdate;

interface Asked extends Expected {
  readonly options: LoginOptions;
}

interface BegunSignUp extends Asked {
  readonly kind: "signUp";
  /** Of the user who is to be made: the authenticator keeps it with the key. */
  readonly userId: string;
  readonly signUp: NewUser;
}

interface BegunSignIn extends Asked {
  readonly kind: "signIn";
  /** Absent where the authenticator is to say who it is. */
  readonly userId?: string;
  readonly sessionId?: string;
}

interface BegunUpdate extends Asked {
  readonly kind: "update";
  readonly userId: string;
  readonly sessionId: string;
}

/** Bytes of a challenge. */
const CHALLENGE = 32;

const transactions = new Transactions<Begun>("webauthn", PATIENCE);

interface Started extends StartInput {
  readonly origin?: string | null | undefined;
  readonly passkeyOptions?: PasskeyInput | null | undefined;
}

function beginSignUp(call: Call, input: Started & { readonly loginId: string }): object {
  const { project } = call;
  requireSignUp(project);
  const rpId = relyingParty(project, input.origin ?? "");
  const { loginId } = input;
  const signUp = newUser(loginId, input, loginId.includes("@") ? "email" : undefined);
  const userId = project.ids.next("U");
  return create(call, { userId, loginId, displayName: signUp.name ?? "" }, [], input.passkeyOptions ?? {}, {
    kind: "signUp",
    ...page(input.origin ?? "", rpId),
    userId,
    signUp,
    options: input.loginOptions ?? {},
  });
}

function create(
  call: Call,
  holder: Parameters<typeof creationOptions>[3],
  known: readonly Passkey[],
  wanted: PasskeyInput,
  begun: Omit<BegunSignUp, "challenge" | "verifiesUser"> | Omit<BegunUpdate, "challenge" | "verifiesUser">,
): object {
  const { project } = call;
  const challenge = newChallenge(project);
  const options = creationOptions(project, begun.rpId, challenge, holder, known, wanted);
  const whole = { ...begun, challenge, verifiesUser: verifiesUser(wanted, true) } as Begun;
  const transactionId = transactions.begin(project, whole, holder.userId);
  return { transactionId, options: JSON.stringify(options), create: true };
}

function beginSignIn(call: Call, user: User | undefined, input: Started): object {
  const { project } = call;
  const rpId = relyingParty(project, input.origin ?? "");
  const options = input.loginOptions ?? {};
  if (user !== undefined) requireEnabled(call, user, "webauthn");
  const known = (user?.passkeys ?? []).filter(
    (passkey) => passkey.rpId === undefined || passkey.rpId === rpId,
  );
  if (user !== undefined && known.length === 0)
    throw invalidArgument(
      `The user has no passkey for ${rpId}: one is added by webauthn/update, once the user is signed in by other means`,
    );
  const sessionId = user === undefined ? undefined : baseSession(call, user, options);
  if (user === undefined && (options.stepup === true || options.mfa === true))
    throw missingArgument("The loginId field is required where a factor is added to a session");
  const wanted = input.passkeyOptions ?? {};
  const challenge = newChallenge(project);
  const transactionId = transactions.begin(
    project,
    {
      kind: "signIn",
      ...page(input.origin ?? "", rpId),
      challenge,
      verifiesUser: verifiesUser(wanted, false),
      options,
      ...(user === undefined ? {} : { userId: user.userId }),
      ...(sessionId === undefined ? {} : { sessionId }),
    },
    user?.userId,
  );
  const asked = requestOptions(rpId, challenge, known, wanted);
  return { transactionId, options: JSON.stringify(asked), create: false };
}

/** What a browser will say of the page, without what some write behind it. */
function page(origin: string, rpId: string): Pick<Expected, "origin" | "rpId"> {
  return { origin: new URL(origin).origin, rpId };
}

function newChallenge(project: Project): string {
  return Buffer.from(project.ids.bytes(CHALLENGE)).toString("base64url");
}

/** Ends a transaction: an authenticator is asked once. @throws {EmulatorError} 401 for one that is not known, or is of another kind. */
function ended<K extends Begun["kind"]>(
  call: Call,
  input: {
    readonly transactionId?: string | null | undefined;
    readonly transactionID?: string | null | undefined;
  },
  kind: K,
): Extract<Begun, { kind: K }> {
  requireMethod(call.project, "webauthn");
  const id = input.transactionId || input.transactionID || "";
  const found = transactions.find(call.project, id);
  if (found?.kind !== kind)
    throw unauthorized("The transaction is not known, was finished before, or has expired");
  transactions.take(call.project, id);
  return found as Extract<Begun, { kind: K }>;
}

function registered({ project }: Call, response: string, begun: BegunSignUp | BegunUpdate): Passkey {
  const { credentialId, publicKey, aaguid, signCount, transports } = readRegistration(response, begun);
  if (usersLinked(project, "passkey", credentialId).length > 0)
    throw bad("The credential is registered already");
  return {
    credentialId,
    name: "Passkey",
    createdTime: project.clock.now(),
    rpId: begun.rpId,
    publicKey,
    aaguid,
    signCount,
    ...(transports.length === 0 ? {} : { transports }),
  };
}

/** The user and the passkey that an assertion is of, its count brought up to date. @throws {EmulatorError} 401 */
function proven(
  call: Call,
  response: string,
  begun: BegunSignIn,
): { readonly user: User; readonly passkey: Passkey } {
  const assertion = readAssertion(response, begun);
  const user = userOf(call, assertion, begun);
  const passkey = user?.passkeys?.find(({ credentialId }) => credentialId === assertion.credentialId);
  if (user === undefined || passkey === undefined) throw bad("The credential is not one of the user's");
  const fault = faultOf(assertion, passkey, begun);
  if (fault === undefined) return { user, passkey: { ...passkey, signCount: assertion.signCount } };
  auditLogin(call, "LoginFailed", user, "webauthn", fault);
  throw bad(fault);
}

function userOf(
  { project }: Call,
  { credentialId, userHandle }: Assertion,
  { userId }: BegunSignIn,
): User | undefined {
  const named = Buffer.from(userHandle, "base64").toString();
  if (userId !== undefined && named !== "" && named !== userId) return undefined;
  const known = userById(project, userId ?? named);
  return known ?? (userId === undefined ? usersLinked(project, "passkey", credentialId)[0] : undefined);
}

function faultOf(assertion: Assertion, passkey: Passkey, { rpId }: BegunSignIn): string | undefined {
  if (passkey.rpId !== undefined && passkey.rpId !== rpId)
    return "The credential is for another relying party";
  const key = passkey.publicKey === undefined ? undefined : readPublicKey(passkey.publicKey);
  if (key === undefined) return "The credential was imported without a key that the emulator can use";
  if (!hasSigned(key, assertion.signed, assertion.signature)) return "The signature is not the credential's";
  const before = passkey.signCount ?? 0;
  const isBehind = (before > 0 || assertion.signCount > 0) && assertion.signCount <= before;
  return isBehind ? "The credential's count went back: there may be a copy of it" : undefined;
}
