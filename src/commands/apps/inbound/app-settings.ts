import { list, text } from "../../../command/flags.ts";
import { Failure } from "../../../failure.ts";
import { parseScopes } from "./scopes.ts";

/** The flags of the commands that create or replace an inbound application. */
export const appFlags = {
  description: text("What the application is"),
  flowHostingUrl: text("Address of the page that hosts the flow (required)", { short: "f", value: "url" }),
  callbackUrl: list("Addresses that may be called back", { short: "c", value: "urls" }),
  permissionScope: list("Permission scopes (required): name,description,role|role", {
    short: "p",
    value: "scopes",
  }),
  attributeScope: list("Attribute scopes: name,description,attribute|attribute", {
    short: "a",
    value: "scopes",
  }),
};

interface AppFlags {
  readonly description: string | undefined;
  readonly flowHostingUrl: string | undefined;
  readonly callbackUrl: string[] | undefined;
  readonly permissionScope: string[] | undefined;
  readonly attributeScope: string[] | undefined;
}

/** The settings of an application as they go into a request. @throws {Failure} when something needed is missing or malformed. */
export function appSettings(flags: AppFlags) {
  const needed = (flag: string, what: string) =>
    new Failure(`The flag ${flag} is missing`, { code: "invalid_input", hint: `It takes ${what}.` });
  if (flags.flowHostingUrl === undefined || flags.flowHostingUrl === "") {
    throw needed("--flow-hosting-url", "the address of the page that hosts the flow");
  }
  if (flags.permissionScope === undefined || flags.permissionScope.length === 0) {
    throw needed("--permission-scope", 'scopes like "write,Allow writing files,User|Writer"');
  }
  const permissionsScopes = parseScopes(flags.permissionScope, "--permission-scope");
  const attributesScopes = parseScopes(flags.attributeScope ?? [], "--attribute-scope");
  return {
    description: flags.description ?? "",
    logo: "",
    loginPageUrl: flags.flowHostingUrl,
    approvedCallbackUrls: flags.callbackUrl,
    permissionsScopes,
    attributesScopes,
  };
}
