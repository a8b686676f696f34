import * as operations from "../../api/operations/tenants.ts";
import { audit } from "../audit.ts";
import { accessKeys } from "../entities/access-key.ts";
import { consents } from "../entities/consent.ts";
import { roles } from "../entities/role.ts";
import { forgetTenantSso } from "../entities/sso-configuration.ts";
import { requireTenant, tenantReply, tenants, type Tenant } from "../entities/tenant.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { usersLinked } from "../users/user-store.ts";
import { putUser } from "../users/user-store.ts";

export const tenantService: Service = [
  on(operations.create, (input, call) => {
    const tenant = createTenant(call.project, input, call.actorId);
    return { id: tenant.id };
  }),
  on(operations.load, ({ id }, { project }) => tenantReply(requireTenant(project, id))),
  on(operations.loadAll, (_input, { project }) => ({ tenants: tenants.all(project).map(tenantReply) })),
  on(operations.remove, ({ id, cascade }, call) => {
    removeTenant(call, requireTenant(call.project, id), cascade === true);
    return {};
  }),
];

/** What a request says of a new tenant. */
export interface NewTenant {
  readonly id?: string | null | undefined;
  readonly name: string;
  readonly selfProvisioningDomains?: readonly string[] | null | undefined;
  readonly customAttributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly enforceSSO?: boolean | null | undefined;
  readonly enforceSSOExclusions?: readonly string[] | null | undefined;
  readonly disabled?: boolean | null | undefined;
  readonly roleInheritance?: string | null | undefined;
  readonly parent?: string | null | undefined;
}

/** @throws {EmulatorError} when the id is taken, or the parent does not exist. */
export function createTenant(project: Project, input: NewTenant, actorId: string): Tenant {
  if (input.name === "") throw missingArgument("The name field is empty");
  const id = input.id || project.ids.next("T");
  if (tenants.get(project, id) !== undefined) throw invalidArgument(`There is a tenant ${id} already`);
  const parent = input.parent || undefined;
  if (parent !== undefined) requireTenant(project, parent);
  const tenant = tenants.put(project, {
    id,
    name: input.name,
    selfProvisioningDomains: input.selfProvisioningDomains ?? [],
    customAttributes: input.customAttributes ?? {},
    authType: "none",
    domains: [],
    enforceSSO: input.enforceSSO ?? false,
    enforceSSOExclusions: input.enforceSSOExclusions ?? [],
    disabled: input.disabled ?? false,
    roleInheritance: input.roleInheritance ?? "",
    ...(parent === undefined ? {} : { parent }),
    defaultRoles: [],
    settings: {},
    createdTime: project.clock.now(),
  });
  audit(project, { action: "TenantCreated", actorId, tenants: [id], data: { name: tenant.name } });
  return tenant;
}

function removeTenant({ project, actorId }: Call, tenant: Tenant, cascade: boolean): void {
  const children = tenants.all(project).filter(({ parent }) => parent === tenant.id);
  if (children.length > 0 && !cascade)
    throw invalidArgument(`The tenant ${tenant.id} has tenants below it; cascade deletes them too`);
  for (const child of children) removeTenant({ project, actorId } as Call, child, true);
  for (const user of usersLinked(project, "tenant", tenant.id)) {
    putUser(project, { ...user, tenants: user.tenants.filter(({ tenantId }) => tenantId !== tenant.id) });
  }
  forgetWhatIsIn(project, tenant.id);
  tenants.delete(project, tenant.id);
  audit(project, { action: "TenantDeleted", actorId, tenants: [tenant.id], data: { name: tenant.name } });
}

/** Takes a tenant out of access keys, and with it all that is nobody else's: its roles, consents and single sign-on. */
function forgetWhatIsIn(project: Project, tenantId: string): void {
  for (const key of accessKeys.all(project)) {
    const others = key.tenants.filter((one) => one.tenantId !== tenantId);
    if (others.length < key.tenants.length) accessKeys.put(project, { ...key, tenants: others });
  }
  for (const role of roles.all(project)) if (role.tenantId === tenantId) roles.delete(project, role.id);
  for (const consent of consents.all(project))
    if (consent.tenantId === tenantId) consents.delete(project, consent.id);
  forgetTenantSso(project, tenantId);
}
