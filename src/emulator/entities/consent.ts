import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

/** What a user let an inbound application do, for itself or for a tenant. Times are in milliseconds since 1970. */
export interface Consent {
  readonly id: string;
  readonly appId: string;
  /** Who gave it; empty where it is a whole tenant's. */
  readonly userId: string;
  /** The tenant that it is for; empty for none. */
  readonly tenantId: string;
  scopes: readonly string[];
  /** The id of the user who gave it, also where it is a tenant's. */
  grantedBy: string;
  readonly createdTime: number;
  modifiedTime: number;
  /** 0 for never. */
  expireTime: number;
}

/** Consents, found by whom they are of. */
export const consents = new Collection<Consent>("consent", ({ id }) => id, subject);

/** Whose consent it is, to which application. */
type Subject = Pick<Consent, "appId" | "userId" | "tenantId">;

function subject({ appId, userId, tenantId }: Subject): string {
  return [appId, userId, tenantId].join("\n");
}

/** The consent of that user or tenant to that application. */
export function findConsent(project: Project, of: Subject): Consent | undefined {
  const found = consents.named(project, subject(of));
  if (found === undefined) return undefined;
  return found.expireTime > 0 && found.expireTime <= project.clock.now() ? undefined : found;
}

/** Keeps that somebody agreed; scopes come to those that were agreed to before. */
export function grantConsent(
  project: Project,
  given: Subject & {
    readonly id?: string | undefined;
    readonly scopes: readonly string[];
    readonly grantedBy: string;
    readonly expireTime?: number | undefined;
  },
): Consent {
  const now = project.clock.now();
  const before = consents.named(project, subject(given));
  return consents.put(project, {
    id: before?.id ?? given.id ?? project.ids.next("TPC"),
    appId: given.appId,
    userId: given.userId,
    tenantId: given.tenantId,
    scopes: [...new Set([...(before?.scopes ?? []), ...given.scopes])],
    grantedBy: given.grantedBy,
    createdTime: before?.createdTime ?? now,
    modifiedTime: now,
    expireTime: given.expireTime ?? 0,
  });
}

/** A consent as the API gives it. */
export function consentReply(consent: Consent): Record<string, unknown> {
  const seconds = (milliseconds: number) => Math.floor(milliseconds / 1000);
  return {
    id: consent.id,
    appId: consent.appId,
    userId: consent.userId,
    tenantId: consent.tenantId,
    scopes: consent.scopes,
    grantedBy: consent.grantedBy,
    createdTime: seconds(consent.createdTime),
    modifiedTime: seconds(consent.modifiedTime),
    // The only member that the documents spell with a capital; clients read it in lower case.
    ExpireTime: seconds(consent.expireTime),
    expireTime: seconds(consent.expireTime),
  };
}
