import { families } from "../entities/family.ts";
import { RoleLookup } from "../entities/role.ts";
import { tenants } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import type { User } from "./user.ts";

/** Puts users into the form in which the API gives them: names for ids of roles and tenants, seconds for milliseconds. */
export class UserReplies {
  private readonly project: Project;
  private readonly roles: RoleLookup;
  private readonly tenantNames = new Map<string, string>();

  constructor(project: Project) {
    this.project = project;
    this.roles = new RoleLookup(project);
  }

  of(user: User): Record<string, unknown> {
    return {
      loginIds: user.loginIds,
      userId: user.userId,
      name: user.name ?? "",
      givenName: user.givenName ?? "",
      middleName: user.middleName ?? "",
      familyName: user.familyName ?? "",
      email: user.email ?? "",
      phone: user.phone ?? "",
      verifiedEmail: user.verifiedEmail,
      verifiedPhone: user.verifiedPhone,
      recoveryEmail: user.recoveryEmail,
      recoveryPhone: user.recoveryPhone,
      verifiedRecoveryEmail: user.verifiedRecoveryEmail,
      verifiedRecoveryPhone: user.verifiedRecoveryPhone,
      roleNames: this.roles.names(user.roleIds),
      permissions: this.roles.permissions(user.roleIds),
      userTenants: user.tenants.map(({ tenantId, roleIds }) => ({
        tenantId,
        tenantName: this.tenantName(tenantId),
        roleNames: this.roles.names(roleIds),
        permissions: this.roles.permissions(roleIds),
      })),
      status: user.status,
      externalIds: user.externalIds ?? user.loginIds,
      picture: user.picture ?? "",
      test: user.test,
      customAttributes: user.customAttributes,
      createdTime: Math.floor(user.createdTime / 1000),
      modifiedTime: Math.floor(user.modifiedTime / 1000),
      ssoAppIds: user.ssoAppIds,
      password: user.password !== undefined,
      TOTP: user.totpSeed !== undefined,
      webauthn: (user.passkeys?.length ?? 0) > 0,
      push: false,
      SAML: user.saml ?? false,
      OIDC: user.oidc ?? false,
      SCIM: user.scim ?? false,
      OAuth: Object.fromEntries((user.oauth ?? []).map((provider) => [provider, true])),
      editable: true,
      consentExpiration: user.consentExpiration,
      ...this.family(user),
    };
  }

  /** Only where there is something to say: most projects have no families. */
  private family({ families: memberships = [], dependent }: User): Record<string, unknown> {
    if (memberships.length === 0 && dependent !== true) return {};
    return {
      dependent: dependent === true,
      userFamilies: memberships.map(({ familyId, roleIds, attributes }) => ({
        familyId,
        familyName: families.get(this.project, familyId)?.name ?? "",
        roleNames: this.roles.names(roleIds),
        permissions: this.roles.permissions(roleIds),
        familyScopedAttributes: attributes,
      })),
    };
  }

  private tenantName(id: string): string {
    let name = this.tenantNames.get(id);
    if (name === undefined) {
      name = tenants.get(this.project, id)?.name ?? "";
      this.tenantNames.set(id, name);
    }
    return name;
  }
}

/** `{user}`: what most calls that change a user give back. */
export function userReply(project: Project, user: User): { readonly user: Record<string, unknown> } {
  return { user: new UserReplies(project).of(user) };
}
