import { isEmpty, isJsonObject, type Json, type JsonObject } from "../json/value.ts";

/**
 * A flow as the server exports it, without the empty values that say nothing: in its metadata, its references and its screens'
 * interactions. References that are left empty go as a whole; metadata and interactions stay, if only as `{}` and `[]`. What the
 * flow does, its contents and those of its screens, is not touched.
 */
export function cleanFlow(flow: JsonObject): JsonObject {
  return withMembers(withoutEmptyReferences(flow), {
    metadata: withoutEmpty,
    screens: (screens) => (Array.isArray(screens) ? screens.map(cleanScreen) : screens),
  });
}

/** A theme as the server exports it, without the empty values in its references. */
export function cleanTheme(theme: JsonObject): JsonObject {
  return withoutEmptyReferences(theme);
}

function cleanScreen(screen: Json): Json {
  return isJsonObject(screen) ? withMembers(screen, { interactions: withoutEmpty }) : screen;
}

function withoutEmptyReferences(exported: JsonObject): JsonObject {
  const cleaned = withMembers(exported, { references: withoutEmpty });
  if (!isEmpty(cleaned.references)) return cleaned;
  return Object.fromEntries(Object.entries(cleaned).filter(([key]) => key !== "references"));
}

/** The object with some of its members changed; one that is absent stays absent. */
function withMembers(
  object: JsonObject,
  changes: Readonly<Record<string, (value: Json) => Json>>,
): JsonObject {
  const entries = Object.entries(object).map(([key, value]): [string, Json] => {
    const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
    return [key, change === undefined ? value : change(value)];
  });
  return Object.fromEntries(entries);
}

/** A value without the empty members of its objects, inside out. Items of lists are cleaned and never removed. */
function withoutEmpty(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, withoutEmpty(member)]);
  return Object.fromEntries(entries.filter(([, member]) => !isEmpty(member)));
}
