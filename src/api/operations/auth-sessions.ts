import * as v from "valibot";
import { operation } from "../operation.ts";
import { loginOptions } from "./auth-schemas.ts";
import { anyObject, flag, texts, text, filled } from "./schemas.ts";

const SESSION = ["sessionJwt", "refreshJwt"];
const refreshInput = () => v.looseObject({ externalToken: text() });
const logoutInput = () => v.looseObject({ logoutType: texts() });

export const refresh = operation({
  noun: "Session",
  verb: "Refresh",
  method: "POST",
  path: "/v1/auth/refresh",
  effect: "write",
  input: refreshInput,
  output: anyObject,
  secretOutput: SESSION,
});

/** Never fails for a token that is missing or not good. */
export const tryRefresh = operation({
  noun: "Session",
  verb: "TryRefresh",
  method: "POST",
  path: "/v1/auth/try-refresh",
  effect: "write",
  input: refreshInput,
  output: anyObject,
  secretOutput: SESSION,
});

export const validate = operation({
  noun: "Session",
  verb: "Validate",
  method: "POST",
  path: "/v1/auth/validate",
  effect: "read",
  input: anyObject,
  output: anyObject,
});

export const logout = operation({
  noun: "Session",
  verb: "Logout",
  method: "POST",
  path: "/v1/auth/logout",
  effect: "write",
  input: logoutInput,
  output: anyObject,
});

export const logoutAll = operation({
  noun: "Session",
  verb: "LogoutAll",
  method: "POST",
  path: "/v1/auth/logoutall",
  effect: "write",
  input: logoutInput,
  output: anyObject,
});

export const me = operation({
  noun: "Session",
  verb: "Me",
  method: "GET",
  path: "/v1/auth/me",
  effect: "read",
  output: anyObject,
});

export const myTenants = operation({
  noun: "Session",
  verb: "MyTenants",
  method: "POST",
  path: "/v1/auth/me/tenants",
  effect: "read",
  input: () => v.looseObject({ dct: flag(), ids: texts() }),
  output: anyObject,
});

/** Gives a list, not an object. */
export const history = operation({
  noun: "Session",
  verb: "History",
  method: "GET",
  path: "/v1/auth/me/history",
  effect: "read",
});

export const selectTenant = operation({
  noun: "Session",
  verb: "SelectTenant",
  method: "POST",
  path: "/v1/auth/tenant/select",
  effect: "write",
  input: () => v.looseObject({ tenant: filled() }),
  output: anyObject,
  secretOutput: SESSION,
});

export const exchangeAccessKey = operation({
  noun: "Session",
  verb: "ExchangeAccessKey",
  method: "POST",
  path: "/v1/auth/accesskey/exchange",
  effect: "write",
  input: () => v.looseObject({ loginOptions: loginOptions() }),
  output: anyObject,
  secretOutput: ["sessionJwt"],
});
