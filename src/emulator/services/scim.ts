import * as operations from "../../api/operations/scim.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { audit } from "../audit.ts";
import { usableAccessKey } from "../auth/access-key-use.ts";
import { groups, groupsOf, type Group } from "../entities/group.ts";
import { findRole, TENANT_ADMIN } from "../entities/role.ts";
import { requireTenant, type Tenant } from "../entities/tenant.ts";
import { FIRST_SSO, ssoConfigurations } from "../entities/sso-configuration.ts";
import { recalculateMappings } from "../federation/recalculation.ts";
import { EmulatorError, forbidden, invalidArgument, missingArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, text } from "../project-settings.ts";
import { parseFilter } from "../scim/filter.ts";
import { patched, type Patch } from "../scim/patch.ts";
import { on, type Call, type Service } from "../service.ts";
import { createUser, patchUser, removeUser } from "../users/user-changes.ts";
import type { UserInput } from "../users/user-fields.ts";
import { putUser, userById, userByLoginId, usersLinked } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** A tenant's directory provisions its users and groups (SCIM 2.0, RFC 7643 and 7644). */
export const scimService: Service = [
  on(operations.searchUsers, (query, call) => {
    const directory = directoryOf(call);
    const all = usersLinked(call.project, "tenant", directory.tenant.id).filter(({ test }) => !test);
    return listed(
      all.map((user) => userResource(call, user)),
      query,
    );
  }),
  on(operations.createUser, (input, call) =>
    userResource(call, provision(call, directoryOf(call), input as JsonObject)),
  ),
  on(operations.loadUser, ({ userId }, call) =>
    userResource(call, requireMember(call, directoryOf(call), userId)),
  ),
  on(operations.updateUser, ({ userId, ...input }, call) => {
    const directory = directoryOf(call);
    const user = requireMember(call, directory, userId);
    return userResource(call, describe(call, directory, user, input as JsonObject));
  }),
  on(operations.patchUser, ({ userId, ...input }, call) => {
    const directory = directoryOf(call);
    const user = requireMember(call, directory, userId);
    const after = patched(userResource(call, user), patchesOf(input));
    return userResource(call, describe(call, directory, user, withEmpty(after)));
  }),
  on(operations.removeUser, ({ userId }, call) => {
    const directory = directoryOf(call);
    const user = requireMember(call, directory, userId);
    leaveGroups(call, directory, user);
    const others = user.tenants.filter(({ tenantId }) => tenantId !== directory.tenant.id);
    // Somebody whom another tenant knows, or who was there before the directory, stays.
    if (others.length > 0 || user.scim !== true) putUser(call.project, { ...user, tenants: others });
    else removeUser(call.project, user, directory.keyId);
    return {};
  }),
  on(operations.searchGroups, ({ excludedAttributes, ...query }, call) => {
    const all = directoryGroups(call.project, directoryOf(call)).map((group) => groupResource(call, group));
    return listed(all, query, (group) => withoutExcluded(group, excludedAttributes));
  }),
  on(operations.createGroup, ({ groupId, excludedAttributes, ...input }, call) => {
    const directory = directoryOf(call);
    const now = call.project.clock.now();
    const id = groupId || call.project.ids.next("SG");
    if (groups.get(call.project, id) !== undefined) throw taken(`There is a group ${id} already`);
    const blank: Group = {
      id,
      tenantId: directory.tenant.id,
      display: "",
      userIds: [],
      source: "scim",
      ...(directory.ssoId === undefined ? {} : { ssoId: directory.ssoId }),
      createdTime: now,
      modifiedTime: now,
    };
    const group = saveGroup(call, directory, blank, input as JsonObject);
    auditGroup(call, directory, "SCIMGroupCreated", group);
    return withoutExcluded(groupResource(call, group), excludedAttributes);
  }),
  on(operations.loadGroup, ({ groupId, excludedAttributes }, call) =>
    withoutExcluded(groupResource(call, requireGroup(call, directoryOf(call), groupId)), excludedAttributes),
  ),
  on(operations.updateGroup, ({ groupId, excludedAttributes, ...input }, call) => {
    const directory = directoryOf(call);
    const group = saveGroup(call, directory, requireGroup(call, directory, groupId), input as JsonObject);
    auditGroup(call, directory, "SCIMGroupUpdated", group);
    return withoutExcluded(groupResource(call, group), excludedAttributes);
  }),
  on(operations.patchGroup, ({ groupId, ...input }, call) => {
    const directory = directoryOf(call);
    const before = requireGroup(call, directory, groupId);
    const after = patched(groupResource(call, before), patchesOf(input));
    const group = saveGroup(call, directory, before, { displayName: "", ...after });
    auditGroup(call, directory, "SCIMGroupUpdated", group);
    return groupResource(call, group);
  }),
  on(operations.removeGroup, ({ groupId }, call) => {
    const directory = directoryOf(call);
    const group = requireGroup(call, directory, groupId);
    groups.delete(call.project, group.id);
    recalculate(call, directory, group.userIds);
    auditGroup(call, directory, "SCIMGroupDeleted", group);
    return {};
  }),
  on(operations.resourceTypes, (_input, call) => {
    directoryOf(call);
    return listed([resourceType("User", "/Users", USER), resourceType("Group", "/Groups", GROUP)], {});
  }),
  on(operations.serviceProviderConfig, (_input, call) => {
    directoryOf(call);
    return {
      schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
      documentationUri: "https://docs.descope.com/scim",
      patch: { supported: true },
      bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
      filter: { supported: true, maxResults: MOST },
      changePassword: { supported: false },
      sort: { supported: false },
      etag: { supported: false },
      authenticationSchemes: [
        {
          type: "oauthbearertoken",
          name: "Project id and access key",
          description: "Bearer <project id>:<access key>, the key one of a tenant with the role Tenant Admin",
          specUri: "https://www.rfc-editor.org/rfc/rfc6750",
          primary: true,
        },
      ],
    };
  }),
];

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
const MOST = 200;

/** Whose directory calls: the key says for which tenant. */
interface Directory {
  readonly tenant: Tenant;
  readonly keyId: string;
  /** The single sign-on that its groups are for; undefined for all of the tenant's. */
  readonly ssoId: string | undefined;
}

/** @throws {EmulatorError} 401 for a key that is not good, 403 for one that is not an administrator's of one tenant. */
function directoryOf(call: Call): Directory {
  const { project } = call;
  const key = usableAccessKey(call, call.authorization.accessKey ?? "");
  const administered = key.tenants.filter(({ tenantId, roleIds }) => {
    const role = findRole(project, TENANT_ADMIN, tenantId);
    return role !== undefined && roleIds.includes(role.id);
  });
  const [only, another] = administered;
  if (only === undefined) throw forbidden(`The access key has the role ${TENANT_ADMIN} in no tenant`);
  if (another !== undefined)
    throw forbidden(`The access key has the role ${TENANT_ADMIN} in several tenants`);
  const tenant = requireTenant(project, only.tenantId);
  const { scimSsoId: ssoId } = key;
  const isThere =
    ssoId === undefined ||
    ssoId === FIRST_SSO ||
    ssoConfigurations(project, tenant).some((one) => one.ssoId === ssoId);
  if (!isThere) throw forbidden(`The access key is for the SSO configuration ${ssoId}, which is gone`);
  return { tenant, keyId: key.id, ssoId };
}

function taken(detail: string): EmulatorError {
  return new EmulatorError(409, "E011004", "Already exists", detail, { scimType: "uniqueness" });
}

/** Somebody new of the directory. Who is a user already, but not the tenant's, is the same one only where the project merges users. */
function provision(call: Call, directory: Directory, input: JsonObject): User {
  const { project } = call;
  const userName = text(input.userName);
  if (userName === "") throw missingArgument("The userName field is required");
  const known = userByLoginId(project, userName);
  const { id: tenantId } = directory.tenant;
  if (known?.tenants.some((one) => one.tenantId === tenantId) === true)
    throw taken(`The tenant has a user ${userName} already`);
  if (known !== undefined && methodSettings(project, "sso").mergeUsers !== true)
    throw taken(`A user ${userName} is there already, and not in this tenant`);
  const membership = { tenantId };
  if (known !== undefined) {
    const kept = known.tenants.map((one) => ({ ...one }));
    const joined = putUser(project, { ...known, tenants: [...kept, { tenantId, roleIds: [] }] });
    return describe(call, directory, joined, input);
  }
  const made = createUser(
    project,
    { ...fieldsOf(input), loginId: userName, userTenants: [membership], scim: true },
    { test: false, actorId: directory.keyId },
  );
  return describe(call, directory, made, input);
}

/** Brings a user to what the directory says. What it leaves out stays, but for a name that it empties. */
function describe(call: Call, directory: Directory, user: User, input: JsonObject): User {
  const { project } = call;
  const userName = input.userName === undefined ? undefined : text(input.userName);
  if (userName === "") throw missingArgument("The userName field is required");
  if (userName !== undefined && (userByLoginId(project, userName)?.userId ?? user.userId) !== user.userId)
    throw taken(`A user ${userName} is there already`);
  const fields = fieldsOf(input, user);
  const after = patchUser(project, user, { ...fields, scim: true }, directory.keyId);
  const typed = withTypes(withExternalId(after, text(input.externalId)), input);
  return putUser(project, userName === undefined ? typed : withUserName(typed, userName));
}

/** The name comes first, in place of the one before; where the user has it already, the two change places. */
function withUserName(user: User, userName: string): User {
  const [first, ...others] = user.loginIds;
  if (first === userName) return user;
  const rest = others.includes(userName) && first !== undefined ? [first, ...others] : others;
  return { ...user, loginIds: [userName, ...rest.filter((one) => one !== userName)] };
}

function withTypes(user: User, input: JsonObject): User {
  const [email, phone] = [primaryItem(input.emails)?.type, primaryItem(input.phoneNumbers)?.type];
  const types = { ...(email ? { email: text(email) } : {}), ...(phone ? { phone: text(phone) } : {}) };
  return { ...user, scimTypes: { ...user.scimTypes, ...types } };
}

/** A resource in which what an operation took away is empty. */
function withEmpty(resource: JsonObject): JsonObject {
  const name = {
    givenName: "",
    middleName: "",
    familyName: "",
    ...(isJsonObject(resource.name) ? resource.name : {}),
  };
  return { userName: "", displayName: "", emails: [], phoneNumbers: [], ...resource, name };
}

function withExternalId(user: User, externalId: string): User {
  if (externalId === "") return user;
  const others = (user.externalIds ?? []).filter((one) => one !== externalId);
  return { ...user, externalIds: [externalId, ...others] };
}

/** A directory's resource in the words of the project; addresses and a status that `before` has are no news. */
function fieldsOf(input: JsonObject, before?: User): UserInput {
  const name = isJsonObject(input.name) ? input.name : {};
  const part = (member: string) => (name[member] === undefined ? {} : { [member]: text(name[member]) });
  const email = primary(input.emails);
  const phone = primary(input.phoneNumbers);
  const active = isActive(input.active);
  return {
    ...(input.displayName === undefined ? {} : { name: text(input.displayName) }),
    ...part("givenName"),
    ...part("middleName"),
    ...part("familyName"),
    ...(email === undefined || email === (before?.email ?? "") ? {} : { email, verifiedEmail: email !== "" }),
    ...(phone === undefined || phone === (before?.phone ?? "") ? {} : { phone, verifiedPhone: phone !== "" }),
    ...(active === undefined || active === (before?.status !== "disabled")
      ? {}
      : { status: active ? "enabled" : "disabled" }),
    ...(isJsonObject(input.attributes) ? { customAttributes: input.attributes } : {}),
  };
}

/** Some directories write it as a text. */
function isActive(given: Json | undefined): boolean | undefined {
  if (typeof given === "boolean") return given;
  return typeof given === "string" ? given.toLowerCase() === "true" : undefined;
}

function primary(list: Json | undefined): string | undefined {
  return Array.isArray(list) ? text(primaryItem(list)?.value) : undefined;
}

function primaryItem(list: Json | undefined): JsonObject | undefined {
  const items = Array.isArray(list) ? list.filter(isJsonObject) : [];
  return items.find((item) => item.primary === true) ?? items[0];
}

function userResource({ world }: Call, user: User): JsonObject {
  return {
    schemas: [USER],
    id: user.userId,
    ...(user.externalIds?.[0] === undefined ? {} : { externalId: user.externalIds[0] }),
    userName: user.loginIds[0] ?? user.userId,
    displayName: user.name ?? "",
    name: {
      givenName: user.givenName ?? "",
      familyName: user.familyName ?? "",
      middleName: user.middleName ?? "",
    },
    emails: user.email ? [{ value: user.email, primary: true, type: user.scimTypes?.email ?? "work" }] : [],
    phoneNumbers: user.phone
      ? [{ value: user.phone, primary: true, type: user.scimTypes?.phone ?? "work" }]
      : [],
    active: user.status !== "disabled",
    attributes: JSON.parse(JSON.stringify(user.customAttributes)) as JsonObject,
    meta: meta(
      "User",
      `${world.settings.url}/scim/v2/Users/${user.userId}`,
      user.createdTime,
      user.modifiedTime,
    ),
  };
}

/** A group with those of its members who are still the tenant's. */
function groupResource({ project, world }: Call, group: Group): JsonObject {
  const members = group.userIds.flatMap((userId) => {
    const user = userById(project, userId);
    return user?.tenants.some(({ tenantId }) => tenantId === group.tenantId) === true
      ? [{ value: userId, display: user.name || (user.loginIds[0] ?? userId) }]
      : [];
  });
  return {
    schemas: [GROUP],
    id: group.id,
    ...(group.externalId === undefined ? {} : { externalId: group.externalId }),
    displayName: group.display,
    members,
    meta: meta(
      "Group",
      `${world.settings.url}/scim/v2/Groups/${group.id}`,
      group.createdTime,
      group.modifiedTime,
    ),
  };
}

function withoutExcluded(group: JsonObject, excluded?: string | null): JsonObject {
  if (!(excluded ?? "").split(",").some((one) => one.trim().toLowerCase() === "members")) return group;
  const { members: _, ...rest } = group;
  return rest;
}

function meta(resourceType: string, location: string, created: number, modified: number): JsonObject {
  return {
    resourceType,
    location,
    created: new Date(created).toISOString(),
    lastModified: new Date(modified).toISOString(),
  };
}

function resourceType(name: string, endpoint: string, schema: string): JsonObject {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id: name,
    name,
    description: `${name}s of the tenant`,
    endpoint,
    schema,
  };
}

interface ListQuery {
  readonly filter?: string | null | undefined;
  readonly startIndex?: string | null | undefined;
  readonly count?: string | null | undefined;
}

/** One page of resources: the first one has the index 1. @param shown what of each that fits the filter is shown. */
function listed(
  resources: readonly JsonObject[],
  { filter, startIndex, count }: ListQuery,
  shown: (resource: JsonObject) => JsonObject = (resource) => resource,
): JsonObject {
  const found = filter ? resources.filter(parseFilter(filter)) : resources;
  const start = Math.max(1, whole("startIndex", startIndex) ?? 1);
  const size = Math.min(MOST, Math.max(0, whole("count", count) ?? MOST));
  const page = found.slice(start - 1, start - 1 + size);
  return {
    schemas: [LIST],
    totalResults: found.length,
    startIndex: start,
    itemsPerPage: page.length,
    Resources: page.map(shown),
  };
}

function whole(field: string, given: string | null | undefined): number | undefined {
  if (given == null || given === "") return undefined;
  const number = Number(given);
  if (!Number.isInteger(number)) throw invalidArgument(`The ${field} field must be a whole number`);
  return number;
}

interface PatchInput {
  readonly op: string;
  readonly path?: string | null | undefined;
  readonly value?: unknown;
  readonly valueString?: string | null | undefined;
  readonly valueBoolean?: boolean | null | undefined;
  readonly valueArray?: readonly object[] | null | undefined;
  readonly valueID?: string | null | undefined;
}

/** The operations of a PATCH in one form. Descope's document has a member for each type of value. */
function patchesOf(input: {
  readonly Operations?: readonly PatchInput[] | null | undefined;
  readonly operations?: readonly PatchInput[] | null | undefined;
}): Patch[] {
  const given = input.Operations ?? input.operations ?? [];
  if (given.length === 0) throw missingArgument("The Operations field is required");
  return given.map(({ op, path, ...values }) => {
    const value = (values.value ??
      values.valueArray ??
      values.valueBoolean ??
      (values.valueID ? [{ value: values.valueID }] : values.valueString) ??
      values.value) as Json | undefined;
    return { op, path, value };
  });
}

/** @throws {EmulatorError} 404 for a user who is not the tenant's. */
function requireMember({ project }: Call, { tenant }: Directory, userId: string): User {
  const user = userById(project, userId);
  if (user === undefined || !user.tenants.some(({ tenantId }) => tenantId === tenant.id))
    throw notFound(`The tenant has no user ${userId}`);
  return user;
}

function requireGroup({ project }: Call, directory: Directory, groupId: string): Group {
  const group = directoryGroups(project, directory).find(({ id }) => id === groupId);
  if (group === undefined) throw notFound(`The directory has no group ${groupId}`);
  return group;
}

/** @throws {EmulatorError} for a name that is missing or taken, and members who are not the tenant's. */
function saveGroup(call: Call, directory: Directory, before: Group, input: JsonObject): Group {
  const { project } = call;
  const display = input.displayName === undefined ? before.display : text(input.displayName);
  if (display === "") throw missingArgument("The displayName field is required");
  const other = directoryGroups(project, directory).find(
    (one) => one.display === display && one.id !== before.id,
  );
  if (other !== undefined) throw taken(`The tenant has a group ${display} already`);
  const members = Array.isArray(input.members) ? input.members.filter(isJsonObject) : [];
  const userIds = [
    ...new Set(members.map(({ value }) => requireMember(call, directory, text(value)).userId)),
  ];
  const externalId = text(input.externalId);
  const group = groups.put(project, {
    ...before,
    display,
    userIds,
    ...(externalId === "" ? {} : { externalId }),
    modifiedTime: project.clock.now(),
  });
  const concerned = [...new Set([...before.userIds, ...userIds])];
  recalculate(call, directory, concerned);
  return group;
}

/** The groups that the directory told of; those of single sign-on are not its own. */
function directoryGroups(project: Project, { tenant, ssoId: own }: Directory): Group[] {
  return groupsOf(project, tenant.id).filter(
    ({ source, ssoId }) => source === "scim" && (own === undefined || ssoId === own),
  );
}

function leaveGroups(call: Call, directory: Directory, { userId }: User): void {
  for (const group of groupsOf(call.project, directory.tenant.id))
    if (group.userIds.includes(userId))
      groups.put(call.project, { ...group, userIds: group.userIds.filter((one) => one !== userId) });
  recalculate(call, directory, [userId]);
}

function recalculate(
  { project }: Call,
  { tenant, keyId, ssoId: own }: Directory,
  userIds: readonly string[],
): void {
  const concerned = ssoConfigurations(project, tenant).filter(
    ({ ssoId }) => own === undefined || ssoId === own,
  );
  recalculateMappings(project, tenant, concerned, userIds, keyId);
}

function auditGroup({ project }: Call, { tenant, keyId }: Directory, action: string, group: Group): void {
  audit(project, {
    action,
    actorId: keyId,
    tenants: [tenant.id],
    data: { groupId: group.id, name: group.display },
  });
}
