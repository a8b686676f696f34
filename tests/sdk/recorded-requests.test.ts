import { afterAll, describe, expect, test } from "bun:test";
import decoded from "../emulator/recorded-replies.json";
import recorded from "../emulator/recorded-requests.json";
import type { Data, OutboundTokenReply, Reply } from "../support/replies.ts";
import { emulatorHere } from "./emulator.ts";
import { isPending, pending } from "./pending.ts";

/** A request that an SDK makes: `<words>` stand for what its caller gives. `reply` are the keys that the SDK reads. */
interface Recorded {
  readonly noun: string;
  readonly verb: string;
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly reply?: readonly string[] | "array";
}

interface Values {
  readonly [placeholder: string]: unknown;
}

const requests = recorded as readonly Recorded[];
const ROLE = "Recorded role";
const ROLE_ID = "ROLrecorded";
const PERMISSION = "Recorded permission";
const emulator = emulatorHere({
  permissions: [{ name: PERMISSION }],
  roles: [
    { id: ROLE_ID, name: ROLE, permissionNames: [PERMISSION] },
    { name: "Impersonator", permissionNames: ["Impersonate"] },
  ],
});
afterAll(() => emulator[Symbol.asyncDispose]());

async function send(
  { method, path, query, body }: Pick<Recorded, "method" | "path" | "query" | "body">,
  project = emulator.projectId,
) {
  const search = query === undefined ? "" : `?${new URLSearchParams(query)}`;
  return emulator.call(method, path + search, body, `Bearer ${project}:${emulator.managementKey}`);
}

function expectSense(request: Recorded, { status, body }: { status: number; body: Reply }): void {
  const said = `${request.method} ${request.path} answered ${status}: ${JSON.stringify(body)}`;
  if (status >= 200 && status < 300) return expectReply(request, body);
  if (status < 400 || status >= 500 || !/^E\d+$/.test(body?.errorCode)) throw new Error(said);
  expect(body.errorDescription).toBeString();
}

function expectReply(request: Recorded, body: unknown): void {
  if (request.reply === "array") return expect(body).toBeArray();
  expect(body).toBeObject();
  for (const key of request.reply ?? []) expect(body).toHaveProperty(key);
}

/** The operation of a request, as the list of what is not served yet names it. */
function operationOf({ method, path }: Recorded): string {
  return `${method} ${path.replace(/<(\w+)>/, "{$1}")}`;
}

test("each of the 272 methods is here that sends a request", () => {
  expect(requests).toHaveLength(271);
  expect(new Set(requests.map(({ noun, verb }) => `${noun}.${verb}`)).size).toBe(271);
});

describe("what is known not to be served says so", () => {
  for (const operation of pending) {
    test(operation, async () => {
      const [method, path] = operation.split(" ") as [string, string];
      const { status, body } = await send({
        method,
        path: path.replaceAll(/\{\w+\}/g, "x"),
        body: method === "GET" || method === "DELETE" ? undefined : {},
      });
      expect(status).toBe(501);
      expect(body.errorCode).toBe("EMULATOR_NOT_IMPLEMENTED");
    });
  }
});

describe("as recorded, of things that do not exist", () => {
  for (const request of requests) {
    // In a project of its own, which it may delete.
    test(`${request.noun}.${request.verb}`, async () => {
      if (isPending(operationOf(request))) return;
      const answer = await send(request, request.noun === "Project" ? await newProject() : undefined);
      expectSense(request, answer);
    });
  }
});

describe("with real values", () => {
  for (const request of requests) {
    test(`${request.noun}.${request.verb}`, async () => {
      if (isPending(operationOf(request))) return;
      const scene = await sceneFor(request);
      if (scene === "waits") return;
      const { project, values } = scene;
      const answer = await send(filled(request, values), project);
      const expected = refusedByNature.get(`${request.noun}.${request.verb}`);
      if (expected === undefined) {
        if (answer.status !== 200) {
          throw new Error(
            `${answer.status} ${JSON.stringify(answer.body)} to ${JSON.stringify(filled(request, values))}`,
          );
        }
        expectReply(request, answer.body);
        const name = `${request.noun}.${request.verb}`;
        const read = replies[name];
        if (read !== undefined) {
          expect(undecodable(answer.body, read)).toEqual([]);
          if (!mayBeEmpty.has(name)) expect(emptyLists(answer.body, read)).toEqual([]);
        }
      } else {
        const { status, body } = answer;
        expect([status, body.errorCode]).toEqual([expected.status, expected.errorCode]);
      }
    });
  }
});

/** What cannot succeed in an emulator, and why. */
const refusedByNature = new Map([
  ["User.GetProviderToken", { status: 404, errorCode: "E011004", why: "no provider gave the user a token" }],
  [
    "User.GetProviderTokenWithOptions",
    { status: 404, errorCode: "E011004", why: "no provider gave the user a token" },
  ],
  ["User.RemoveTrustedDevices", { status: 404, errorCode: "E011004", why: "only flows trust devices" }],
  ["Group.LoadAllGroupMembers", { status: 404, errorCode: "E011004", why: "there are no groups" }],
]);

/** Lists that are empty although all is well, by the request. */
const mayBeEmpty = new Map([
  ["User.CreateBatch", "nothing fails"],
  ["User.InviteBatch", "nothing fails"],
  ["User.PatchBatch", "nothing fails"],
  ["Project.ValidateSnapshot", "nothing fails"],
  ["Analytics.Search", "nothing happened at that time"],
  ["Group.LoadAllGroups", "no directory has brought any"],
  ["Group.LoadAllGroupsForMembers", "no directory has brought any"],
  ["User.ListTrustedDevices", "only flows trust devices"],
]);

/** What an SDK makes of a reply: types by member, `*` for a map's, "#n" for one of the shapes; "any" is not looked at. */
type Shape = string | readonly Shape[] | { readonly [member: string]: Shape };

const { shapes, replies } = decoded as unknown as {
  readonly shapes: readonly Shape[];
  readonly replies: Readonly<Record<string, Shape>>;
};

function resolved(shape: Shape): Shape {
  return typeof shape === "string" && shape.startsWith("#")
    ? (shapes[Number(shape.slice(1))] as Shape)
    : shape;
}

/** Where a reply has another type than the SDK for Go decodes it into, so that decoding it would fail. */
function undecodable(value: unknown, given: Shape, place = ""): string[] {
  const shape = resolved(given);
  if (value === null || value === undefined || shape === "any") return [];
  if (typeof shape === "string")
    return typeof value === shape && (shape !== "number" || Number.isSafeInteger(value))
      ? []
      : [`${place} is no ${shape}`];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${place} is no list`];
    return value.flatMap((item) => undecodable(item, shape[0] as Shape, `${place}[]`));
  }
  if (typeof value !== "object" || Array.isArray(value)) return [`${place} is no object`];
  const members = new Map(Object.entries(shape).map(([name, inner]) => [name.toLowerCase(), inner]));
  return Object.entries(value).flatMap(([name, member]) => {
    const inner = members.get(name.toLowerCase()) ?? members.get("*");
    return inner === undefined ? [] : undecodable(member, inner, `${place}.${name}`);
  });
}

/** Lists, of those that the SDK gives its caller, in which nothing stands: they would hide what is wrong with what they hold. */
function emptyLists(value: unknown, given: Shape): string[] {
  if (typeof given === "string")
    return Array.isArray(resolved(given)) && isEmptyList(value) ? ["the reply"] : [];
  return Object.entries(given)
    .filter(([name, inner]) => Array.isArray(resolved(inner as Shape)) && isEmptyList((value as Data)[name]))
    .map(([name]) => name);
}

/** True for a list of nothing, and where there is none at all. */
function isEmptyList(value: unknown): boolean {
  return !Array.isArray(value) || value.length === 0;
}

let count = 0;
const fresh = (word: string) => `${word}${++count}`;

async function make<R = Reply>(method: string, path: string, body: unknown, project?: string): Promise<R> {
  const answer = await send({ method, path, body }, project);
  if (answer.status !== 200)
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer.body as R;
}

const post = <R = Reply>(path: string, body: unknown, project?: string) =>
  make<R>("POST", path, body, project);

async function newProject(): Promise<string> {
  return (await post("/v1/mgmt/project/clone", { name: fresh("Project ") })).projectId as string;
}

interface Scene {
  readonly project?: string;
  readonly values: Values;
}

/** What there must be for a request to succeed, and the words that name it; "waits" while that cannot be made yet. */
async function sceneFor(request: Recorded): Promise<Scene | "waits"> {
  try {
    const common = await commonValues();
    const { project, ...values } = (await scenes[request.noun]?.(request)) ?? {};
    const own = overrides[`${request.noun}.${request.verb}`] ?? {};
    return {
      values: { ...common, ...values, ...own },
      ...(project === undefined ? {} : { project: project as string }),
    };
  } catch (error) {
    const operation = /\b(GET|POST|PUT|PATCH|DELETE) \/\S+/.exec(String(error))?.[0];
    if (operation !== undefined && String(error).includes("EMULATOR_NOT_IMPLEMENTED") && isPending(operation))
      return "waits";
    throw error;
  }
}

/** A user, a tenant with the user in it, a role with a permission, and values of the right form for what has one. */
async function commonValues(): Promise<Values> {
  const tenant = fresh("tenant-");
  const email = `${fresh("user")}@example.com`;
  await post("/v1/mgmt/tenant/create", { id: tenant, name: tenant });
  const app = await post("/v1/mgmt/sso/idp/app/oidc/create", {
    name: fresh("App "),
    loginPageUrl: "https://example.com",
    enabled: true,
  });
  const { user } = await post("/v1/mgmt/user/create", {
    loginId: email,
    email,
    roleNames: [ROLE],
    userTenants: [{ tenantId: tenant }],
    ssoAppIds: [app.id],
  });
  const session = { loginId: email };
  return {
    tenantID: tenant,
    tenantId: tenant,
    tenantIds: tenant,
    TenantIDs: tenant,
    IDs: tenant,
    tenants: tenant,
    selectedTenant: tenant,
    tenant,
    parentId: tenant,
    roleInheritance: "none",
    loginID: email,
    loginIDOrUserID: email,
    loginIDsOrUserIDs: email,
    loginIDs: email,
    LoginIDs: email,
    loginIds: email,
    userID: user.userId,
    userId: user.userId,
    userIDs: user.userId,
    userIds: user.userId,
    impersonatorID: user.userId,
    roles: ROLE,
    Roles: ROLE,
    roleNames: ROLE,
    roleName: ROLE,
    Role: ROLE,
    role: ROLE,
    defaultRoles: ROLE,
    permissionNames: PERMISSION,
    ssoAppIDs: app.id,
    ssoAppIds: app.id,
    SSOAppIDs: app.id,
    ssoAppId: app.id,
    email: `${fresh("mail")}@example.com`,
    phone: `+1555${String(2_000_000 + ++count)}`,
    additionalLoginIds: fresh("extra"),
    status: "enabled",
    statuses: "enabled",
    Statuses: "enabled",
    newLoginID: `${fresh("renamed")}@example.com`,
    name: fresh("Name "),
    newName: fresh("New name "),
    password: "Correct-Horse-1",
    Cleartext: "Correct-Horse-1",
    seed: "JBSWY3DPEHPK3PXP",
    method: "email",
    URI: "https://example.com/verify",
    field: "email",
    permittedIPs: "10.0.0.1",
    permittedIps: "10.0.0.1",
    ips: "10.0.0.1",
    ip: "10.0.0.1",
    domains: `${fresh("domain")}.com`,
    selfProvisioningDomains: `${fresh("domain")}.com`,
    authType: "none",
    AuthType: "none",
    inactivityTimeUnit: "minutes",
    refreshTokenExpirationUnit: "days",
    sessionTokenExpirationUnit: "minutes",
    stepupTokenExpirationUnit: "minutes",
    redirectURL: "https://example.com",
    idpUrl: "https://example.com/idp",
    idpMetadataUrl: "https://example.com/metadata",
    type: "info",
    templateID: "",
    ssoID: "",
    ssoId: "",
    environment: "production",
    key: "key",
    session,
  };
}

type SceneMaker = (request: Recorded) => Promise<Record<string, unknown>>;

/** Per noun, the thing that `<id>` and the like name, made for the one request. */
const scenes: Readonly<Record<string, SceneMaker>> = {
  AccessKey: async () => {
    const { tenantId, userId } = await commonValues();
    const { key } = await post("/v1/mgmt/accesskey/create", {
      name: fresh("Key "),
      expireTime: 0,
      userId,
      keyTenants: [{ tenantId }],
      customAttributes: { key: "customAttributes" },
    });
    return {
      id: key.id,
      ids: key.id,
      boundUserId: userId,
      creatingUser: key.createdBy,
      tenantIds: tenantId,
      field: "name",
    };
  },
  Tenant: async ({ verb }) => {
    const id = fresh("tenant-");
    if (verb === "SearchAll") {
      const selfProvisioningDomains = [`${id}.com`];
      const customAttributes = { key: "CustomAttributes" };
      await post("/v1/mgmt/tenant/create", { id, name: id, selfProvisioningDomains, customAttributes });
      return { IDs: id, Names: id, SelfProvisioningDomains: `${id}.com` };
    }
    if (verb !== "CreateWithID") await post("/v1/mgmt/tenant/create", { id, name: id });
    return { id };
  },
  Permission: async ({ verb }) => {
    const name = fresh("permission ");
    if (verb === "Create" || verb === "CreateBatch") return { name };
    await post("/v1/mgmt/permission/create", { name });
    const { permissions } = await make("GET", "/v1/mgmt/permission/all", undefined);
    const id = permissions.find((one) => one.name === name)?.id;
    // One that is named by name and by id at once is deleted once.
    const other = fresh("permission ");
    await post("/v1/mgmt/permission/create", { name: other });
    return { id, ids: id, name, names: other };
  },
  Role: async ({ verb }) => {
    const name = fresh("Role ");
    if (verb === "Create" || verb === "CreateBatch") return { name, id: "" };
    const { roles } = await post("/v1/mgmt/role/create/batch", {
      roles: [{ name, permissionNames: [PERMISSION] }, { name: fresh("Role ") }],
    });
    if (verb === "Search") return { roleIds: roles[0]?.id, roleNames: name, roleNameLike: name };
    return {
      tenantID: "",
      tenantId: "",
      name,
      id: roles[0]?.id,
      roleIds: roles[0]?.id,
      roleIDs: roles[0]?.id,
      roleNames: roles[1]?.name,
      roleNameLike: name,
    };
  },
  SSOApplication: async ({ verb }) => {
    const id = fresh("app-");
    if (verb.endsWith("CustomAttributes")) return { name: fresh("attribute"), names: await ssoAttribute() };
    const kind = /SAML|WSFed/.exec(verb)?.[0].toLowerCase() ?? "oidc";
    if (!verb.startsWith("Create")) {
      await post(`/v1/mgmt/sso/idp/app/${kind}/create`, {
        id,
        name: fresh("App "),
        loginPageUrl: "https://example.com",
        realm: "urn:r",
        replyUrl: "https://example.com",
        enabled: true,
      });
    }
    return { id, name: fresh("App "), clientType: "confidential" };
  },
  ThirdPartyApplication: async ({ verb }) => {
    if (verb === "CreateApplication") return { id: fresh("third-"), name: fresh("Third ") };
    const { id } = await post("/v2/mgmt/thirdparty/app/create", {
      name: fresh("Third "),
      loginPageUrl: "https://example.com",
    });
    return { id, ids: id, appId: id, name: fresh("Third ") };
  },
  OutboundApplication: async ({ verb }) => {
    if (verb === "CreateApplication")
      return { id: fresh("out-"), name: fresh("Out "), accessType: "offline", prompt: "consent" };
    const { app } = await post("/v1/mgmt/outbound/app/create", { name: fresh("Out "), clientId: "c" });
    const { tenantId, userId } = await commonValues();
    const token = { appId: app.id, tenantId, accessToken: "t", scopes: ["scopes"] };
    await post("/v1/mgmt/outbound/app/tenant/oauthtoken/upload", token);
    await post("/v1/mgmt/outbound/app/user/oauthtoken/upload", { ...token, userId });
    const uploaded = await post<OutboundTokenReply>("/v1/mgmt/outbound/app/user/token/latest", {
      appId: app.id,
      tenantId,
      userId,
    });
    return {
      id: verb === "DeleteTokenByID" ? uploaded.token.id : app.id,
      appId: app.id,
      appID: app.id,
      tenantId,
      tenantID: tenantId,
      userId,
      userID: userId,
      accessType: "offline",
      prompt: "consent",
    };
  },
  JWTTemplate: async ({ verb }) => {
    const template = { name: fresh("Template "), template: {}, type: "user" };
    const kinds = { authSchema: "default", issuerType: "legacy", emptyClaimPolicy: "none" };
    if (verb === "Create") return { ...kinds, id: "", name: template.name, type: "user", template: "claim" };
    if (verb.includes("Library")) {
      const { entries } = await post("/v1/mgmt/jwt/templates/library/list", {});
      return { id: entries[0]?.id, libraryEntryId: entries[0]?.id, nameOverride: fresh("Applied ") };
    }
    const made = await post("/v1/mgmt/jwt/templates/create", { template });
    return { ...kinds, id: made.template.id, name: template.name, type: "user" };
  },
  ScopeClaimMapping: async ({ verb }) => {
    if (verb === "Get")
      await post("/v1/mgmt/scopeClaimMapping/set", { mappings: [{ scope: "profile", claims: { a: "b" } }] });
    return { scope: "profile" };
  },
  List: async ({ verb }) => {
    const type = verb.endsWith("IP") || verb.endsWith("IPs") ? "ips" : "texts";
    const name = fresh("List ");
    if (verb === "Create" || verb === "Import") return { id: fresh("list-"), name, type, data: ["a"] };
    const { list } = await post("/v1/mgmt/list", { name, type, data: [] });
    return { id: list.id, name, type, data: ["a"] };
  },
  Engine: async ({ verb }) => {
    const name = fresh("Engine ");
    if (verb === "Create") return { name };
    const { engine } = await post("/v1/mgmt/engine/create", { name });
    return { id: engine.id, name: fresh("Engine ") };
  },
  ManagementKey: async ({ verb }) => {
    const roles = {
      companyRoles: "company-full-access",
      roles: "project-full-access",
      projectIds: emulator.projectId,
      tags: "tag",
      status: "active",
    };
    if (verb === "Create") return { ...roles, name: fresh("Key ") };
    const { key } = await make("PUT", "/v1/mgmt/managementkey", {
      name: fresh("Key "),
      reBac: { companyRoles: ["company-full-access"] },
    });
    return { ...roles, id: key.id, ids: key.id, name: fresh("Key ") };
  },
  Descoper: async ({ verb }) => {
    const loginId = `${fresh("admin")}@example.com`;
    const values = { loginId, role: "developer", projectIds: emulator.projectId, tags: "tag" };
    if (verb === "Create") return values;
    const { descopers } = await make("PUT", "/v1/mgmt/descoper", { descopers: [{ loginId }] });
    return { ...values, id: descopers[0]?.id };
  },
  Flow: async () => {
    const project = await newProject();
    const { flows } = await post("/v1/mgmt/flow/list", {}, project);
    const flowId = flows[0]?.id;
    const { executionId } = await post("/v1/mgmt/flow/async/run", { flowId }, project);
    return { project, flowID: flowId, flowIDs: flowId, executionID: executionId, tenant: "" };
  },
  Project: async () => ({ project: await newProject(), format: "" }),
  Authz: async ({ verb }) => {
    await post("/v1/mgmt/authz/schema/delete", {});
    const namespaces = [
      { name: "file", relationDefinitions: [{ name: "owner" }, { name: "spare" }] },
      { name: "spare", relationDefinitions: [] },
    ];
    if (verb !== "SaveSchema")
      await post("/v1/mgmt/authz/schema/save", { schema: { namespaces }, upgrade: true });
    if (!/^(?:Save|Delete|Create)/.test(verb)) {
      const relation = { namespace: "file", relationDefinition: "owner", resource: "f", target: "u" };
      await post("/v1/mgmt/authz/re/create", { relations: [relation] });
    }
    return {
      namespace: "file",
      relationDefinition: "owner",
      schemaName: "",
      oldName: "",
      resource: "f",
      resources: "f",
      target: "u",
      targets: "u",
      name:
        verb === "DeleteNamespace" ? "spare" : verb === "DeleteRelationDefinition" ? "spare" : fresh("name"),
      neType: "self",
      nType: "child",
      userStatus: "enabled",
    };
  },
  FGA: async () => {
    const schema = "model AuthZ 1.0\n\ntype user\n\ntype doc\n  relation owner: user\n";
    await post("/v1/mgmt/fga/schema", { dsl: schema });
    await post("/v1/mgmt/fga/resources/save", {
      resourcesDetails: [{ resourceId: "d", resourceType: "doc", displayName: "D" }],
    });
    return {
      schema,
      resourceType: "doc",
      resource: "d",
      relation: "owner",
      targetType: "user",
      target: "u",
      type: "doc",
      queries: "d",
      resourceId: "d",
    };
  },
  JWT: async ({ verb }) => {
    const { email, admin } = await impersonation();
    const { refreshJwt, sessionJwt } = await post("/v1/mgmt/auth/signin", { loginId: email });
    const { jwt } =
      verb === "StopImpersonation"
        ? await post("/v1/mgmt/impersonate", { impersonatorId: admin, loginId: email })
        : { jwt: verb === "SignIn" ? refreshJwt : sessionJwt };
    const loginID = verb === "SignUp" ? `${fresh("new")}@example.com` : email;
    return {
      loginID,
      impersonatorID: admin,
      jwt,
      selectedTenant: "",
      tenantID: "",
      revokeOtherSessionsTypes: "web",
    };
  },
  User: async ({ verb }) => userScene(verb),
  SSO: async ({ verb }) => {
    const id = fresh("tenant-");
    await post("/v1/mgmt/tenant/create", { id, name: id });
    if (verb !== "NewSettings") {
      await post("/v1/mgmt/sso/saml/metadata", {
        tenantId: id,
        settings: { idpMetadataUrl: "https://example.com/m" },
        domains: [`${id}.com`],
      });
    }
    return {
      tenantID: id,
      ssoID: verb === "NewSettings" ? fresh("sso-") : "",
      prompt: "login",
      grantType: "authorization_code",
      callbackDomain: "",
      issuer: "https://example.com",
    };
  },
};

async function userScene(verb: string): Promise<Record<string, unknown>> {
  if (/CustomAttribute/.test(verb) && verb !== "UpdateCustomAttribute") {
    const name = fresh("attribute");
    if (verb.startsWith("Delete"))
      await post("/v1/mgmt/user/customattribute/create", { attributes: [{ name, type: 1 }] });
    return { name, names: name };
  }
  const loginId = `${fresh("new")}@example.com`;
  if (verb === "Create" || verb === "CreateTestUser" || verb === "GenerateEmbeddedLinkSignUp")
    return { loginID: loginId, ssoAppIds: "" };
  if (verb.startsWith("SearchAll")) return searchedUser();
  if (verb === "History") {
    const { user } = await post("/v1/mgmt/user/create", { loginId, email: loginId });
    const { token } = await post("/v1/mgmt/user/signin/embeddedlink", { loginId });
    await post("/v1/auth/magiclink/verify", { token });
    return { userIDs: user.userId };
  }
  if (verb === "Invite") return { loginIDOrUserID: loginId, loginId };
  if (verb === "CreateBatch" || verb === "InviteBatch") return { loginId };
  if (verb.endsWith("ForTestUser")) {
    await post("/v1/mgmt/user/create/test", { loginId, email: loginId });
    return { loginID: loginId };
  }
  if (verb.includes("Passkey")) {
    await post("/v1/mgmt/user/create", { loginId, email: loginId });
    const devices = [{ descope: { credentialId: "Y3JlZA", rpId: "example.com", publicKey: "a2V5" } }];
    await post("/v1/mgmt/user/passkeys/import", { loginId, devices });
    return { loginID: loginId, credentialID: "Y3JlZA" };
  }
  if (verb.includes("Password")) {
    await post("/v1/mgmt/user/create", { loginId, email: loginId });
    await post("/v1/mgmt/user/password/set/active", { loginId, password: "Correct-Horse-1" });
    return { loginID: loginId, password: "Better-Horse-2" };
  }
  await post("/v1/mgmt/user/create", { loginId, email: loginId });
  return { loginId, sessionTypes: "web", attributeKey: "key", key: "key" };
}

/** A test user who fits a search with every filter there is. */
async function searchedUser(): Promise<Record<string, unknown>> {
  const { tenantId, ssoAppIds } = await commonValues();
  const email = `${fresh("searched")}@example.com`;
  const phone = `+1555${String(3_000_000 + ++count)}`;
  const { user } = await post("/v1/mgmt/user/create/test", {
    loginId: email,
    email,
    phone,
    name: "Text",
    roleNames: [ROLE],
    userTenants: [{ tenantId, roleNames: [ROLE] }],
    ssoAppIds: [ssoAppIds],
    customAttributes: { key: "CustomAttributes" },
  });
  return {
    Emails: email,
    LoginIDs: email,
    Phones: phone,
    SSOAppIDs: ssoAppIds,
    TenantIDs: tenantId,
    UserIDs: user.userId,
    Statuses: "enabled",
    field: "email",
  };
}

async function impersonation(): Promise<{ email: string; admin: string }> {
  const { user } = await post("/v1/mgmt/user/create", {
    loginId: `${fresh("admin")}@example.com`,
    roleNames: ["Impersonator"],
  });
  const email = `${fresh("customer")}@example.com`;
  await post("/v1/mgmt/user/create", { loginId: email, email });
  await post("/v1/mgmt/user/update/impersonationConsent", {
    loginId: email,
    impersonationConsent: 2_000_000_000,
  });
  return { email, admin: user.userId };
}

async function ssoAttribute(): Promise<string> {
  const name = fresh("attribute");
  await post("/v1/mgmt/sso/idp/app/customattribute/create", { attributes: [{ name, type: 1 }] });
  return name;
}

/** Words of single requests that mean something else than elsewhere. */
const overrides: Readonly<Record<string, Values>> = {
  "Analytics.Search": { groupByCreated: "d" },
  "Audit.CreateAuditWebhook": { filterType: "actions", operator: "includes" },
  "Tenant.Create": { parentId: "", customAttributes: "value" },
};

/** Requests whose body is no form to fill in: they are made here. */
const bodies: Readonly<Record<string, (values: Values) => unknown>> = {
  "Flow.ImportFlow": ({ flowID }) => ({
    flow: { flowId: flowID, metadata: { name: "Imported" }, contents: { tasks: {} } },
  }),
  "Flow.ImportTheme": () => ({ theme: { styles: {} } }),
  "Project.ImportSnapshot": () => ({ files: { "project.json": {} }, excludes: ["lists"] }),
  "Project.ValidateSnapshot": () => ({ files: { "project.json": {} } }),
};

/** What of a filled request must be otherwise: words that mean two things in it, and times that are long past. */
const amendments: Readonly<Record<string, (body: Data) => unknown>> = {
  "SSOApplication.CreateSAMLApplication": withRole,
  "SSOApplication.UpdateSAMLApplication": withRole,
  "SSOApplication.CreateWSFedApplication": withRole,
  "SSOApplication.UpdateWSFedApplication": withRole,
  "SSO.ConfigureOIDCSettings": (body) => {
    const groupsMapping = [{ groups: ["staff"], role: { name: ROLE } }];
    return { ...body, settings: { ...(body.settings as object), groupsMapping, defaultSSORoles: [ROLE] } };
  },
  "Authz.SaveNamespace": (body) => ({
    ...body,
    namespace: { ...(body.namespace as object), relationDefinitions: [{ name: "owner" }] },
  }),
  "Authz.SaveRelationDefinition": (body) => ({ ...body, relationDefinition: { name: "editor" } }),
  "User.Import": (body) => {
    const user = { user_id: "auth0|1", email: "imported@example.com", email_verified: true };
    const users = Buffer.from(JSON.stringify(user)).toString("base64");
    return { ...body, source: "auth0", users, hashes: "" };
  },
  "User.SearchAll": untilNow,
  "User.SearchAllTestUsers": untilNow,
};

function withRole(body: Data): unknown {
  const [mapping] = body.groupsMapping as [object];
  return { ...body, groupsMapping: [{ ...mapping, roles: [{ name: ROLE }] }] };
}

/** The first page of those who were made until now, with the role in their tenant. */
function untilNow(body: Data): unknown {
  const [tenantId] = body.tenantIds as [string];
  return {
    ...body,
    page: 0,
    toCreatedTime: Date.now() + 60_000,
    toModifiedTime: Date.now() + 60_000,
    tenantRoleIds: { [tenantId]: { and: true, values: [ROLE_ID] } },
    tenantRoleNames: { [tenantId]: { and: true, values: [ROLE] } },
  };
}

function filled(request: Recorded, values: Values): Recorded {
  const replaceIn = (value: unknown): unknown => {
    if (typeof value === "string") {
      const word = /^<(\w+)>$/.exec(value)?.[1];
      return word === undefined ? value : word in values ? values[word] : word;
    }
    if (Array.isArray(value)) return value.filter((one) => one !== null).map(replaceIn);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key === "<key>" ? "key" : key, replaceIn(member)]),
    );
  };
  const name = `${request.noun}.${request.verb}`;
  const made = bodies[name]?.(values);
  const amend = amendments[name] ?? ((body: unknown) => body);
  const path = request.path.replace(/<(\w+)>/, (_, word: string) =>
    encodeURIComponent(String(values[word] ?? word)),
  );
  return {
    ...request,
    path,
    ...(request.query === undefined ? {} : { query: replaceIn(request.query) as Record<string, string> }),
    ...(request.body === undefined ? {} : { body: amend((made ?? replaceIn(request.body)) as Data) }),
  };
}
