import { isJsonObject } from "../../json/value.ts";
import { kindOf, nameOf } from "../model/address.ts";
import { valueAt } from "../model/place.ts";
import { readPointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import type { SecretIntent } from "../plan/plan.ts";
import type { InputSecret } from "../secrets.ts";
import type { InputSecrets } from "../target.ts";

/** A secret that is to be written, with its value. */
export interface SecretValue {
  readonly intent: SecretIntent;
  readonly value: string;
}

/** Secrets in the form of an import, with the ids that the files which are sent have for their owners. */
export function inputSecrets(values: readonly SecretValue[], files: Snapshot): InputSecrets {
  const out: Record<string, InputSecret[]> = {};
  for (const { intent, value } of values) {
    const owner = ownerOf(intent, files);
    if (owner === undefined) continue;
    (out[owner.list] ??= []).push({ id: owner.id, name: owner.name, type: intent.name, value });
  }
  return out;
}

function ownerOf(
  { address, at }: SecretIntent,
  files: Snapshot,
): { list: string; id: string; name: string } | undefined {
  const entity = files.entities.get(address);
  if (entity === undefined) return undefined;
  const pointer = readPointer(at) ?? [];
  if (address === "auth/oauth") {
    const key = pointer.at(-1) ?? "";
    const provider = valueAt(entity.content, pointer);
    const name = isJsonObject(provider) && typeof provider.name === "string" ? provider.name : key;
    return { list: "oauthProviders", id: key, name };
  }
  const name = nameOf(address);
  const id = entity.id ?? name;
  switch (kindOf(address)) {
    case "connector":
      return { list: "connectors", id, name };
    case "outboundapp":
      return { list: "outboundApps", id, name };
    default:
      return { list: "externalAuth", id, name };
  }
}
