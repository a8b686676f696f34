import type { Project } from "../project.ts";
import { deleteLapsing, lapsingAnywhere, lapsingById, putLapsing } from "../store/lapsing.ts";
import { allProjects, findProject } from "../project.ts";
import type { World } from "../world.ts";

/** What a client asked for, and gets when the user agrees. */
export interface Asked {
  readonly kind: "federated" | "inbound";
  readonly appId: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** The audiences that were asked for; none for the client's own. */
  readonly audiences: readonly string[];
  readonly nonce?: string;
  readonly tenantId?: string;
}

/** An authorization request that waits for the user. */
export interface PendingRequest extends Asked, Lapsing {
  readonly type: "request";
  readonly redirectUri: string;
  /** False where it was left out because the client has one alone. */
  readonly namedRedirectUri: boolean;
  readonly responseMode: string;
  readonly state?: string;
  readonly challenge?: string;
  /** The issuer as the browser reached it. */
  readonly issuer: string;
  readonly loginHint?: string;
  /** Set where another identity provider wants a second factor proved, in place of a code. */
  readonly factor?: AskedFactor;
}

/** A factor that another identity provider wants proved of a user whom it has signed in. */
export interface AskedFactor {
  readonly userId: string;
  /** What the other provider calls the user. */
  readonly subject: string;
  readonly acr?: string;
  readonly amr: string;
}

/** A code that was given out. */
export interface IssuedCode extends Asked, Lapsing {
  readonly type: "code";
  readonly redirectUri: string;
  readonly namedRedirectUri: boolean;
  readonly challenge?: string;
  readonly sessionId: string;
  /** Set by its first use; another one ends what came of the first. */
  readonly used?: boolean;
}

/** A device, or a client that waits for a user who is elsewhere. */
export interface WaitingClient extends Asked, Lapsing {
  readonly type: "device" | "ciba";
  /** What the user types, or follows. */
  readonly userCode: string;
  /** The only user who may agree. */
  readonly userId?: string;
  readonly bindingMessage?: string;
  readonly sessionId?: string;
  readonly denied?: boolean;
}

interface Lapsing {
  /** The secret that the holder shows. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export type Pending = PendingRequest | IssuedCode | WaitingClient;

/** The name under which they are kept. */
const KIND = "oauth";

/** Keeps something that waits, new or changed. */
export function putPending<T extends Pending>(project: Project, pending: T): T {
  const { id, expires } = pending;
  const ref = "userCode" in pending ? pending.userCode : "";
  putLapsing(project, { id, kind: KIND, user: "", ref, expires, content: pending });
  return pending;
}

/** What has that id and is of one of those types, lapsed or not. */
export function pendingById<T extends Pending["type"]>(
  project: Project,
  id: string,
  ...types: readonly T[]
): Extract<Pending, { type: T }> | undefined {
  const row = lapsingById(project, id);
  const found = row?.kind === KIND ? (row.content as Pending) : undefined;
  return types.includes(found?.type as T) ? (found as Extract<Pending, { type: T }>) : undefined;
}

/** The waiting client that a user code is of, with its project: whoever types it knows neither. */
export function waitingByUserCode(
  world: World,
  userCode: string,
): { readonly project: Project; readonly waiting: WaitingClient } | undefined {
  const found = lapsingAnywhere<WaitingClient>(world, KIND, normalized(userCode));
  const project = found === undefined ? undefined : findProject(world, found.project);
  return found === undefined || project === undefined ? undefined : { project, waiting: found.content };
}

/** An authorization request by its id, in whichever project. */
export function requestById(
  world: World,
  id: string,
): { readonly project: Project; readonly request: PendingRequest } | undefined {
  for (const info of allProjects(world)) {
    const project = findProject(world, info.id);
    const request = project === undefined ? undefined : pendingById(project, id, "request");
    if (project !== undefined && request !== undefined) return { project, request };
  }
  return undefined;
}

export function deletePending(project: Project, id: string): void {
  deleteLapsing(project, id);
}

/** Eight letters that are hard to mistake for each other, in two groups. */
export function newUserCode(project: Project): string {
  const letters = [...project.ids.bytes(8)].map((byte) => CONSONANTS[byte % CONSONANTS.length]).join("");
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** RFC 8628, section 6.1: no vowels, so no words. */
const CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ";

function normalized(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, "");
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : typed;
}
