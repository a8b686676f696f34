import type { JsonObject } from "../../json/value.ts";
import { notFound } from "../error.ts";

/** Where a well-known service asks for consent and gives tokens. */
interface Template {
  readonly name: string;
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly revocationUrl?: string;
  readonly scopes?: readonly string[];
  readonly pkce?: boolean;
}

/** By their ids. Descope's console offers many more; what they say stands in each service's own documentation. */
const TEMPLATES: Readonly<Record<string, Template>> = {
  asana: {
    name: "Asana",
    authorizationUrl: "https://app.asana.com/-/oauth_authorize",
    tokenUrl: "https://app.asana.com/-/oauth_token",
    revocationUrl: "https://app.asana.com/-/oauth_revoke",
  },
  atlassian: {
    name: "Atlassian",
    authorizationUrl: "https://auth.atlassian.com/authorize",
    tokenUrl: "https://auth.atlassian.com/oauth/token",
    scopes: ["offline_access"],
  },
  discord: {
    name: "Discord",
    authorizationUrl: "https://discord.com/oauth2/authorize",
    tokenUrl: "https://discord.com/api/oauth2/token",
    revocationUrl: "https://discord.com/api/oauth2/token/revoke",
    scopes: ["identify"],
  },
  dropbox: {
    name: "Dropbox",
    authorizationUrl: "https://www.dropbox.com/oauth2/authorize",
    tokenUrl: "https://api.dropboxapi.com/oauth2/token",
    revocationUrl: "https://api.dropboxapi.com/2/auth/token/revoke",
  },
  github: {
    name: "GitHub",
    authorizationUrl: "https://github.com/login/oauth/authorize",
    tokenUrl: "https://github.com/login/oauth/access_token",
  },
  gitlab: {
    name: "GitLab",
    authorizationUrl: "https://gitlab.com/oauth/authorize",
    tokenUrl: "https://gitlab.com/oauth/token",
    revocationUrl: "https://gitlab.com/oauth/revoke",
    pkce: true,
  },
  google: {
    name: "Google",
    authorizationUrl: "https://accounts.google.com/o/oauth2/v2/auth",
    tokenUrl: "https://oauth2.googleapis.com/token",
    revocationUrl: "https://oauth2.googleapis.com/revoke",
    scopes: ["openid", "email", "profile"],
    pkce: true,
  },
  hubspot: {
    name: "HubSpot",
    authorizationUrl: "https://app.hubspot.com/oauth/authorize",
    tokenUrl: "https://api.hubapi.com/oauth/v1/token",
    scopes: ["oauth"],
  },
  linear: {
    name: "Linear",
    authorizationUrl: "https://linear.app/oauth/authorize",
    tokenUrl: "https://api.linear.app/oauth/token",
    revocationUrl: "https://api.linear.app/oauth/revoke",
    scopes: ["read"],
  },
  microsoft: {
    name: "Microsoft",
    authorizationUrl: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    tokenUrl: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    scopes: ["openid", "offline_access"],
    pkce: true,
  },
  notion: {
    name: "Notion",
    authorizationUrl: "https://api.notion.com/v1/oauth/authorize",
    tokenUrl: "https://api.notion.com/v1/oauth/token",
  },
  salesforce: {
    name: "Salesforce",
    authorizationUrl: "https://login.salesforce.com/services/oauth2/authorize",
    tokenUrl: "https://login.salesforce.com/services/oauth2/token",
    revocationUrl: "https://login.salesforce.com/services/oauth2/revoke",
    pkce: true,
  },
  slack: {
    name: "Slack",
    authorizationUrl: "https://slack.com/oauth/v2/authorize",
    tokenUrl: "https://slack.com/api/oauth.v2.access",
    revocationUrl: "https://slack.com/api/auth.revoke",
  },
  spotify: {
    name: "Spotify",
    authorizationUrl: "https://accounts.spotify.com/authorize",
    tokenUrl: "https://accounts.spotify.com/api/token",
    pkce: true,
  },
  zoom: {
    name: "Zoom",
    authorizationUrl: "https://zoom.us/oauth/authorize",
    tokenUrl: "https://zoom.us/oauth/token",
    revocationUrl: "https://zoom.us/oauth/revoke",
    pkce: true,
  },
};

/** Servers with which applications register themselves (RFC 7591), by the ids of their presets. */
const DCR_PRESETS: Readonly<Record<string, { readonly name: string; readonly origin: string }>> = {
  asana: { name: "Asana MCP", origin: "https://mcp.asana.com" },
  linear: { name: "Linear MCP", origin: "https://mcp.linear.app" },
  notion: { name: "Notion MCP", origin: "https://mcp.notion.com" },
  sentry: { name: "Sentry MCP", origin: "https://mcp.sentry.dev" },
};

/** What an application is by a template; undefined for one that is not known. */
export function knownTemplate(id: string): JsonObject | undefined {
  const found = Object.hasOwn(TEMPLATES, id) ? TEMPLATES[id] : undefined;
  if (found === undefined) return undefined;
  const { name, authorizationUrl, tokenUrl, revocationUrl = "", scopes = [], pkce = false } = found;
  return { name, authorizationUrl, tokenUrl, revocationUrl, defaultScopes: [...scopes], pkce };
}

/** The same. @throws {EmulatorError} for one that is not known. */
export function outboundTemplate(id: string): JsonObject {
  const found = knownTemplate(id);
  if (found === undefined)
    throw notFound(`There is no template ${id}; the emulator has ${Object.keys(TEMPLATES).join(", ")}`);
  return found;
}

/** What an application is by a preset. @throws {EmulatorError} for one that is not known. */
export function dcrPreset(id: string): JsonObject {
  const found = Object.hasOwn(DCR_PRESETS, id) ? DCR_PRESETS[id] : undefined;
  if (found === undefined)
    throw notFound(`There is no preset ${id}; the emulator has ${Object.keys(DCR_PRESETS).join(", ")}`);
  return {
    name: found.name,
    discoveryUrl: `${found.origin}/.well-known/oauth-authorization-server`,
    authorizationUrl: `${found.origin}/authorize`,
    tokenUrl: `${found.origin}/token`,
    dcrUrl: `${found.origin}/register`,
    useDcr: true,
    pkce: true,
  };
}
