import * as operations from "../../api/operations/sso.ts";
import { audit } from "../audit.ts";
import { groups, groupsOf } from "../entities/group.ts";
import { findRole, roles } from "../entities/role.ts";
import {
  blank,
  deleteSsoConfiguration,
  FIRST_SSO,
  oldSsoReply,
  putSsoConfiguration,
  requireSsoConfiguration,
  ssoConfigurations,
  ssoReply,
  xaaReply,
  type Grants,
  type SsoConfiguration,
} from "../entities/sso-configuration.ts";
import { requireTenant, type Tenant } from "../entities/tenant.ts";
import { usersOfGroups } from "../federation/group-roles.ts";
import { recalculateMappings } from "../federation/recalculation.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { present } from "../present.ts";

export const ssoService: Service = [
  on(operations.configureSaml, ({ settings, redirectUrl, domains, ...which }, call) => {
    const { idpUrl, idpCert, idpAdditionalCerts, ...rest } = settings;
    return configure(call, which, (before) => ({
      ...withSaml(call.project, which.tenantId, before, rest),
      saml: present({
        ...samlSettings(before, rest, redirectUrl),
        idpSSOUrl: idpUrl,
        idpCertificate: idpCert,
        idpAdditionalCertificates: idpAdditionalCerts,
      }),
      authType: "saml",
      domains: domains ?? [],
    }));
  }),
  on(operations.configureSamlByMetadata, ({ settings, redirectUrl, domains, ...which }, call) =>
    configure(call, which, (before) => ({
      ...withSaml(call.project, which.tenantId, before, settings),
      saml: present(samlSettings(before, settings, redirectUrl)),
      authType: "saml",
      domains: domains ?? [],
    })),
  ),
  on(operations.configureOidc, ({ settings, domains, ...which }, call) =>
    configure(call, which, (before) => {
      const { clientSecret, ...rest } = settings;
      return {
        ...before,
        oidc: present({ ...providerIds(before.oidc), ...withoutGrants(rest) }),
        secrets: { ...before.secrets, ...(clientSecret ? { clientSecret } : {}) },
        grants: grantsOf(call.project, which.tenantId, before.grants, settings),
        authType: "oidc",
        domains: domains ?? [],
      };
    }),
  ),
  on(operations.configureRedirect, ({ samlRedirectUrl, oauthRedirectUrl, ...which }, call) => {
    if (samlRedirectUrl == null && oauthRedirectUrl == null)
      throw missingArgument("One of the fields samlRedirectUrl and oauthRedirectUrl is needed");
    return configure(call, which, (before) => ({
      ...before,
      saml: samlRedirectUrl == null ? before.saml : { ...before.saml, redirectUrl: samlRedirectUrl },
      oidc: oauthRedirectUrl == null ? before.oidc : { ...before.oidc, redirectUrl: oauthRedirectUrl },
    }));
  }),
  on(operations.configureAuthType, ({ authType, ...which }, call) =>
    configure(call, which, (before) => ({ ...before, authType })),
  ),
  on(
    operations.configureProviderIds,
    ({ samlProviderId, samlScimProviderId, oidcProviderId, oidcScimProviderId, ...which }, call) =>
      configure(call, which, (before) => ({
        ...before,
        saml: {
          ...before.saml,
          ...present({ providerID: samlProviderId, scimProviderID: samlScimProviderId }),
        },
        oidc: {
          ...before.oidc,
          ...present({ providerID: oidcProviderId, scimProviderID: oidcScimProviderId }),
        },
      })),
  ),
  on(operations.load, ({ tenantId, ssoId }, { project }) => {
    const tenant = requireTenant(project, tenantId);
    return ssoReply(project, tenant, requireSsoConfiguration(project, tenant, ssoId));
  }),
  on(operations.loadAll, ({ tenantId }, { project }) => {
    const tenant = requireTenant(project, tenantId);
    return {
      SSOSettings: ssoConfigurations(project, tenant).map((one) => ssoReply(project, tenant, one)),
    };
  }),
  on(operations.create, ({ tenantId, ssoId, displayName }, call) => {
    const { project } = call;
    const tenant = requireTenant(project, tenantId);
    if (!displayName) throw missingArgument("The displayName field is empty");
    const id = ssoId || project.ids.next("SSO");
    if (ssoConfigurations(project, tenant).some((one) => one.ssoId === id))
      throw invalidArgument(`The tenant ${tenantId} has an SSO configuration ${id} already`);
    const configuration = blank(id, displayName);
    putSsoConfiguration(project, tenant, configuration);
    auditSso(call, "SSOSettingsCreated", tenant, id);
    return ssoReply(project, requireTenant(project, tenantId), configuration);
  }),
  on(operations.remove, ({ tenantId, ssoId }, call) => {
    const tenant = requireTenant(call.project, tenantId);
    const { ssoId: id } = requireSsoConfiguration(call.project, tenant, ssoId);
    const concerned = usersOfGroups(call.project, tenant, id);
    deleteSsoConfiguration(call.project, tenant, id);
    for (const group of groupsOf(call.project, tenant.id))
      if (group.ssoId === id) groups.delete(call.project, group.id);
    // What it gave because of groups goes with it.
    recalculateMappings(call.project, tenant, [blank(id, "")], concerned, call.actorId);
    auditSso(call, "SSOSettingsDeleted", tenant, id);
    return {};
  }),
  on(operations.loadOld, ({ tenantId }, { project }) =>
    oldSsoReply(project, requireTenant(project, tenantId)),
  ),
  on(operations.configureOld, ({ tenantId, idpURL, idpCert, entityId, redirectURL, domains }, call) =>
    configure(call, { tenantId }, (before) => ({
      ...before,
      saml: {
        ...before.saml,
        idpSSOUrl: idpURL ?? "",
        idpCertificate: idpCert ?? "",
        idpEntityId: entityId ?? "",
        idpMetadataUrl: "",
        redirectUrl: redirectURL ?? "",
      },
      authType: "saml",
      domains: domains ?? [],
    })),
  ),
  on(operations.configureMetadataOld, ({ tenantId, idpMetadataURL, redirectURL, domains }, call) =>
    configure(call, { tenantId }, (before) => ({
      ...before,
      saml: {
        ...before.saml,
        idpSSOUrl: "",
        idpCertificate: "",
        idpEntityId: "",
        idpMetadataUrl: idpMetadataURL ?? "",
        redirectUrl: redirectURL ?? "",
      },
      authType: "saml",
      domains: domains ?? [],
    })),
  ),
  on(operations.configureMappingOld, ({ tenantId, attributeMapping, ...grants }, call) =>
    configure(call, { tenantId }, (before) => ({
      ...before,
      saml: { ...before.saml, ...present({ attributeMapping }) },
      grants: grantsOf(call.project, tenantId, before.grants, grants),
    })),
  ),
  on(operations.configureXaa, ({ tenantId, ssoId, ...input }, call) =>
    configure(call, { tenantId, ssoId }, (before) => ({
      ...before,
      xaa: present(withoutGrants(input)),
      grants: grantsOf(call.project, tenantId, before.grants, input),
    })),
  ),
  on(operations.loadXaa, ({ tenantId, ssoId }, { project }) =>
    xaaReply(project, requireSsoConfiguration(project, requireTenant(project, tenantId), ssoId)),
  ),
  on(operations.loadAllXaa, ({ tenantId }, { project }) => ({
    XAASettings: ssoConfigurations(project, requireTenant(project, tenantId))
      .filter(({ xaa }) => xaa !== undefined)
      .map((one) => xaaReply(project, one)),
  })),
  on(operations.recalculateMappings, ({ tenantId, ssoId }, call) => {
    const { project, actorId } = call;
    const tenant = requireTenant(project, tenantId);
    const configuration = requireSsoConfiguration(project, tenant, ssoId);
    const concerned = usersOfGroups(project, tenant, configuration.ssoId);
    recalculateMappings(project, tenant, [configuration], concerned, actorId);
    auditSso(call, "SSOMappingsRecalculated", tenant, configuration.ssoId);
    return {};
  }),
  on(operations.removeXaa, (which, call) => configure(call, which, ({ xaa: _, ...before }) => before)),
];

interface Which {
  readonly tenantId: string;
  readonly ssoId?: string | null | undefined;
}

/** Changes a configuration, and says so in the trail. */
function configure(
  call: Call,
  { tenantId, ssoId }: Which,
  change: (before: SsoConfiguration) => SsoConfiguration,
): Record<string, never> {
  const tenant = requireTenant(call.project, tenantId);
  const before = requireSsoConfiguration(call.project, tenant, ssoId);
  putSsoConfiguration(call.project, tenant, change(before));
  auditSso(call, "SSOSettingsUpdated", tenant, before.ssoId);
  return {};
}

interface SamlInput extends GrantsInput {
  readonly entityId?: string | null | undefined;
  readonly spEncryptionKey?: string | null | undefined;
  readonly spSignKey?: string | null | undefined;
  readonly [setting: string]: unknown;
}

/** The settings that a request replaces, but for the identity provider's own. */
function samlSettings(
  before: SsoConfiguration,
  { entityId, spEncryptionKey, spSignKey, ...rest }: SamlInput,
  redirectUrl: string | null | undefined,
): Record<string, unknown> {
  const { spACSUrl, spEntityId, ...settings } = withoutGrants(rest);
  return {
    ...providerIds(before.saml),
    ...settings,
    // Empty means the project's own; only a tenant that comes from elsewhere keeps the old ones.
    ...(spACSUrl ? { spACSUrl } : {}),
    ...(spEntityId ? { spEntityId } : {}),
    idpEntityId: entityId,
    redirectUrl,
  };
}

function withSaml(
  project: Project,
  tenantId: string,
  before: SsoConfiguration,
  { spEncryptionKey, spSignKey, ...input }: SamlInput,
): SsoConfiguration {
  const secrets = {
    ...(spEncryptionKey ? { spEncryptionKey } : {}),
    ...(spSignKey ? { spSignKey } : {}),
  };
  return {
    ...before,
    secrets: { ...before.secrets, ...secrets },
    grants: grantsOf(project, tenantId, before.grants, input),
  };
}

/** Which provider's template was chosen: set by a call of its own and not by the settings. */
function providerIds({ providerID, scimProviderID }: Readonly<Record<string, unknown>>) {
  return { providerID, scimProviderID };
}

interface GrantsInput {
  readonly roleMappings?:
    readonly { readonly groups?: Names; readonly roleName?: string | null | undefined }[] | null | undefined;
  readonly groupsMapping?:
    | readonly {
        readonly role?:
          | { readonly id?: string | null | undefined; readonly name?: string | null | undefined }
          | null
          | undefined;
        readonly groups?: Names;
      }[]
    | null
    | undefined;
  readonly defaultSSORoles?: Names;
  readonly replaceDefaultSSORoles?: boolean | null | undefined;
  readonly groupsPriority?: Names;
  readonly fgaMappings?: Readonly<Record<string, unknown>> | null | undefined;
}

type Names = readonly string[] | null | undefined;

const GRANTS: ReadonlySet<string> = new Set([
  "roleMappings",
  "groupsMapping",
  "defaultSSORoles",
  "replaceDefaultSSORoles",
  "groupsPriority",
  "fgaMappings",
]);

function withoutGrants(settings: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !GRANTS.has(name)));
}

/** Says of a request's member that it names a role which is not there, or none at all. */
function noSuchRole(field: string, name: unknown, id: unknown): string {
  const said = name || id;
  return said
    ? `The ${field} field names the role ${said}, but there is no such role`
    : `The ${field} field has an entry that names no role`;
}

/**
 * What groups give after a request. What it does not speak of stays, and so do the default roles where their list is empty: clients
 * send one when they mean nothing by it.
 *
 * @throws {EmulatorError} for a role that does not exist.
 */
function grantsOf(project: Project, tenantId: string, before: Grants, input: GrantsInput): Grants {
  const named = input.roleMappings ?? [];
  const whole = input.groupsMapping ?? [];
  const speaksOfRoles = input.roleMappings != null || input.groupsMapping != null;
  const isReplaced = (input.defaultSSORoles ?? []).length > 0 || input.replaceDefaultSSORoles === true;
  const roleId = (field: string, name: string | null | undefined, id?: string | null | undefined) => {
    const role = (id ? roles.get(project, id) : undefined) ?? findRole(project, name ?? "", tenantId);
    if (role === undefined) throw invalidArgument(noSuchRole(field, name, id));
    return role.id;
  };
  return {
    roles: speaksOfRoles
      ? [
          ...named.map(({ groups, roleName }) => ({
            roleId: roleId("roleMappings", roleName),
            groups: groups ?? [],
          })),
          ...whole.map(({ groups, role }) => ({
            roleId: roleId("groupsMapping", role?.name, role?.id),
            groups: groups ?? [],
          })),
        ]
      : before.roles,
    defaultRoleIds: isReplaced
      ? (input.defaultSSORoles ?? []).map((name) => roleId("defaultSSORoles", name))
      : before.defaultRoleIds,
    priority: input.groupsPriority ?? before.priority,
    fga: input.fgaMappings == null ? before.fga : present(input.fgaMappings),
  };
}

function auditSso({ project, actorId }: Call, action: string, tenant: Tenant, ssoId: string): void {
  audit(project, {
    action,
    actorId,
    tenants: [tenant.id],
    data: { name: tenant.name, ...(ssoId === FIRST_SSO ? {} : { ssoId }) },
  });
}
