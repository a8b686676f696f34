import * as operations from "../../api/operations/fedcm.ts";
import { EmulatorError, forbidden, missingArgument, notFound, projectNotFound } from "../error.ts";
import { addressOf } from "../oauth/address.ts";
import { grant } from "../oauth/authorize.ts";
import { offeredUsers } from "../oauth/who-signs-in.ts";
import { findClient, isTrusted, type Client } from "../oauth/client.ts";
import { jsonReply, OAuthError } from "../oauth/error.ts";
import { inProject } from "../oauth/in-project.ts";
import { notePage } from "../pages/html-page.ts";
import { sessionTokens } from "../oauth/tokens.ts";
import { findProject, type Project } from "../project.ts";
import { HttpReply, on, type Call, type Service } from "../service.ts";
import { userById } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/** Sign-in by the browser's own dialog: it offers the project's users, as the sign-in page does. */
export const fedCmService: Service = [
  on(operations.config, ({ projectId }, call) => {
    const project = named(call, projectId);
    const at = `${addressOf(call)}/${project.id}/fedcm`;
    return {
      accounts_endpoint: `${at}/accounts`,
      client_metadata_endpoint: `${addressOf(call)}/fedcm/clientmetadata`,
      id_assertion_endpoint: `${at}/assertion`,
      login_url: `${at}/login`,
    };
  }),
  on(operations.clientMetadata, ({ client_id }, call) => {
    if (!client_id) throw missingArgument("The client_id field is required");
    if (clientNamed(call, client_id) === undefined) throw notFound(`There is no client ${client_id}`);
    // No application says where its terms stand.
    return {};
  }),
  on(operations.accounts, ({ projectId }, call) => {
    const project = named(call, projectId);
    requireBrowser(call);
    const { users } = offeredUsers(project);
    return { accounts: users.flatMap(({ userId }) => userById(project, userId) ?? []).map(account) };
  }),
  on(operations.assertion, ({ projectId, account_id, client_id, nonce }, call) => {
    const project = named(call, projectId);
    requireBrowser(call);
    const client = clientNamed(call, client_id ?? "", project);
    if (client === undefined || !client.enabled || !isOwnOrigin(client, call.header("origin")))
      return refusal("unauthorized_client");
    const user = account_id ? userById(project, account_id) : undefined;
    if (user === undefined) return refusal("access_denied");
    try {
      return { token: idToken(inProject(call, project), client, user, nonce || undefined) };
    } catch (error) {
      if (error instanceof EmulatorError || error instanceof OAuthError) return refusal("access_denied");
      throw error;
    }
  }),
  on(operations.loginPage, ({ projectId }, call) => {
    const project = named(call, projectId);
    const { users } = offeredUsers(project);
    const page =
      users.length === 0
        ? notePage(200, "Nobody to choose", `The project ${project.info.name} has no users yet.`)
        : notePage(200, "Nobody has to sign in", "The browser's dialog offers the users of the project.");
    return new HttpReply(page.status, { ...page.headers, "set-login": "logged-in" }, page.body);
  }),
];

function named(call: Call, projectId: string): Project {
  const project = findProject(call.world, projectId);
  if (project === undefined) throw projectNotFound(projectId);
  return project;
}

function clientNamed(call: Call, clientId: string, project?: Project): Client | undefined {
  return findClient(call.world, "federated", clientId, project?.id);
}

/** Browsers mark what the dialog asks, and let no page do so. @throws {EmulatorError} 403 */
function requireBrowser(call: Call): void {
  if (call.header("sec-fetch-dest") !== "webidentity")
    throw forbidden("Only the browser's dialog may ask this: Sec-Fetch-Dest must be webidentity");
}

/** Whether a page is one of the application: at an origin to which its users are sent back. */
function isOwnOrigin({ project, redirectUris }: Client, origin: string | null): boolean {
  if (origin === null || !URL.canParse(origin)) return false;
  if (redirectUris.length === 0) return isTrusted(project, origin);
  return redirectUris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin);
}

function account(user: User): Record<string, unknown> {
  const loginId = user.loginIds[0] ?? user.userId;
  return {
    id: user.userId,
    name: user.name || loginId,
    email: user.email ?? loginId,
    given_name: user.givenName,
    picture: user.picture && URL.canParse(user.picture) ? user.picture : undefined,
    login_hints: user.loginIds,
  };
}

function idToken(call: Call, client: Client, user: User, nonce: string | undefined): string | undefined {
  const asked = {
    kind: client.kind,
    appId: client.appId,
    clientId: client.clientId,
    scopes: ["openid", "profile", "email"],
    audiences: [],
  };
  const session = grant(call, client, asked, user, undefined);
  return sessionTokens(client, session, user, { address: addressOf(call), nonce }).id_token;
}

/** An error as the dialog shows it. */
function refusal(code: string): HttpReply {
  return jsonReply({ error: { code } }, 403);
}
