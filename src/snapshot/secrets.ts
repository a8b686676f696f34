import * as v from "valibot";
import { decodeRecord, member } from "../api/record.ts";
import { fileFailure } from "../failure.ts";
import { isJsonObject, Ordered, type Json } from "../json/value.ts";

/** Where a secret belongs: the prefix of its key in a secrets file, and its list in requests and replies. */
const KINDS = [
  ["connector-", "connectors"],
  ["oauthprovider-", "oauthProviders"],
  ["outboundapp-", "outboundApps"],
  ["externalauth-", "externalAuth"],
] as const;

/** One secret, as it goes to the server. */
export interface InputSecret {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value?: string;
}

/**
 * Reads the content of a secrets file, `{"connector-<id>": {"name": …, "secrets": {"<type>": "<value>"}}}`, into the form of a request.
 * An empty object or list and null hold no secrets.
 *
 * @throws {Failure} "file" naming the file and the key, never a value.
 */
export function parseSecrets(content: Json, file: string): Record<string, InputSecret[]> {
  const out: Record<string, InputSecret[]> = {};
  if (content === null || (Array.isArray(content) && content.length === 0)) return out;
  if (!isJsonObject(content)) throw fileFailure(`${file}: it must hold a JSON object of secrets`);
  for (const [key, entry] of Object.entries(content)) {
    const kind = KINDS.find(([prefix]) => key.startsWith(prefix));
    if (kind === undefined) {
      const known = KINDS.map(([prefix]) => `${prefix}<id>`).join(", ");
      throw fileFailure(
        `${file}: the key "${key}" does not say whose secrets it holds`,
        `Keys are ${known}.`,
      );
    }
    const [prefix, list] = kind;
    if (!isJsonObject(entry))
      throw fileFailure(`${file}: "${key}" must be an object with "name" and "secrets"`);
    const name = member(entry, "name") ?? "";
    const secrets = member(entry, "secrets") ?? {};
    if (typeof name !== "string") throw fileFailure(`${file}: the name of "${key}" is not a text`);
    if (!isJsonObject(secrets)) throw fileFailure(`${file}: the secrets of "${key}" are not an object`);
    for (const [type, secret] of Object.entries(secrets)) {
      const given = secret ?? "";
      if (typeof given !== "string")
        throw fileFailure(`${file}: the secret "${type}" of "${key}" is not a text`);
      const base = { id: key.slice(prefix.length), name, type };
      (out[list] ??= []).push(given === "" ? base : { ...base, value: given });
    }
  }
  return out;
}

const missingSecret = v.object({
  id: v.string(),
  name: v.string(),
  type: v.string(),
  value: v.optional(v.string()),
});

/** The secrets that a validation misses, in the order of the reply's record; empty lists left out. */
const missingSecrets = v.object(
  Object.fromEntries(KINDS.map(([, list]) => [list, v.optional(v.array(missingSecret))])),
);

/** Reads the missing secrets out of a validation's reply; undefined when it says nothing of them. */
export function readMissing(raw: Json | undefined): Ordered | undefined {
  return raw === undefined || raw === null ? undefined : decodeRecord(missingSecrets, raw, "missingSecrets");
}

/** Missing secrets as a secrets file to be filled in: every value empty. */
export function secretsToFill(missing: Ordered): Json {
  const out: Record<string, { name: string; secrets: Record<string, string> }> = {};
  for (const { prefix, secret } of eachMissing(missing)) {
    const entry = (out[prefix + secret.id] ??= { name: secret.name, secrets: {} });
    entry.secrets[secret.type] = "";
  }
  return out;
}

/** Missing secrets as lines for people. */
export function describeMissing(missing: Ordered): string[] {
  return eachMissing(missing).map(({ prefix, secret }) => {
    return `The secret ${secret.type} of ${prefix.slice(0, -1)} ${secret.name} (${secret.id}) is missing`;
  });
}

function eachMissing(
  missing: Ordered,
): { prefix: string; secret: { id: string; name: string; type: string } }[] {
  return KINDS.flatMap(([prefix, list]) => {
    const entries = (missing.get(list) ?? []) as Ordered[];
    return entries.map((entry) => ({
      prefix,
      secret: {
        id: String(entry.get("id")),
        name: String(entry.get("name")),
        type: String(entry.get("type")),
      },
    }));
  });
}
