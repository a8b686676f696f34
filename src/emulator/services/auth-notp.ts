import * as operations from "../../api/operations/auth-notp.ts";
import { startUpdate } from "../auth/address-update.ts";
import { challengeByRef, deleteChallenge, issueWaiting } from "../auth/challenges.ts";
import { send } from "../auth/delivery.ts";
import { qrPng } from "../auth/qr-code.ts";
import { signIn } from "../auth/sign-in.ts";
import { proven, start, type Intent, type StartInput, type Started } from "../auth/start.ts";
import { notpPending, unauthorized } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";

/**
 * nOTP: the user sends a message by WhatsApp, while the device that asked waits. Here the address that would open WhatsApp is one
 * of the emulator's: whoever opens it has sent the message.
 */
export const notpService: Service = [
  on(operations.signUp, (input, call) => begin(call, "signUp", input)),
  on(operations.signIn, (input, call) => begin(call, "signIn", input)),
  on(operations.signUpOrIn, (input, call) => begin(call, "signUpOrIn", input)),
  on(operations.update, (input, call) =>
    wait(call, startUpdate(call, "whatsapp", "notp", input, input.phone)),
  ),
  on(operations.pendingSession, ({ pendingRef }, call) => {
    const { project } = call;
    const challenge = challengeByRef(project, "notp", pendingRef);
    if (challenge === undefined)
      throw unauthorized("The pendingRef is not known, or its session was fetched");
    if (challenge.expires <= project.clock.now()) throw unauthorized("The time to send the message is over");
    if (challenge.verified !== true) throw notpPending();
    deleteChallenge(project, challenge.id);
    const { options, sessionId } = challenge;
    return signIn(call, proven(call, challenge), { method: "notp", amr: ["whatsapp"], options, sessionId });
  }),
];

function begin(call: Call, intent: Intent, input: StartInput): object {
  return wait(call, start(call, "whatsapp", "notp", intent, input));
}

function wait(call: Call, { subject, address, purpose }: Started): object {
  const { project, world } = call;
  const { id, pendingRef } = issueWaiting(project, subject, "notp", purpose);
  const redirectUrl = `${world.settings.url}/_emulator/notp?project=${project.id}&t=${id}`;
  send(call, { loginId: purpose.loginId, kind: "notp", method: "whatsapp", to: address, link: redirectUrl });
  return { redirectUrl, image: qrPng(redirectUrl), pendingRef };
}
