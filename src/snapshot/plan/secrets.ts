import { isJsonObject, type Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import { isSecretMember, PLACEHOLDER } from "../model/normalise.ts";
import { valueAt, withValue } from "../model/place.ts";
import { itemSegment, keySegment, writePointer, type Pointer } from "../model/pointer.ts";

/** A secret that an entity has, by its place. */
export interface SecretPlace {
  readonly pointer: Pointer;
  /** "placeholder" for one that is set; "value" where the secret itself stands in the content. */
  readonly state: "placeholder" | "value";
}

/** Finds every secret in an entity's content: placeholders anywhere, and texts in members that hold secrets. */
export function secretsIn(address: Address, content: Json): SecretPlace[] {
  const found: SecretPlace[] = [];
  const walk = (value: Json, pointer: Pointer, key: string): void => {
    if (typeof value === "string") {
      if (value === PLACEHOLDER) found.push({ pointer, state: "placeholder" });
      else if (value !== "" && isSecretMember(address, key)) found.push({ pointer, state: "value" });
    } else if (Array.isArray(value)) {
      value.forEach((item, i) => walk(item, [...pointer, itemPlace(value, item, i)], key));
    } else if (isJsonObject(value)) {
      for (const name of Object.keys(value)) walk(value[name] ?? null, [...pointer, keySegment(name)], name);
    }
  };
  walk(content, [], "");
  return found;
}

/** The content with a placeholder for every secret: a plan holds none, not even what the target itself holds in clear. */
export function withoutSecrets(address: Address, content: Json): Json {
  return secretsIn(address, content)
    .filter(({ state }) => state === "value")
    .reduce((kept, { pointer }) => withValue(kept, pointer, PLACEHOLDER) ?? kept, content);
}

/** The content with the secrets that the target holds in clear in the place of their placeholders. */
export function withOwnSecrets(address: Address, content: Json, live: Json): Json {
  return secretsIn(address, live)
    .filter(({ pointer, state }) => state === "value" && valueAt(content, pointer) === PLACEHOLDER)
    .reduce((kept, { pointer }) => withValue(kept, pointer, valueAt(live, pointer) ?? null) ?? kept, content);
}

function itemPlace(items: readonly Json[], item: Json, index: number): string {
  for (const by of ["id", "name", "key"]) {
    const known = isJsonObject(item) ? item[by] : undefined;
    if (
      typeof known === "string" &&
      items.filter((one) => isJsonObject(one) && one[by] === known).length === 1
    )
      return itemSegment(by, known);
  }
  return String(index);
}

/** What the server calls a secret: the member's name in lower case. */
export function secretName(pointer: Pointer): string {
  return (pointer.at(-1) ?? "").toLowerCase();
}

/** The part of an entity whose secrets are named together: a provider of `auth/oauth`, or the entity itself. */
export function secretOwner(address: Address, pointer: Pointer): Pointer {
  return address === "auth/oauth" && pointer[0] === "providerSettings" ? pointer.slice(0, 2) : [];
}

/** True when the target's entity has the secret at this place set. */
export function isSet(content: Json | undefined, pointer: Pointer): boolean {
  const value = valueAt(content, pointer);
  return typeof value === "string" && value !== "";
}

/** A secret as one line: `connector/My HTTP bearertoken`. */
export function secretLabel(address: Address, at: string, name: string): string {
  return `${address}${at === "" ? "" : `#${at}`} ${name}`;
}

export { writePointer };
