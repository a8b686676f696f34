import { Transactions } from "../auth/transactions.ts";
import type { LoginOptions } from "../auth/sign-in.ts";
import type { Intent } from "../auth/start.ts";
import { signedInUser } from "../auth/current-session.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { addressOf } from "../oauth/address.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import type { Identity } from "./identity.ts";

/** Somebody was sent to an identity provider, and is to come back. */
export interface ProviderRequest {
  readonly provider: Provider;
  readonly intent: Intent | "update";
  /** Where the browser goes back to, with a code. */
  readonly redirectUrl: string;
  readonly options: LoginOptions;
  /** Whom the application thinks it is. */
  readonly loginHint?: string;
  /** The session and the user that the proof is added to: for another factor, or another way to sign in. */
  readonly base?: { readonly sessionId: string; readonly userId: string };
  /** Whether a user whom the provider's identity belongs to already becomes one with the one who is signed in. */
  readonly merges?: boolean;
}

/** Who says who somebody is: a provider of social sign-in, or the one of a tenant. */
export type Provider =
  | { readonly kind: "oauth"; readonly name: string }
  | { readonly kind: "sso"; readonly tenantId: string; readonly ssoId: string };

/** A code stands for somebody who came back. */
export interface Proved {
  readonly request: ProviderRequest;
  readonly identity: Identity;
}

/** Whom the page of the identity provider asks. */
export const requests = new Transactions<ProviderRequest>("providerRequest", 600_000);

/** What an application has a code for. */
export const codes = new Transactions<Proved>("providerCode", 180_000);

/** Where the page of the identity provider is. */
export const PROVIDER_PATH = "/_emulator/identity-provider";

/** What requests that send somebody to a provider have in common. */
export interface StartInput extends LoginOptions {
  readonly redirectUrl?: string | null | undefined;
  readonly redirectURL?: string | null | undefined;
  readonly loginHint?: string | null | undefined;
  readonly initiatedEmail?: string | null | undefined;
}

/**
 * Begins a sign-in by a provider and gives the address to go to.
 *
 * @param settled where the project or tenant is set to come back to.
 * @throws {EmulatorError} without an address to come back to; 401 for another factor of somebody who is not signed in.
 */
export function beginRequest(
  call: Call,
  input: StartInput,
  { settled, ...of }: Pick<ProviderRequest, "provider" | "intent" | "merges"> & { readonly settled: string },
): { readonly url: string } {
  const { project } = call;
  const redirectUrl = input.redirectUrl || input.redirectURL || settled;
  requireRedirect(redirectUrl);
  const { stepup, mfa, customClaims, tenantId, selectedTenant, revokeOtherSessions } = input;
  const needsSession = stepup === true || mfa === true || of.intent === "update";
  const signedIn = needsSession ? signedInUser(call) : undefined;
  const loginHint = input.loginHint || input.initiatedEmail;
  const state = requests.begin(
    project,
    {
      ...of,
      redirectUrl,
      options: { stepup, mfa, customClaims, tenantId, selectedTenant, revokeOtherSessions },
      ...(loginHint ? { loginHint } : {}),
      ...(signedIn === undefined
        ? {}
        : { base: { sessionId: signedIn.session.id, userId: signedIn.user.userId } }),
    },
    signedIn?.user.userId,
  );
  return { url: `${addressOf(call)}${PROVIDER_PATH}?project=${project.id}&state=${state}` };
}

/** The address to come back to, with what the application is told. */
export function wayBack({ redirectUrl }: ProviderRequest, members: Readonly<Record<string, string>>): string {
  const url = new URL(redirectUrl);
  for (const [name, content] of Object.entries(members)) url.searchParams.append(name, content);
  return url.toString();
}

/** A code for somebody who was proved. */
export function codeFor(project: Project, proved: Proved): string {
  return codes.begin(project, proved, proved.identity.userId);
}

/** Checks an address that a browser is to be sent to. @throws {EmulatorError} where there is none, or it is none. */
export function requireRedirect(redirectUrl: string): void {
  if (redirectUrl === "")
    throw missingArgument("The redirectUrl field is required, for nothing is set in its place");
  const url = URL.parse(redirectUrl);
  // A browser would run what stands behind these.
  if (url === null || /^(?:javascript|data|vbscript|blob|file|about):$/.test(url.protocol))
    throw invalidArgument("The redirectUrl field must be the address of a page or an app");
}
