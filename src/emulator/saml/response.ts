import type { Project } from "../project.ts";
import { attribute, content, signed, type Digest } from "./signed-xml.ts";

/** Somebody, as an answer tells a service. */
export interface Subject {
  readonly nameId: string;
  readonly nameIdFormat: string;
  /** Attributes with all their values, in order. */
  readonly attributes: readonly (readonly [name: string, values: readonly string[]])[];
}

/** An answer to a service. */
export interface Answer {
  readonly issuer: string;
  /** The service's own name: only it may take the answer. */
  readonly audience: string;
  readonly destination: string;
  /** The request that is answered; absent where the service asked for nothing. */
  readonly inResponseTo?: string | undefined;
  readonly digest: Digest;
  /** Absent where nobody was signed in. */
  readonly subject?: Subject | undefined;
}

const ASSERTION = 'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const PROTOCOL = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"';
const STATUS = "urn:oasis:names:tc:SAML:2.0:status:";

/** How long an answer is good, in milliseconds, and by how much clocks may differ. */
const LIFETIME = 300_000;
const TOLERANCE = 60_000;

/** A response of SAML 2.0 in XML; the assertion in it and the whole are signed with the project's key. */
export function samlResponse(project: Project, answer: Answer): string {
  const now = project.clock.now();
  const id = `_${project.ids.text(32)}`;
  const { issuer, destination, inResponseTo, subject, digest } = answer;
  const to = inResponseTo === undefined ? "" : ` InResponseTo="${attribute(inResponseTo)}"`;
  const issuerElement = `<saml:Issuer ${ASSERTION}>${content(issuer)}</saml:Issuer>`;
  const status =
    subject === undefined
      ? `<samlp:StatusCode Value="${STATUS}Responder"><samlp:StatusCode Value="${STATUS}AuthnFailed"></samlp:StatusCode></samlp:StatusCode>`
      : `<samlp:StatusCode Value="${STATUS}Success"></samlp:StatusCode>`;
  const assertion = subject === undefined ? "" : assertionOf(project, answer, subject, now);
  return signed(
    project,
    id,
    digest,
    (signature) =>
      `<samlp:Response ${PROTOCOL} Destination="${attribute(destination)}" ID="${id}"${to} IssueInstant="${time(now)}" Version="2.0">` +
      `${issuerElement}${signature}<samlp:Status>${status}</samlp:Status>${assertion}</samlp:Response>`,
  );
}

function assertionOf(
  project: Project,
  { issuer, audience, destination, inResponseTo, digest }: Answer,
  { nameId, nameIdFormat, attributes }: Subject,
  now: number,
): string {
  const id = `_${project.ids.text(32)}`;
  const end = time(now + LIFETIME);
  const to = inResponseTo === undefined ? "" : ` InResponseTo="${attribute(inResponseTo)}"`;
  const statement = attributes
    .map(
      ([name, values]) =>
        `<saml:Attribute Name="${attribute(name)}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">` +
        values.map((value) => `<saml:AttributeValue>${content(value)}</saml:AttributeValue>`).join("") +
        "</saml:Attribute>",
    )
    .join("");
  return signed(
    project,
    id,
    digest,
    (signature) =>
      `<saml:Assertion ${ASSERTION} ID="${id}" IssueInstant="${time(now)}" Version="2.0">` +
      `<saml:Issuer>${content(issuer)}</saml:Issuer>${signature}` +
      `<saml:Subject><saml:NameID Format="${attribute(nameIdFormat)}">${content(nameId)}</saml:NameID>` +
      `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
      `<saml:SubjectConfirmationData${to} NotOnOrAfter="${end}" Recipient="${attribute(destination)}"></saml:SubjectConfirmationData>` +
      `</saml:SubjectConfirmation></saml:Subject>` +
      `<saml:Conditions NotBefore="${time(now - TOLERANCE)}" NotOnOrAfter="${end}">` +
      `<saml:AudienceRestriction><saml:Audience>${content(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
      `<saml:AuthnStatement AuthnInstant="${time(now)}" SessionIndex="${id}"><saml:AuthnContext>` +
      `<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef>` +
      `</saml:AuthnContext></saml:AuthnStatement>` +
      (statement === "" ? "" : `<saml:AttributeStatement>${statement}</saml:AttributeStatement>`) +
      "</saml:Assertion>",
  );
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
