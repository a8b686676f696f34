/** What stands behind `Authorization: Bearer`, split by where the request goes. */
export interface Authorization {
  /** The first part where it is a project's id; empty for a company's key alone. */
  readonly project: string;
  /** A management key: the last part of a management call. */
  readonly managementKey?: string;
  /** An access key, on its exchange. */
  readonly accessKey?: string;
  /** A session or refresh JWT. */
  readonly token?: string;
  /** The key that lets a backend use methods which are closed to the public. */
  readonly authManagementKey?: string;
}

/**
 * Reads an authorization header as Descope does: parts joined by ":", whose meaning depends on the path. Management keys and access
 * keys start with K, projects with P, JWTs have two dots; none of them holds a ":".
 *
 * @returns undefined where there is no bearer, or one of too many parts.
 */
export function parseAuthorization(header: string | null, path: string): Authorization | undefined {
  const found = /^bearer\s+(\S+)\s*$/i.exec(header ?? "");
  if (found === null) return undefined;
  const parts = (found[1] as string).split(":");
  if (parts.length > 3) return undefined;
  const [first = "", second, third] = parts;
  if (path.includes("/mgmt/") || path.startsWith("/scim/")) {
    if (second === undefined)
      return first.startsWith("K") ? { project: "", managementKey: first } : { project: first };
    return { project: first, managementKey: third ?? second };
  }
  if (second === undefined) return { project: first };
  const rest = third === undefined ? {} : { authManagementKey: third };
  if (path.endsWith("/accesskey/exchange")) return { project: first, accessKey: second, ...rest };
  return isJwt(second)
    ? { project: first, token: second, ...rest }
    : { project: first, authManagementKey: second };
}

function isJwt(text: string): boolean {
  return text.split(".").length === 3;
}
