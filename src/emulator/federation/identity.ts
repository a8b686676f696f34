import { isEmail } from "../auth/delivery.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { userById, userByLoginId } from "../users/user-store.ts";

/** Who somebody is, as the emulated identity provider says. */
export interface Identity {
  /** The user of the project who was chosen; absent for somebody whom the provider alone knows. */
  readonly userId?: string;
  /** By what the provider knows who it is: the same for the same person, whenever it is asked. */
  readonly subject: string;
  readonly loginId: string;
  readonly email?: string;
  readonly emailVerified: boolean;
  readonly name?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly phone?: string;
  readonly picture?: string;
  readonly groups: readonly string[];
  /** Whatever else it says. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What is said of somebody to the emulated identity provider, by its page or by a test. */
export interface IdentityInput {
  readonly login_hint?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly email_verified?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly given_name?: string | null | undefined;
  readonly family_name?: string | null | undefined;
  readonly phone_number?: string | null | undefined;
  readonly picture?: string | null | undefined;
  readonly groups?: string | null | undefined;
}

/**
 * The identity that an input describes. A hint that names a user of the project, by login id or user id, means that one, and what is
 * known of the user is what the provider knows; unless the address is said not to be verified, when only the address is taken.
 *
 * @param more other members of the request: attributes of the provider's own.
 */
export function identityOf(
  project: Project,
  input: IdentityInput,
  more: Readonly<Record<string, unknown>>,
): Identity {
  const hint = input.login_hint?.trim() ?? "";
  const emailVerified = input.email_verified !== "false";
  const user = emailVerified ? (userByLoginId(project, hint) ?? userById(project, hint)) : undefined;
  const email = input.email?.trim() || user?.email || (isEmail(hint) ? hint : undefined);
  if (email !== undefined && !isEmail(email))
    throw invalidArgument("The email field is not an e-mail address");
  const given = input.given_name || user?.givenName;
  const family = input.family_name || user?.familyName;
  const name = input.name || user?.name || [given, family].filter(Boolean).join(" ");
  const texts = {
    email,
    name,
    givenName: given,
    familyName: family,
    phone: input.phone_number || user?.phone,
    picture: input.picture || user?.picture,
  };
  const known = Object.entries(texts).filter(([, content]) => content !== undefined && content !== "");
  return {
    ...(user === undefined ? {} : { userId: user.userId }),
    ...(Object.fromEntries(known) as Partial<Record<keyof typeof texts, string>>),
    subject: subjectOf(email ?? user?.userId ?? hint),
    loginId: user?.loginIds[0] ?? hint,
    emailVerified,
    groups: (input.groups ?? "")
      .split(",")
      .map((group) => group.trim())
      .filter((group) => group !== ""),
    attributes: Object.fromEntries(
      Object.entries(more).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    ),
  };
}

/** Digits, as large providers give them: twenty of them, made of what identifies somebody. */
function subjectOf(identity: string): string {
  const digest = new Bun.CryptoHasher("sha256").update(identity.toLowerCase()).digest("hex");
  return `1${BigInt(`0x${digest}`).toString().slice(0, 20)}`;
}
