import * as operations from "../../api/operations/auth-otp.ts";
import { startUpdate } from "../auth/address-update.ts";
import {
  challengesOf,
  deleteChallenge,
  issueCode,
  putChallenge,
  type Challenge,
} from "../auth/challenges.ts";
import { channelOf, factorOf, masked, send } from "../auth/delivery.ts";
import { auditLogin, signIn } from "../auth/sign-in.ts";
import { proven, somebodyNew, start, type Intent, type StartInput, type Started } from "../auth/start.ts";
import { tooManyCodes, wrongCode } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, number } from "../project-settings.ts";
import { on, type Call, type Service } from "../service.ts";
import { userById, userByLoginId } from "../users/user-store.ts";

/** One-time codes by mail, text message, voice and messengers. */
export const otpService: Service = [
  on(operations.signUp, (input, call) => begin(call, input.method, "signUp", input)),
  on(operations.signIn, (input, call) => begin(call, input.method, "signIn", input)),
  on(operations.signUpOrIn, (input, call) => begin(call, input.method, "signUpOrIn", input)),
  on(operations.updateEmail, (input, call) =>
    sendCode(call, startUpdate(call, "email", "otp", input, input.email)),
  ),
  on(operations.updatePhone, (input, call) =>
    sendCode(call, startUpdate(call, input.method, "otp", input, input.phone)),
  ),
  on(operations.verify, ({ method, loginId, code }, call) => {
    const challenge = takeCode(call, method, loginId, code);
    const user = proven(call, challenge);
    const { options, sessionId } = challenge;
    return signIn(call, user, { method: "otp", amr: [factorOf(challenge.method)], options, sessionId });
  }),
];

function begin(call: Call, method: string, intent: Intent, input: StartInput): object {
  return sendCode(call, start(call, method, "otp", intent, input));
}

function sendCode(call: Call, { subject, channel, address, purpose }: Started): object {
  const { code } = issueCode(call.project, subject, purpose);
  send(call, { loginId: purpose.loginId, kind: "otp", method: purpose.method, to: address, code });
  return masked(channel, address);
}

/** The challenge that a code answers; it is used up. @throws {EmulatorError} E061102 for a wrong code, E061103 after too many. */
function takeCode(call: Call, method: string, loginId: string, code: string): Challenge {
  const { project } = call;
  const challenge = outstanding(project, method, loginId);
  if (challenge === undefined) throw wrongCode(`No code was sent to ${loginId} by this method`);
  const most = number(methodSettings(project, "otp").rateLimitRetries) ?? 5;
  if (challenge.attempts >= most) throw tooManyCodes();
  if (challenge.expires <= project.clock.now()) throw wrongCode("The code has expired");
  if (challenge.code !== code) {
    const attempts = challenge.attempts + 1;
    putChallenge(project, { ...challenge, attempts });
    const user = userById(project, challenge.userId);
    if (user !== undefined) auditLogin(call, "LoginFailed", user, "otp", "Wrong code");
    throw attempts >= most ? tooManyCodes() : wrongCode("The code does not match");
  }
  deleteChallenge(project, challenge.id);
  return challenge;
}

function outstanding(project: Project, method: string, loginId: string): Challenge | undefined {
  const { userId } = userByLoginId(project, loginId) ?? somebodyNew(project, loginId);
  const found = challengesOf(project, userId, "otp");
  // Codes that were handed out for a test user without being sent fit every method.
  return found.find((one) => one.method === "embedded" || channelOf(one.method) === channelOf(method));
}
