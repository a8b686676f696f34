import { isRawNumber } from "../../json/value.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import {
  ATTRIBUTE_TYPES,
  attributeDefinitions,
  type AttributeDefinition,
  type AttributeScope,
} from "./definitions.ts";

/** The custom attributes of a thing. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Checks attributes by what is declared of them. What is not declared is taken as it is: a project need not be configured before it
 * can be tried.
 *
 * @throws {EmulatorError} E011004, naming the attribute and what it must be.
 */
export function checkAttributes(project: Project, scope: AttributeScope, attributes: Attributes): void {
  const names = Object.keys(attributes);
  if (names.length === 0) return;
  for (const definition of attributeDefinitions(project, scope)) {
    const value = attributes[definition.name];
    if (value == null) continue;
    const wanted = mismatch(definition, value);
    if (wanted !== undefined)
      throw invalidArgument(`The custom attribute ${definition.name} must be ${wanted}`);
  }
}

/** `attributes` with the `changes`; a value of null takes an attribute away. */
export function mergeAttributes(attributes: Attributes, changes: Attributes): Attributes {
  const merged = { ...attributes, ...changes };
  for (const [name, value] of Object.entries(merged)) if (value == null) delete merged[name];
  return merged;
}

/** True when each of the `wanted` attributes has that value, one of those values, or holds it in a list. */
export function matchAttributes(attributes: Attributes, wanted: Attributes | null | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([name, value]) => {
    const held = new Set(
      (Array.isArray(attributes[name]) ? attributes[name] : [attributes[name]]).map(plain),
    );
    return (Array.isArray(value) ? value : [value]).some((one) => held.has(plain(one)));
  });
}

/** Everything in attributes that can be searched for as text. */
export function attributeTexts(attributes: Attributes): string[] {
  return Object.values(attributes)
    .flat()
    .filter(
      (value) =>
        value != null && typeof value !== "boolean" && (typeof value !== "object" || isRawNumber(value)),
    )
    .map((value) => (isRawNumber(value) ? value.rawJSON : String(value)));
}

function plain(value: unknown): string {
  return JSON.stringify(isRawNumber(value) ? Number(value.rawJSON) : value) ?? "";
}

/** What the value must be instead; undefined where it is right. */
function mismatch({ type, options }: AttributeDefinition, value: unknown): string | undefined {
  const choices = () => `one of ${options.map((option) => option.value).join(", ")}`;
  const isChoice = (one: unknown) =>
    typeof one === "string" && (options.length === 0 || options.some((option) => option.value === one));
  switch (type) {
    case ATTRIBUTE_TYPES.text:
      return typeof value === "string" ? undefined : "a text";
    case ATTRIBUTE_TYPES.number:
      return isNumber(value) ? undefined : "a number";
    case ATTRIBUTE_TYPES.boolean:
      return typeof value === "boolean" ? undefined : "true or false";
    case ATTRIBUTE_TYPES.singleSelect:
      return isChoice(value) ? undefined : choices();
    case ATTRIBUTE_TYPES.multiSelect:
      return Array.isArray(value) && value.every(isChoice) ? undefined : `a list of texts, each ${choices()}`;
    case ATTRIBUTE_TYPES.date:
      return isNumber(value) || isDate(value) ? undefined : "a date: milliseconds since 1970, or ISO 8601";
    case ATTRIBUTE_TYPES.monthDay:
      return typeof value === "string" && /^\d{1,2}[-/]\d{1,2}$/.test(value)
        ? undefined
        : "a month and a day, such as 12-31";
  }
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || isRawNumber(value);
}

function isDate(value: unknown): boolean {
  return typeof value === "string" && !Number.isNaN(Date.parse(value));
}
