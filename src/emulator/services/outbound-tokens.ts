import * as v from "valibot";
import { operation } from "../../api/operation.ts";
import * as operations from "../../api/operations/outbound-apps.ts";
import { text } from "../../api/operations/schemas.ts";
import { audit } from "../audit.ts";
import { readToken, signedInUser, tokenClaims } from "../auth/current-session.ts";
import { Transactions } from "../auth/transactions.ts";
import { requireOutboundApp } from "../entities/outbound-app.ts";
import {
  API_KEY,
  forgetTokens,
  isExpired,
  outboundTokens,
  requireToken,
  saveToken,
  tokenReply,
  tokensOf,
  type NewToken,
  type OutboundToken,
  type TokenOwner,
} from "../entities/outbound-token.ts";
import { requireTenant } from "../entities/tenant.ts";
import { EmulatorError, forbidden, invalidArgument, missingArgument, notFound } from "../error.ts";
import { requireRedirect } from "../federation/request.ts";
import { connectPage, connectProblemPage } from "../pages/outbound-app.ts";
import { findProject, type Project } from "../project.ts";
import { text as textOf } from "../project-settings.ts";
import { HttpReply, on, onEach, type Call, type InputOf, type Service } from "../service.ts";
import { requireUser, userById } from "../users/user-store.ts";

const PAGE_PATH = "/_emulator/outbound-app";

/** The page that stands in for the consent of the application elsewhere; with an answer it goes on at once. */
const page = operation({
  noun: "Emulator",
  verb: "OutboundApp",
  method: "GET",
  path: PAGE_PATH,
  open: true,
  effect: "write",
  input: () => v.looseObject({ project: v.string(), state: v.string(), answer: text() }),
});

/** Tokens of outbound applications, and how they come. */
export const outboundTokenService: Service = [
  ...onEach([operations.fetchUserToken, operations.fetchLatestUserToken], (input, call) =>
    fetchToken(call, userOwner(call.project, input), input),
  ),
  ...onEach([operations.fetchTenantToken, operations.fetchLatestTenantToken], (input, call) =>
    fetchToken(call, tenantOwner(call.project, input), input),
  ),
  on(operations.uploadUserToken, (input, call) =>
    upload(call, described(call.project, userOwner(call.project, input), input), input.verifyRefresh),
  ),
  on(operations.uploadTenantToken, (input, call) =>
    upload(call, described(call.project, tenantOwner(call.project, input), input), input.verifyRefresh),
  ),
  on(operations.batchUploadUserTokens, ({ tokens }, call) =>
    uploadAll(
      call,
      (tokens ?? []).map((token) => ({ ...token, userId: token.userId ?? "" })),
      (token) => userOwner(call.project, { ...token, appId: token.appId ?? "" }),
    ),
  ),
  on(operations.batchUploadTenantTokens, ({ tokens }, call) =>
    uploadAll(call, tokens ?? [], (token) =>
      tenantOwner(call.project, { ...token, appId: token.appId ?? "", tenantId: token.tenantId ?? "" }),
    ),
  ),
  on(operations.uploadUserApiKey, ({ apiKey, ...input }, call) =>
    uploadKey(call, userOwner(call.project, input), apiKey),
  ),
  on(operations.uploadTenantApiKey, ({ apiKey, ...input }, call) =>
    uploadKey(call, tenantOwner(call.project, input), apiKey),
  ),
  on(operations.deleteToken, ({ id }, call) => {
    const token = requireToken(call.project, id);
    outboundTokens.delete(call.project, id);
    auditToken(call, "OutboundAppTokenDeleted", token);
    return {};
  }),
  on(operations.deleteUserTokens, ({ appId, userId: named }, call) => {
    if (!appId && !named) throw missingArgument("One of the fields appId and userId must say which tokens");
    if (appId) requireOutboundApp(call.project, appId);
    const userId = named ? requireUser(call.project, named).userId : undefined;
    forgetTokens(call.project, (token) => {
      const goes =
        token.userId !== "" &&
        (!appId || token.appId === appId) &&
        (userId === undefined || token.userId === userId);
      if (goes) auditToken(call, "OutboundAppTokenDeleted", token);
      return goes;
    });
    return {};
  }),
  ...onEach([operations.connect, operations.connectFromBrowser], (input, call) => connect(call, input)),
  on(page, ({ project: id, state, answer }, { world }) => {
    const project = findProject(world, id);
    const begun = project === undefined ? undefined : connections.find(project, state);
    if (project === undefined || begun === undefined) return connectProblemPage();
    const app = requireOutboundApp(project, begun.owner.appId);
    if (answer !== "allow" && answer !== "deny")
      return connectPage({
        action: PAGE_PATH,
        hidden: { project: project.id, state },
        appName: textOf(app.name),
        projectName: project.info.name,
        scopes: begun.scopes,
      });
    connections.take(project, state);
    const way = new URL(begun.redirectUrl);
    if (answer === "deny") way.searchParams.append("err", "access_denied");
    else {
      const { owner, scopes, userId } = begun;
      const token = saveToken(project, { ...owner, ...freshToken(project), scopes, grantedBy: userId });
      auditToken({ project, actorId: userId }, "OutboundAppTokenCreated", token);
    }
    return new HttpReply(302, { location: way.toString(), "cache-control": "no-store" });
  }),
];

/** Somebody was sent to an application elsewhere, to connect an account there. */
interface Connection {
  readonly owner: TokenOwner;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly redirectUrl: string;
}

const connections = new Transactions<Connection>("outboundConnection", 600_000);

type Text = string | null | undefined;

interface OwnerInput {
  readonly appId: string;
  readonly tenantId?: Text;
  readonly externalIdentifier?: Text;
}

/** @throws {EmulatorError} where the application, the user or the tenant does not exist. */
function userOwner(project: Project, input: OwnerInput & { readonly userId: string }): TokenOwner {
  requireOutboundApp(project, input.appId);
  const { userId } = requireUser(project, input.userId);
  if (input.tenantId) requireTenant(project, input.tenantId);
  return {
    appId: input.appId,
    userId,
    tenantId: input.tenantId ?? "",
    externalIdentifier: input.externalIdentifier ?? "",
  };
}

function tenantOwner(project: Project, input: OwnerInput & { readonly tenantId: string }): TokenOwner {
  requireOutboundApp(project, input.appId);
  requireTenant(project, input.tenantId);
  return {
    appId: input.appId,
    userId: "",
    tenantId: input.tenantId,
    externalIdentifier: input.externalIdentifier ?? "",
  };
}

interface FetchInput {
  readonly options?:
    | {
        readonly withRefreshToken?: boolean | null | undefined;
        readonly forceRefresh?: boolean | null | undefined;
      }
    | null
    | undefined;
  readonly scopes?: readonly string[] | null | undefined;
}

/** The latest token that covers the scopes, renewed where it has expired. @throws {EmulatorError} where there is none. */
function fetchToken(call: Call, owner: TokenOwner, { options, scopes }: FetchInput): object {
  const { project } = call;
  requireFetcher(call, owner);
  const covering = tokensOf(project, owner).filter((token) =>
    (scopes ?? []).every((scope) => token.scopes.includes(scope)),
  );
  const found = covering.find((token) => token.refreshToken !== "" || !isExpired(project, token));
  if (found === undefined)
    throw notFound(
      covering.length > 0
        ? `The token of the outbound application ${owner.appId} has expired and cannot be refreshed`
        : `There is no such token of the outbound application ${owner.appId}`,
    );
  const wantsRefresh = options?.forceRefresh === true || isExpired(project, found);
  const token = wantsRefresh ? refreshed(project, found) : found;
  return { token: tokenReply(token, options?.withRefreshToken === true) };
}

/** The scope by which a token of an inbound application may fetch tokens in place of a management key. */
const FETCH_SCOPE = "outbound.token.fetch";

/** @throws {EmulatorError} where a token stands in the management key's place that is not for this. */
function requireFetcher({ project, authorization }: Call, owner: TokenOwner): void {
  const { token } = authorization;
  if (token === undefined) return;
  const claims = tokenClaims(project, token);
  if (!String(claims.scope).split(" ").includes(FETCH_SCOPE))
    throw forbidden(`The token has no scope ${FETCH_SCOPE}`);
  if (owner.userId !== "") {
    if (readToken(project, token).user?.userId !== owner.userId)
      throw forbidden("The token is another user's");
    return;
  }
  const { tenants } = claims;
  const isIn =
    claims.dct === owner.tenantId ||
    (typeof tenants === "object" && tenants !== null && Object.hasOwn(tenants, owner.tenantId));
  if (!isIn) throw forbidden(`The token is not for the tenant ${owner.tenantId}`);
}

/** The emulator stands in for the other side, which gives a new token for each refresh token. */
function refreshed(project: Project, token: OutboundToken): OutboundToken {
  if (token.refreshToken === "")
    return outboundTokens.put(project, { ...token, lastRefreshError: "There is no refresh token" });
  const { accessToken, accessTokenExpiry, accessTokenType } = freshToken(project);
  return outboundTokens.put(project, {
    ...token,
    accessToken,
    accessTokenExpiry,
    accessTokenType: token.accessTokenType || accessTokenType,
    lastRefreshTime: project.clock.seconds(),
    lastRefreshError: "",
  });
}

function freshToken(project: Project) {
  return {
    accessToken: project.ids.text(40),
    accessTokenType: "Bearer",
    accessTokenExpiry: project.clock.seconds() + 3600,
    refreshToken: project.ids.text(40),
    idToken: "",
  };
}

interface TokenInput {
  readonly accessToken?: Text;
  readonly accessTokenExpiry?: number | null | undefined;
  readonly accessTokenType?: Text;
  readonly refreshToken?: Text;
  readonly idToken?: Text;
  readonly scopes?: readonly string[] | null | undefined;
  readonly grantedBy?: Text;
}

/** A token as a request describes it. @throws {EmulatorError} where it is none, or the application takes none. */
function described(project: Project, owner: TokenOwner, input: TokenInput): NewToken {
  requireType(project, owner, "oauth");
  if (!input.accessToken && !input.refreshToken)
    throw missingArgument("One of the fields accessToken and refreshToken is required");
  const expiry = input.accessTokenExpiry ?? 0;
  if (!Number.isInteger(expiry) || expiry < 0)
    throw invalidArgument("The accessTokenExpiry field must be a time in seconds since 1970, or 0");
  return {
    ...owner,
    accessToken: input.accessToken ?? "",
    accessTokenType: input.accessTokenType || "Bearer",
    accessTokenExpiry: expiry,
    refreshToken: input.refreshToken ?? "",
    idToken: input.idToken ?? "",
    scopes: input.scopes ?? [],
    grantedBy: input.grantedBy ?? "",
  };
}

function upload(call: Call, given: NewToken, verifiesRefresh?: boolean | null): object {
  const token = saveToken(call.project, given);
  // A refresh token is tried by using it.
  if (verifiesRefresh === true) {
    if (token.refreshToken === "") throw missingArgument("There is no refreshToken that could be verified");
    refreshed(call.project, token);
  }
  auditToken(call, "OutboundAppTokenCreated", token);
  return {};
}

function uploadKey(call: Call, owner: TokenOwner, apiKey: string): object {
  requireType(call.project, owner, API_KEY);
  return upload(call, {
    ...owner,
    accessToken: apiKey,
    accessTokenType: API_KEY,
    accessTokenExpiry: 0,
    refreshToken: "",
    idToken: "",
    scopes: [],
    grantedBy: "",
  });
}

/** An application says which kind it takes; one that says nothing takes both. */
function requireType(project: Project, { appId }: TokenOwner, type: string): void {
  const own = textOf(requireOutboundApp(project, appId).appType).toLowerCase();
  if ((own === "oauth" || own === API_KEY) && own !== type)
    throw invalidArgument(`The outbound application ${appId} is of the type ${own}`);
}

/** Descope's code for an item of a batch that cannot be kept. */
const ITEM_REFUSED = "E152110";

/** Keeps all tokens; or none, where one cannot be kept, and says which. */
function uploadAll<
  T extends TokenInput & { readonly appId?: Text; readonly userId?: Text; readonly tenantId?: Text },
>(call: Call, tokens: readonly T[], ownerOf: (token: T) => TokenOwner): object {
  const failures: object[] = [];
  const wanted: NewToken[] = [];
  for (const token of tokens) {
    try {
      wanted.push(described(call.project, ownerOf(token), token));
    } catch (fault) {
      if (!(fault instanceof EmulatorError)) throw fault;
      failures.push({
        appId: token.appId ?? "",
        ...(token.userId == null ? { tenantId: token.tenantId ?? "" } : { userId: token.userId }),
        errorCode: ITEM_REFUSED,
        reason: fault.message,
      });
    }
  }
  if (failures.length === 0) for (const token of wanted) upload(call, token);
  return { failures };
}

type ConnectInput = InputOf<typeof operations.connect>;

function connect(call: Call, { appId, tenantId, tenantLevel, options }: ConnectInput): object {
  const { project, world } = call;
  const { user } = signedInUser(call);
  const app = requireOutboundApp(project, appId);
  requireType(project, { appId, userId: "", tenantId: "", externalIdentifier: "" }, "oauth");
  if (tenantLevel === true && !tenantId) throw missingArgument("The tenantId field is required");
  if (tenantId) {
    requireTenant(project, tenantId);
    if (!user.tenants.some((one) => one.tenantId === tenantId))
      throw forbidden(`The user is not in the tenant ${tenantId}`);
  }
  const redirectUrl = options?.redirectUrl || textOf(app.defaultRedirectUrl);
  requireRedirect(redirectUrl);
  const asked = options?.scopes ?? [];
  const usual = Array.isArray(app.defaultScopes) ? app.defaultScopes.map(textOf) : [];
  const owner: TokenOwner = {
    appId,
    userId: tenantLevel === true ? "" : user.userId,
    tenantId: tenantId ?? "",
    externalIdentifier: options?.externalIdentifier ?? "",
  };
  const scopes = asked.length > 0 ? asked : usual;
  const state = connections.begin(project, { owner, userId: user.userId, scopes, redirectUrl }, user.userId);
  return { url: `${world.settings.url}${PAGE_PATH}?project=${project.id}&state=${state}` };
}

function auditToken(
  { project, actorId }: Pick<Call, "project" | "actorId">,
  action: string,
  { appId, userId, tenantId, scopes }: OutboundToken,
): void {
  if (userId !== "" && userById(project, userId)?.test === true) return;
  audit(project, {
    action,
    actorId,
    ...(userId === "" ? {} : { userId }),
    ...(tenantId === "" ? {} : { tenants: [tenantId] }),
    data: { appId, scopes },
  });
}
