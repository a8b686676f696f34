import { isJsonObject, type Json } from "../../json/value.ts";
import { resolveDynamic } from "../auth/dynamic-values.ts";
import { RoleLookup } from "../entities/role.ts";
import type { SsoApp } from "../entities/sso-app.ts";
import type { Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { UserReplies } from "../users/user-reply.ts";
import type { User } from "../users/user.ts";
import type { Subject } from "./response.ts";

const FORMATS = "urn:oasis:names:tc:SAML:1.1:nameid-format:";

/** How an application is told of a user: by what name, and with the attributes and groups that it maps. */
export function subjectOf(
  project: Project,
  { settings }: SsoApp,
  user: User,
  more: Readonly<Record<string, unknown>> = {},
): Subject {
  const reply = new UserReplies(project).of(user);
  const loginId = user.loginIds[0] ?? user.userId;
  const type = text(settings.subjectNameIdType);
  const own = type === "" ? loginId : asText(type === "loginId" ? loginId : reply[type]);
  const nameId = own === "" ? loginId : own;
  const attributes = new Map<string, string[]>();
  const add = (name: string, values: readonly string[]) => {
    if (name !== "" && values.length > 0) attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
  };
  for (const mapping of objects(settings.attributeMapping))
    add(text(mapping.name), attributeValues(reply, text(mapping.value)));
  const roles = new Set(rolesOf(project, user));
  for (const mapping of objects(settings.groupsMapping)) {
    const wanted = objects(mapping.roles).flatMap(({ id, name }) => [text(id), text(name)]);
    if (wanted.length === 0 || wanted.some((role) => role !== "" && roles.has(role)))
      add(text(mapping.name), [text(mapping.value)].filter(Boolean));
  }
  for (const [name, value] of Object.entries(more)) add(name, valuesOf(value));
  return {
    nameId,
    nameIdFormat:
      text(settings.subjectNameIdFormat) ||
      `${FORMATS}${nameId.includes("@") ? "emailAddress" : "unspecified"}`,
    attributes: [...attributes],
  };
}

/** What a mapping takes of a user: `{{user.email}}`, or the name of a field or a custom attribute. */
function attributeValues(reply: Readonly<Record<string, unknown>>, value: string): string[] {
  if (value.includes("{{")) return valuesOf(resolveDynamic(value, { user: reply }));
  const custom = isJsonObject(reply.customAttributes) ? reply.customAttributes : {};
  return valuesOf(
    Object.hasOwn(reply, value) ? reply[value] : custom[value.replace(/^customAttributes\./, "")],
  );
}

function valuesOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(asText).filter((one) => one !== "");
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Ids and names of all roles of a user, in the project and in tenants. */
function rolesOf(project: Project, { roleIds, tenants }: User): string[] {
  const ids = [...roleIds, ...tenants.flatMap((tenant) => tenant.roleIds)];
  return [...ids, ...new RoleLookup(project).names(ids)];
}

function objects(list: Json | undefined) {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}
