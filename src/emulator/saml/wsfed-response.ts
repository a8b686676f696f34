import type { Project } from "../project.ts";
import type { Subject } from "./response.ts";
import { attribute, content, signed } from "./signed-xml.ts";

const ASSERTION = 'xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion"';
const TRUST = "http://schemas.xmlsoap.org/ws/2005/02/trust";
const UTILITY =
  'xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"';
const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";

/** How long an answer is good, in milliseconds, and by how much clocks may differ. */
const LIFETIME = 300_000;
const TOLERANCE = 60_000;

/** What a service of WS-Federation gets (`wresult`): an assertion of SAML 1.1, signed with the project's key. */
export function securityTokenResponse(
  project: Project,
  {
    issuer,
    audience,
    subject,
  }: { readonly issuer: string; readonly audience: string; readonly subject: Subject },
): string {
  const now = project.clock.now();
  const time = (at: number) => new Date(at).toISOString();
  const assertion = assertionOf(project, issuer, audience, subject, now, time);
  return (
    `<t:RequestSecurityTokenResponse xmlns:t="${TRUST}"><t:Lifetime>` +
    `<wsu:Created ${UTILITY}>${time(now)}</wsu:Created><wsu:Expires ${UTILITY}>${time(now + LIFETIME)}</wsu:Expires></t:Lifetime>` +
    `<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">` +
    `<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>${content(audience)}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>` +
    `<t:RequestedSecurityToken>${assertion}</t:RequestedSecurityToken>` +
    `<t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</t:TokenType><t:RequestType>${TRUST}/Issue</t:RequestType>` +
    `<t:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</t:KeyType></t:RequestSecurityTokenResponse>`
  );
}

function assertionOf(
  project: Project,
  issuer: string,
  audience: string,
  { nameId, nameIdFormat, attributes }: Subject,
  now: number,
  time: (at: number) => string,
): string {
  const id = `_${project.ids.text(32)}`;
  const subject =
    `<saml:Subject><saml:NameIdentifier Format="${attribute(nameIdFormat)}">${content(nameId)}</saml:NameIdentifier>` +
    `<saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>`;
  const statement = attributes
    .map(([name, values]) => {
      const [local, namespace] = parted(name);
      return (
        `<saml:Attribute AttributeName="${attribute(local)}" AttributeNamespace="${attribute(namespace)}">` +
        `${values.map((value) => `<saml:AttributeValue>${content(value)}</saml:AttributeValue>`).join("")}</saml:Attribute>`
      );
    })
    .join("");
  return signed(
    project,
    id,
    "sha256",
    (signature) =>
      `<saml:Assertion ${ASSERTION} AssertionID="${id}" IssueInstant="${time(now)}" Issuer="${attribute(issuer)}" MajorVersion="1" MinorVersion="1">` +
      `<saml:Conditions NotBefore="${time(now - TOLERANCE)}" NotOnOrAfter="${time(now + LIFETIME)}">` +
      `<saml:AudienceRestrictionCondition><saml:Audience>${content(audience)}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>` +
      (statement === "" ? "" : `<saml:AttributeStatement>${subject}${statement}</saml:AttributeStatement>`) +
      `<saml:AuthenticationStatement AuthenticationInstant="${time(now)}" AuthenticationMethod="urn:oasis:names:tc:SAML:1.0:am:unspecified">${subject}</saml:AuthenticationStatement>` +
      `${signature}</saml:Assertion>`,
  );
}

/** Names of claims are addresses: what stands behind the last slash, and before. Others are given the usual place. */
function parted(name: string): readonly [local: string, namespace: string] {
  const at = name.lastIndexOf("/");
  return at > 0 && at < name.length - 1 ? [name.slice(at + 1), name.slice(0, at)] : [name, CLAIMS];
}
