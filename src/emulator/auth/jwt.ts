import { isJsonObject, type Json } from "../../json/value.ts";
import { parseJson } from "../../json/parse.ts";
import type { Project } from "../project.ts";
import { currentKey, signingKeys } from "./signing-keys.ts";

/** What a token says. */
export type Claims = Readonly<Record<string, unknown>>;

/** Signs claims with the project's current key: a JWT, RS256. Claims that are undefined are left out. */
export function signJwt(
  project: Project,
  claims: Claims,
  header: Readonly<Record<string, string>> = {},
): string {
  const key = currentKey(project);
  const signed = `${encode({ alg: "RS256", kid: key.kid, typ: "JWT", ...header })}.${encode(claims)}`;
  const signature = crypto().sign("RSA-SHA256", Buffer.from(signed), key.privateKey);
  return `${signed}.${signature.toString("base64url")}`;
}

/** The claims of a token that one of the project's good keys has signed; undefined for any other text. Its times are not looked at. */
export function verifyJwt(project: Project, token: string): Claims | undefined {
  const [head, payload, signature, ...more] = token.split(".");
  if (head === undefined || payload === undefined || signature === undefined || more.length > 0)
    return undefined;
  const header = decode(head);
  const key = signingKeys(project).find(({ kid }) => kid === header?.kid);
  if (key === undefined || header?.alg !== "RS256") return undefined;
  const good = crypto().verify(
    "RSA-SHA256",
    Buffer.from(`${head}.${payload}`),
    key.publicKey,
    Buffer.from(signature, "base64url"),
  );
  return good ? decode(payload) : undefined;
}

function encode(content: object): string {
  return Buffer.from(JSON.stringify(content)).toString("base64url");
}

function decode(part: string): Record<string, Json> | undefined {
  try {
    const content = parseJson(Buffer.from(part, "base64url").toString());
    return isJsonObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Loaded at the first token, not at the start. */
function crypto(): typeof import("node:crypto") {
  return require("node:crypto") as typeof import("node:crypto");
}
