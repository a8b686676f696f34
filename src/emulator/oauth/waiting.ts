import { send } from "../auth/delivery.ts";
import type { Call } from "../service.ts";
import type { User } from "../users/user.ts";
import type { Project } from "../project.ts";
import { addressOf } from "./address.ts";
import { audiencesOf, grant } from "./authorize.ts";
import { userNamed } from "./who-signs-in.ts";
import { clientOfApp, GRANTS, type Client } from "./client.ts";
import {
  authenticated,
  clientNamed,
  credentialsOf,
  type CredentialsInput,
  type Place,
} from "./credentials.ts";
import { invalidClient, invalidRequest, OAuthError, unauthorizedClient } from "./error.ts";
import { inProject } from "./in-project.ts";
import { newUserCode, putPending, type WaitingClient } from "./pending.ts";
import { withResourceScopes } from "./resource-scopes.ts";
import { grantedScopes, scopesIn } from "./scopes.ts";

/** The page on which somebody agrees to what waits for it. */
export const DEVICE_PATH = "/_emulator/device";

/** How long a user may take, in milliseconds. */
const LIFETIME = 10 * 60_000;

/** Seconds between two questions whether the user has agreed. An emulator has no load to keep away. */
const INTERVAL = 1;

interface StartInput extends CredentialsInput {
  readonly scope?: string | null | undefined;
  readonly audience?: string | null | undefined;
  readonly resource?: string | null | undefined;
}

/** Begins a sign-in on a device without a browser (RFC 8628, section 3.2). */
export function startDevice(call: Call, place: Place, input: StartInput): object {
  const shown = credentialsOf(call, input);
  // A device that keeps no secret shows none here; one that does shows it again at the token endpoint.
  const client =
    shown.secret === undefined ? clientNamed(call, place, shown.clientId) : authenticated(call, place, input);
  if (client === undefined) throw invalidClient("The client_id is missing, or no client's");
  if (!client.enabled) throw invalidClient("The application is disabled");
  const waiting = start(client, "device", input, LIFETIME);
  const page = `${addressOf(call)}${DEVICE_PATH}`;
  return {
    device_code: waiting.id,
    user_code: waiting.userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${waiting.userCode}`,
    expires_in: LIFETIME / 1000,
    interval: INTERVAL,
  };
}

/** Asks a user who is elsewhere (CIBA, poll mode): the user gets a message with a link, and agrees behind it. */
export function startBackchannel(
  call: Call,
  place: Place,
  input: StartInput & {
    readonly login_hint?: string | null | undefined;
    readonly binding_message?: string | null | undefined;
    readonly requested_expiry?: number | null | undefined;
  },
): object {
  const client = authenticated(call, place, input);
  if (client.authentication === "none")
    throw unauthorizedClient("Only a client with a secret may ask for this");
  if (!scopesIn(input.scope).includes("openid")) throw invalidRequest("The scope must hold openid");
  if (!input.login_hint) throw invalidRequest("The login_hint is missing: who is to be asked");
  const user = userNamed(client.project, input.login_hint);
  if (user === undefined) throw new OAuthError("unknown_user_id", `No user signs in as ${input.login_hint}`);
  if (user.status === "disabled")
    throw new OAuthError("access_denied", "The user is disabled", { status: 403 });
  const lifetime = input.requested_expiry ? input.requested_expiry * 1000 : LIFETIME;
  const message = input.binding_message || undefined;
  const waiting = start(client, "ciba", input, lifetime, {
    userId: user.userId,
    ...(message === undefined ? {} : { bindingMessage: message }),
  });
  send(inProject(call, client.project), {
    kind: "ciba",
    loginId: user.loginIds[0] ?? user.userId,
    method: user.email === undefined ? "sms" : "email",
    to: user.email ?? user.phone ?? "",
    link: `${addressOf(call)}${DEVICE_PATH}?user_code=${waiting.userCode}`,
  });
  return { auth_req_id: waiting.id, expires_in: Math.floor(lifetime / 1000), interval: INTERVAL };
}

/** Lets the client go on that waits, for a user who agrees. @throws {OAuthError} for a user who may not. */
export function agree(call: Call, project: Project, waiting: WaitingClient, user: User): void {
  const client = clientOfApp(project, waiting.kind, waiting.appId);
  if (client === undefined || !client.enabled) throw invalidRequest("The application is gone or disabled");
  if (waiting.userId !== undefined && waiting.userId !== user.userId)
    throw new OAuthError("access_denied", "Another user is asked");
  const session = grant(inProject(call, project), client, waiting, user, undefined);
  putPending(project, { ...waiting, sessionId: session.id });
}

/** Keeps that the user does not want it. */
export function deny(project: Project, waiting: WaitingClient): void {
  putPending(project, { ...waiting, denied: true });
}

function start(
  client: Client,
  type: WaitingClient["type"],
  input: StartInput,
  lifetime: number,
  more: Pick<WaitingClient, "userId" | "bindingMessage"> = {},
): WaitingClient {
  const { project } = client;
  const wanted = type === "device" ? GRANTS.device : GRANTS.ciba;
  if (!client.grants.has(wanted))
    throw unauthorizedClient(`The application ${client.name} may not use the grant ${wanted}`);
  const audiences = audiencesOf(client, input.audience, input.resource);
  return putPending<WaitingClient>(project, {
    type,
    id: project.ids.text(64),
    userCode: newUserCode(project),
    expires: project.clock.now() + lifetime,
    kind: client.kind,
    appId: client.appId,
    clientId: client.clientId,
    scopes: grantedScopes(withResourceScopes(client, audiences, "user"), scopesIn(input.scope)),
    audiences,
    ...more,
  });
}
