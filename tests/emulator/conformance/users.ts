import * as attributes from "../../../src/api/operations/user-attributes.ts";
import * as batches from "../../../src/api/operations/user-batches.ts";
import * as credentials from "../../../src/api/operations/user-credentials.ts";
import * as updates from "../../../src/api/operations/user-updates.ts";
import * as users from "../../../src/api/operations/users.ts";
import { PASSWORD } from "../../support/sign-in.ts";
import { example, type Examples } from "./example.ts";
import { providersUser } from "./federated-users.ts";
import type { Scene } from "./scene.ts";
import {
  attributeReply,
  flag,
  integer,
  list,
  map,
  nothing,
  strict,
  text,
  unknown,
  userReply,
} from "./shapes.ts";

/** A new user with everything that a user can have. */
async function whole(scene: Scene): Promise<object> {
  const [tenant, role, app, attribute] = [
    await scene.tenant(),
    await scene.role(),
    await scene.ssoApp(),
    await scene.attribute(),
  ];
  const loginId = scene.mail();
  return {
    loginId,
    email: loginId,
    phone: scene.phone(),
    verifiedEmail: true,
    verifiedPhone: true,
    name: "Ann Example",
    givenName: "Ann",
    middleName: "B",
    familyName: "Example",
    picture: "https://example.com/ann.png",
    additionalIdentifiers: [scene.fresh("ann")],
    roleNames: [role.name],
    userTenants: [{ tenantId: tenant.id, roleNames: [role.name] }],
    ssoAppIds: [app],
    customAttributes: { [attribute]: "gold" },
  };
}

const one = async (scene: Scene): Promise<{ loginId: string }> => ({
  loginId: (await scene.member()).user.loginIds[0],
});

/** One user, and what is to become of them. */
const change = (more: object | ((scene: Scene) => unknown)) => async (scene: Scene) => ({
  ...(await one(scene)),
  ...(typeof more === "function" ? ((await more(scene)) as object) : more),
});

const withPassword = async (scene: Scene): Promise<{ loginId: string }> => {
  const { loginId } = await one(scene);
  await scene.manage("/v1/mgmt/user/password/set/active", { loginId, password: PASSWORD });
  return { loginId };
};

const testUser = async (scene: Scene) => ({ loginId: (await scene.testUser()).loginIds[0] });

const roleOfMember = async (scene: Scene) => {
  const { user, tenant, role } = await scene.member();
  return { loginId: user.loginIds[0], tenantId: tenant.id, roleNames: [role] };
};

const appOfMember = async (scene: Scene) => {
  const { user, app } = await scene.member();
  return { loginId: user.loginIds[0], ssoAppIds: [app] };
};

async function family(scene: Scene): Promise<string> {
  await scene.manage("/v1/mgmt/family/settings", { enabled: true, maxFamilyMembers: 10 });
  return (await scene.manage("/v1/mgmt/family/create", { name: scene.fresh("Family") })).family.id;
}

export const userExamples: Examples = [
  example(users.create, strict({ user: userReply, created: flag }), whole),
  example(users.createTest, strict({ user: userReply, created: flag }), async (scene) => ({
    ...(await whole(scene)),
    test: true,
  })),
  example(users.load, strict({ user: userReply }), one),
  example(users.remove, nothing, one),
  example(users.loadUsers, strict({ users: list(userReply), total: integer }), async (scene) => ({
    userIds: [(await scene.member()).user.userId],
    includeInvalidUsers: true,
  })),
  example(users.search, strict({ users: list(userReply), total: integer }), async (scene) => {
    await scene.member();
    return { limit: 10, page: 0, sort: [{ field: "email", desc: false }], withTestUser: true };
  }),
  example(users.searchTest, strict({ users: list(userReply), total: integer }), async (scene) => {
    await scene.testUser();
    return { limit: 10, page: 0 };
  }),
  example(users.updateStatus, strict({ user: userReply }), change({ status: "disabled" })),
  example(users.setTemporaryPassword, nothing, change({ password: PASSWORD })),
  example(users.setActivePassword, nothing, change({ password: PASSWORD })),
  example(users.setPassword, nothing, change({ password: PASSWORD, setActive: true })),
  example(users.expirePassword, nothing, withPassword),
  example(users.setRoles, strict({ user: userReply }), roleOfMember),
  example(users.addRoles, strict({ user: userReply }), roleOfMember),
  example(users.removeRoles, strict({ user: userReply }), roleOfMember),
  example(users.deleteAllTest, nothing, async (scene) => {
    await scene.testUser();
    return {};
  }),
  example(users.generateOtp, strict({ loginId: text, code: text }), async (scene) => ({
    ...(await testUser(scene)),
    deliveryMethod: "email",
  })),
  example(users.generateMagicLink, strict({ loginId: text, link: text }), async (scene) => ({
    ...(await testUser(scene)),
    deliveryMethod: "email",
    redirectUrl: "https://example.com/verify",
  })),
  example(
    users.generateEnchantedLink,
    strict({ loginId: text, link: text, pendingRef: text, linkId: text }),
    async (scene) => ({
      ...(await testUser(scene)),
      redirectUrl: "https://example.com/verify",
    }),
  ),
];

export const userUpdateExamples: Examples = [
  example(updates.update, strict({ user: userReply }), async (scene) => ({
    ...(await whole(scene)),
    ...(await one(scene)),
  })),
  example(updates.patch, strict({ user: userReply }), change({ name: "Ann Other", middleName: "" })),
  example(
    updates.updateLoginId,
    strict({ user: userReply }),
    change((scene: Scene) => ({ newLoginId: scene.mail() })),
  ),
  example(
    updates.updateEmail,
    strict({ user: userReply }),
    change((scene: Scene) => ({ email: scene.mail(), verified: true })),
  ),
  example(
    updates.updatePhone,
    strict({ user: userReply }),
    change((scene: Scene) => ({ phone: scene.phone(), verified: true })),
  ),
  example(
    updates.updateRecoveryEmail,
    strict({ user: userReply }),
    change((scene: Scene) => ({ recoveryEmail: scene.mail(), verified: true })),
  ),
  example(
    updates.updateRecoveryPhone,
    strict({ user: userReply }),
    change((scene: Scene) => ({ recoveryPhone: scene.phone(), verified: true })),
  ),
  example(
    updates.updateName,
    strict({ user: userReply }),
    change({ name: "Ann Other", givenName: "Ann", familyName: "Other" }),
  ),
  example(
    updates.updatePicture,
    strict({ user: userReply }),
    change({ picture: "https://example.com/other.png" }),
  ),
  example(
    updates.updateCustomAttribute,
    strict({ user: userReply }),
    change(async (scene: Scene) => ({ attributeKey: await scene.attribute(), attributeValue: "silver" })),
  ),
  example(
    updates.updateImpersonationConsent,
    strict({ user: userReply }),
    change({ impersonationConsent: 2_000_000_000 }),
  ),
  example(
    updates.addTenant,
    strict({ user: userReply }),
    change(async (scene: Scene) => ({ tenantId: (await scene.tenant()).id })),
  ),
  example(updates.removeTenant, strict({ user: userReply }), async (scene) => {
    const { user, tenant } = await scene.member();
    return { loginId: user.loginIds[0], tenantId: tenant.id };
  }),
  example(updates.setSsoApps, strict({ user: userReply }), appOfMember),
  example(
    updates.addSsoApps,
    strict({ user: userReply }),
    change(async (scene: Scene) => ({ ssoAppIds: [await scene.ssoApp()] })),
  ),
  example(updates.removeSsoApps, strict({ user: userReply }), appOfMember),
  example(
    updates.addFamilies,
    strict({ user: userReply }),
    change(async (scene: Scene) => ({ familyAssociations: [{ familyId: await family(scene) }] })),
  ),
  example(updates.removeFamilies, strict({ user: userReply }), async (scene) => {
    const { loginId } = await one(scene);
    const familyId = await family(scene);
    await scene.manage("/v1/mgmt/user/update/family/add", { loginId, familyAssociations: [{ familyId }] });
    return { loginId, familyIds: [familyId] };
  }),
];

export const userBatchExamples: Examples = [
  example(
    batches.createBatch,
    strict({
      createdUsers: list(userReply),
      failedUsers: list(strict({ failure: text, user: strict({ loginIds: list(text), email: text }) })),
      additionalErrors: map(text),
    }),
    async (scene) => {
      const taken = await one(scene);
      return { users: [await whole(scene), { ...taken, email: scene.mail() }], invite: false };
    },
  ),
  example(
    batches.patchBatch,
    strict({
      patchedUsers: list(userReply),
      failedUsers: list(strict({ failure: text, user: strict({ loginIds: list(text) }) })),
      additionalErrors: map(text),
    }),
    async (scene) => ({
      users: [{ ...(await one(scene)), name: "Ann Other" }, { loginId: scene.mail() }],
    }),
  ),
  example(batches.deleteBatch, nothing, async (scene) => ({ userIds: [(await scene.user()).userId] })),
  example(batches.importUsers, strict({ users: list(userReply), failures: list(unknown) }), (scene) => ({
    source: "auth0",
    users: Buffer.from(
      JSON.stringify({ user_id: "auth0|1", email: scene.mail(), email_verified: true, name: "Ann" }),
    ).toString("base64"),
    dryrun: false,
  })),
  example(
    batches.history,
    list(
      strict({ userId: text, loginTime: integer, city: text, country: text, ip: text, selectedTenant: text }),
    ),
    async (scene) => [(await scene.memberSession()).user.userId],
  ),
  example(
    batches.historyOf,
    strict({
      usersAuthHistory: list(
        strict({
          userId: text,
          loginTime: integer,
          city: text,
          country: text,
          ip: text,
          selectedTenant: text,
        }),
      ),
    }),
    async (scene) => ({
      userIds: [(await scene.memberSession()).user.userId],
    }),
  ),
];

const passkey = async (scene: Scene) => {
  const { loginId } = await one(scene);
  const devices = [{ descope: { credentialId: "Y3JlZA", rpId: "example.com", publicKey: "a2V5" } }];
  await scene.manage("/v1/mgmt/user/passkeys/import", { loginId, devices });
  return { loginId, credentialId: "Y3JlZA" };
};

export const userCredentialExamples: Examples = [
  example(credentials.removeTotp, nothing, one),
  example(credentials.removeRecoveryCodes, nothing, one),
  example(
    credentials.importPasskeys,
    nothing,
    change({ devices: [{ descope: { credentialId: "Y3JlZA", rpId: "example.com", publicKey: "a2V5" } }] }),
  ),
  example(
    credentials.listPasskeys,
    strict({
      passkeys: list(strict({ id: text, rpId: text, kind: text, displayName: text, createdTime: integer })),
    }),
    async (scene) => ({ loginId: (await passkey(scene)).loginId }),
  ),
  example(credentials.removePasskey, nothing, passkey),
  example(credentials.removePasskeys, nothing, async (scene) => ({
    loginId: (await passkey(scene)).loginId,
  })),
  example(credentials.listTrustedDevices, strict({ devices: list(unknown) }), async (scene) => ({
    identifiers: [(await one(scene)).loginId],
  })),
  example(
    credentials.removeTrustedDevices,
    { status: 404, errorCode: "E011004", why: "only a flow makes a device a trusted one" },
    async (scene) => ({ loginId: (await one(scene)).loginId, deviceIds: ["D1"] }),
  ),
  example(
    credentials.providerToken,
    strict({
      provider: text,
      providerUserId: text,
      accessToken: text,
      expiration: integer,
      scopes: list(text),
    }),
    providersUser,
  ),
  example(credentials.logout, nothing, async (scene) => ({ loginId: (await scene.memberSession()).loginId })),
];

const attribute = (scene: Scene) => ({
  attributes: [
    {
      name: scene.fresh("color").replace("-", ""),
      type: 4,
      displayName: "Colour",
      options: [{ value: "red", label: "Red" }],
    },
  ],
});

async function madeAttribute(scene: Scene, path: string): Promise<{ names: string[] }> {
  const made = attribute(scene);
  await scene.manage(path, made);
  return { names: made.attributes.map(({ name }) => name) };
}

const OF_USERS = "/v1/mgmt/user/customattribute/create";
const OF_FAMILIES = "/v1/mgmt/user/families/customattribute/create";

export const userAttributeExamples: Examples = [
  example(attributes.create, strict({ data: list(attributeReply), total: text }), attribute),
  example(attributes.loadAll, strict({ data: list(attributeReply), total: text }), async (scene) => {
    await madeAttribute(scene, OF_USERS);
    return {};
  }),
  example(attributes.remove, strict({ data: list(attributeReply), total: text }), (scene) =>
    madeAttribute(scene, OF_USERS),
  ),
  example(attributes.createFamilyScoped, strict({ data: list(attributeReply), total: text }), attribute),
  example(attributes.loadFamilyScoped, strict({ data: list(attributeReply), total: text }), async (scene) => {
    await madeAttribute(scene, OF_FAMILIES);
    return {};
  }),
  example(attributes.removeFamilyScoped, strict({ data: list(attributeReply), total: text }), (scene) =>
    madeAttribute(scene, OF_FAMILIES),
  ),
];
