import { EmulatorError } from "../error.ts";
import { HttpReply } from "../service.ts";

/** An error in OAuth's own form (RFC 6749, section 5.2). */
export class OAuthError extends Error {
  readonly status: number;
  /** `error`: "invalid_grant" and so on. */
  readonly code: string;
  /** The `WWW-Authenticate` header, where one belongs to it. */
  readonly challenge: string | undefined;

  constructor(code: string, description: string, options: { status?: number; challenge?: string } = {}) {
    super(description);
    this.name = "OAuthError";
    this.code = code;
    this.status = options.status ?? 400;
    this.challenge = options.challenge;
  }
}

/** The client is not known, or did not show who it is. A client that tried by the header is told how to (RFC 6749). */
export function invalidClient(description: string, byHeader = false): OAuthError {
  return new OAuthError("invalid_client", description, {
    status: 401,
    ...(byHeader ? { challenge: `Basic realm="oauth2", error="invalid_client"` } : {}),
  });
}

/** The code, token or assertion is not good. */
export function invalidGrant(description: string): OAuthError {
  return new OAuthError("invalid_grant", description);
}

export function invalidRequest(description: string): OAuthError {
  return new OAuthError("invalid_request", description);
}

export function invalidScope(description: string): OAuthError {
  return new OAuthError("invalid_scope", description);
}

/** The client may not use this grant. */
export function unauthorizedClient(description: string): OAuthError {
  return new OAuthError("unauthorized_client", description);
}

/** The bearer token of a resource request is not good (RFC 6750). */
export function invalidToken(description: string): OAuthError {
  return new OAuthError("invalid_token", description, {
    status: 401,
    challenge: `Bearer realm="oauth2", error="invalid_token", error_description="${quotable(description)}"`,
  });
}

/** Replies of these endpoints hold tokens: nobody may keep them. */
export const NOT_STORED: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  pragma: "no-cache",
};

/** A JSON reply that nobody may keep. */
export function jsonReply(
  body: object,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): HttpReply {
  return new HttpReply(
    status,
    { "content-type": "application/json;charset=utf-8", ...NOT_STORED, ...headers },
    JSON.stringify(body),
  );
}

export function errorReply({ status, code, message, challenge }: OAuthError): HttpReply {
  return jsonReply(
    { error: code, error_description: message },
    status,
    challenge === undefined ? {} : { "www-authenticate": challenge },
  );
}

/** An error of the other services as OAuth has it: somebody who may not sign in is refused, all else is a grant that is not good. */
export function asOAuthError(error: EmulatorError): OAuthError {
  if (error.status === 404) return invalidRequest(error.message);
  if (error.status === 403) return new OAuthError("access_denied", error.message);
  return error.status === 401 ? invalidGrant(error.message) : invalidRequest(error.message);
}

/** What `handle` gives back, or the error that it throws in OAuth's form. What was written before an error stays. */
export function inOAuthForm(handle: () => object): object {
  try {
    return handle();
  } catch (error) {
    if (error instanceof OAuthError) return errorReply(error);
    if (error instanceof EmulatorError) return errorReply(asOAuthError(error));
    throw error;
  }
}

function quotable(text: string): string {
  return text.replaceAll(/["\\]/g, "'").replaceAll(/[^\x20-\x7e]/g, "?");
}
