/**
 * What is known of the values that a flow can look at. A root with a list has exactly those members; one with "open" may have any.
 * Taken from the documentation and from flows that were seen; a name that is far from all of them may be newer than this list.
 */
const ROOTS: Readonly<Record<string, "open" | readonly string[]>> = {
  abTestingKey: [],
  adminLinks: "open",
  app: "open",
  authInfo: "open",
  client: "open",
  connectors: "open",
  context: "open",
  cssVars: "open",
  device: "open",
  deviceInfo: "open",
  email: "open",
  errorText: [],
  errorType: [],
  externalToken: "open",
  federated: "open",
  form: "open",
  geo: "open",
  geoip: "open",
  idpInitiated: [],
  inboundApp: "open",
  input: "open",
  inputs: "open",
  ip: "open",
  jwtClaims: "open",
  lastAuth: "open",
  linkId: [],
  loginId: "open",
  notp: "open",
  oidc: "open",
  otp: "open",
  outbound: "open",
  phone: "open",
  project: "open",
  provider: [],
  riskInfo: "open",
  roles: "open",
  saml: "open",
  scripts: "open",
  sdkScriptsResults: "open",
  sentTo: ["maskedEmail", "maskedPhone", "email", "phone"],
  session: "open",
  sms: "open",
  ssoApp: "open",
  tenant: "open",
  tenants: "open",
  thirdPartyApp: "open",
  totp: "open",
  unauthUser: "open",
  user: "open",
};

/** What is wrong with a context path; undefined for one that is known or may be. */
export interface KeyDoubt {
  readonly suggestion: string | undefined;
  /** True where it is near enough to a known name to be a slip, or where all names are known. */
  readonly certain: boolean;
}

/**
 * Judges a context path.
 *
 * @param outputs paths that steps of the flow write their results to
 */
export function doubtKey(path: string, outputs: ReadonlySet<string>): KeyDoubt | undefined {
  const [root = "", ...rest] = path.split(/[.[]/);
  if (
    root === "" ||
    [...outputs].some(
      (output) => path === output || path.startsWith(`${output}.`) || path.startsWith(`${output}[`),
    )
  ) {
    return undefined;
  }
  if (outputs.has(root)) return undefined;
  const members = Object.hasOwn(ROOTS, root) ? ROOTS[root] : undefined;
  if (members === undefined) {
    const near = nearest(root, [...Object.keys(ROOTS), ...outputs]);
    return {
      suggestion: near === undefined ? undefined : [near, ...rest].join("."),
      certain: near !== undefined,
    };
  }
  if (members === "open") {
    if (root !== "scripts" || rest.length === 0) return undefined;
    const near = nearest(
      path,
      [...outputs].filter((output) => output.startsWith("scripts.")),
    );
    return { suggestion: near, certain: near !== undefined };
  }
  const [member] = rest;
  if (member === undefined || members.includes(member) || members.length === 0) return undefined;
  const near = nearest(member, members);
  return { suggestion: near === undefined ? undefined : `${root}.${near}`, certain: true };
}

function nearest(word: string, known: readonly string[]): string | undefined {
  let [best, least] = [undefined as string | undefined, 3];
  for (const other of known) {
    const steps = distance(word.toLowerCase(), other.toLowerCase());
    if (steps < least && steps < other.length / 2) [best, least] = [other, steps];
  }
  return best;
}

/** How many letters have to be changed, added or taken out. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3 || a.length > 60 || b.length > 60) return 9;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The paths in the placeholders (`{{user.name}}`) of a text. Those of message templates (`{{.code}}`) and anything with logic are left out. */
export function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{\s*([A-Za-z_][\w.[\]-]*)\s*\}\}/g)].map(([, path]) => path ?? "");
}
