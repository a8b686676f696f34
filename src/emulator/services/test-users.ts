import * as operations from "../../api/operations/users.ts";
import { issueCode, issueLink, issueWaiting, linkAddress, type Purpose } from "../auth/challenges.ts";
import type { LoginOptions } from "../auth/sign-in.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Service } from "../service.ts";
import { requireUser } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** Codes and links for test users, given to whoever has the management key instead of being sent. */
export const testUserService: Service = [
  on(operations.generateOtp, (input, { project }) => {
    const user = requireTestUser(project, input.loginId);
    const { code } = issueCode(project, user, purpose(input, input.deliveryMethod));
    return { loginId: input.loginId, code };
  }),
  on(operations.generateMagicLink, (input, { project }) => {
    const user = requireTestUser(project, input.loginId);
    const { id } = issueLink(project, user, "magiclink", purpose(input, input.deliveryMethod));
    return { loginId: input.loginId, link: linkAddress(project, "magiclink", target(input), id) };
  }),
  on(operations.generateEnchantedLink, (input, { project }) => {
    const user = requireTestUser(project, input.loginId);
    const { id, pendingRef, linkId } = issueWaiting(project, user, "enchantedlink", purpose(input, "email"));
    const link = linkAddress(project, "enchantedlink", target(input), id);
    return { loginId: input.loginId, link, pendingRef, linkId };
  }),
];

/** Where a link leads, by the documents' name for it or that of the SDKs. */
function target({ redirectUrl, URI }: LinkTarget): string | null | undefined {
  return redirectUrl || URI;
}

interface LinkTarget {
  readonly redirectUrl?: string | null | undefined;
  readonly URI?: string | null | undefined;
}

/** How a code or link may be sent. */
const METHODS = ["email", "sms", "voice", "whatsapp", "im", "embedded"];

function purpose(
  input: {
    readonly loginId: string;
    readonly loginOptions?: LoginOptions | null | undefined;
  },
  method: string,
): Purpose {
  if (!METHODS.includes(method.toLowerCase()))
    throw invalidArgument(`The deliveryMethod field must be one of ${METHODS.join(", ")}`);
  return { loginId: input.loginId, method: method.toLowerCase(), options: input.loginOptions ?? {} };
}

/** @throws {EmulatorError} when there is no such user, or it is somebody real. */
function requireTestUser(project: Project, loginId: string): User {
  const user = requireUser(project, loginId);
  if (!user.test) throw invalidArgument(`The user ${loginId} is not a test user`);
  return user;
}
