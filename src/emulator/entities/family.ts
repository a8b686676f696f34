import { forbidden, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { permissions, roleKey, roles } from "./role.ts";
import { Collection } from "../store/collection.ts";

/** People who belong together. Times are in milliseconds since 1970. */
export interface Family {
  readonly id: string;
  readonly name: string;
  readonly photo: string;
  readonly disabled: boolean;
  readonly customAttributes: Readonly<Record<string, unknown>>;
  readonly createdTime: number;
}

export const families = new Collection<Family>(
  "family",
  ({ id }) => id,
  ({ name }) => name,
  { remember: true },
);

/** @throws {EmulatorError} when there is none with that id. */
export function requireFamily(project: Project, id: string): Family {
  const found = families.get(project, id);
  if (found === undefined) throw notFound(`There is no family ${id}`);
  return found;
}

/** A family as the API gives it. */
export function familyReply({ createdTime, ...family }: Family): Record<string, unknown> {
  return { ...family, createdTime: Math.floor(createdTime / 1000) };
}

/** What a project allows of families. */
export interface FamilySettings {
  readonly enabled: boolean;
  readonly maxFamilyMembers: number;
  /** Whether a user may belong to several families. */
  readonly allowMultipleFamiliesUsers: boolean;
}

/** Families are on from the start: a project need not be configured before it can be tried. */
const DEFAULT_SETTINGS: FamilySettings = {
  enabled: true,
  maxFamilyMembers: 20,
  allowMultipleFamiliesUsers: true,
};

const settings = new Collection<{ readonly id: string; readonly settings: FamilySettings }>(
  "familySettings",
  ({ id }) => id,
);

export function familySettings(project: Project): FamilySettings {
  return settings.get(project, "settings")?.settings ?? DEFAULT_SETTINGS;
}

export function putFamilySettings(project: Project, changed: FamilySettings): FamilySettings {
  settings.put(project, { id: "settings", settings: changed });
  return changed;
}

/** @throws {EmulatorError} 403 where families are off. */
export function requireFamiliesEnabled(project: Project): void {
  if (!familySettings(project).enabled) throw forbidden("Family accounts are not enabled in this project");
}

/** Who has it in a family may act in the name of the family's dependents. */
export const IMPERSONATE_DEPENDENTS = "Family Impersonate Dependents";

/** The role and the permission that a project gets when it begins to use families; what it has of them already stays. */
export function putFamilyRole(project: Project): void {
  if (permissions.named(project, IMPERSONATE_DEPENDENTS) !== undefined) return;
  permissions.put(project, {
    id: project.ids.next("PER"),
    name: IMPERSONATE_DEPENDENTS,
    description: "May act as the dependents of a family",
    systemDefault: true,
  });
  if (roles.named(project, roleKey("Family Admin")) !== undefined) return;
  roles.put(project, {
    id: project.ids.next("ROL"),
    name: "Family Admin",
    description: "May manage a family and its members",
    permissionNames: [IMPERSONATE_DEPENDENTS],
    default: false,
    private: false,
    createdTime: project.clock.now(),
  });
}
