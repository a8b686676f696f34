import * as operations from "../../api/operations/access-keys.ts";
import { audit } from "../audit.ts";
import {
  accessKeyOf,
  accessKeyReply,
  accessKeys,
  hashKey,
  isExpired,
  requireAccessKey,
  type AccessKey,
} from "../entities/access-key.ts";
import { roleIds } from "../entities/role.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { addressesOrRanges } from "../ip-range.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { sorted } from "../sorting.ts";
import { userTenants, type TenantInput } from "../users/user-fields.ts";
import { requireUser } from "../users/user-store.ts";

export const accessKeyService: Service = [
  on(operations.create, (input, call) => {
    const { key, cleartext } = createAccessKey(call.project, input, { actorId: call.actorId });
    return { cleartext, key: accessKeyReply(call.project, key) };
  }),
  on(operations.importKeys, ({ keys }, { project, actorId }) => ({
    keys: keys.map(({ cleartext, ...input }) => {
      if (accessKeyOf(project, cleartext) !== undefined)
        throw invalidArgument(`The cleartext of the access key ${input.name} is that of another one`);
      return accessKeyReply(project, createAccessKey(project, input, { actorId, cleartext }).key);
    }),
  })),
  on(operations.update, ({ id, ...input }, call) => {
    const key = update(call, requireAccessKey(call.project, id), input);
    return { key: accessKeyReply(call.project, key) };
  }),
  on(operations.rotate, ({ id }, call) => {
    const { project } = call;
    const before = requireAccessKey(project, id);
    if (before.status !== "active" || isExpired(project, before))
      throw invalidArgument(`The access key ${id} is not active, or has expired, and cannot be rotated`);
    const cleartext = `${id}${project.ids.text(43)}`;
    const key = accessKeys.put(project, { ...before, secretHash: hashKey(cleartext) });
    auditKey(call, "AccessKeyRotated", key);
    return { cleartext, key: accessKeyReply(project, key) };
  }),
  on(operations.load, ({ id }, { project }) => ({
    key: accessKeyReply(project, requireAccessKey(project, id)),
  })),
  on(operations.loadAll, (query, { project }) => {
    const text = (query.text ?? "").toLowerCase();
    const wantedTenants = query.tenantIds ?? [];
    const found = accessKeys.all(project).filter((key) => {
      if (wantedTenants.length > 0 && !key.tenants.some(({ tenantId }) => wantedTenants.includes(tenantId)))
        return false;
      if (query.boundUserId && key.boundUserId !== query.boundUserId) return false;
      if (query.creatingUser && key.createdBy !== query.creatingUser) return false;
      if (text !== "" && !`${key.id}\n${key.name}\n${key.description}`.toLowerCase().includes(text))
        return false;
      return Object.entries(query.customAttributes ?? {}).every(
        ([name, wanted]) => JSON.stringify(key.customAttributes[name]) === JSON.stringify(wanted),
      );
    });
    return { keys: sorted(found, query.sort, SORT_KEYS).map((key) => accessKeyReply(project, key)) };
  }),
  on(operations.remove, ({ id }, call) => remove(call, [id])),
  on(operations.removeBatch, ({ ids }, call) => remove(call, ids)),
  on(operations.activate, ({ id }, call) => setStatus(call, [id], "active")),
  on(operations.activateBatch, ({ ids }, call) => setStatus(call, ids, "active")),
  on(operations.deactivate, ({ id }, call) => setStatus(call, [id], "inactive")),
  on(operations.deactivateBatch, ({ ids }, call) => setStatus(call, ids, "inactive")),
];

/** What a list of access keys can be sorted by. */
const SORT_KEYS: Readonly<Record<string, (key: AccessKey) => string | number>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  description: ({ description }) => description,
  status: ({ status }) => status,
  createdTime: ({ createdTime }) => createdTime,
  expireTime: ({ expireTime }) => expireTime,
  createdBy: ({ createdBy }) => createdBy,
  clientId: ({ clientId }) => clientId,
};

/** What a request says of a new access key. */
export interface NewAccessKey {
  readonly name: string;
  readonly description?: string | null | undefined;
  /** Seconds since 1970; 0 for never. */
  readonly expireTime?: number | null | undefined;
  readonly userId?: string | null | undefined;
  readonly keyTenants?: readonly TenantInput[] | null | undefined;
  readonly roleNames?: readonly string[] | null | undefined;
  readonly customClaims?: Readonly<Record<string, unknown>> | null | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly permittedIps?: readonly string[] | null | undefined;
}

/**
 * Creates an access key.
 *
 * @param pinned what a seed chooses that is made up otherwise, and whose directory the key is for.
 * @returns the key, and the only copy of it in clear.
 */
export function createAccessKey(
  project: Project,
  input: NewAccessKey,
  pinned: {
    readonly actorId: string;
    readonly id?: string;
    readonly cleartext?: string;
    readonly scimSsoId?: string;
  },
): { readonly key: AccessKey; readonly cleartext: string } {
  if (input.name === "") throw missingArgument("The name field is empty");
  const expireTime = (input.expireTime ?? 0) * 1000;
  if (expireTime < 0) throw invalidArgument("The expireTime field must not be negative");
  const id = pinned.id ?? project.ids.next("K");
  if (accessKeys.get(project, id) !== undefined)
    throw invalidArgument(`There is an access key ${id} already`);
  const boundUserId = input.userId ? requireUser(project, input.userId).userId : undefined;
  const cleartext = pinned.cleartext ?? `${id}${project.ids.text(43)}`;
  const key = accessKeys.put(project, {
    id,
    name: input.name,
    description: input.description ?? "",
    status: "active",
    roleIds: roleIds(project, input.roleNames ?? []),
    tenants: userTenants(project, input.keyTenants ?? []),
    ...(boundUserId === undefined ? {} : { boundUserId }),
    ...(pinned.scimSsoId === undefined ? {} : { scimSsoId: pinned.scimSsoId }),
    customClaims: input.customClaims ?? {},
    customAttributes: input.customAttributes ?? {},
    permittedIps: addressesOrRanges("permittedIps", input.permittedIps),
    expireTime,
    createdTime: project.clock.now(),
    createdBy: pinned.actorId,
    clientId: id,
    secretHash: hashKey(cleartext),
  });
  auditKey({ project, actorId: pinned.actorId }, "AccessKeyCreated", key);
  return { key, cleartext };
}

/** Changes what is sent, and leaves what is null or not there. */
function update(
  call: Call,
  before: AccessKey,
  input: Pick<
    NewAccessKey,
    "name" | "description" | "keyTenants" | "roleNames" | "customClaims" | "customAttributes" | "permittedIps"
  >,
): AccessKey {
  const { project } = call;
  const key = accessKeys.put(project, {
    ...before,
    name: input.name,
    description: input.description ?? before.description,
    roleIds: input.roleNames == null ? before.roleIds : roleIds(project, input.roleNames),
    tenants: input.keyTenants == null ? before.tenants : userTenants(project, input.keyTenants),
    customClaims: input.customClaims ?? before.customClaims,
    customAttributes: input.customAttributes ?? before.customAttributes,
    permittedIps:
      input.permittedIps == null
        ? before.permittedIps
        : addressesOrRanges("permittedIps", input.permittedIps),
  });
  auditKey(call, "AccessKeyModified", key);
  return key;
}

/** Deletes all of the keys, or none where one does not exist. */
function remove(call: Call, ids: readonly string[]): Record<string, never> {
  const { project } = call;
  for (const key of requireAccessKeys(project, ids)) removeAccessKey(call, key);
  return {};
}

/** Deletes a key and says so in the audit trail. */
export function removeAccessKey(call: Call, key: AccessKey): void {
  accessKeys.delete(call.project, key.id);
  auditKey(call, "AccessKeyDeleted", key);
}

function setStatus(call: Call, ids: readonly string[], status: AccessKey["status"]): Record<string, never> {
  for (const key of requireAccessKeys(call.project, ids)) {
    accessKeys.put(call.project, { ...key, status });
    auditKey(call, status === "active" ? "AccessKeyActivated" : "AccessKeyDeactivated", key);
  }
  return {};
}

function requireAccessKeys(project: Project, ids: readonly string[]): AccessKey[] {
  return [...new Set(ids)].map((id) => requireAccessKey(project, id));
}

function auditKey(
  { project, actorId }: Pick<Call, "project" | "actorId">,
  action: string,
  key: AccessKey,
): void {
  audit(project, {
    action,
    actorId,
    tenants: key.tenants.map(({ tenantId }) => tenantId),
    data: { keyId: key.id, name: key.name },
  });
}
