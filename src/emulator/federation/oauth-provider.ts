import { isJsonObject, type JsonObject } from "../../json/value.ts";
import { forbidden, invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, text } from "../project-settings.ts";

/** A provider of social sign-in, as the project has it. */
export interface OAuthProvider {
  readonly name: string;
  /** As people know it. */
  readonly title: string;
  readonly clientId: string;
  /** Where it comes back to; empty for what all of them are set to. */
  readonly redirectUrl: string;
  /** Whether an address that it says is verified is taken for verified. */
  readonly trustsEmails: boolean;
  /** Whether its tokens are kept with the user. */
  readonly keepsTokens: boolean;
  readonly scopes: readonly string[];
}

/** The providers that work without being set up. */
const READY: Readonly<Record<string, string>> = {
  apple: "Apple",
  discord: "Discord",
  facebook: "Facebook",
  github: "GitHub",
  gitlab: "GitLab",
  google: "Google",
  linkedin: "LinkedIn",
  microsoft: "Microsoft",
  slack: "Slack",
};

/** @throws {EmulatorError} for a provider that the project does not have, or has switched off. */
export function requireProvider(project: Project, name: string): OAuthProvider {
  const all = methodSettings(project, "oauth").providerSettings;
  const settings = isJsonObject(all) && Object.hasOwn(all, name) ? all[name] : undefined;
  const ready = Object.hasOwn(READY, name) ? READY[name] : undefined;
  if (!isJsonObject(settings) && ready === undefined)
    throw invalidArgument(`The project has no provider ${name}`);
  const own: JsonObject = isJsonObject(settings) ? settings : {};
  if (own.enabled === false) throw forbidden(`The provider ${name} is switched off in this project`);
  const scopes = [own.defaultScopes, own.scopes].flatMap((list) =>
    Array.isArray(list) ? list.map(text) : [],
  );
  return {
    name,
    title: text(own.name) || (ready ?? name),
    clientId: text(own.clientId) || `emulated-${name}`,
    redirectUrl: text(own.redirectUrl),
    trustsEmails: own.trustProvidedEmails !== false,
    keepsTokens: own.manageProviderTokens === true,
    scopes,
  };
}
