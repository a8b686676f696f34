import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptions, signUpUser } from "./auth-schemas.ts";
import { anyObject, count, flag, object, tenantRoles, text, texts, filled } from "./schemas.ts";

const SESSION = ["sessionJwt", "refreshJwt"];

export const update = operation({
  noun: "JWT",
  verb: "UpdateJWTWithCustomClaims",
  method: "POST",
  path: "/v1/mgmt/jwt/update",
  effect: "write",
  input: () => v.looseObject({ jwt: filled(), customClaims: object(), refreshDuration: count() }),
  output: anyObject,
  secretInput: ["jwt"],
  secretOutput: ["jwt"],
});

const impersonation = () =>
  v.looseObject({
    impersonatorId: filled(),
    loginId: filled(),
    validateConsent: flag(),
    customClaims: object(),
    selectedTenant: text(),
    refreshDuration: count(),
    sessionCookieName: text(),
  });

export const impersonate = operation({
  noun: "JWT",
  verb: "Impersonate",
  method: "POST",
  path: "/v1/mgmt/impersonate",
  effect: "write",
  input: impersonation,
  output: anyObject,
  secretOutput: ["jwt"],
});

export const impersonateStepup = operation({
  noun: "JWT",
  verb: "ImpersonateStepup",
  method: "POST",
  path: "/v1/mgmt/impersonate/stepup",
  effect: "write",
  input: impersonation,
  output: anyObject,
  secretOutput: ["jwt"],
});

export const stopImpersonation = operation({
  noun: "JWT",
  verb: "StopImpersonation",
  method: "POST",
  path: "/v1/mgmt/stop/impersonation",
  effect: "write",
  input: () =>
    v.looseObject({
      jwt: filled(),
      customClaims: object(),
      selectedTenant: text(),
      refreshDuration: count(),
    }),
  output: anyObject,
  secretInput: ["jwt"],
  secretOutput: ["jwt"],
});

export const signIn = operation({
  noun: "JWT",
  verb: "SignIn",
  method: "POST",
  path: "/v1/mgmt/auth/signin",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      stepup: flag(),
      mfa: flag(),
      customClaims: object(),
      revokeOtherSessions: flag(),
      revokeOtherSessionsTypes: texts(),
      jwt: text(),
      refreshDuration: count(),
      selectedTenantId: text(),
      ssoAppId: text(),
    }),
  output: anyObject,
  secretInput: ["jwt"],
  secretOutput: SESSION,
});

const signUpInput = () =>
  v.looseObject({
    loginId: filled(),
    user: signUpUser(),
    emailVerified: flag(),
    phoneVerified: flag(),
    customClaims: object(),
    refreshDuration: count(),
    selectedTenantId: text(),
    userTenants: tenantRoles(),
    ssoAppId: text(),
  });

export const signUp = operation({
  noun: "JWT",
  verb: "SignUp",
  method: "POST",
  path: "/v1/mgmt/auth/signup",
  effect: "write",
  input: signUpInput,
  output: anyObject,
  secretOutput: SESSION,
});

export const signUpOrIn = operation({
  noun: "JWT",
  verb: "SignUpOrIn",
  method: "POST",
  path: "/v1/mgmt/auth/signup-in",
  effect: "write",
  input: signUpInput,
  output: anyObject,
  secretOutput: SESSION,
});

export const anonymous = operation({
  noun: "JWT",
  verb: "Anonymous",
  method: "POST",
  path: "/v1/mgmt/auth/anonymous",
  effect: "write",
  input: () =>
    v.looseObject({
      customClaims: object(),
      selectedTenant: text(),
      refreshDuration: count(),
      roles: texts(),
    }),
  output: anyObject,
  secretOutput: SESSION,
});

/** Signs what a client shows to another provider in place of a secret (RFC 7523). */
export const clientAssertion = operation({
  noun: "JWT",
  verb: "GenerateClientAssertion",
  method: "POST",
  path: "/v1/mgmt/token/clientassertion",
  effect: "write",
  input: () =>
    v.looseObject({
      issuer: v.string(),
      subject: v.string(),
      audience: v.array(v.string()),
      expiresIn: count(),
      flattenAudience: flag(),
      algorithm: text(),
    }),
  output: anyObject,
  secretOutput: ["jwt"],
});

export const embeddedLink = operation({
  noun: "User",
  verb: "GenerateEmbeddedLink",
  method: "POST",
  path: "/v1/mgmt/user/signin/embeddedlink",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), customClaims: object(), timeout: count() }),
  output: anyObject,
  secretOutput: ["token"],
});

export const embeddedLinkSignUp = operation({
  noun: "User",
  verb: "GenerateEmbeddedLinkSignUp",
  method: "POST",
  path: "/v1/mgmt/user/signup/embeddedlink",
  effect: "write",
  input: () =>
    v.looseObject({
      loginId: filled(),
      user: signUpUser(),
      emailVerified: flag(),
      phoneVerified: flag(),
      loginOptions: loginOptions(),
      timeout: count(),
    }),
  output: anyObject,
  secretOutput: ["token"],
});
