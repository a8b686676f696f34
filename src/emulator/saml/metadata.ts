import type { Project } from "../project.ts";
import { certificateOf } from "./certificate.ts";
import { attribute, content } from "./signed-xml.ts";

/** Where an identity provider is. */
export interface ProviderPlace {
  readonly entityId: string;
  readonly ssoUrl: string;
}

/** What a service must know of an identity provider, in SAML's own form. */
export function samlMetadata(project: Project, { entityId, ssoUrl }: ProviderPlace): string {
  const binding = (name: string) =>
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${name}" Location="${attribute(ssoUrl)}"/>`;
  return descriptor(
    entityId,
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
      signingKey(project) +
      `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>` +
      `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>` +
      `${binding("HTTP-Redirect")}${binding("HTTP-POST")}</md:IDPSSODescriptor>`,
  );
}

/** The same in the form of WS-Federation. */
export function wsFedMetadata(project: Project, { entityId, ssoUrl }: ProviderPlace): string {
  return descriptor(
    entityId,
    `<md:RoleDescriptor xmlns:fed="${FEDERATION}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="${FEDERATION}">` +
      signingKey(project) +
      `<fed:TokenTypesOffered><fed:TokenType Uri="urn:oasis:names:tc:SAML:1.0:assertion"/></fed:TokenTypesOffered>` +
      `<fed:PassiveRequestorEndpoint><wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">` +
      `<wsa:Address>${content(ssoUrl)}</wsa:Address></wsa:EndpointReference></fed:PassiveRequestorEndpoint></md:RoleDescriptor>`,
  );
}

const FEDERATION = "http://docs.oasis-open.org/wsfed/federation/200706";

function descriptor(entityId: string, role: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${attribute(entityId)}">${role}</md:EntityDescriptor>\n`
  );
}

function signingKey(project: Project): string {
  return (
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` +
    `${certificateOf(project).toString("base64")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`
  );
}
