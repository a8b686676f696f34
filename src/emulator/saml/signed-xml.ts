import { currentKey } from "../auth/signing-keys.ts";
import type { Project } from "../project.ts";
import { certificateOf } from "./certificate.ts";

export type Digest = "sha1" | "sha256";

const DS = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ALGORITHMS: Readonly<Record<Digest, readonly [signature: string, digest: string]>> = {
  sha1: [`${DS}rsa-sha1`, `${DS}sha1`],
  sha256: ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"],
};

/**
 * An element and its signature (XML Signature, enveloped).
 *
 * @param element gives the element with what it is given put where the signature belongs. It must be written in the canonical form
 * already (exclusive C14N): namespaces where they are first needed and before the attributes, those in alphabetical order, no empty
 * tags, {@link attribute} and {@link content} around what comes from elsewhere.
 * @param id the element's own, as it stands in it.
 */
export function signed(
  project: Project,
  id: string,
  digest: Digest,
  element: (signature: string) => string,
): string {
  const { createHash, sign } = require("node:crypto") as typeof import("node:crypto");
  const [signatureMethod, digestMethod] = ALGORITHMS[digest];
  const hash = createHash(digest).update(element("")).digest("base64");
  const info =
    `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>` +
    `<ds:SignatureMethod Algorithm="${signatureMethod}"></ds:SignatureMethod>` +
    `<ds:Reference URI="#${attribute(id)}"><ds:Transforms>` +
    `<ds:Transform Algorithm="${DS}enveloped-signature"></ds:Transform>` +
    `<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms>` +
    `<ds:DigestMethod Algorithm="${digestMethod}"></ds:DigestMethod><ds:DigestValue>${hash}</ds:DigestValue></ds:Reference>`;
  // By itself it says its namespace; within the signature that has said it already.
  const alone = `<ds:SignedInfo xmlns:ds="${DS}">${info}</ds:SignedInfo>`;
  const value = sign(digest, Buffer.from(alone), currentKey(project).privateKey).toString("base64");
  return element(
    `<ds:Signature xmlns:ds="${DS}"><ds:SignedInfo>${info}</ds:SignedInfo><ds:SignatureValue>${value}</ds:SignatureValue>` +
      `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificateOf(project).toString("base64")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`,
  );
}

/** Text as it stands between tags. What XML cannot hold is left out. */
export function content(text: string): string {
  return plain(text).replaceAll(/[&<>\r]/g, (one) => ESCAPES[one] as string);
}

/** Text as it stands in quotes. */
export function attribute(text: string): string {
  return plain(text).replaceAll(/[&<"\t\n\r]/g, (one) => ESCAPES[one] as string);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#x9;",
  "\n": "&#xA;",
  "\r": "&#xD;",
};

function plain(text: string): string {
  return text.toWellFormed().replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}
