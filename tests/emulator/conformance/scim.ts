import * as scimKeys from "../../../src/api/operations/scim-keys.ts";
import * as scim from "../../../src/api/operations/scim.ts";
import { example, sending, type Examples, type Sent } from "./example.ts";
import type { Scene } from "./scene.ts";
import {
  accessKeyReply,
  flag,
  free,
  integer,
  list,
  maybe,
  nothing,
  strict,
  text,
  unknown,
} from "./shapes.ts";

const meta = strict({ resourceType: text, location: text, created: text, lastModified: text });
const address = strict({ value: text, primary: flag, type: text });

const userReply = strict({
  schemas: list(text),
  id: text,
  externalId: maybe(text),
  userName: text,
  displayName: text,
  name: strict({ givenName: text, familyName: text, middleName: text }),
  emails: list(address),
  phoneNumbers: list(address),
  active: flag,
  attributes: free,
  meta,
});

const groupReply = strict({
  schemas: list(text),
  id: text,
  externalId: maybe(text),
  displayName: text,
  members: list(strict({ value: text, display: text })),
  meta,
});

const listReply = <T extends Parameters<typeof list>[0]>(item: T) =>
  strict({
    schemas: list(text),
    totalResults: integer,
    startIndex: integer,
    itemsPerPage: integer,
    Resources: list(item),
  });

const typeReply = strict({
  schemas: list(text),
  id: text,
  name: text,
  description: text,
  endpoint: text,
  schema: text,
});

/** A directory of a tenant of its own, by its key. */
async function directory(scene: Scene): Promise<{ token: string; call: Scene["auth"]["ok"] }> {
  const { id: tenantId } = await scene.tenant();
  const { cleartext: token } = await scene.manage("/v1/mgmt/accesskey/create", {
    name: scene.fresh("Directory"),
    keyTenants: [{ tenantId, roleNames: ["Tenant Admin"] }],
  });
  return { token, call: (path, body) => scene.auth.ok(path, body, token) };
}

const members = (scene: Scene) => {
  const mail = scene.mail();
  return {
    userName: mail,
    externalId: scene.fresh("external"),
    displayName: "Ann Example",
    active: true,
    name: { givenName: "Ann", familyName: "Example", middleName: "B" },
    emails: [{ value: mail, primary: true, type: "work" }],
    phoneNumbers: [{ value: scene.phone(), primary: true, type: "work" }],
    attributes: {},
  };
};

const query = { filter: "meta.resourceType pr", startIndex: "1", count: "10" };

/** A call about a user of the directory. */
const ofUser =
  (more: (scene: Scene) => object) =>
  async (scene: Scene): Promise<Sent> => {
    const { token, call } = await directory(scene);
    const { id } = await call("/scim/v2/Users", members(scene));
    return { token, input: { userId: id, ...more(scene) } };
  };

/** A call about a group of the directory with one member. */
const ofGroup =
  (more: (scene: Scene, userId: string) => object) =>
  async (scene: Scene): Promise<Sent> => {
    const { token, call } = await directory(scene);
    const user = await call("/scim/v2/Users", members(scene));
    const group = await call("/scim/v2/Groups", {
      displayName: scene.fresh("Group"),
      members: [{ value: user.id, display: "Ann" }],
    });
    return { token, input: { groupId: group.id, ...more(scene, user.id) } };
  };

export const scimExamples: Examples = [
  sending(scim.searchUsers, listReply(userReply), async (scene) => {
    const { input: _, ...sent } = await ofUser(() => ({}))(scene);
    return { ...sent, input: query };
  }),
  sending(scim.createUser, userReply, async (scene) => ({
    token: (await directory(scene)).token,
    input: members(scene),
  })),
  sending(
    scim.loadUser,
    userReply,
    ofUser(() => ({})),
  ),
  sending(scim.updateUser, userReply, ofUser(members)),
  sending(
    scim.patchUser,
    userReply,
    ofUser(() => ({ operations: [{ op: "replace", path: "displayName", valueString: "Bea" }] })),
  ),
  sending(
    scim.removeUser,
    nothing,
    ofUser(() => ({})),
  ),
  sending(scim.searchGroups, listReply(groupReply), async (scene) => {
    const { input: _, ...sent } = await ofGroup(() => ({}))(scene);
    return { ...sent, input: query };
  }),
  sending(scim.createGroup, groupReply, async (scene) => {
    const { token, call } = await directory(scene);
    const { id } = await call("/scim/v2/Users", members(scene));
    const input = {
      groupId: scene.fresh("group"),
      displayName: scene.fresh("Group"),
      externalId: scene.fresh("external"),
      members: [{ value: id, display: "Ann" }],
    };
    return { token, input };
  }),
  sending(
    scim.loadGroup,
    groupReply,
    ofGroup(() => ({})),
  ),
  sending(
    scim.updateGroup,
    groupReply,
    ofGroup((scene, userId) => ({
      displayName: scene.fresh("Group"),
      externalId: scene.fresh("external"),
      members: [{ value: userId, display: "Ann" }],
    })),
  ),
  sending(
    scim.patchGroup,
    groupReply,
    ofGroup((_scene, userId) => ({
      operations: [{ op: "add", path: "members", valueArray: [{ value: userId, display: "Ann" }] }],
    })),
  ),
  sending(
    scim.removeGroup,
    nothing,
    ofGroup(() => ({})),
  ),
  sending(scim.resourceTypes, listReply(typeReply), async (scene) => ({
    token: (await directory(scene)).token,
  })),
  sending(
    scim.serviceProviderConfig,
    strict({
      schemas: list(text),
      documentationUri: text,
      patch: free,
      bulk: free,
      filter: free,
      changePassword: free,
      sort: free,
      etag: free,
      authenticationSchemes: list(unknown),
    }),
    async (scene) => ({ token: (await directory(scene)).token }),
  ),
];

/** What a tenant's first single sign-on has keys for. */
const which = async (scene: Scene) => ({ tenantId: (await scene.tenant()).id, ssoId: "default" });

const withKey = async (scene: Scene) => {
  const own = await which(scene);
  const { key } = await scene.manage("/v1/mgmt/scim/key/create", own);
  return { own, keyIds: [key.id] };
};

const newKey = (scene: Scene) => ({ name: scene.fresh("Directory"), expireTime: "2000000000" });

export const scimKeyExamples: Examples = [
  example(scimKeys.create, strict({ cleartext: text, key: accessKeyReply }), async (scene) => ({
    ...(await which(scene)),
    ...newKey(scene),
  })),
  example(
    scimKeys.load,
    strict({ keys: list(strict({ key: accessKeyReply, ssoId: text })) }),
    async (scene) => (await withKey(scene)).own,
  ),
  example(scimKeys.rotate, strict({ cleartext: text, key: accessKeyReply }), async (scene) => ({
    ...(await withKey(scene)).own,
    ...newKey(scene),
    revokeMode: 1,
  })),
  example(scimKeys.revoke, strict({ revokedKeyIds: list(text) }), async (scene) => ({
    ...(await withKey(scene)).own,
    revokeMode: "SCIM_KEY_REVOKE_MODE_DELETE",
  })),
  example(scimKeys.activate, strict({ activatedKeyIds: list(text) }), async (scene) => {
    const { own, keyIds } = await withKey(scene);
    return { ...own, keyIds };
  }),
];
