import * as v from "valibot";
import { operation } from "../../api/operation.ts";
import { text } from "../../api/operations/schemas.ts";
import { tenants } from "../entities/tenant.ts";
import { EmulatorError, missingArgument, projectNotFound } from "../error.ts";
import { identityOf, type IdentityInput } from "../federation/identity.ts";
import { idToken } from "../federation/id-token.ts";
import { requireProvider } from "../federation/oauth-provider.ts";
import { codeFor, PROVIDER_PATH, requests, wayBack, type ProviderRequest } from "../federation/request.ts";
import { identityProviderPage, providerProblemPage } from "../pages/identity-provider.ts";
import { findProject, type Project } from "../project.ts";
import { HttpReply, on, type Service } from "../service.ts";
import { firstUsers } from "../users/user-store.ts";

const identityMembers = () => ({
  project: v.string(),
  login_hint: text(),
  email: text(),
  email_verified: text(),
  name: text(),
  given_name: text(),
  family_name: text(),
  phone_number: text(),
  picture: text(),
  groups: text(),
});

/** The page of the emulated identity provider; with a `login_hint` it answers at once. */
const page = operation({
  noun: "Emulator",
  verb: "IdentityProvider",
  method: "GET",
  path: PROVIDER_PATH,
  open: true,
  effect: "write",
  input: () => v.looseObject({ ...identityMembers(), state: v.string(), typed: text(), error: text() }),
});

/** Makes what a provider's own library gives an app: an id token and a code. */
const makeIdToken = operation({
  noun: "Emulator",
  verb: "IdToken",
  method: "POST",
  path: `${PROVIDER_PATH}/id-token`,
  open: true,
  effect: "write",
  input: () => v.looseObject({ ...identityMembers(), provider: v.string(), nonce: text() }),
  secretOutput: ["idToken", "code"],
});

/** Accounts that the page offers. */
const OFFERED = 50;

export const identityProviderService: Service = [
  on(page, ({ project: id, state, typed, error, ...input }, { world }) => {
    const project = findProject(world, id);
    if (project === undefined) return providerProblemPage(404, `There is no project ${id} in this emulator.`);
    const request = requests.find(project, state);
    if (request === undefined)
      return providerProblemPage(
        400,
        "It was ended before, or took too long. Begin again in the application.",
      );
    const hint = input.login_hint || typed;
    if (error) {
      requests.take(project, state);
      return redirect(wayBack(request, { err: error }));
    }
    if (!hint) return chooser(project, request, state);
    try {
      const identity = identityIn(project, { ...input, login_hint: hint });
      requests.take(project, state);
      return redirect(wayBack(request, { code: codeFor(project, { request, identity }) }));
    } catch (fault) {
      if (!(fault instanceof EmulatorError)) throw fault;
      return chooser(project, request, state, fault.message);
    }
  }),
  on(makeIdToken, ({ project: id, provider, nonce, ...input }, { world }) => {
    const project = findProject(world, id);
    if (project === undefined) throw projectNotFound(id);
    requireProvider(project, provider);
    if (!input.login_hint) throw missingArgument("The login_hint field is required");
    const identity = identityIn(project, input);
    const request: ProviderRequest = {
      provider: { kind: "oauth", name: provider },
      intent: "signUpOrIn",
      redirectUrl: "",
      options: {},
    };
    return {
      idToken: idToken(project, provider, identity, nonce || undefined),
      code: codeFor(project, { request, identity }),
    };
  }),
];

/** What a provider says of somebody by names that are known; left empty, it says nothing. */
const KNOWN: ReadonlySet<string> = new Set([
  "login_hint",
  "email",
  "email_verified",
  "name",
  "given_name",
  "family_name",
  "phone_number",
  "picture",
  "groups",
]);

function identityIn(project: Project, input: IdentityInput & Readonly<Record<string, unknown>>) {
  const said = Object.entries(input).filter(([name, content]) => content || !KNOWN.has(name));
  return identityOf(project, input, Object.fromEntries(said));
}

function chooser(project: Project, request: ProviderRequest, state: string, problem?: string): HttpReply {
  const { provider, loginHint = "" } = request;
  const tenantId = provider.kind === "sso" ? provider.tenantId : undefined;
  const accounts = firstUsers(project, OFFERED + 1, tenantId);
  const providerName =
    provider.kind === "oauth"
      ? requireProvider(project, provider.name).title
      : (tenants.get(project, provider.tenantId)?.name ?? provider.tenantId);
  return identityProviderPage({
    action: PROVIDER_PATH,
    hidden: { project: project.id, state },
    title: `Sign in with ${providerName}`,
    about: `Descope emulator, project ${project.info.name}. It stands in for the real identity provider: whoever is chosen counts as proved.`,
    accounts: accounts.slice(0, OFFERED),
    isCut: accounts.length > OFFERED,
    loginHint,
    fields: [
      ["given_name", "First name"],
      ["family_name", "Last name"],
      ...(provider.kind === "sso" ? [["groups", "Groups, parted by commas"] as const] : []),
    ],
    problem,
  });
}

function redirect(location: string): HttpReply {
  return new HttpReply(302, { location, "cache-control": "no-store", "referrer-policy": "no-referrer" });
}
