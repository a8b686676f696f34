import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { text } from "../project-settings.ts";
import type { SecretHolder, SecretOwner } from "./secrets.ts";
import { names, type Files } from "./snapshot-files.ts";

/** Everything in a snapshot that has secrets of its own. */
export function secretHolders(files: Readonly<Files>): SecretHolder[] {
  return [...connectors(files), ...oauthProviders(files), ...outboundApps(files)];
}

/** The connectors that a snapshot lists. */
export function connectors(files: Readonly<Files>): SecretHolder[] {
  const index = object(files["connectors/connectors.json"]);
  return names(index?.connectors).flatMap((part): SecretHolder[] => {
    const file = `connectors/${part}.json`;
    const found = object(files[file]);
    if (found === undefined) return [];
    return [
      holder("connectors", text(found.id), text(found.name), file, ["configuration"], found.configuration),
    ];
  });
}

function oauthProviders(files: Readonly<Files>): SecretHolder[] {
  const file = "auth/oauth.json";
  const providers = object(object(files[file])?.providerSettings) ?? {};
  return Object.entries(providers).map(([key, settings]) => {
    const name = text(object(settings)?.name);
    return holder("oauthProviders", key, name === "" ? key : name, file, ["providerSettings", key], settings);
  });
}

function outboundApps(files: Readonly<Files>): SecretHolder[] {
  const file = "outboundapps.json";
  const apps = object(files[file])?.apps;
  if (!Array.isArray(apps)) return [];
  return apps.map((app, index) => {
    const { id, name } = object(app) ?? {};
    return holder("outboundApps", text(id), text(name), file, ["apps", String(index)], app);
  });
}

function holder(
  owner: SecretOwner,
  id: string,
  name: string,
  file: string,
  at: readonly string[],
  configuration: Json | undefined,
): SecretHolder {
  return { owner, id, name, file, at, configuration: object(configuration) ?? {} };
}

function object(content: Json | undefined): JsonObject | undefined {
  return isJsonObject(content) ? content : undefined;
}
