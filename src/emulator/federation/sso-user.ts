import { isTestLoginId } from "../auth/settings.ts";
import { ATTRIBUTE_TYPES, attributeDefinitions } from "../attributes/definitions.ts";
import { mergeAttributes } from "../attributes/values.ts";
import { isJsonObject } from "../../json/value.ts";
import type { SsoConfiguration } from "../entities/sso-configuration.ts";
import { signInUserNotFound } from "../error.ts";
import type { Tenant } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import { methodSettings } from "../project-settings.ts";
import { createUser, saveUser } from "../users/user-changes.ts";
import { userFields, withFields, type UserInput } from "../users/user-fields.ts";
import { joinTenants } from "../users/user-tenants.ts";
import { putUser, userById, userByLoginId } from "../users/user-store.ts";
import type { User, UserTenant } from "../users/user.ts";
import { keepGroups, withGroupRoles } from "./group-roles.ts";
import { keepGroupRelations } from "./group-relations.ts";
import type { Identity } from "./identity.ts";
import { userOfEmail } from "./oauth-user.ts";

/**
 * The user whom an identity of a tenant's provider is of, brought to what the provider says: name, addresses, attributes, and the
 * roles in the tenant that its groups give. Somebody new becomes a user.
 *
 * Somebody who is a user already but not of the tenant is the same one only where the project merges users; otherwise the provider of
 * one tenant could take over users of another.
 *
 * @throws {EmulatorError} for somebody new where the tenant makes no users by itself.
 */
export function ssoUser(
  project: Project,
  tenant: Tenant,
  configuration: SsoConfiguration,
  identity: Identity,
): User {
  const said = assertionOf(configuration, identity);
  const scoped = `${tenant.id}-${said.loginId}`;
  const known = userByLoginId(project, scoped) ?? candidate(project, tenant, said, identity);
  const { loginId, groups, ...input } = said;
  const fields = withAttributes(project, input);
  if (known === undefined && tenant.settings.JITDisabled === true) throw signInUserNotFound(loginId);
  const before =
    known ??
    createUser(
      project,
      { ...fields, loginId: userByLoginId(project, loginId) === undefined ? loginId : scoped },
      { test: isTestLoginId(project, loginId) },
    );
  const read = userFields(project, fields);
  const described = withFields(before, {
    ...read,
    customAttributes: mergeAttributes(before.customAttributes, read.customAttributes ?? {}),
  });
  const after: User = {
    ...described,
    ...(configuration.authType === "oidc" ? { oidc: true } : { saml: true }),
    tenants: withGroups(project, tenant, configuration, before, groups),
  };
  keepGroupRelations(project, tenant, [configuration], before);
  if (known === undefined) return putUser(project, after);
  return Bun.deepEquals(known, after) ? known : saveUser(project, after, known.userId);
}

function candidate(project: Project, tenant: Tenant, said: Assertion, identity: Identity): User | undefined {
  const chosen = identity.userId === undefined ? undefined : userById(project, identity.userId);
  const byEmail = identity.emailVerified && said.email ? userOfEmail(project, said.email) : undefined;
  const found = chosen ?? userByLoginId(project, said.loginId) ?? byEmail;
  if (found === undefined) return undefined;
  const isOfTenant = found.tenants.some(({ tenantId }) => tenantId === tenant.id);
  return isOfTenant || methodSettings(project, "sso").mergeUsers === true ? found : undefined;
}

/** What the provider of a tenant says of somebody, in the words of the project. */
interface Assertion extends UserInput {
  readonly loginId: string;
  readonly groups: readonly string[];
}

/** How the tenant's attributes are called that mean what the emulated provider's own do. */
const STANDARD: Readonly<Record<string, readonly string[]>> = {
  loginId: ["loginId"],
  name: ["name"],
  givenName: ["givenName"],
  middleName: ["middleName"],
  familyName: ["familyName"],
  email: ["email"],
  phone: ["phoneNumber"],
  picture: ["picture"],
};

function assertionOf(configuration: SsoConfiguration, identity: Identity): Assertion {
  const mapping = mappingOf(configuration);
  const { attributes } = identity;
  const own: Readonly<Record<string, string | undefined>> = { ...identity } as never;
  const texts: Record<string, string> = {};
  for (const [field, keys] of Object.entries(STANDARD)) {
    const named = keys.map((key) => attributes[mapping.texts[key] ?? ""]).find((one) => one !== undefined);
    const content = named ?? (field === "loginId" ? (identity.email ?? identity.loginId) : own[field]);
    if (content !== undefined) texts[field] = content;
  }
  const ofGroup = attributes[mapping.texts.group ?? ""];
  const groups = ofGroup === undefined ? identity.groups : ofGroup.split(",").map((group) => group.trim());
  const customAttributes = Object.fromEntries(
    Object.entries(mapping.custom).flatMap(([ours, theirs]) =>
      attributes[theirs] === undefined ? [] : [[ours, attributes[theirs]]],
    ),
  );
  return {
    ...texts,
    loginId: texts.loginId ?? identity.loginId,
    groups: groups.filter((group) => group !== ""),
    ...(texts.email === undefined ? {} : { verifiedEmail: identity.emailVerified }),
    ...(Object.keys(customAttributes).length === 0 ? {} : { customAttributes }),
  };
}

/** Which attribute of the provider means what, as the configuration says. */
function mappingOf({ authType, saml, oidc }: SsoConfiguration) {
  const given = authType === "oidc" ? oidc.userAttrMapping : saml.attributeMapping;
  const { customAttributes, ...rest } = isJsonObject(given) ? given : {};
  return { texts: textsOf(rest), custom: textsOf(isJsonObject(customAttributes) ? customAttributes : {}) };
}

function textsOf(content: object): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(content).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1] !== "",
    ),
  );
}

/** Attributes come as texts: those that are declared to be something else are made so. */
function withAttributes(project: Project, input: Omit<Assertion, "loginId" | "groups">): UserInput {
  if (input.customAttributes == null) return input;
  const types = new Map(attributeDefinitions(project, "user").map(({ name, type }) => [name, type]));
  const typed = Object.entries(input.customAttributes).map(([name, content]) => {
    const given = String(content);
    switch (types.get(name)) {
      case ATTRIBUTE_TYPES.number:
        return [name, given.trim() === "" ? given : Number.isNaN(Number(given)) ? given : Number(given)];
      case ATTRIBUTE_TYPES.boolean:
        return [name, given === "true" ? true : given === "false" ? false : given];
      case ATTRIBUTE_TYPES.multiSelect:
        return [name, given.split(",").map((one) => one.trim())];
      default:
        return [name, given];
    }
  });
  return { ...input, customAttributes: Object.fromEntries(typed) };
}

/** The memberships with the one in the tenant, and the roles in it that the groups give. */
function withGroups(
  project: Project,
  tenant: Tenant,
  configuration: SsoConfiguration,
  user: User,
  groups: readonly string[],
): readonly UserTenant[] {
  const before = user.tenants;
  keepGroups(project, tenant, configuration, user, groups);
  const had = before.find(({ tenantId }) => tenantId === tenant.id);
  const roleIds = withGroupRoles(project, tenant, configuration, user.userId, had?.roleIds ?? []);
  const membership = { tenantId: tenant.id, roleIds };
  const after =
    had === undefined
      ? [...before, membership]
      : before.map((one) => (one.tenantId === tenant.id ? membership : one));
  return joinTenants(project, before, after);
}
