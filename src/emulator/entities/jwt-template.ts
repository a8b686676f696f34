import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

/** What tokens of a project say beside what every token says. */
export interface JwtTemplate {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The claims, by name; texts in them may hold placeholders such as `{{user.email}}`. */
  readonly template: Readonly<Record<string, unknown>>;
  /** Where it came from: the id of a library's entry, or nothing. */
  readonly source: string;
  readonly tags: readonly string[];
  /** How roles and permissions stand in the token. */
  readonly authSchema: (typeof AUTH_SCHEMAS)[number];
  /** For users' tokens, or for those of access keys. */
  readonly type: (typeof TEMPLATE_TYPES)[number];
  readonly conformanceIssuer: boolean;
  readonly autoDCT: boolean;
  readonly enforceIssuer: boolean;
  /** What becomes of a claim that has no value. */
  readonly emptyClaimPolicy: (typeof EMPTY_CLAIM_POLICIES)[number];
  readonly overrideSubject: boolean;
  readonly issuerType: (typeof ISSUER_TYPES)[number];
  readonly omitCustomClaimsFromDSR: boolean;
  readonly addJti: boolean;
  readonly excludePermissions: boolean;
}

export const AUTH_SCHEMAS = ["default", "tenantOnly", "none"] as const;
export const TEMPLATE_TYPES = ["user", "key"] as const;
export const EMPTY_CLAIM_POLICIES = ["none", "nil", "delete"] as const;
export const ISSUER_TYPES = ["legacy", "inbound", "federated"] as const;

export const jwtTemplates = new Collection<JwtTemplate>(
  "jwtTemplate",
  ({ id }) => id,
  ({ name }) => name,
);

/** @throws {EmulatorError} when there is none with that id. */
export function requireJwtTemplate(project: Project, id: string): JwtTemplate {
  const found = jwtTemplates.get(project, id);
  if (found === undefined) throw notFound(`There is no JWT template ${id}`);
  return found;
}
