import * as v from "valibot";
import { flag, number, text, texts } from "./schemas.ts";

/** A custom attribute. `type` is a number, or the word for it: 1 text, 2 number, 3 boolean, 4 single select, 5 multi select, 6 date, 7 month and day. */
const definition = () =>
  v.looseObject({
    name: v.string(),
    type: v.union([number(), v.string()]),
    displayName: text(),
    options: v.nullish(v.array(v.union([v.string(), v.looseObject({ value: text(), label: text() })]))),
    defaultValue: v.optional(v.unknown()),
    editable: flag(),
    viewPermissions: texts(),
    editPermissions: texts(),
  });

/** What makes custom attributes of a thing. */
export const newAttributes = () => v.looseObject({ attributes: v.array(definition()) });

/** What takes them away. */
export const namedAttributes = () => v.looseObject({ names: v.array(v.string()) });
