import { checkAttributes, mergeAttributes } from "../attributes/values.ts";
import { familySettings, requireFamiliesEnabled, requireFamily } from "../entities/family.ts";
import { roleIds } from "../entities/role.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { countLinked } from "./user-store.ts";
import type { User, UserFamily } from "./user.ts";

/** What a request says of a user in a family. */
export interface FamilyInput {
  readonly familyId: string;
  readonly roleNames?: readonly string[] | null | undefined;
  readonly familyScopedAttributes?: Readonly<Record<string, unknown>> | null | undefined;
}

/** The families that a request names, each once, as the only ones of a user. @throws {EmulatorError} for what does not exist. */
export function userFamilies(project: Project, inputs: readonly FamilyInput[]): UserFamily[] {
  const found = new Map<string, UserFamily>();
  for (const input of inputs) found.set(input.familyId, membership(project, undefined, input));
  return [...found.values()];
}

/** A user's families with those that a request adds: roles and attributes of one that is there already are added to. */
export function withFamilies(project: Project, user: User, inputs: readonly FamilyInput[]): UserFamily[] {
  const found = new Map((user.families ?? []).map((one) => [one.familyId, one]));
  for (const input of inputs)
    found.set(input.familyId, membership(project, found.get(input.familyId), input));
  return [...found.values()];
}

/**
 * Checks the families that a user is to have against what the project allows.
 *
 * @throws {EmulatorError} when a family is full, the user may have but one, or a dependent would have none.
 */
export function checkFamilies(project: Project, before: User | undefined, after: User): void {
  const families = after.families ?? [];
  if (after.dependent === true && families.length !== 1)
    throw invalidArgument("A dependent belongs to exactly one family");
  const had = new Set((before?.families ?? []).map(({ familyId }) => familyId));
  const joined = families.filter(({ familyId }) => !had.has(familyId));
  if (joined.length === 0) return;
  requireFamiliesEnabled(project);
  const { maxFamilyMembers, allowMultipleFamiliesUsers } = familySettings(project);
  if (families.length > 1 && !allowMultipleFamiliesUsers)
    throw invalidArgument("A user may belong to one family only in this project");
  for (const { familyId } of joined) {
    if (countLinked(project, "family", familyId) >= maxFamilyMembers)
      throw invalidArgument(
        `The family ${familyId} has ${maxFamilyMembers} members, the most that it may have`,
      );
  }
}

function membership(project: Project, before: UserFamily | undefined, input: FamilyInput): UserFamily {
  const { familyId, roleNames, familyScopedAttributes } = input;
  requireFamily(project, familyId);
  const attributes = mergeAttributes(before?.attributes ?? {}, familyScopedAttributes ?? {});
  checkAttributes(project, "familyMember", attributes);
  return {
    familyId,
    roleIds: [...new Set([...(before?.roleIds ?? []), ...roleIds(project, roleNames ?? [])])],
    attributes,
  };
}
