import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { number, text } from "../project-settings.ts";
import type { Project } from "../project.ts";
import { getContent, getObject, names, putFile } from "../snapshot/snapshot-files.ts";
import { Collection } from "../store/collection.ts";
import type { Store } from "../store/store.ts";

/** A custom attribute that a project declares for a kind of thing. */
export interface AttributeDefinition {
  readonly name: string;
  readonly displayName: string;
  readonly type: AttributeType;
  /** What may be chosen, for the two kinds of select. */
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly defaultValue?: Json;
  readonly viewPermissions: readonly string[];
  readonly editPermissions: readonly string[];
}

/** The numbers by which the API names the types of attributes. */
export const ATTRIBUTE_TYPES = {
  text: 1,
  number: 2,
  boolean: 3,
  singleSelect: 4,
  multiSelect: 5,
  date: 6,
  monthDay: 7,
} as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[keyof typeof ATTRIBUTE_TYPES];

/** Which things attributes are declared for. "familyMember" are those that a user has once for each family. */
const SCOPES = ["user", "family", "familyMember", "ssoApp"] as const;
export type AttributeScope = (typeof SCOPES)[number];

/** Those of users stand in the snapshot, like all configuration that has a place there; the others have none. */
const SNAPSHOT_FILE = "attributes.json";

const others = new Collection<{
  readonly scope: string;
  readonly definitions: readonly AttributeDefinition[];
}>("attributes", ({ scope }) => scope);

/** What a request says of an attribute. */
export interface AttributeInput {
  readonly name: string;
  readonly type: number | string;
  readonly displayName?: string | null | undefined;
  readonly options?: readonly (string | OptionInput)[] | null | undefined;
  readonly defaultValue?: unknown;
  readonly viewPermissions?: readonly string[] | null | undefined;
  readonly editPermissions?: readonly string[] | null | undefined;
}

interface OptionInput {
  readonly value?: string | null | undefined;
  readonly label?: string | null | undefined;
}

export function attributeDefinitions(
  project: Project,
  scope: AttributeScope,
): readonly AttributeDefinition[] {
  if (scope !== "user") return others.get(project, scope)?.definitions ?? [];
  const content = getContent(project, SNAPSHOT_FILE) ?? "{}";
  const known = lastRead.get(project.store);
  if (known?.content === content) return known.definitions;
  const list = getObject(project, SNAPSHOT_FILE).user;
  const definitions = Array.isArray(list) ? list.filter(isJsonObject).flatMap(fromSnapshot) : [];
  lastRead.set(project.store, { content, definitions });
  return definitions;
}

/** What the file meant when it was last read: it is looked at with every user, and hardly ever changes. */
const lastRead = new WeakMap<
  Store,
  { readonly content: string; readonly definitions: readonly AttributeDefinition[] }
>();

/** Declares attributes; one that is declared already is declared anew. @throws {EmulatorError} naming what is wrong. */
export function declareAttributes(
  project: Project,
  scope: AttributeScope,
  inputs: readonly AttributeInput[],
): readonly AttributeDefinition[] {
  const definitions = new Map(attributeDefinitions(project, scope).map((one) => [one.name, one]));
  for (const input of inputs) definitions.set(input.name, fromInput(input));
  return keep(project, scope, [...definitions.values()]);
}

/** Takes declarations away; names that mean nothing are no error. What things have of the attributes stays theirs. */
export function removeAttributes(
  project: Project,
  scope: AttributeScope,
  gone: readonly string[],
): readonly AttributeDefinition[] {
  return keep(
    project,
    scope,
    attributeDefinitions(project, scope).filter(({ name }) => !gone.includes(name)),
  );
}

/** Lets those see and change attributes who have another permission in place of one; nobody for it where it goes away. */
export function replaceAttributePermission(project: Project, old: string, name: string | undefined): void {
  const follow = (permissions: readonly string[]) =>
    permissions.flatMap((one) => (one === old ? (name ?? []) : one));
  for (const scope of SCOPES) {
    const definitions = attributeDefinitions(project, scope);
    if (!definitions.some((one) => one.viewPermissions.includes(old) || one.editPermissions.includes(old)))
      continue;
    const followed = definitions.map((one) => ({
      ...one,
      viewPermissions: follow(one.viewPermissions),
      editPermissions: follow(one.editPermissions),
    }));
    keep(project, scope, followed);
  }
}

/** The declarations as the API gives them. */
export function attributesReply(definitions: readonly AttributeDefinition[]): Record<string, unknown> {
  return {
    data: definitions.map((definition) => ({ ...definition, editable: true })),
    total: String(definitions.length),
  };
}

function keep(
  project: Project,
  scope: AttributeScope,
  definitions: readonly AttributeDefinition[],
): readonly AttributeDefinition[] {
  if (scope === "user") {
    const user = definitions.map((definition) => ({ ...definition }) as unknown as JsonObject);
    putFile(project, SNAPSHOT_FILE, { ...getObject(project, SNAPSHOT_FILE), user });
  } else others.put(project, { scope, definitions });
  return definitions;
}

function fromInput(input: AttributeInput): AttributeDefinition {
  if (input.name === "") throw missingArgument("The name field of an attribute is empty");
  const type = attributeType(input.type);
  if (type === undefined)
    throw invalidArgument(
      `The type field of the attribute ${input.name} must be 1 to 7, or one of ${Object.keys(ATTRIBUTE_TYPES).join(", ")}`,
    );
  return {
    name: input.name,
    displayName: input.displayName || input.name,
    type,
    options: (input.options ?? []).map((option) => {
      if (typeof option === "string") return { value: option, label: option };
      return { value: option.value ?? "", label: option.label || (option.value ?? "") };
    }),
    ...(input.defaultValue == null ? {} : { defaultValue: input.defaultValue as Json }),
    viewPermissions: input.viewPermissions ?? [],
    editPermissions: input.editPermissions ?? [],
  };
}

function fromSnapshot(kept: JsonObject): AttributeDefinition[] {
  const type = attributeType(number(kept.type) ?? text(kept.type));
  if (text(kept.name) === "" || type === undefined) return [];
  const options = Array.isArray(kept.options) ? kept.options : [];
  return [
    {
      name: text(kept.name),
      displayName: text(kept.displayName),
      type,
      options: options.map((option) => {
        const value = isJsonObject(option) ? text(option.value) : text(option);
        return { value, label: isJsonObject(option) ? text(option.label) : value };
      }),
      ...(kept.defaultValue == null ? {} : { defaultValue: kept.defaultValue }),
      viewPermissions: names(kept.viewPermissions),
      editPermissions: names(kept.editPermissions),
    },
  ];
}

/** The type that a number or a word means. */
function attributeType(given: number | string): AttributeType | undefined {
  const types = Object.entries(ATTRIBUTE_TYPES);
  const word = String(given).toLowerCase();
  return types.find(
    ([name, type]) => type === Number(given) || name.toLowerCase() === (word === "string" ? "text" : word),
  )?.[1];
}
