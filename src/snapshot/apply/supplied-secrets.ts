import { isJsonObject, type Json } from "../../json/value.ts";
import type { Address } from "../model/address.ts";
import { addressOf, nameOf } from "../model/address.ts";
import type { SecretSource } from "../plan/input.ts";
import { secretLabel } from "../plan/secrets.ts";
import { parseSecrets } from "../secrets.ts";

/** The source that a plan names for secrets of a secrets file. */
export const FROM_FILE = "secrets-input";

/** Secrets of a secrets file, by what they belong to. */
export interface SuppliedSecrets {
  readonly rules: readonly SecretSource[];
  /** By label. */
  readonly values: ReadonlyMap<string, string>;
}

const KINDS: Readonly<Record<string, string>> = {
  connectors: "connector",
  outboundApps: "outboundapp",
  externalAuth: "externalauth",
};

/**
 * Reads the content of a secrets file. Its keys hold ids of the folder's environment; `owners` finds whose they are.
 *
 * @throws {Failure} "file" naming the key, never a value.
 */
export function suppliedSecrets(
  content: Json,
  file: string,
  owners: ReadonlyMap<string, Address>,
): SuppliedSecrets {
  const rules: SecretSource[] = [];
  const values = new Map<string, string>();
  for (const [list, secrets] of Object.entries(parseSecrets(content, file))) {
    for (const { id, name, type, value } of secrets) {
      if (value === undefined) continue;
      const isProvider = list === "oauthProviders";
      const address = isProvider
        ? "auth/oauth"
        : (owners.get(id) ?? addressOf(KINDS[list] ?? list, name === "" ? id : name));
      const at = isProvider ? ["providerSettings", id] : [];
      const written = isProvider ? `/providerSettings/${id}` : "";
      rules.push({ address, at, name: type.toLowerCase(), source: FROM_FILE, version: null });
      values.set(secretLabel(address, written, type.toLowerCase()), value);
    }
  }
  return { rules, values };
}

/** Ids and the names of what has them, of entities whose address is made of their name. */
export function ownersOf(
  entities: Iterable<{ readonly address: Address; readonly content: Json }>,
): Map<string, Address> {
  const owners = new Map<string, Address>();
  for (const { address, content } of entities) {
    if (isJsonObject(content) && typeof content.id === "string" && nameOf(address) !== "")
      owners.set(content.id, address);
  }
  return owners;
}
