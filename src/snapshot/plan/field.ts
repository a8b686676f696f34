import { isJsonObject, type Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import type { FieldChange } from "../model/compare.ts";
import { isSecretMember, PLACEHOLDER } from "../model/normalise.ts";
import { keySegment, readSegment, writePointer, type Pointer } from "../model/pointer.ts";
import type { PlannedField } from "./plan.ts";

/** A difference as it may be shown: of secrets only whether they are set. */
export function plannedField(
  address: Address,
  { pointer, op, old, new: next }: FieldChange,
  from: PlannedField["from"],
): PlannedField {
  return {
    path: writePointer(pointer),
    op,
    old: shownValue(address, pointer, old),
    new: shownValue(address, pointer, next),
    sensitive: isSensitive(address, pointer),
    from,
  };
}

/** True for a place that holds a secret. */
export function isSensitive(address: Address, pointer: Pointer): boolean {
  const step = readSegment(pointer.at(-1) ?? "");
  return step.kind === "key" && isSecretMember(address, step.key);
}

/** A value as it may be shown: secrets in it are told to be set or not. Null where there is none. */
export function shownValue(address: Address, pointer: Pointer, value: Json | undefined): Json {
  if (value === undefined) return null;
  if (isSensitive(address, pointer)) return value === "" || value === null ? "not set" : "set";
  if (typeof value === "string") return value === PLACEHOLDER ? "set" : value;
  if (Array.isArray(value)) return value.map((item) => shownValue(address, pointer, item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      shownValue(address, [...pointer, keySegment(key)], member),
    ]),
  );
}
