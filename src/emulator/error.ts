/**
 * An answer other than success, in Descope's own terms. Services throw it; the server turns it into the reply's body and status.
 */
export class EmulatorError extends Error {
  readonly status: number;
  /** `errorCode`, such as `E062107`. */
  readonly code: string;
  /** `errorDescription`: the general words for the code. */
  readonly description: string;
  /** `errorMessage`: what was wrong with this request. */
  readonly detail: string | undefined;
  /** Seconds for the `Retry-After` header. */
  readonly retryAfter: number | undefined;
  /** True where what was written before it stays, such as the count of wrong codes. */
  readonly keeps: boolean;
  /** What kind of error it is to a directory (RFC 7644, section 3.12); undefined for none of those. */
  readonly scimType: string | undefined;

  constructor(
    status: number,
    code: string,
    description: string,
    detail?: string,
    options: {
      readonly retryAfter?: number | undefined;
      readonly keeps?: boolean;
      readonly scimType?: string;
    } = {},
  ) {
    super(detail ?? description);
    this.name = "EmulatorError";
    this.status = status;
    this.code = code;
    this.description = description;
    this.detail = detail;
    this.retryAfter = options.retryAfter;
    this.keeps = options.keeps ?? false;
    this.scimType = options.scimType;
  }
}

/** The body of an error reply, as Descope's SDKs read it. */
export function errorBody({ code, description, detail }: EmulatorError): Record<string, string> {
  return {
    errorCode: code,
    errorDescription: description,
    ...(detail === undefined ? {} : { errorMessage: detail }),
  };
}

/** The same where directories call (SCIM), who look for the members of RFC 7644. */
export function scimErrorBody(error: EmulatorError): Record<string, unknown> {
  return {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"],
    status: String(error.status),
    ...(error.scimType === undefined ? {} : { scimType: error.scimType }),
    detail: error.message,
    ...errorBody(error),
  };
}

/** The request is not one that can be read: not JSON, too long, cut. */
export function malformed(detail: string, status = 400): EmulatorError {
  return new EmulatorError(status, "E011001", "Request is malformed", detail);
}

/** Something that the call needs is not in the request. */
export function missingArgument(detail: string): EmulatorError {
  return new EmulatorError(400, "E011002", "Request is missing required arguments", detail);
}

/** A field of the request has the wrong type, or is not there. */
export function invalidRequest(detail: string): EmulatorError {
  return new EmulatorError(400, "E011003", "Request is invalid", detail);
}

/** A value of the request makes no sense here: it refers to nothing, or is taken. */
export function invalidArgument(detail: string): EmulatorError {
  return new EmulatorError(400, "E011004", "Invalid arguments", detail);
}

/** A directory's request cannot be followed. @param scimType the word for it of RFC 7644, section 3.12. */
export function invalidScim(scimType: string, detail: string): EmulatorError {
  return new EmulatorError(400, "E011004", "Invalid arguments", detail, { scimType });
}

/** There is no such thing. Which code Descope uses for most nouns is not published; the status is what its SDKs look at. */
export function notFound(detail: string): EmulatorError {
  return new EmulatorError(404, "E011004", "Not found", detail);
}

export function projectNotFound(id: string): EmulatorError {
  return new EmulatorError(404, "E011008", "Project not found", `There is no project ${id} in this emulator`);
}

/** The caller is not who it says it is. */
export function unauthorized(detail: string): EmulatorError {
  return new EmulatorError(401, "E061005", "Invalid token", detail);
}

/** The caller may not do this. */
export function forbidden(detail: string): EmulatorError {
  return new EmulatorError(403, "E061004", "Forbidden", detail);
}

export function userExists(loginId: string): EmulatorError {
  return new EmulatorError(400, "E062107", "User already exists", `A user has the login id ${loginId}`);
}

export function permissionExists(name: string): EmulatorError {
  return new EmulatorError(
    400,
    "E024104",
    "Permission already exists",
    `There is a permission ${name} already`,
  );
}

/** Descope's code for it is not published. */
export function roleExists(name: string, tenantId: string | undefined): EmulatorError {
  return invalidArgument(
    `There is a role ${name} already${tenantId === undefined ? "" : ` in the tenant ${tenantId}`}`,
  );
}

/** The user that a management call names does not exist. */
export function userNotFound(id: string): EmulatorError {
  return new EmulatorError(404, "E112102", "User not found", `There is no user ${id}`);
}

/** A snapshot, flow or theme that the project cannot take. The text is meant for people. */
export function configurationRefused(detail: string): EmulatorError {
  return new EmulatorError(400, "E113007", "Project configuration is not valid", detail);
}

/** The user who wants to sign in does not exist. */
export function signInUserNotFound(loginId: string): EmulatorError {
  return new EmulatorError(404, "E062108", "User not found", `No user signs in as ${loginId}`);
}

/** The one-time code is not the one that was sent last, or is too old. */
export function wrongCode(detail: string): EmulatorError {
  return new EmulatorError(401, "E061102", "Invalid one-time code", detail, { keeps: true });
}

export function tooManyCodes(): EmulatorError {
  return new EmulatorError(
    401,
    "E061103",
    "Too many attempts",
    "Too many wrong codes were tried; a new one is needed",
    { keeps: true },
  );
}

/** The password is wrong, or too many wrong ones were tried before. */
export function wrongPassword(detail: string): EmulatorError {
  return new EmulatorError(401, "E062801", "Invalid credentials", detail, { keeps: true });
}

export function passwordExpired(): EmulatorError {
  return new EmulatorError(
    401,
    "E062909",
    "Password expired",
    "The password must be replaced by another one",
    {
      keeps: true,
    },
  );
}

/** Nobody has opened the enchanted link yet. */
export function linkPending(): EmulatorError {
  return new EmulatorError(401, "E062503", "Unauthorized", "The enchanted link was not opened yet");
}

/** Nobody has sent the nOTP message yet. */
export function notpPending(): EmulatorError {
  return new EmulatorError(401, "E066103", "Unauthorized", "The nOTP message was not sent yet");
}

/** The token was good once: its session was ended. */
export function sessionEnded(): EmulatorError {
  return new EmulatorError(401, "E064001", "Token is no longer valid", "Its session has ended");
}

export function consentNotFound(detail: string): EmulatorError {
  return new EmulatorError(403, "E063302", "Consent not found", detail);
}
