import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { deleteSecrets, PLACEHOLDER, putSecret } from "../snapshot/secrets.ts";
import { getObject, putFile } from "../snapshot/snapshot-files.ts";

/** An outbound application, as the snapshot's file has it: a placeholder stands where its client secret is set. */
export type OutboundApp = JsonObject;

/** The file that outbound applications are kept in: a snapshot carries them, and what it brings is what calls see. */
const FILE = "outboundapps.json";

export function outboundApps(project: Project): OutboundApp[] {
  const { apps } = getObject(project, FILE);
  return Array.isArray(apps) ? apps.filter(isJsonObject) : [];
}

/** @throws {EmulatorError} when there is none with that id. */
export function requireOutboundApp(project: Project, id: string): OutboundApp {
  const found = outboundApps(project).find((app) => app.id === id);
  if (found === undefined) throw notFound(`There is no outbound application ${id}`);
  return found;
}

/** Adds the application, or replaces the one with its id. @param secret its client secret, where that is new. */
export function putOutboundApp(project: Project, app: OutboundApp, secret?: string): OutboundApp {
  const all = outboundApps(project);
  const before = all.find(({ id }) => id === app.id);
  const kept = secret === undefined ? before?.clientSecret : PLACEHOLDER;
  const settled: OutboundApp = { ...app, ...(kept === undefined ? {} : { clientSecret: kept }) };
  if (secret !== undefined) putSecret(project, "outboundApps", text(app.id), "clientsecret", secret);
  save(
    project,
    before === undefined ? [...all, settled] : all.map((one) => (one === before ? settled : one)),
  );
  return settled;
}

export function deleteOutboundApp(project: Project, id: string): void {
  save(
    project,
    outboundApps(project).filter((app) => app.id !== id),
  );
  deleteSecrets(project, "outboundApps", id);
}

function save(project: Project, apps: readonly Json[]): void {
  putFile(project, FILE, { ...getObject(project, FILE), apps: [...apps] });
}

/** An outbound application as the API gives it: never with its secret. */
export function outboundAppReply({ clientSecret: _hidden, ...app }: OutboundApp): Record<string, unknown> {
  return { ...blankOutboundApp(), ...app };
}

/** An application of which nothing was said. */
export function blankOutboundApp(): OutboundApp {
  return {
    id: "",
    name: "",
    description: "",
    clientId: "",
    logo: "",
    discoveryUrl: "",
    authorizationUrl: "",
    authorizationUrlParams: [],
    tokenUrl: "",
    tokenUrlParams: [],
    revocationUrl: "",
    defaultScopes: [],
    defaultRedirectUrl: "",
    callbackDomain: "",
    pkce: false,
    accessType: "",
    prompt: [],
    appType: "",
    useDcr: false,
    dcrUrl: "",
    tenantId: "",
    templateId: "",
  };
}
