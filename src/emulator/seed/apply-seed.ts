import { fileFailure } from "../../failure.ts";
import { grantConsent } from "../entities/consent.ts";
import { requireInboundApp } from "../entities/inbound-app.ts";
import { hasSecret, putClientId, putCredentials, putSsoApp } from "../entities/sso-app.ts";
import { PREFIX } from "../ids.ts";
import { present } from "../present.ts";
import type { JsonObject } from "../../json/value.ts";
import { permissions, roleKey, roles } from "../entities/role.ts";
import { requireTenant } from "../entities/tenant.ts";
import { EmulatorError, invalidArgument, missingArgument } from "../error.ts";
import { rootKey } from "../management-keys.ts";
import type { Project } from "../project.ts";
import { Router } from "../requests/router.ts";
import { operate } from "../requests/server.ts";
import { createAccessKey } from "../services/access-keys.ts";
import { createInboundApp } from "../services/inbound-apps.ts";
import { createTenant } from "../services/tenants.ts";
import { served } from "../services.ts";
import { importSnapshot, validateSnapshot, type NamedSecret } from "../snapshot/import-snapshot.ts";
import { newCredentials } from "../users/credentials.ts";
import { createUser } from "../users/user-changes.ts";
import { requireUser, userById } from "../users/user-store.ts";
import type { SeedContent, SeedUser } from "./seed.ts";

/** Who did it, for what a seed made. */
const ACTOR = "seed";

/**
 * Puts what a seed holds into a project.
 *
 * @param path where the seed came from, for errors.
 * @throws {Failure} "file" when the seed does not hold together (a role that does not exist, a login id that is taken).
 */
export function applySeed(project: Project, content: SeedContent, path: string): void {
  const { store } = project;
  const last = store.get<{ seq: number }>("SELECT max(seq) AS seq FROM audit")?.seq ?? 0;
  try {
    applySnapshot(project, content);
    applyAuthorization(project, content);
    for (const tenant of inOrder(content.tenants ?? [])) createTenant(project, tenant, ACTOR);
    applyTenantRoles(project, content);
    applyUsers(project, content, path);
    for (const { id, cleartext, ...key } of content.accessKeys ?? []) {
      createAccessKey(project, key, {
        actorId: ACTOR,
        ...(id === undefined ? {} : { id }),
        ...(cleartext === undefined ? {} : { cleartext }),
      });
    }
    for (const { clientId, secret, ...app } of content.inboundApps ?? []) {
      createInboundApp(project, app, {
        actorId: ACTOR,
        ...(clientId === undefined ? {} : { clientId }),
        ...(secret === undefined ? {} : { secret }),
      });
    }
    applyOidcApps(project, content);
    applyConsents(project, content);
    applyCalls(project, content, path);
  } catch (error) {
    if (error instanceof EmulatorError) throw fileFailure(`${path}: ${error.message}`);
    throw error;
  }
  // What a seed holds did not happen in the emulator.
  store.run("DELETE FROM audit WHERE project = ? AND seq > ?", project.id, last);
}

/** Imports the snapshot. Secrets that come from nowhere are made up: a placeholder stands for one that was set. */
function applySnapshot(project: Project, { files, secrets }: SeedContent): void {
  if (files === undefined) return;
  const given = { connectors: [], oauthProviders: [], outboundApps: [], externalAuth: [], ...secrets };
  const { missingSecrets } = validateSnapshot(project, { files, inputSecrets: given });
  const inputSecrets = Object.fromEntries(
    Object.entries(missingSecrets).map(([owner, list]) => {
      const made = list.map((secret): NamedSecret => ({
        ...secret,
        value: `emulated-${project.ids.text(20)}`,
      }));
      return [owner, [...(given[owner as keyof typeof given] ?? []), ...made]];
    }),
  );
  importSnapshot(project, { files, inputSecrets });
}

function applyAuthorization(project: Project, content: SeedContent): void {
  for (const { name, description } of content.permissions ?? []) {
    permissions.put(project, {
      id: permissions.named(project, name)?.id ?? project.ids.next("PER"),
      name,
      description: description ?? "",
      systemDefault: false,
    });
  }
  for (const role of content.roles ?? []) if (role.tenantId === undefined) putRole(project, role);
}

function applyTenantRoles(project: Project, content: SeedContent): void {
  for (const role of content.roles ?? []) if (role.tenantId !== undefined) putRole(project, role);
}

function putRole(project: Project, role: NonNullable<SeedContent["roles"]>[number]): void {
  for (const name of role.permissionNames ?? []) {
    if (permissions.named(project, name) === undefined)
      throw new EmulatorError(400, "E011004", "Invalid arguments", `There is no permission ${name}`);
  }
  roles.put(project, {
    id: role.id ?? roles.named(project, roleKey(role.name, role.tenantId))?.id ?? project.ids.next("ROL"),
    name: role.name,
    description: role.description ?? "",
    permissionNames: role.permissionNames ?? [],
    ...(role.tenantId === undefined ? {} : { tenantId: role.tenantId }),
    default: role.default ?? false,
    private: false,
    createdTime: project.clock.now(),
  });
}

function applyUsers(project: Project, { users = [], placeOfUser }: SeedContent, path: string): void {
  for (const [index, user] of users.entries()) {
    try {
      applyUser(project, user);
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      throw fileFailure(`${placeOfUser?.(index) ?? `${path}: users.${index}`}: ${error.message}`);
    }
  }
}

function applyUser(project: Project, given: SeedUser): void {
  const { userId, loginId, loginIds, password, hashedPassword, seed, ...user } = given;
  const { test, status, createdTime, additionalLoginIds, ...fields } = user;
  const [first, ...more] = [...(loginId === undefined ? [] : [loginId]), ...(loginIds ?? [])];
  if (first === undefined) throw missingArgument("A user has no loginId");
  if (userId !== undefined && userById(project, userId) !== undefined)
    throw invalidArgument(`There is a user ${userId} already`);
  createUser(
    project,
    { loginId: first, additionalLoginIds: [...more, ...(additionalLoginIds ?? [])], ...fields },
    {
      test: test ?? false,
      actorId: ACTOR,
      more: newCredentials(project, { password, hashedPassword, seed }),
      ...(userId === undefined ? {} : { userId }),
      ...(status === undefined ? {} : { status }),
      ...(createdTime === undefined ? {} : { createdTime: milliseconds(createdTime) }),
    },
  );
}

function applyOidcApps(project: Project, { oidcApps = [] }: SeedContent): void {
  for (const { id, name, clientId, secret, ...settings } of oidcApps) {
    const app = putSsoApp(project, {
      id: id ?? project.ids.next(PREFIX.ssoApplication),
      name,
      description: "",
      enabled: true,
      logo: "",
      kind: "oidc",
      settings: present(settings) as JsonObject,
      customAttributes: {},
      more: {},
    });
    if (hasSecret(app)) putCredentials(project, app, { clientId, secret });
    else if (clientId !== undefined) putClientId(project, app, clientId);
  }
}

let router: Router | undefined;

/** Makes the calls of a seed, as a client with the management key would: whatever has no member of its own is made by them. */
function applyCalls({ id, world }: Project, { calls = [], placeOfCall }: SeedContent, path: string): void {
  for (const [index, { path: called, method = "POST", body }] of calls.entries()) {
    const url = new URL(called, "http://seed");
    router ??= new Router(served);
    try {
      operate(world, router.match(method, url.pathname), {
        method,
        path: url.pathname,
        query: url.searchParams,
        headers: new Headers({ authorization: `Bearer ${id}:${rootKey(world)}` }),
        body: body === undefined ? "" : JSON.stringify(body),
        remoteAddress: "127.0.0.1",
      });
    } catch (error) {
      if (!(error instanceof EmulatorError)) throw error;
      throw fileFailure(`${placeOfCall?.(index) ?? `${path}: calls.${index}`}: ${error.message}`);
    }
  }
}

function applyConsents(project: Project, { consents = [] }: SeedContent): void {
  for (const { id, appId, loginId, tenantId, scopes, expireTime } of consents) {
    requireInboundApp(project, appId);
    if (tenantId !== undefined) requireTenant(project, tenantId);
    const userId = loginId === undefined ? "" : requireUser(project, loginId).userId;
    grantConsent(project, {
      id,
      appId,
      userId,
      tenantId: tenantId ?? "",
      scopes,
      grantedBy: userId,
      expireTime: expireTime === undefined ? undefined : milliseconds(expireTime),
    });
  }
}

function milliseconds(time: number | string): number {
  return typeof time === "number" ? time * 1000 : Date.parse(time);
}

/** Tenants with those that others are a part of first. */
function inOrder<T extends { readonly id?: string | undefined; readonly parent?: string | undefined }>(
  tenants: readonly T[],
): T[] {
  const own = new Set(tenants.map(({ id }) => id));
  const placed = new Set<string | undefined>();
  const sorted: T[] = [];
  for (let left = [...tenants]; left.length > 0;) {
    const ready = left.filter(({ parent }) => parent === undefined || !own.has(parent) || placed.has(parent));
    // Those that are parts of each other cannot be made; the first of them says so.
    const next = ready.length > 0 ? ready : left;
    for (const tenant of next) placed.add(tenant.id);
    sorted.push(...next);
    left = left.filter((tenant) => !next.includes(tenant));
  }
  return sorted;
}
