import * as operations from "../../api/operations/auth-enchanted-links.ts";
import { startUpdate } from "../auth/address-update.ts";
import {
  challengeById,
  challengeByRef,
  deleteChallenge,
  issueWaiting,
  linkAddress,
  putChallenge,
} from "../auth/challenges.ts";
import { factorOf, masked, send } from "../auth/delivery.ts";
import { signIn } from "../auth/sign-in.ts";
import { proven, start, type Started } from "../auth/start.ts";
import { linkPending, unauthorized } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";

/** Links of which the user opens the right one of three, while the device that asked waits. */
export const enchantedLinkService: Service = [
  on(operations.signUp, (input, call) =>
    sendLinks(call, start(call, input.method, "enchantedlink", "signUp", input), input),
  ),
  on(operations.signIn, (input, call) =>
    sendLinks(call, start(call, input.method, "enchantedlink", "signIn", input), input),
  ),
  on(operations.signUpOrIn, (input, call) =>
    sendLinks(call, start(call, input.method, "enchantedlink", "signUpOrIn", input), input),
  ),
  on(operations.updateEmail, (input, call) =>
    sendLinks(call, startUpdate(call, "email", "enchantedlink", input, input.email), input),
  ),
  on(operations.updatePhone, (input, call) =>
    sendLinks(call, startUpdate(call, input.method, "enchantedlink", input, input.phone), input),
  ),
  on(operations.verify, ({ token }, { project }) => {
    const challenge = challengeById(project, token);
    if (challenge?.kind !== "enchantedlink")
      throw unauthorized("The link is not the right one, or not known");
    if (challenge.expires <= project.clock.now()) throw unauthorized("The link has expired");
    if (challenge.verified === true) throw unauthorized("The link was opened before");
    putChallenge(project, { ...challenge, verified: true });
    return {};
  }),
  on(operations.pendingSession, ({ pendingRef }, call) => {
    const { project } = call;
    const challenge = challengeByRef(project, "enchantedlink", pendingRef);
    if (challenge === undefined)
      throw unauthorized("The pendingRef is not known, or its session was fetched");
    if (challenge.expires <= project.clock.now()) throw unauthorized("The link has expired");
    if (challenge.verified !== true) throw linkPending();
    deleteChallenge(project, challenge.id);
    const { options, sessionId } = challenge;
    const user = proven(call, challenge);
    return signIn(call, user, {
      method: "enchantedlink",
      amr: [factorOf(challenge.method)],
      options,
      sessionId,
    });
  }),
];

function sendLinks(
  call: Call,
  { subject, channel, address, purpose }: Started,
  {
    redirectUrl,
    URI,
  }: { readonly redirectUrl?: string | null | undefined; readonly URI?: string | null | undefined },
): object {
  const { project } = call;
  const { id, pendingRef, linkId } = issueWaiting(project, subject, "enchantedlink", purpose);
  const to = (token: string) => linkAddress(project, "enchantedlink", redirectUrl || URI, token);
  const link = to(id);
  const wrong = otherNumbers(linkId).map((number) => ({ linkId: number, link: to(project.ids.text(64)) }));
  const links = [...wrong, { linkId, link }].sort((a, b) => Number(a.linkId) - Number(b.linkId));
  const { loginId, method } = purpose;
  send(call, { loginId, kind: "enchantedlink", method, to: address, link, linkId, links });
  return { pendingRef, linkId, ...masked(channel, address) };
}

/** Two other numbers of two digits. */
function otherNumbers(linkId: string): string[] {
  const at = Number(linkId) - 10;
  return [17, 58].map((step) => String(10 + ((at + step) % 90)));
}
