import { isEmpty, type Json } from "../../json/value.ts";
import { accessKeyReply, type AccessKey } from "../entities/access-key.ts";
import { jwtTemplates, type JwtTemplate } from "../entities/jwt-template.ts";
import { RoleLookup } from "../entities/role.ts";
import { tenants, tenantReply } from "../entities/tenant.ts";
import type { Project } from "../project.ts";
import { projectSettings, text } from "../project-settings.ts";
import { UserReplies } from "../users/user-reply.ts";
import type { User, UserTenant } from "../users/user.ts";
import { resolveDynamic, type DynamicSources } from "./dynamic-values.ts";
import { signJwt, type Claims } from "./jwt.ts";
import { lifetimes, type Session } from "./sessions.ts";

/** A token that was made. */
export interface Token {
  readonly jwt: string;
  readonly claims: Claims;
  /** Seconds since 1970. */
  readonly expires: number;
}

/** Claims that say who somebody is and may do: no custom claim takes their place. */
const RESERVED = new Set([
  ...["amr", "aud", "drn", "exp", "iat", "iss", "jti", "nbf", "rexp", "sub", "dsub", "act", "su", "nsec"],
  ...["roles", "permissions", "tenants", "dct", "dcf"],
]);

/** How a session token differs that is made for an application which signed the user in by OAuth. */
export interface ForApplication {
  /** Claims beside, or in place of, what every session token says: the audience and so on. */
  readonly claims: Claims;
  /** Milliseconds; the project's or the tenant's where it is not said. */
  readonly lifetime?: number | undefined;
  /** Which roles of the user the token tells; all where it is left out. */
  readonly tellsRole?: ((roleId: string) => boolean) | undefined;
  /** The JWT template that counts in place of the project's. */
  readonly templateId?: string | undefined;
}

/** Makes the session token of a session: short-lived, for every request to an application. */
export function sessionToken(
  project: Project,
  session: Session,
  user: User | undefined,
  application?: ForApplication,
): Token {
  const now = project.clock.now();
  const lifetime = application?.lifetime ?? lifetimes(project, session.tenantId).session;
  const steppedUp = isSteppedUp(project, session);
  const end = steppedUp ? (session.steppedUpUntil as number) : Math.min(now + lifetime, session.expires);
  const told = withRoles(user, application?.tellsRole);
  const claims = userClaims(project, session, told, "DS", application?.templateId);
  return tokenOf(project, "DS", claims, Math.floor(end / 1000), {
    // The first part names the session, so that the emulator knows which one a token is of.
    jti: `${session.id}.${project.ids.text(8)}`,
    rexp: new Date(session.expires).toISOString().replace(/\.\d+Z$/, "Z"),
    ...(steppedUp ? { su: true } : {}),
    ...application?.claims,
  });
}

/** Makes the refresh token of a session, which gets new session tokens. */
export function refreshToken(project: Project, session: Session, user: User | undefined): Token {
  return tokenOf(
    project,
    "DSR",
    userClaims(project, session, user, "DSR"),
    Math.floor(session.expires / 1000),
    {
      jti: `${session.id}.${session.refreshNumber}`,
      ...(isSteppedUp(project, session) ? { su: true } : {}),
    },
  );
}

/** Makes the session token of an access key. `selectedTenant` and `untrustedClaims` are what its holder asks for. */
export function accessKeyToken(
  project: Project,
  key: AccessKey,
  user: User | undefined,
  asked: { readonly tenantId?: string; readonly untrustedClaims: Claims; readonly more?: Claims },
): Token {
  const holder = user ?? key;
  const template = templateOf(project, "keyTemplateId");
  const sources = {
    accessKey: accessKeyReply(project, key),
    ...(user === undefined ? {} : { user: new UserReplies(project).of(user) }),
    ...tenantSource(project, asked.tenantId),
  };
  const claims = {
    ...authorizations(project, holder.roleIds, holder.tenants, template),
    ...currentTenant(holder.tenants, asked.tenantId, template),
    ...untrusted(asked.untrustedClaims, sources),
    ...templated(template, sources),
    ...custom(key.customClaims, sources),
  };
  const subject = { sub: key.id, amr: [] };
  const end = Math.floor((project.clock.now() + lifetimes(project).key) / 1000);
  return tokenOf(project, "DS", { ...subject, ...claims }, end, {
    jti: project.ids.text(22),
    ...asked.more,
  });
}

/** Makes the token of an application that acts for itself. `roleIds` are what its scopes give it. */
export function applicationToken(
  project: Project,
  subject: string,
  roleIds: readonly string[],
  { claims, lifetime, templateId }: ForApplication,
): Token {
  const template = templateId === undefined ? undefined : jwtTemplates.get(project, templateId);
  const sources = { project: { id: project.id, name: project.info.name } };
  const end = Math.floor((project.clock.now() + (lifetime ?? lifetimes(project).key)) / 1000);
  const who = {
    sub: subject,
    amr: [],
    ...authorizations(project, roleIds, [], template),
    ...templated(template, sources),
  };
  return tokenOf(project, "DS", who, end, { jti: project.ids.text(22), ...claims });
}

/** The claims of a token that are neither the emulator's own nor who somebody is and may do. */
export function customClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !RESERVED.has(name)));
}

/** The user as a token shows one that tells of some roles alone. */
function withRoles(user: User | undefined, tellsRole: ForApplication["tellsRole"]): User | undefined {
  if (user === undefined || tellsRole === undefined) return user;
  return {
    ...user,
    roleIds: user.roleIds.filter(tellsRole),
    tenants: user.tenants.map((tenant) => ({ ...tenant, roleIds: tenant.roleIds.filter(tellsRole) })),
  };
}

function isSteppedUp(project: Project, { steppedUpUntil }: Session): boolean {
  return steppedUpUntil !== undefined && steppedUpUntil > project.clock.now();
}

function tokenOf(project: Project, drn: "DS" | "DSR", claims: Claims, expires: number, more: Claims): Token {
  const whole = { iss: project.id, drn, iat: project.clock.seconds(), exp: expires, ...claims, ...more };
  return { jwt: signJwt(project, whole), claims: whole, expires };
}

function userClaims(
  project: Project,
  session: Session,
  user: User | undefined,
  drn: "DS" | "DSR",
  templateId?: string,
): Claims {
  const template =
    user === undefined
      ? undefined
      : templateId === undefined
        ? templateOf(project, "userTemplateId")
        : jwtTemplates.get(project, templateId);
  const roleIds = user?.roleIds ?? session.anonymousRoleIds ?? [];
  const tenantsOfUser = user?.tenants ?? anonymousTenants(session);
  const sources: DynamicSources = {
    ...(user === undefined
      ? {}
      : { user: { ...new UserReplies(project).of(user), loginId: user.loginIds[0] } }),
    ...tenantSource(project, session.tenantId ?? onlyTenant(tenantsOfUser)),
    project: { id: project.id, name: project.info.name },
  };
  const omitted = drn === "DSR" && template?.omitCustomClaimsFromDSR === true;
  const authorized = authorizations(project, roleIds, tenantsOfUser, template);
  return {
    amr: session.amr,
    ...subjectOf(project, session, template, sources),
    ...authorized,
    ...currentTenant(tenantsOfUser, session.tenantId, template),
    ...(session.familyId === undefined ? {} : { dcf: session.familyId }),
    ...(session.actorId === undefined ? {} : { act: { sub: session.actorId } }),
    ...(omitted
      ? {}
      : {
          ...untrusted(session.untrustedClaims, sources),
          ...templated(template, sources),
          ...custom(session.claims, sources),
        }),
  };
}

function anonymousTenants({ tenantId }: Session): UserTenant[] {
  return tenantId === undefined ? [] : [{ tenantId, roleIds: [] }];
}

function subjectOf(
  project: Project,
  session: Session,
  template: JwtTemplate | undefined,
  sources: DynamicSources,
): Claims {
  const issuer =
    template?.conformanceIssuer === true ? { iss: `${project.world.settings.url}/${project.id}` } : {};
  const own = template?.overrideSubject === true ? resolveDynamic(template.template.sub, sources) : undefined;
  return typeof own === "string" && own !== ""
    ? { ...issuer, sub: own, dsub: session.userId }
    : { ...issuer, sub: session.userId };
}

/** Roles and permissions: those of the project, and those in each tenant. */
function authorizations(
  project: Project,
  roleIds: readonly string[],
  inTenants: readonly UserTenant[],
  template: JwtTemplate | undefined,
): Claims {
  const roles = new RoleLookup(project);
  const schema = template?.authSchema ?? "default";
  const of = (ids: readonly string[]) => ({
    roles: roles.names(ids),
    ...(template?.excludePermissions === true ? {} : { permissions: roles.permissions(ids) }),
  });
  return {
    ...(schema === "default" ? of(roleIds) : {}),
    // The Node SDK fails on a token without it.
    tenants:
      schema === "none" ? {} : Object.fromEntries(inTenants.map((one) => [one.tenantId, of(one.roleIds)])),
  };
}

function currentTenant(
  inTenants: readonly UserTenant[],
  chosen: string | undefined,
  template: JwtTemplate | undefined,
): Claims {
  const tenantId = chosen ?? (template?.autoDCT === false ? undefined : onlyTenant(inTenants));
  return tenantId === undefined ? {} : { dct: tenantId };
}

/** The tenant of somebody who is in one alone. */
export function onlyTenant(inTenants: readonly UserTenant[]): string | undefined {
  return inTenants.length === 1 ? inTenants[0]?.tenantId : undefined;
}

function tenantSource(project: Project, tenantId: string | undefined): DynamicSources {
  const tenant = tenantId === undefined ? undefined : tenants.get(project, tenantId);
  return tenant === undefined ? {} : { tenant: tenantReply(tenant) };
}

function templateOf(project: Project, setting: "userTemplateId" | "keyTemplateId"): JwtTemplate | undefined {
  const id = text(projectSettings(project)[setting]);
  return id === "" ? undefined : jwtTemplates.get(project, id);
}

function templated(template: JwtTemplate | undefined, sources: DynamicSources): Claims {
  if (template === undefined) return {};
  const claims = custom(template.template, sources);
  if (template.emptyClaimPolicy === "delete")
    return Object.fromEntries(Object.entries(claims).filter(([, content]) => !isEmpty(content as Json)));
  if (template.emptyClaimPolicy === "nil")
    return Object.fromEntries(
      Object.entries(claims).map(([name, content]) => [name, content === "" ? null : content]),
    );
  return claims;
}

/** Claims of the application's own, without those that would change who somebody is. */
function custom(claims: Claims, sources: DynamicSources): Claims {
  const resolved = resolveDynamic(claims, sources) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(resolved).filter(([name]) => !RESERVED.has(name)));
}

/** What the signing in side asked for: under `nsec`, where nobody takes it for true, and by its own names beside. */
function untrusted(claims: Claims, sources: DynamicSources): Claims {
  const own = custom(claims, sources);
  return Object.keys(own).length === 0 ? {} : { ...own, nsec: own };
}
