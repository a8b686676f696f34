import { roleIds } from "../entities/role.ts";
import { requireSsoApp } from "../entities/sso-app.ts";
import { requireTenant } from "../entities/tenant.ts";
import { checkAttributes, type Attributes } from "../attributes/values.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { userFamilies, type FamilyInput } from "./user-families.ts";
import type { User, UserFamily, UserTenant } from "./user.ts";

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
  readonly customAttributes?: Attributes | null | undefined;
  readonly additionalLoginIds?: readonly string[] | null | undefined;
  readonly additionalIdentifiers?: readonly string[] | null | undefined;
  readonly ssoAppIDs?: readonly string[] | null | undefined;
  readonly ssoAppIds?: readonly string[] | null | undefined;
  readonly verifiedEmail?: boolean | null | undefined;
  readonly verifiedPhone?: boolean | null | undefined;
  readonly recoveryEmail?: string | null | undefined;
  readonly recoveryPhone?: string | null | undefined;
  readonly verifiedRecoveryEmail?: boolean | null | undefined;
  readonly verifiedRecoveryPhone?: boolean | null | undefined;
  readonly scim?: boolean | null | undefined;
  readonly status?: string | null | undefined;
  readonly familyAssociations?: readonly FamilyInput[] | null | undefined;
}

export interface TenantInput {
  readonly tenantId: string;
  readonly roleNames?: readonly string[] | null | undefined;
}

/** What a request says of a user, in the emulator's own terms. Members that it does not have are undefined. */
export interface UserFields {
  readonly texts: Readonly<Partial<Record<TextField, string>>>;
  readonly flags: Readonly<Partial<Record<FlagField, boolean>>>;
  readonly status: User["status"] | undefined;
  readonly roleIds: readonly string[] | undefined;
  readonly tenants: readonly UserTenant[] | undefined;
  readonly families: readonly UserFamily[] | undefined;
  readonly customAttributes: Attributes | undefined;
  readonly ssoAppIds: readonly string[] | undefined;
  readonly moreLoginIds: readonly string[] | undefined;
}

const TEXT_FIELDS = [
  "name",
  "givenName",
  "middleName",
  "familyName",
  "email",
  "phone",
  "picture",
  "recoveryEmail",
  "recoveryPhone",
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

const FLAG_FIELDS = [
  "verifiedEmail",
  "verifiedPhone",
  "verifiedRecoveryEmail",
  "verifiedRecoveryPhone",
  "scim",
] as const;
export type FlagField = (typeof FLAG_FIELDS)[number];

/**
 * Reads what a request says of a user.
 *
 * @throws {EmulatorError} for a role, tenant or family that does not exist, an attribute of the wrong type, an address that is none.
 */
export function userFields(project: Project, input: UserInput): UserFields {
  const texts: Partial<Record<TextField, string>> = {};
  for (const field of TEXT_FIELDS) {
    const content = field === "name" ? (input.displayName ?? input.name) : input[field];
    if (content !== undefined && content !== null) texts[field] = content;
  }
  if (texts.email) requireEmail(texts.email);
  const flags: Partial<Record<FlagField, boolean>> = {};
  for (const field of FLAG_FIELDS) {
    const flag = input[field];
    if (flag !== undefined && flag !== null) flags[field] = flag;
  }
  if (input.customAttributes != null) checkAttributes(project, "user", input.customAttributes);
  return {
    texts,
    flags,
    status: input.status ? userStatus(input.status) : undefined,
    roleIds: input.roleNames == null ? undefined : roleIds(project, input.roleNames),
    tenants: input.userTenants == null ? undefined : userTenants(project, input.userTenants),
    families: input.familyAssociations == null ? undefined : userFamilies(project, input.familyAssociations),
    customAttributes: input.customAttributes ?? undefined,
    ssoAppIds: ssoAppIdsOf(project, input),
    moreLoginIds: input.additionalIdentifiers ?? input.additionalLoginIds ?? undefined,
  };
}

/**
 * The applications that a request names, by either spelling; undefined where it names none. Empty ids, as some clients send them, say nothing.
 *
 * @throws {EmulatorError} for one that does not exist.
 */
export function ssoAppIdsOf(
  project: Project,
  { ssoAppIds, ssoAppIDs }: Pick<UserInput, "ssoAppIds" | "ssoAppIDs">,
): string[] | undefined {
  const ids = (ssoAppIds ?? ssoAppIDs)?.filter((id) => id !== "");
  for (const id of ids ?? []) requireSsoApp(project, id);
  return ids;
}

/** Checks a status that a request names. @throws {EmulatorError} E011004 */
export function userStatus(status: string): User["status"] {
  if (status === "enabled" || status === "disabled" || status === "invited" || status === "expired")
    return status;
  throw invalidArgument("The status field must be enabled, disabled, invited or expired");
}

/** @throws {EmulatorError} for something that cannot be an e-mail address. */
export function requireEmail(email: string): void {
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw invalidArgument("The email field must be an e-mail address");
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
    ...fields.flags,
    status: fields.status ?? user.status,
    roleIds: fields.roleIds ?? user.roleIds,
    tenants: fields.tenants ?? user.tenants,
    customAttributes: fields.customAttributes ?? user.customAttributes,
    ssoAppIds: fields.ssoAppIds ?? user.ssoAppIds,
  };
  if (fields.families !== undefined) changed.families = fields.families;
  for (const field of TEXT_FIELDS) {
    const content = fields.texts[field];
    if (content === "") delete changed[field];
    else if (content !== undefined) changed[field] = content;
  }
  return changed;
}

/** The user without anything that a full update replaces: all but who the user is, how it signs in, and what only others set. */
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
  delete bare.verifiedRecoveryEmail;
  delete bare.verifiedRecoveryPhone;
  delete bare.families;
  return bare;
}
