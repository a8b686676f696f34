import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

/** A token of somewhere else, kept for a user or a tenant. Times are in seconds since 1970. */
export interface OutboundToken {
  readonly id: string;
  readonly appId: string;
  /** Whose it is; empty for a whole tenant's. */
  readonly userId: string;
  /** The tenant that it is for; empty for none. */
  readonly tenantId: string;
  /** Which of several accounts it is of; empty where there is one. */
  readonly externalIdentifier: string;
  /** Empty where only a refresh token is known so far. */
  readonly accessToken: string;
  readonly accessTokenType: string;
  /** 0 where that is not known, or never. */
  readonly accessTokenExpiry: number;
  readonly refreshToken: string;
  readonly idToken: string;
  readonly scopes: readonly string[];
  readonly grantedBy: string;
  readonly lastRefreshTime: number;
  readonly lastRefreshError: string;
  /** Counts up with each that is saved, so that the latest is known. */
  readonly saved: number;
}

/** A token as it comes. */
export type NewToken = Omit<OutboundToken, "id" | "saved" | "lastRefreshTime" | "lastRefreshError">;

/** Whose token, of which application. */
export type TokenOwner = Pick<OutboundToken, "appId" | "userId" | "tenantId" | "externalIdentifier">;

export const outboundTokens = new Collection<OutboundToken>(
  "outboundToken",
  ({ id }) => id,
  ({ userId }) => userId,
);

/** The tokens of one owner, the latest first. */
export function tokensOf(project: Project, owner: TokenOwner): OutboundToken[] {
  return outboundTokens
    .all(project)
    .filter((token) => isOf(token, owner))
    .sort((a, b) => b.saved - a.saved);
}

function isOf(token: OutboundToken, owner: TokenOwner): boolean {
  return (
    token.appId === owner.appId &&
    token.userId === owner.userId &&
    token.tenantId === owner.tenantId &&
    token.externalIdentifier === owner.externalIdentifier
  );
}

/** Keeps a token, in place of the one of the same owner and scopes. A key takes the place of a key. */
export function saveToken(project: Project, given: NewToken): OutboundToken {
  const all = outboundTokens.all(project);
  const scopes = scopeKey(given);
  const before = all.find((token) => isOf(token, given) && scopeKey(token) === scopes);
  return outboundTokens.put(project, {
    ...given,
    id: before?.id ?? project.ids.next("OT"),
    lastRefreshTime: 0,
    lastRefreshError: "",
    saved: 1 + Math.max(0, ...all.map(({ saved }) => saved)),
  });
}

function scopeKey({ accessTokenType, scopes }: Pick<OutboundToken, "accessTokenType" | "scopes">): string {
  return JSON.stringify([accessTokenType === API_KEY, [...new Set(scopes)].sort()]);
}

/** The type of what is no OAuth token but a key. */
export const API_KEY = "apikey";

/** Whether it can be given out now, if need be after a refresh. */
export function isValid(project: Project, token: OutboundToken): boolean {
  return token.refreshToken !== "" || !isExpired(project, token);
}

export function isExpired(project: Project, { accessToken, accessTokenExpiry }: OutboundToken): boolean {
  return accessToken === "" || (accessTokenExpiry > 0 && accessTokenExpiry <= project.clock.seconds());
}

/** Deletes all tokens that `goes` says of. @returns how many. */
export function forgetTokens(project: Project, goes: (token: OutboundToken) => boolean): number {
  const gone = outboundTokens.all(project).filter(goes);
  for (const { id } of gone) outboundTokens.delete(project, id);
  return gone.length;
}

/** Deletes what a user who goes leaves behind. */
export function forgetTokensOfUser(project: Project, userId: string): void {
  for (let token; (token = outboundTokens.named(project, userId)) !== undefined;)
    outboundTokens.delete(project, token.id);
}

/** @throws {EmulatorError} when there is none with that id. */
export function requireToken(project: Project, id: string): OutboundToken {
  const found = outboundTokens.get(project, id);
  if (found === undefined) throw notFound(`There is no token ${id} of an outbound application`);
  return found;
}

/** A token as the API gives it. 64-bit numbers are texts there. */
export function tokenReply(token: OutboundToken, withRefreshToken: boolean): Record<string, unknown> {
  return {
    id: token.id,
    appId: token.appId,
    userId: token.userId,
    tokenSub: token.userId || token.tenantId,
    accessToken: token.accessToken,
    accessTokenType: token.accessTokenType,
    accessTokenExpiry: String(token.accessTokenExpiry),
    hasRefreshToken: token.refreshToken !== "",
    ...(withRefreshToken ? { refreshToken: token.refreshToken } : {}),
    lastRefreshTime: String(token.lastRefreshTime),
    lastRefreshError: token.lastRefreshError,
    scopes: token.scopes,
    tenantId: token.tenantId,
    grantedBy: token.grantedBy,
    externalIdentifier: token.externalIdentifier,
  };
}
