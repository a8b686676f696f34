import * as operations from "../../api/operations/auth-magic-links.ts";
import { startUpdate } from "../auth/address-update.ts";
import { challengeById, deleteChallenge, issueLink, linkAddress } from "../auth/challenges.ts";
import { factorOf, masked, send } from "../auth/delivery.ts";
import { signIn } from "../auth/sign-in.ts";
import { proven, start, type Started } from "../auth/start.ts";
import { requireMethod } from "../auth/settings.ts";
import { unauthorized } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";

interface LinkInput {
  readonly redirectUrl?: string | null | undefined;
  readonly URI?: string | null | undefined;
}

/** Links that sign in whoever opens them. */
export const magicLinkService: Service = [
  on(operations.signUp, (input, call) =>
    sendLink(call, start(call, input.method, "magiclink", "signUp", input), input),
  ),
  on(operations.signIn, (input, call) =>
    sendLink(call, start(call, input.method, "magiclink", "signIn", input), input),
  ),
  on(operations.signUpOrIn, (input, call) =>
    sendLink(call, start(call, input.method, "magiclink", "signUpOrIn", input), input),
  ),
  on(operations.updateEmail, (input, call) =>
    sendLink(call, startUpdate(call, "email", "magiclink", input, input.email), input),
  ),
  on(operations.updatePhone, (input, call) =>
    sendLink(call, startUpdate(call, input.method, "magiclink", input, input.phone), input),
  ),
  on(operations.updatePhoneByText, (input, call) =>
    sendLink(call, startUpdate(call, "sms", "magiclink", input, input.phone), input),
  ),
  on(operations.verify, ({ token }, call) => openLink(call, token)),
];

function sendLink(
  call: Call,
  { subject, channel, address, purpose }: Started,
  { redirectUrl, URI }: LinkInput,
): object {
  const { project } = call;
  const { id } = issueLink(project, subject, "magiclink", purpose);
  const link = linkAddress(project, "magiclink", redirectUrl || URI, id);
  send(call, { loginId: purpose.loginId, kind: "magiclink", method: purpose.method, to: address, link });
  return masked(channel, address);
}

/** What a kind of link is called in the settings and the audit trail. */
const METHODS: Readonly<Record<string, string>> = {
  magiclink: "magiclink",
  embeddedlink: "embeddedlink",
  passwordReset: "magiclink",
};

function openLink(call: Call, token: string): object {
  const { project } = call;
  const challenge = challengeById(project, token);
  const method = METHODS[challenge?.kind ?? ""];
  if (challenge === undefined || method === undefined)
    throw unauthorized("The link is not known, or was opened before");
  if (challenge.expires <= project.clock.now()) throw unauthorized("The link has expired");
  requireMethod(project, method);
  deleteChallenge(project, token);
  const { options, claims, sessionId } = challenge;
  const user = proven(call, challenge);
  return signIn(call, user, { method, amr: [factorOf(challenge.method)], options, claims, sessionId });
}
