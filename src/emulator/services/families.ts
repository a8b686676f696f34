import * as operations from "../../api/operations/families.ts";
import {
  attributeDefinitions,
  attributesReply,
  declareAttributes,
  removeAttributes,
} from "../attributes/definitions.ts";
import { attributeTexts, checkAttributes, matchAttributes, mergeAttributes } from "../attributes/values.ts";
import { audit } from "../audit.ts";
import { startImpersonation, stopImpersonation } from "../auth/impersonation.ts";
import { requireEnabled } from "../auth/sign-in.ts";
import {
  families,
  familyReply,
  familySettings,
  IMPERSONATE_DEPENDENTS,
  putFamilyRole,
  putFamilySettings,
  requireFamiliesEnabled,
  requireFamily,
  type Family,
} from "../entities/family.ts";
import { RoleLookup } from "../entities/role.ts";
import { forbidden, invalidArgument, missingArgument, userNotFound } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";
import { createUser, removeUser } from "../users/user-changes.ts";
import { userReply } from "../users/user-reply.ts";
import { putUser, requireUser, userById, userByLoginId, usersLinked } from "../users/user-store.ts";
import { fold } from "../users/user-text.ts";

/** Families on a page when the request does not say, and at most. */
const LARGEST_PAGE = 1000;

export const familyService: Service = [
  on(operations.create, (input, call) => {
    const { project } = call;
    requireFamiliesEnabled(project);
    if (input.name === "") throw missingArgument("The name field is empty");
    const id = input.familyId || input.id || project.ids.next("F");
    if (families.get(project, id) !== undefined) throw invalidArgument(`There is a family ${id} already`);
    checkAttributes(project, "family", input.customAttributes ?? {});
    putFamilyRole(project);
    return keep(call, "FamilyCreated", {
      id,
      name: input.name,
      photo: input.photo ?? "",
      disabled: input.disabled ?? false,
      customAttributes: mergeAttributes({}, input.customAttributes ?? {}),
      createdTime: project.clock.now(),
    });
  }),
  on(operations.update, ({ id, name, photo, disabled, customAttributes }, call) => {
    const family = requireFamily(call.project, id);
    if (name === "") throw missingArgument("The name field is empty");
    if (customAttributes != null) checkAttributes(call.project, "family", customAttributes);
    return keep(call, "FamilyModified", {
      ...family,
      name: name ?? family.name,
      photo: photo ?? family.photo,
      disabled: disabled ?? family.disabled,
      customAttributes: customAttributes ?? family.customAttributes,
    });
  }),
  on(operations.remove, ({ id }, call) => {
    const { project, actorId } = call;
    const family = requireFamily(project, id);
    for (const user of usersLinked(project, "family", id)) {
      if (user.dependent === true) removeUser(project, user, actorId);
      else
        putUser(project, {
          ...user,
          families: (user.families ?? []).filter(({ familyId }) => familyId !== id),
        });
    }
    families.delete(project, id);
    auditFamily(call, "FamilyDeleted", family);
    return {};
  }),
  on(operations.search, (query, { project }) => {
    const size = query.size || LARGEST_PAGE;
    const page = query.page ?? 0;
    if (size < 0 || size > LARGEST_PAGE || page < 0)
      throw invalidArgument(`The size field must be 0 to ${LARGEST_PAGE}, the page field 0 or more`);
    const within = (list: readonly string[] | null | undefined, item: string) =>
      list == null || list.length === 0 || list.includes(item);
    const text = fold(query.freeText ?? "");
    const found = families
      .all(project)
      .filter(
        (family) =>
          within(query.familyIds, family.id) &&
          within(query.familyNames, family.name) &&
          matchAttributes(family.customAttributes, query.customAttributes) &&
          [family.id, family.name, ...attributeTexts(family.customAttributes)].some((one) =>
            fold(one).includes(text),
          ),
      );
    return {
      families: found.slice(page * size, (page + 1) * size).map(familyReply),
      total: found.length,
    };
  }),
  on(operations.createDependent, (input, { project, actorId }) => {
    requireFamiliesEnabled(project);
    requireFamily(project, input.familyId);
    const { familyId, loginId, name, familyScopedAttributes, ...rest } = input;
    const user = createUser(
      project,
      {
        ...rest,
        name,
        loginId: loginId || dependentLoginId(name, (id) => userByLoginId(project, id) !== undefined),
        familyAssociations: [
          { familyId, familyScopedAttributes: scopedTo(familyId, familyScopedAttributes) },
        ],
      },
      { test: false, actorId, more: { dependent: true } },
    );
    return userReply(project, user);
  }),
  on(operations.removeDependent, ({ userId }, { project, actorId }) => {
    const user = userById(project, userId);
    if (user === undefined) throw userNotFound(userId);
    if (user.dependent !== true) throw invalidArgument(`The user ${userId} is not a dependent`);
    removeUser(project, user, actorId);
    return {};
  }),
  on(operations.impersonate, (input, call) => ({ jwt: impersonate(call, input) })),
  on(operations.stopImpersonation, ({ jwt, customClaims, refreshDuration }, call) => ({
    jwt: stopImpersonation(call, jwt, { customClaims, refreshDuration }),
  })),
  on(operations.loadSettings, (_input, { project }) => familySettings(project)),
  on(operations.setSettings, (input, { project, actorId }) => {
    const { enabled, maxFamilyMembers, allowMultipleFamiliesUsers } = input;
    if (maxFamilyMembers != null && maxFamilyMembers < 1)
      throw invalidArgument("The maxFamilyMembers field must be 1 or more");
    const old = familySettings(project);
    if (enabled === true) putFamilyRole(project);
    audit(project, { action: "FamilySettingsModified", actorId });
    return putFamilySettings(project, {
      enabled: enabled ?? old.enabled,
      maxFamilyMembers: maxFamilyMembers ?? old.maxFamilyMembers,
      allowMultipleFamiliesUsers: allowMultipleFamiliesUsers ?? old.allowMultipleFamiliesUsers,
    });
  }),
  on(operations.loadAttributes, (_input, { project }) =>
    attributesReply(attributeDefinitions(project, "family")),
  ),
  on(operations.createAttributes, ({ attributes }, { project }) =>
    attributesReply(declareAttributes(project, "family", attributes)),
  ),
  on(operations.removeAttributes, ({ names }, { project }) =>
    attributesReply(removeAttributes(project, "family", names)),
  ),
];

interface Impersonation {
  readonly impersonatorUserIdOrLoginId: string;
  readonly dependentLoginId: string;
  readonly selectedFamily?: string | null | undefined;
}

/** A refresh token of a dependent for somebody of the same family who may act in its name. */
function impersonate(call: Call, input: Impersonation): string {
  const { project } = call;
  requireFamiliesEnabled(project);
  const actor = requireUser(project, input.impersonatorUserIdOrLoginId);
  const dependent = requireUser(project, input.dependentLoginId);
  requireEnabled(call, actor, "impersonation");
  requireEnabled(call, dependent, "impersonation");
  if (dependent.dependent !== true)
    throw forbidden(`The user ${input.dependentLoginId} is not a dependent: nobody else can be impersonated`);
  const familyId = dependent.families?.[0]?.familyId ?? "";
  if (input.selectedFamily && input.selectedFamily !== familyId)
    throw invalidArgument(`The dependent is not in the family ${input.selectedFamily}`);
  if (requireFamily(project, familyId).disabled) throw forbidden(`The family ${familyId} is disabled`);
  const membership = actor.families?.find((one) => one.familyId === familyId);
  if (membership === undefined)
    throw forbidden(`The user ${input.impersonatorUserIdOrLoginId} is not in the dependent's family`);
  if (!new RoleLookup(project).permissions(membership.roleIds).includes(IMPERSONATE_DEPENDENTS))
    throw forbidden(
      `The user ${input.impersonatorUserIdOrLoginId} does not have the permission ${IMPERSONATE_DEPENDENTS} in the family`,
    );
  return startImpersonation(call, actor, dependent, {}, input.selectedFamily ? { familyId } : {});
}

function keep(call: Call, action: string, family: Family) {
  families.put(call.project, family);
  auditFamily(call, action, family);
  return { family: familyReply(family) };
}

function auditFamily({ project, actorId }: Call, action: string, { id, name }: Family): void {
  audit(project, { action, actorId, data: { familyId: id, name } });
}

/** A dependent's login id where the request names none: made of the name. Addresses may be shared with a guardian. */
function dependentLoginId(name: string | null | undefined, isTaken: (loginId: string) => boolean): string {
  const base = (name ?? "").trim().toLowerCase().replaceAll(/\s+/g, ".") || "dependent";
  let loginId = base;
  for (let i = 2; isTaken(loginId); i++) loginId = `${base}.${i}`;
  return loginId;
}

/** Attributes in one family: by themselves, or under the family's id, as one of the SDKs sends them. */
function scopedTo(
  familyId: string,
  attributes: Readonly<Record<string, unknown>> | null | undefined,
): Readonly<Record<string, unknown>> | undefined {
  const own = attributes?.[familyId];
  if (typeof own === "object" && own !== null && !Array.isArray(own)) return own as Record<string, unknown>;
  return attributes ?? undefined;
}
