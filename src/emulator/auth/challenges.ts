import { duration, methodSettings, projectSettings, text } from "../project-settings.ts";
import type { Project } from "../project.ts";
import {
  deleteLapsing,
  deleteLapsingOf,
  lapsingById,
  lapsingByRef,
  lapsingOf,
  putLapsing,
} from "../store/lapsing.ts";
import type { NewUser } from "../users/user-changes.ts";
import type { User } from "../users/user.ts";
import type { LoginOptions } from "./sign-in.ts";

/** Something that proves who somebody is, once: a code or a link that was made and not used yet. */
export interface Challenge extends Purpose {
  /** A link's token. */
  readonly id: string;
  readonly kind: ChallengeKind;
  readonly userId: string;
  /** The code of an "otp". */
  readonly code?: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Wrong codes so far. */
  readonly attempts: number;
  /** What the waiting side of an enchanted link or nOTP asks with. */
  readonly pendingRef?: string;
  /** Two digits: which of the links in the mail is the right one. */
  readonly linkId?: string;
  /** Set when an enchanted link was opened: the waiting side may now have its session. */
  readonly verified?: boolean;
}

export type ChallengeKind = "otp" | "magiclink" | "enchantedlink" | "embeddedlink" | "passwordReset" | "notp";

/** Whom a challenge is for. Somebody who signs up by it has an id that no user has. */
export type Subject = Pick<User, "userId" | "loginIds" | "test">;

/** What a challenge is made for. */
export interface Purpose {
  /** The login id that it was made for. */
  readonly loginId: string;
  /** How it was sent: "email", "sms", "voice", "whatsapp", "im", "embedded". */
  readonly method: string;
  /** `loginOptions` of the request that made it. */
  readonly options: LoginOptions;
  /** Claims that a trusted side asked for. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Where it was sent: the proof verifies it. */
  readonly address?: string;
  /** The session that the proof is added to, for step-up and second factors. */
  readonly sessionId?: string;
  /** Set where the proof signs a user up: what the user is to be. */
  readonly signUp?: NewUser;
  /** Set where the proof gives a user another address. */
  readonly update?: AddressUpdate;
}

/** Another address for a user who is signed in. */
export interface AddressUpdate {
  readonly email?: string;
  readonly phone?: string;
  /** Whether the user also signs in by it from then on. */
  readonly addToLoginIds: boolean;
  /** Where another user signs in by it: whether that one stays and takes this one in, or the other way round. */
  readonly mergeIntoExisting: boolean;
  readonly failOnConflict: boolean;
}

/** Makes a one-time code. Codes that the user had before are no longer good. */
export function issueCode(
  project: Project,
  subject: Subject,
  purpose: Purpose,
): Challenge & { readonly code: string } {
  deleteChallenges(project, subject.userId, "otp");
  const challenge = {
    ...begin(project, subject, "otp", purpose, "otp", 180_000),
    id: project.ids.text(32),
    code: fixedCode(project, subject) ?? project.ids.digits(6),
  };
  putChallenge(project, challenge);
  return challenge;
}

/** Makes a link's token: the challenge's id. Links that the user had before stay good. */
export function issueLink(
  project: Project,
  subject: Subject,
  kind: "magiclink" | "embeddedlink" | "passwordReset",
  purpose: Purpose,
  lifetime?: number,
): Challenge {
  const settings = kind === "passwordReset" ? "magiclink" : kind;
  const challenge = {
    ...begin(project, subject, kind, purpose, settings, 180_000),
    id: project.ids.text(64),
    ...(lifetime === undefined ? {} : { expires: project.clock.now() + lifetime }),
  };
  putChallenge(project, challenge);
  return challenge;
}

/** Makes an enchanted link, or what nOTP waits for, with what the waiting side needs. */
export function issueWaiting(
  project: Project,
  subject: Subject,
  kind: "enchantedlink" | "notp",
  purpose: Purpose,
): Challenge & { readonly pendingRef: string; readonly linkId: string } {
  const challenge = {
    ...begin(project, subject, kind, purpose, kind, 180_000),
    id: project.ids.text(64),
    pendingRef: project.ids.text(64),
    linkId: String(10 + (Number(project.ids.digits(4)) % 90)),
  };
  putChallenge(project, challenge);
  return challenge;
}

/** The address of a link: what the request says, else what the project is set to, with the token behind it. */
export function linkAddress(
  project: Project,
  kind: "magiclink" | "enchantedlink" | "password",
  wanted: string | null | undefined,
  token: string,
): string {
  const address = wanted || text(methodSettings(project, kind).redirectUrl);
  const [page = "", ...fragment] = address.split("#");
  return [`${page}${page.includes("?") ? "&" : "?"}t=${token}`, ...fragment].join("#");
}

export function challengeById(project: Project, id: string): Challenge | undefined {
  return lapsingById(project, id)?.content as Challenge | undefined;
}

/** The challenge whose waiting side asks with `pendingRef`. */
export function challengeByRef(
  project: Project,
  kind: "enchantedlink" | "notp",
  pendingRef: string,
): Challenge | undefined {
  return lapsingByRef(project, kind, pendingRef);
}

/** A user's challenges of one kind, expired ones too. */
export function challengesOf(project: Project, userId: string, kind: ChallengeKind): Challenge[] {
  return lapsingOf(project, userId, kind);
}

export function putChallenge(project: Project, challenge: Challenge): void {
  const { id, kind, userId, pendingRef = "", expires } = challenge;
  putLapsing(project, { id, kind, user: userId, ref: pendingRef, expires, content: challenge });
}

export function deleteChallenge(project: Project, id: string): void {
  deleteLapsing(project, id);
}

function deleteChallenges(project: Project, userId: string, kind: ChallengeKind): void {
  deleteLapsingOf(project, userId, kind);
}

/** What all challenges share. */
function begin(
  project: Project,
  { userId }: Subject,
  kind: ChallengeKind,
  purpose: Purpose,
  settings: string,
  fallback: number,
) {
  const now = project.clock.now();
  const lifetime = duration(methodSettings(project, settings), "expirationTime", fallback);
  return { ...purpose, kind, userId, attempts: 0, expires: now + lifetime };
}

/** The code that is no secret: the emulator's own, or the one that the project gives to its test users. */
function fixedCode(project: Project, { test, loginIds }: Subject): string | undefined {
  if (project.world.settings.otp !== undefined) return project.world.settings.otp;
  const settings = projectSettings(project);
  if (!test || settings.testUserAllowFixedAuth !== true) return undefined;
  const verifier = text(settings.testUserFixedAuthVerifierRegex);
  const fits = verifier === "" || loginIds.some((id) => matches(verifier, id));
  const token = text(settings.testUserFixedAuthToken);
  return fits && token !== "" ? token : undefined;
}

function matches(pattern: string, candidate: string): boolean {
  try {
    return new RegExp(pattern).test(candidate);
  } catch {
    return false;
  }
}
