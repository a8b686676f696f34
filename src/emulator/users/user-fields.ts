import { roleIds } from "../entities/role.ts";
import { requireTenant } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import type { User, UserTenant } from "./user.ts";

/** The members by which requests describe a user. Some have two spellings: one of the documents, one of the SDKs. */
export interface UserInput {
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly displayName?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly givenName?: string | null | undefined;
  readonly middleName?: string | null | undefined;
  readonly familyName?: string | null | undefined;
  readonly picture?: string | null | undefined;
  readonly roleNames?: readonly string[] | null | undefined;
  readonly userTenants?: readonly TenantInput[] | null | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly additionalLoginIds?: readonly string[] | null | undefined;
  readonly additionalIdentifiers?: readonly string[] | null | undefined;
  readonly ssoAppIDs?: readonly string[] | null | undefined;
  readonly ssoAppIds?: readonly string[] | null | undefined;
  readonly verifiedEmail?: boolean | null | undefined;
  readonly verifiedPhone?: boolean | null | undefined;
}

export interface TenantInput {
  readonly tenantId: string;
  readonly roleNames?: readonly string[] | null | undefined;
}

/** What a request says of a user, in the emulator's own terms. Members that it does not have are undefined. */
export interface UserFields {
  readonly texts: Readonly<Partial<Record<TextField, string>>>;
  readonly verifiedEmail: boolean | undefined;
  readonly verifiedPhone: boolean | undefined;
  readonly roleIds: readonly string[] | undefined;
  readonly tenants: readonly UserTenant[] | undefined;
  readonly customAttributes: Readonly<Record<string, unknown>> | undefined;
  readonly ssoAppIds: readonly string[] | undefined;
  readonly moreLoginIds: readonly string[] | undefined;
}

const TEXT_FIELDS = ["name", "givenName", "middleName", "familyName", "email", "phone", "picture"] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

/** Reads what a request says of a user. @throws {EmulatorError} for a role or tenant that does not exist. */
export function userFields(project: Project, input: UserInput): UserFields {
  const texts: Partial<Record<TextField, string>> = {};
  for (const field of TEXT_FIELDS) {
    const content = field === "name" ? (input.displayName ?? input.name) : input[field];
    if (content !== undefined && content !== null) texts[field] = content;
  }
  return {
    texts,
    verifiedEmail: input.verifiedEmail ?? undefined,
    verifiedPhone: input.verifiedPhone ?? undefined,
    roleIds: input.roleNames == null ? undefined : roleIds(project, input.roleNames),
    tenants: input.userTenants == null ? undefined : userTenants(project, input.userTenants),
    customAttributes: input.customAttributes ?? undefined,
    ssoAppIds: input.ssoAppIds ?? input.ssoAppIDs ?? undefined,
    moreLoginIds: input.additionalIdentifiers ?? input.additionalLoginIds ?? undefined,
  };
}

/** Tenants with the roles in them, each tenant once. @throws {EmulatorError} for one that does not exist. */
export function userTenants(project: Project, input: readonly TenantInput[]): UserTenant[] {
  const found = new Map<string, UserTenant>();
  for (const { tenantId, roleNames } of input) {
    requireTenant(project, tenantId);
    found.set(tenantId, { tenantId, roleIds: roleIds(project, roleNames ?? [], tenantId) });
  }
  return [...found.values()];
}

/** The user with what the request says put in place of what was there; an empty text takes the member away. */
export function withFields(user: User, fields: UserFields): User {
  const changed: User = {
    ...user,
    verifiedEmail: fields.verifiedEmail ?? user.verifiedEmail,
    verifiedPhone: fields.verifiedPhone ?? user.verifiedPhone,
    roleIds: fields.roleIds ?? user.roleIds,
    tenants: fields.tenants ?? user.tenants,
    customAttributes: fields.customAttributes ?? user.customAttributes,
    ssoAppIds: fields.ssoAppIds ?? user.ssoAppIds,
  };
  for (const field of TEXT_FIELDS) {
    const content = fields.texts[field];
    if (content === "") delete changed[field];
    else if (content !== undefined) changed[field] = content;
  }
  return changed;
}

/** The user without anything that a full update replaces. */
export function withoutFields(user: User): User {
  const bare: User = {
    ...user,
    verifiedEmail: false,
    verifiedPhone: false,
    roleIds: [],
    tenants: [],
    customAttributes: {},
    ssoAppIds: [],
  };
  for (const field of TEXT_FIELDS) delete bare[field];
  return bare;
}
