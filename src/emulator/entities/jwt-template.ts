import { Collection } from "../store/collection.ts";

/** What the tokens of a project's users or access keys hold beside what they always do. */
export interface JwtTemplate {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  /** "user" or "key". */
  readonly type: string;
  /** Claims; texts may hold `{{user.email}}` and the like. */
  readonly template: Readonly<Record<string, unknown>>;
  /** Which roles and permissions stand in the token: "default" for all, "tenantOnly" or "none". */
  readonly authSchema?: string;
  /** Whether a claim that comes out empty is given as it is, "nil", or not at all, "delete". */
  readonly emptyClaimPolicy?: string;
  /** True where the issuer is an address, as OpenID Connect wants it. */
  readonly conformanceIssuer?: boolean;
  /** True where the only tenant of a user is the current one. */
  readonly autoDCT?: boolean;
  /** True where the template says the subject; the user's id is in `dsub` then. */
  readonly overrideSubject?: boolean;
  readonly omitCustomClaimsFromDSR?: boolean;
  readonly addJti?: boolean;
  readonly excludePermissions?: boolean;
  readonly [more: string]: unknown;
}

export const jwtTemplates = new Collection<JwtTemplate>(
  "jwtTemplate",
  ({ id }) => id,
  ({ name }) => name,
);
