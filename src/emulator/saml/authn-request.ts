import { isJsonObject } from "../../json/value.ts";
import { invalidArgument } from "../error.ts";
import type { Digest } from "./signed-xml.ts";

/** What a service asks: that somebody be signed in for it. */
export interface AuthnRequest {
  readonly id: string;
  /** The service's own name; empty where it does not say. */
  readonly issuer: string;
  /** Where the answer is to go; empty where the service is set up with one place alone. */
  readonly acsUrl: string;
  readonly forceAuthn: boolean;
  readonly isPassive: boolean;
}

/**
 * Reads `SAMLRequest`: base64, and deflated where it came in an address.
 *
 * @throws {EmulatorError} for anything that is no AuthnRequest.
 */
export function readAuthnRequest(encoded: string): AuthnRequest {
  const xml = inflated(new Uint8Array(Buffer.from(encoded, "base64")));
  const root = parse(xml);
  const [name = "", content] = Object.entries(root)[0] ?? [];
  if (localName(name) !== "AuthnRequest" || !isJsonObject(content)) throw bad("it is no AuthnRequest");
  const id = content["@ID"];
  if (typeof id !== "string" || id === "") throw bad("it has no ID");
  const acsUrl = content["@AssertionConsumerServiceURL"];
  const issuer = Object.entries(content).find(([member]) => localName(member) === "Issuer")?.[1];
  const named = isJsonObject(issuer) ? issuer["#text"] : issuer;
  return {
    id,
    issuer: typeof named === "string" ? named.trim() : "",
    acsUrl: typeof acsUrl === "string" ? acsUrl : "",
    forceAuthn: isTrue(content["@ForceAuthn"]),
    isPassive: isTrue(content["@IsPassive"]),
  };
}

/** What an answer is signed with: the same as the request, where that was signed. */
export function digestOf(signatureAlgorithm: string | null | undefined): Digest {
  return signatureAlgorithm?.endsWith("#rsa-sha1") === true ? "sha1" : "sha256";
}

function inflated(bytes: Uint8Array<ArrayBuffer>): string {
  if (bytes[0] === 0x3c) return new TextDecoder().decode(bytes);
  try {
    return new TextDecoder().decode(Bun.inflateSync(bytes));
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function parse(xml: string): Readonly<Record<string, unknown>> {
  // Entities of one's own have no place in SAML.
  if (/<!DOCTYPE/i.test(xml)) throw bad("it has a document type");
  try {
    const content: unknown = Bun.XML.parse(xml);
    if (isJsonObject(content)) return content;
  } catch {
    // Said below.
  }
  throw bad("it is not XML");
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function isTrue(content: unknown): boolean {
  return content === "true" || content === "1";
}

function bad(why: string) {
  return invalidArgument(`The SAMLRequest cannot be read: ${why}`);
}
