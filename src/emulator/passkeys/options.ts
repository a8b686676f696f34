import { isJsonObject } from "../../json/value.ts";
import { parseJson } from "../../json/parse.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, text } from "../project-settings.ts";
import type { Passkey } from "../users/user.ts";
import { ALGORITHMS } from "./public-key.ts";

/** What a request says of the passkey that it wants. */
export interface PasskeyInput {
  readonly authenticatorSelection?: Readonly<Record<string, unknown>> | null | undefined;
  readonly attestation?: unknown;
  readonly userVerification?: unknown;
  readonly extensionsJSON?: string | null | undefined;
}

/** Who a passkey is to be for. */
export interface PasskeyHolder {
  readonly userId: string;
  readonly loginId: string;
  readonly displayName: string;
}

/** For how long a browser is to wait, in milliseconds; a transaction lives as long. */
export const PATIENCE = 300_000;

const REQUIREMENTS: readonly unknown[] = ["discouraged", "preferred", "required"];

/**
 * The domain that passkeys of a page are for: what the project is set to, else the page's own.
 *
 * @throws {EmulatorError} for an origin that is none, or is not of the domain that the project is set to.
 */
export function relyingParty(project: Project, origin: string): string {
  if (origin === "") throw missingArgument("The origin field is required");
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin.replace(/\/$/, ""))
    throw invalidArgument("The origin field must be the origin of a page, such as https://app.example.com");
  const own = text(methodSettings(project, "webauthn").relyingPartyId);
  if (own === "") return url.hostname;
  if (url.hostname === own || url.hostname.endsWith(`.${own}`)) return own;
  throw invalidArgument(`Passkeys of this project are for ${own}, and the page is of ${url.hostname}`);
}

/** Options for making a credential, as browsers take them once what is in base64url is bytes. */
export function creationOptions(
  project: Project,
  rpId: string,
  challenge: string,
  holder: PasskeyHolder,
  known: readonly Passkey[],
  input: PasskeyInput,
): Readonly<Record<string, unknown>> {
  const { authenticatorAttachment, residentKey, userVerification } = input.authenticatorSelection ?? {};
  const attachment = ATTACHMENTS[String(authenticatorAttachment)];
  return {
    publicKey: {
      rp: { id: rpId, name: project.info.name },
      user: {
        id: Buffer.from(holder.userId).toString("base64url"),
        name: holder.loginId,
        displayName: holder.displayName || holder.loginId,
      },
      challenge,
      pubKeyCredParams: Object.values(ALGORITHMS).map((alg) => ({ type: "public-key", alg })),
      timeout: PATIENCE,
      excludeCredentials: descriptors(known),
      authenticatorSelection: {
        ...(attachment === undefined ? {} : { authenticatorAttachment: attachment }),
        residentKey: requirement(residentKey),
        requireResidentKey: residentKey === "required",
        userVerification: requirement(userVerification),
      },
      attestation:
        input.attestation === "direct" || input.attestation === "indirect" ? input.attestation : "none",
      ...extensions(input),
    },
  };
}

/** Options for proving that one has a credential; any of the domain's where none are named. */
export function requestOptions(
  rpId: string,
  challenge: string,
  known: readonly Passkey[],
  input: PasskeyInput,
): Readonly<Record<string, unknown>> {
  return {
    publicKey: {
      challenge,
      rpId,
      timeout: PATIENCE,
      allowCredentials: descriptors(known),
      userVerification: requirement(input.userVerification),
      ...extensions(input),
    },
  };
}

/** Whether the user must have shown who it is. */
export function verifiesUser(
  { authenticatorSelection, userVerification }: PasskeyInput,
  creates: boolean,
): boolean {
  return (creates ? authenticatorSelection?.userVerification : userVerification) === "required";
}

const ATTACHMENTS: Readonly<Record<string, string>> = {
  platform: "platform",
  crossplatform: "cross-platform",
  "cross-platform": "cross-platform",
};

function requirement(asked: unknown): unknown {
  return REQUIREMENTS.includes(asked) ? asked : "preferred";
}

function descriptors(passkeys: readonly Passkey[]): object[] {
  return passkeys.map(({ credentialId, transports }) => ({
    type: "public-key",
    id: credentialId,
    ...(transports === undefined || transports.length === 0 ? {} : { transports }),
  }));
}

function extensions({ extensionsJSON }: PasskeyInput): { readonly extensions?: unknown } {
  if (!extensionsJSON) return {};
  try {
    const content = parseJson(extensionsJSON);
    if (isJsonObject(content)) return { extensions: content };
  } catch {
    // Said below.
  }
  throw invalidArgument("The extensionsJSON of the passkeyOptions field must be a JSON object");
}
