import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { invalidArgument } from "../error.ts";

/** What an import leaves as it is. */
export interface Exclusions {
  leavesOut(path: string): boolean;
  /** The project's settings after an import, with the excluded ones as they were. */
  mergeProject(imported: Json, current: JsonObject): Json;
}

/** The names that leave out whole files, with where those start. "lists" is all that Descope's SDKs send; the rest is documented. */
const AREAS: Readonly<Record<string, readonly string[]>> = {
  lists: ["lists.json", "lists/"],
  project: ["project.json"],
  magicLink: ["auth/magiclink.json"],
  enchantedLink: ["auth/enchantedlink.json"],
  embeddedLink: ["auth/embeddedlink.json"],
  otp: ["auth/otp.json"],
  totp: ["auth/totp.json"],
  sso: ["auth/sso.json"],
  oauth: ["auth/oauth.json"],
  webauthn: ["auth/webauthn.json"],
  password: ["auth/password.json"],
  styles: ["styles/"],
  flows: ["flows/"],
  connectors: ["connectors/"],
  authorization: ["roles.json"],
  attributes: ["attributes.json"],
  ssoApps: ["applications.json"],
};

/** Names of single settings of `project.json`, with the members that they stand for. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  domain: ["domain"],
  trustedDomains: ["trustedDomains"],
  tokenResponseMethod: ["tokenResponseMethod"],
  selfProvisioning: ["projectSelfProvisioning"],
  rotateJwt: ["rotateJwt"],
  cookiepolicy: ["cookiePolicy"],
  refreshTokenExpiration: ["refreshTokenExpiration", "refreshTokenExpirationUnit"],
  stepupTokenExpiration: ["stepupTokenExpiration", "stepupTokenExpirationUnit"],
  sessionTokenExpiration: ["sessionTokenExpiration", "sessionTokenExpirationUnit"],
  keySessionTokenExpiration: ["keySessionTokenExpiration", "keySessionTokenExpirationUnit"],
  inviteUrl: ["inviteUrl"],
  inviteEmail: ["inviteSendEmail", "inviteEmailProviderId", "inviteEmailTemplateId", "inviteEmailTemplates"],
  inviteSms: ["inviteSendSms", "inviteSmsProviderId", "inviteSmsTemplateId", "inviteSmsTemplates"],
  inviteMagicLink: ["inviteMagicLink"],
  conformanceJwt: ["conformanceJwt"],
  inactivity: ["enableInactivity", "inactivityTime", "inactivityTimeUnit"],
};

/** @throws {EmulatorError} E011004 for a name that means nothing. */
export function exclusions(excluded: readonly string[]): Exclusions {
  const starts: string[] = [];
  const members: string[] = [];
  for (const name of excluded) {
    const area = Object.hasOwn(AREAS, name) ? AREAS[name] : undefined;
    const member = name.startsWith("project.") ? name.slice("project.".length) : "";
    const setting = Object.hasOwn(SETTINGS, member) ? SETTINGS[member] : undefined;
    if (area !== undefined) starts.push(...area);
    else if (setting !== undefined) members.push(...setting);
    else throw invalidArgument(`The excludes field holds ${name}, which is nothing that can be excluded`);
  }
  return {
    leavesOut: (path) =>
      starts.some((start) => path === start || (start.endsWith("/") && path.startsWith(start))),
    mergeProject(imported, current) {
      if (!isJsonObject(imported) || members.length === 0) return imported;
      const merged: JsonObject = { ...imported };
      for (const member of members) {
        if (current[member] === undefined) delete merged[member];
        else merged[member] = current[member];
      }
      return merged;
    },
  };
}
