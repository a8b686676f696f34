import * as operations from "../../api/operations/scim-keys.ts";
import { audit } from "../audit.ts";
import { accessKeyReply, accessKeys, type AccessKey } from "../entities/access-key.ts";
import { TENANT_ADMIN } from "../entities/role.ts";
import { FIRST_SSO, requireSsoConfiguration } from "../entities/sso-configuration.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";
import { createAccessKey } from "./access-keys.ts";

/** The keys by which directories of tenants provision users (SCIM). */
export const scimKeyService: Service = [
  on(operations.create, (input, call) => create(call, directoryOf(call, input), input)),
  on(operations.load, ({ tenantId, ssoId }, { project }) => {
    const tenant = requireTenant(project, tenantId);
    if (ssoId) requireSsoConfiguration(project, tenant, ssoId);
    const keys = accessKeys
      .all(project)
      .filter((key) => key.scimSsoId !== undefined && (!ssoId || key.scimSsoId === ssoId))
      .filter((key) => key.tenants.some((one) => one.tenantId === tenantId));
    return { keys: keys.map((key) => ({ key: accessKeyReply(project, key), ssoId: key.scimSsoId })) };
  }),
  on(operations.rotate, ({ revokeMode, ...input }, call) => {
    const directory = directoryOf(call, input);
    const before = keysOf(call, directory);
    const made = create(call, directory, input);
    revoke(call, before, revokeMode);
    return made;
  }),
  on(operations.revoke, ({ revokeMode, ...which }, call) => ({
    revokedKeyIds: revoke(call, keysOf(call, directoryOf(call, which)), revokeMode),
  })),
  on(operations.activate, ({ keyIds, ...which }, call) => {
    const own = keysOf(call, directoryOf(call, which));
    const wanted = [...new Set(keyIds)].map((id) => {
      const key = own.find((one) => one.id === id);
      if (key === undefined)
        throw invalidArgument(`The keyIds field names ${id}, which is no SCIM key of this single sign-on`);
      return key;
    });
    for (const key of wanted) {
      accessKeys.put(call.project, { ...key, status: "active" });
      auditKey(call, "AccessKeyActivated", key);
    }
    return { activatedKeyIds: wanted.map(({ id }) => id) };
  }),
];

/** Whose directory it is. */
interface Directory {
  readonly tenantId: string;
  readonly ssoId: string;
  /** What a key of it is called where nobody says. */
  readonly keyName: string;
}

interface Which {
  readonly tenantId: string;
  readonly ssoId?: string | null | undefined;
}

/** @throws {EmulatorError} for a tenant or single sign-on that does not exist. */
function directoryOf({ project }: Call, { tenantId, ssoId: named }: Which): Directory {
  const tenant = requireTenant(project, tenantId);
  const { ssoId, displayName } = requireSsoConfiguration(project, tenant, named);
  const sso = ssoId === FIRST_SSO ? "" : ` ${displayName || ssoId}`;
  return { tenantId, ssoId, keyName: `SCIM ${tenant.name}${sso}` };
}

function keysOf({ project }: Call, { tenantId, ssoId }: Directory): AccessKey[] {
  return accessKeys
    .all(project)
    .filter((key) => key.scimSsoId === ssoId && key.tenants.some((one) => one.tenantId === tenantId));
}

function create(
  { project, actorId }: Call,
  { tenantId, ssoId, keyName }: Directory,
  {
    name,
    expireTime,
  }: { readonly name?: string | null | undefined; readonly expireTime?: number | null | undefined },
): object {
  const keyTenants = [{ tenantId, roleNames: [TENANT_ADMIN] }];
  const made = createAccessKey(
    project,
    { name: name || keyName, expireTime, keyTenants },
    { actorId, scimSsoId: ssoId },
  );
  return { cleartext: made.cleartext, key: accessKeyReply(project, made.key) };
}

type RevokeMode = 0 | 1 | "SCIM_KEY_REVOKE_MODE_DELETE" | "SCIM_KEY_REVOKE_MODE_DEACTIVATE";

/** @returns the ids of those that were good until now, or are gone now. */
function revoke(call: Call, keys: readonly AccessKey[], mode: RevokeMode | null | undefined): string[] {
  const stays = mode === 1 || mode === "SCIM_KEY_REVOKE_MODE_DEACTIVATE";
  const concerned = keys.filter(({ status }) => !stays || status === "active");
  for (const key of concerned) {
    if (stays) accessKeys.put(call.project, { ...key, status: "inactive" });
    else accessKeys.delete(call.project, key.id);
    auditKey(call, stays ? "AccessKeyDeactivated" : "AccessKeyDeleted", key);
  }
  return concerned.map(({ id }) => id);
}

function auditKey({ project, actorId }: Call, action: string, key: AccessKey): void {
  const tenants = key.tenants.map(({ tenantId }) => tenantId);
  audit(project, { action, actorId, tenants, data: { keyId: key.id, name: key.name } });
}
