import * as operations from "../../api/operations/jwt-templates.ts";
import { audit } from "../audit.ts";
import {
  AUTH_SCHEMAS,
  EMPTY_CLAIM_POLICIES,
  ISSUER_TYPES,
  jwtTemplates,
  requireJwtTemplate,
  TEMPLATE_TYPES,
  type JwtTemplate,
} from "../entities/jwt-template.ts";
import { invalidArgument, invalidRequest, missingArgument, notFound } from "../error.ts";
import { JWT_LIBRARY, type LibraryEntry } from "../entities/jwt-library.ts";
import { projectSettings } from "../project-settings.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { putFile } from "../snapshot/snapshot-files.ts";

export const jwtTemplateService: Service = [
  on(operations.create, ({ template }, call) => ({ template: create(call, template) })),
  on(operations.update, ({ template }, call) => {
    const id = template.id ?? "";
    if (id === "") throw missingArgument("The template.id field is empty");
    const before = requireJwtTemplate(call.project, id);
    return { template: keep(call, "JWTTemplateUpdated", { ...template, id, source: before.source }) };
  }),
  on(operations.remove, ({ id }, call) => {
    const template = requireJwtTemplate(call.project, id);
    jwtTemplates.delete(call.project, id);
    forget(call.project, id);
    auditTemplate(call, "JWTTemplateDeleted", template);
    return {};
  }),
  on(operations.load, ({ id }, { project }) => ({ template: requireJwtTemplate(project, id) })),
  on(operations.list, (_input, { project }) => ({ templates: jwtTemplates.all(project) })),
  on(operations.validate, ({ id, template }, { project }) => {
    if (template == null && !id) throw missingArgument("One of the template and id fields is required");
    const stored = id ? requireJwtTemplate(project, id) : undefined;
    const given = template == null ? (stored as JwtTemplate) : { ...template, ...(id ? { id } : {}) };
    const issues = issuesOf(project, given);
    return { valid: issues.length === 0, issues };
  }),
  on(operations.listLibrary, () => ({ entries: JWT_LIBRARY })),
  on(operations.loadLibraryEntry, ({ id }) => ({ entry: requireEntry(id) })),
  on(operations.applyFromLibrary, (input, call) => {
    const { id, name, experimental, logoLight, logoDark, ...entry } = requireEntry(input.libraryEntryId);
    const template = create(call, {
      ...entry,
      source: id,
      name: input.nameOverride || name,
      description: input.descriptionOverride || entry.description,
      tags: input.tagsOverride?.length ? input.tagsOverride : entry.tags,
      template: { ...entry.template, ...input.templateOverride },
    });
    return { template };
  }),
];

/** A template as a request gives it. */
type TemplateInput = { readonly [key in keyof JwtTemplate]?: unknown };

/** Something that is wrong with a template, for people and for programs. */
interface Issue {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Claims that every token has, with what the server says. */
const RESERVED = ["iss", "exp", "iat", "nbf", "rexp", "drn", "amr", "dct", "cnf", "jti"];

/** Claims in which roles and permissions stand, unless a template leaves them out. */
const AUTHORIZATION = ["tenants", "roles", "permissions"];

function create(call: Call, given: TemplateInput): JwtTemplate {
  const { project } = call;
  const id = typeof given.id === "string" && given.id !== "" ? given.id : project.ids.next("JT");
  if (jwtTemplates.get(project, id) !== undefined)
    throw invalidArgument(`There is a JWT template ${id} already`);
  return keep(call, "JWTTemplateCreated", { ...given, id });
}

/** @throws {EmulatorError} naming every issue. */
function keep(call: Call, action: string, given: TemplateInput & { readonly id: string }): JwtTemplate {
  const issues = issuesOf(call.project, given);
  if (issues.length > 0)
    throw invalidRequest(issues.map(({ code, message }) => `${code}: ${message}`).join("; "));
  const template = jwtTemplates.put(call.project, templateOf(given));
  auditTemplate(call, action, template);
  return template;
}

function templateOf(given: TemplateInput & { readonly id: string }): JwtTemplate {
  const text = (key: keyof JwtTemplate, fallback = "") =>
    (given[key] as string | null | undefined) || fallback;
  const flag = (key: keyof JwtTemplate) => given[key] === true;
  return {
    id: given.id,
    name: text("name"),
    description: text("description"),
    template: (given.template ?? {}) as JwtTemplate["template"],
    source: text("source"),
    tags: (given.tags ?? []) as readonly string[],
    authSchema: text("authSchema", "default") as JwtTemplate["authSchema"],
    type: text("type", "user") as JwtTemplate["type"],
    conformanceIssuer: flag("conformanceIssuer"),
    autoDCT: flag("autoDCT"),
    enforceIssuer: flag("enforceIssuer"),
    emptyClaimPolicy: text("emptyClaimPolicy", "none") as JwtTemplate["emptyClaimPolicy"],
    overrideSubject: flag("overrideSubject"),
    issuerType: text("issuerType", "legacy") as JwtTemplate["issuerType"],
    omitCustomClaimsFromDSR: flag("omitCustomClaimsFromDSR"),
    addJti: flag("addJti"),
    excludePermissions: flag("excludePermissions"),
  };
}

function issuesOf(project: Project, given: TemplateInput): Issue[] {
  const issues: Issue[] = [];
  const add = (field: string, code: string, message: string, hint: string) =>
    issues.push({ field, code, message, hint });
  const { name } = given;
  if (typeof name !== "string" || name.trim() === "")
    add("name", "NAME_MISSING", "the template has no name", "Give it a name that no other template has.");
  else {
    const other = jwtTemplates.named(project, name);
    if (other !== undefined && other.id !== given.id)
      add("name", "NAME_TAKEN", `a template is called ${name} already`, "Choose another name.");
  }
  const oneOf = (field: keyof JwtTemplate, code: string, allowed: readonly string[]) => {
    const content = given[field];
    if (content == null || content === "" || allowed.includes(content as string)) return;
    add(field, code, `${field} cannot be ${JSON.stringify(content)}`, `Choose one of ${allowed.join(", ")}.`);
  };
  oneOf("type", "TYPE_INVALID", TEMPLATE_TYPES);
  oneOf("authSchema", "AUTH_SCHEMA_INVALID", AUTH_SCHEMAS);
  oneOf("issuerType", "ISSUER_TYPE_INVALID", ISSUER_TYPES);
  oneOf("emptyClaimPolicy", "EMPTY_CLAIM_POLICY_INVALID", EMPTY_CLAIM_POLICIES);
  const reserved = [
    ...RESERVED,
    ...(given.overrideSubject === true ? [] : ["sub"]),
    ...(given.authSchema === "none" ? [] : AUTHORIZATION),
  ];
  for (const claim of Object.keys(given.template ?? {})) {
    if (reserved.includes(claim))
      add(
        `template.${claim}`,
        "RESERVED_CLAIM_KEY",
        `the claim ${claim} is set by the server`,
        claim === "sub" ? "Set overrideSubject, or choose another claim." : "Choose another claim.",
      );
    else if (claim.trim() === "")
      add("template", "CLAIM_KEY_EMPTY", "a claim has no name", "Give every claim a name.");
  }
  return issues;
}

/** Gives the project's default templates back where a template that is gone was one. */
function forget(project: Project, id: string): void {
  const settings = projectSettings(project);
  const changed = { ...settings };
  for (const key of ["userTemplateId", "keyTemplateId"]) if (changed[key] === id) changed[key] = "";
  putFile(project, "project.json", changed);
}

function requireEntry(id: string): LibraryEntry {
  const found = JWT_LIBRARY.find((entry) => entry.id === id);
  if (found === undefined) throw notFound(`The library has no JWT template ${id}`);
  return found;
}

function auditTemplate({ project, actorId }: Call, action: string, { id, name }: JwtTemplate): void {
  audit(project, { action, actorId, data: { templateId: id, name } });
}
