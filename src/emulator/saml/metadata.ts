import type { Project } from "../project.ts";
import { certificateOf } from "./certificate.ts";
import { attribute } from "./signed-xml.ts";

/** What a service must know of an identity provider, in SAML's own form. */
export function samlMetadata(
  project: Project,
  where: { readonly entityId: string; readonly ssoUrl: string },
): string {
  const binding = (name: string) =>
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${name}" Location="${attribute(where.ssoUrl)}"/>`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${attribute(where.entityId)}">` +
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">` +
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>` +
    `${certificateOf(project).toString("base64")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>` +
    `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>` +
    `<md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified</md:NameIDFormat>` +
    binding("HTTP-Redirect") +
    binding("HTTP-POST") +
    `</md:IDPSSODescriptor></md:EntityDescriptor>\n`
  );
}
