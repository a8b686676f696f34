import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";
import type { Scope } from "./scope.ts";

/** When something was made and changed, in milliseconds since 1970, and how often. */
export interface Versioned {
  readonly version: number;
  readonly createdTime: number;
  readonly modifiedTime: number;
}

/** An API that applications get tokens for. */
export interface Resource extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** What tokens for it name as their audience; empty for none. */
  readonly uri: string;
  readonly type: string;
  readonly userAccess: string;
  readonly clientAccess: string;
  readonly scopes: {
    readonly permissionsScopes: readonly Scope[];
    readonly attributesScopes: readonly Scope[];
    readonly connectionsScopes: readonly Scope[];
  };
  readonly dynamicRegistrationSettings?: DynamicRegistrationSettings;
}

export interface DynamicRegistrationSettings {
  readonly dynamicRegistrationTemplateId?: string | null | undefined;
  readonly [more: string]: unknown;
}

/** What clients that register themselves have in common. */
export interface DynamicRegistrationTemplate extends Versioned {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly loginPageURL: string;
  readonly sessionSettings?: Readonly<Record<string, unknown>>;
  readonly skipConsentScreen: boolean;
  readonly forceAddAllAuthorizationInfo: boolean;
  readonly tags: readonly string[];
}

/** What an inbound application may ask for of a resource. */
export interface ResourcePolicy extends Versioned {
  readonly thirdPartyApplicationId: string;
  readonly resourceId: string;
  readonly userAccessScopes: readonly string[];
  readonly clientAccessScopes: readonly string[];
  readonly allUserScopes: boolean;
  readonly allClientScopes: boolean;
}

export const resources = new Collection<Resource>(
  "resource",
  ({ id }) => id,
  ({ name }) => name,
);

export const registrationTemplates = new Collection<DynamicRegistrationTemplate>(
  "dynamicRegistrationTemplate",
  ({ id }) => id,
  ({ name }) => name,
);

export const resourcePolicies = new Collection<ResourcePolicy>(
  "resourcePolicy",
  (policy) => policyId(policy),
  ({ thirdPartyApplicationId }) => thirdPartyApplicationId,
);

/** A policy is known by what it joins. */
export function policyId({
  thirdPartyApplicationId,
  resourceId,
}: Pick<ResourcePolicy, "thirdPartyApplicationId" | "resourceId">): string {
  return `${thirdPartyApplicationId}\n${resourceId}`;
}

/** @throws {EmulatorError} when there is none with that id. */
export function requireResource(project: Project, id: string): Resource {
  const found = resources.get(project, id);
  if (found === undefined) throw notFound(`There is no resource ${id}`);
  return found;
}

/** @throws {EmulatorError} when there is none with that id. */
export function requireRegistrationTemplate(project: Project, id: string): DynamicRegistrationTemplate {
  const found = registrationTemplates.get(project, id);
  if (found === undefined) throw notFound(`There is no dynamic registration template ${id}`);
  return found;
}

/** Deletes the policies that `goes` says of, of something that is gone. */
export function forgetPolicies(project: Project, goes: (policy: ResourcePolicy) => boolean): void {
  for (const policy of resourcePolicies.all(project))
    if (goes(policy)) resourcePolicies.delete(project, policyId(policy));
}

/** A resource, template or policy as the API gives it: 64-bit numbers are texts there, times are in seconds. */
export function versionedReply<T extends Versioned>(thing: T): object {
  return {
    ...thing,
    version: String(thing.version),
    createdTime: String(Math.floor(thing.createdTime / 1000)),
    modifiedTime: String(Math.floor(thing.modifiedTime / 1000)),
  };
}
