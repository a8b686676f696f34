import { DOMParser } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";

/** Goes to an address as a browser does that follows nothing. */
export async function visit(
  url: string,
  more: Readonly<Record<string, string>> = {},
  init: RequestInit = {},
) {
  const address = new URL(url);
  for (const [name, content] of Object.entries(more)) address.searchParams.set(name, content);
  const response = await fetch(address, { redirect: "manual", ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** What a page posts by itself. */
export function postedBy(html: string): {
  readonly action: string;
  readonly members: Record<string, string>;
} {
  const unescape = (text: string) =>
    text
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#x27;", "'")
      .replaceAll("&amp;", "&");
  const action = unescape(/action="([^"]*)"/.exec(html)?.[1] ?? "");
  const fields = [...html.matchAll(/name="([^"]*)" value="([^"]*)"/g)];
  return {
    action,
    members: Object.fromEntries(fields.map(([, name = "", value = ""]) => [name, unescape(value)])),
  };
}

/**
 * Checks a signature by another library and gives what it is of, as that read it.
 *
 * @param element the local name of what is signed.
 * @param certificate in PEM.
 * @throws when there is none of that element, or it is not good.
 */
export function signedPart(xml: string, element: string, certificate: string, idAttribute?: string): string {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const signature = [
    ...document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", "Signature"),
  ].find((one) => (one.parentNode as { localName?: string } | null)?.localName === element);
  if (signature === undefined) throw new Error(`no signature of the ${element}`);
  const signedXml = new SignedXml({
    publicCert: certificate,
    ...(idAttribute === undefined ? {} : { idAttribute }),
  });
  signedXml.loadSignature(signature as never);
  if (!signedXml.checkSignature(xml)) throw new Error(`the signature of the ${element} is not good`);
  const [reference] = signedXml.getSignedReferences();
  if (reference === undefined || !reference.includes(`:${element} `))
    throw new Error("it is of something else");
  return reference;
}
