import * as operations from "../../api/operations/jwt.ts";
import { issueLink } from "../auth/challenges.ts";
import { readToken } from "../auth/current-session.ts";
import {
  refreshLifetime,
  startImpersonation,
  stopImpersonation,
  type TokenOptions,
} from "../auth/impersonation.ts";
import { signJwt } from "../auth/jwt.ts";
import { sessionReply } from "../auth/session-reply.ts";
import { lifetimes, openSession, putSession } from "../auth/sessions.ts";
import { requireEnabled, signIn, type LoginOptions } from "../auth/sign-in.ts";
import { newUser, somebodyNew } from "../auth/start.ts";
import { isTestLoginId, requireMethod } from "../auth/settings.ts";
import { refreshToken, sessionToken } from "../auth/tokens.ts";
import { RoleLookup, roleIds } from "../entities/role.ts";
import { requireTenant } from "../entities/tenant.ts";
import {
  consentNotFound,
  forbidden,
  invalidArgument,
  missingArgument,
  unauthorized,
  userExists,
} from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type InputOf, type Service } from "../service.ts";
import { createUser } from "../users/user-changes.ts";
import { requireUser, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** Tokens that a backend makes by its management key, without anybody proving who they are. */
export const jwtService: Service = [
  on(operations.update, ({ jwt, customClaims, refreshDuration }, call) => {
    const { project } = call;
    const { session, user, claims } = readToken(project, jwt);
    const lifetime = refreshLifetime(refreshDuration);
    const updated = putSession(project, {
      ...session,
      claims: { ...session.claims, ...customClaims },
      ...(lifetime === undefined ? {} : { lifetime, expires: project.clock.now() + lifetime }),
    });
    const make = claims.drn === "DSR" ? refreshToken : sessionToken;
    return { jwt: make(project, updated, user).jwt };
  }),
  on(operations.impersonate, (input, call) => ({ jwt: impersonate(call, input, false) })),
  on(operations.impersonateStepup, (input, call) => ({ jwt: impersonate(call, input, true) })),
  on(operations.stopImpersonation, ({ jwt, ...options }, call) => ({
    jwt: stopImpersonation(call, jwt, options),
  })),
  on(operations.signIn, ({ loginId, jwt, selectedTenantId, refreshDuration, ...options }, call) => {
    const user = requireUser(call.project, loginId);
    return open(call, user, { ...options, selectedTenant: selectedTenantId }, refreshDuration, jwt);
  }),
  on(operations.signUp, (input, call) => {
    if (userByLoginId(call.project, input.loginId) !== undefined) throw userExists(input.loginId);
    return signUp(call, input);
  }),
  on(operations.signUpOrIn, (input, call) => {
    const user = userByLoginId(call.project, input.loginId);
    if (user === undefined) return signUp(call, input);
    const { customClaims, selectedTenantId, refreshDuration } = input;
    return open(call, user, { customClaims, selectedTenant: selectedTenantId }, refreshDuration);
  }),
  on(operations.anonymous, ({ customClaims, selectedTenant, refreshDuration, roles }, call) => {
    const { project } = call;
    if (selectedTenant) requireTenant(project, selectedTenant);
    const lifetime = refreshLifetime(refreshDuration);
    const session = openSession(project, {
      userId: project.ids.next("U"),
      amr: [],
      claims: customClaims ?? {},
      anonymousRoleIds: roleIds(project, roles ?? []),
      ...(selectedTenant ? { tenantId: selectedTenant } : {}),
      ...(lifetime === undefined ? {} : { lifetime }),
    });
    return sessionReply(call, session, undefined, { refresh: true });
  }),
  on(operations.clientAssertion, (input, { project }) => {
    const { issuer, subject, audience, expiresIn, flattenAudience, algorithm } = input;
    if (algorithm && algorithm !== "RS256")
      throw invalidArgument("The algorithm field must be RS256: the emulator signs with nothing else");
    if (audience.length === 0) throw missingArgument("The audience field is empty");
    const now = project.clock.seconds();
    const aud = flattenAudience === true && audience.length === 1 ? audience[0] : audience;
    const exp = now + (expiresIn ?? 300);
    return {
      jwt: signJwt(project, { iss: issuer, sub: subject, aud, iat: now, exp, jti: project.ids.text(22) }),
    };
  }),
  on(operations.embeddedLink, ({ loginId, customClaims, timeout }, call) => {
    const { project } = call;
    requireMethod(project, "embeddedlink");
    const user = requireUser(project, loginId);
    requireEnabled(call, user, "embeddedlink");
    const purpose = {
      loginId: user.loginIds[0] ?? loginId,
      method: "embedded",
      options: {},
      claims: customClaims ?? {},
    };
    return { token: issueLink(project, user, "embeddedlink", purpose, linkLifetime(timeout)).id };
  }),
  on(operations.embeddedLinkSignUp, (input, { project }) => {
    const { loginId, user, emailVerified, phoneVerified, loginOptions, timeout } = input;
    requireMethod(project, "embeddedlink");
    if (loginId === "") throw missingArgument("The loginId field is empty");
    if (userByLoginId(project, loginId) !== undefined) throw userExists(loginId);
    const { customClaims, ...options } = loginOptions ?? {};
    const purpose = {
      loginId,
      method: "embedded",
      options,
      claims: customClaims ?? {},
      signUp: { ...newUser(loginId, { user }), verifiedEmail: emailVerified, verifiedPhone: phoneVerified },
    };
    return {
      token: issueLink(project, somebodyNew(project, loginId), "embeddedlink", purpose, linkLifetime(timeout))
        .id,
    };
  }),
];

/** How long an embedded link is good, in milliseconds: a minute where the request does not say. */
function linkLifetime(timeout: number | null | undefined): number {
  return (timeout && timeout > 0 ? timeout : 60) * 1000;
}

type SignUpInput = InputOf<typeof operations.signUp>;

function signUp(call: Call, input: SignUpInput): object {
  const { project, actorId } = call;
  const { loginId, emailVerified, phoneVerified, userTenants } = input;
  const fields = {
    ...newUser(loginId, { user: input.user }),
    verifiedEmail: emailVerified,
    verifiedPhone: phoneVerified,
    userTenants,
  };
  const user = createUser(project, fields, { test: isTestLoginId(project, loginId), actorId });
  const options = { customClaims: input.customClaims, selectedTenant: input.selectedTenantId };
  return open(call, user, options, input.refreshDuration);
}

function open(
  call: Call,
  user: User,
  options: LoginOptions,
  refreshDuration: number | null | undefined,
  jwt?: string | null,
): object {
  const sessionId =
    options.stepup === true || options.mfa === true ? baseOf(call.project, user, jwt) : undefined;
  const lifetime = refreshLifetime(refreshDuration);
  return signIn(call, user, { method: "management", amr: [], options, sessionId, lifetime });
}

function baseOf(project: Project, user: User, jwt: string | null | undefined): string {
  if (!jwt)
    throw missingArgument("The jwt field is required for stepup and mfa: a refresh token of the user");
  const { session } = readToken(project, jwt);
  if (session.userId !== user.userId) throw unauthorized("The jwt field is another user's token");
  return session.id;
}

interface Impersonation extends TokenOptions {
  readonly impersonatorId: string;
  readonly loginId: string;
  readonly validateConsent?: boolean | null | undefined;
}

/** A token of one user for another one who may act in everybody's name: a refresh token, with step-up a session token. */
function impersonate(call: Call, input: Impersonation, stepup: boolean): string {
  const { project } = call;
  const actor = requireUser(project, input.impersonatorId);
  const user = requireUser(project, input.loginId);
  requireEnabled(call, actor, "impersonation");
  requireEnabled(call, user, "impersonation");
  if (!mayImpersonate(project, actor, user))
    throw forbidden(`The user ${input.impersonatorId} does not have the permission Impersonate`);
  const consentUntil = (user.consentExpiration ?? 0) * 1000;
  if (input.validateConsent === true && consentUntil <= project.clock.now())
    throw consentNotFound(`The user ${input.loginId} has not agreed to be impersonated`);
  const steppedUpUntil = project.clock.now() + lifetimes(project).stepUp;
  return startImpersonation(call, actor, user, input, stepup ? { steppedUpUntil } : {});
}

/** The permission counts where it was given in the whole project, or in a tenant that both are in. */
function mayImpersonate(project: Project, actor: User, user: User): boolean {
  const roles = new RoleLookup(project);
  const shared = actor.tenants.filter(({ tenantId }) =>
    user.tenants.some((one) => one.tenantId === tenantId),
  );
  return [actor.roleIds, ...shared.map((tenant) => tenant.roleIds)].some((ids) =>
    roles.permissions(ids).includes("Impersonate"),
  );
}
