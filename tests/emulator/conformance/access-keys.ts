import * as accessKeys from "../../../src/api/operations/access-keys.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { accessKeyReply, list, nothing, strict, text } from "./shapes.ts";

async function fullKey(scene: Scene): Promise<object> {
  const { tenant, role, user } = await scene.member();
  return {
    name: scene.fresh("Key"),
    description: "Of the nightly job",
    expireTime: "2000000000",
    userId: user.userId,
    keyTenants: [{ tenantId: tenant.id, roleNames: [role] }],
    roleNames: [],
    customClaims: { nightly: true },
    permittedIps: ["10.0.0.1"],
    customAttributes: {},
  };
}

const keyId = async (scene: Scene): Promise<{ id: string }> => {
  const { key } = await scene.manage("/v1/mgmt/accesskey/create", await fullKey(scene));
  return { id: key.id };
};

const keyIds = async (scene: Scene) => ({ ids: [(await keyId(scene)).id, (await keyId(scene)).id] });

export const accessKeyExamples: Examples = [
  example(accessKeys.create, strict({ cleartext: text, key: accessKeyReply }), fullKey),
  example(accessKeys.load, strict({ key: accessKeyReply }), keyId),
  example(accessKeys.loadAll, strict({ keys: list(accessKeyReply) }), async (scene) => {
    await keyId(scene);
    return { sort: [{ field: "name", desc: true }] };
  }),
  example(accessKeys.importKeys, strict({ keys: list(accessKeyReply) }), async (scene) => ({
    keys: [{ ...(await fullKey(scene)), cleartext: scene.fresh("Kcleartext") }],
  })),
  example(accessKeys.update, strict({ key: accessKeyReply }), async (scene) => {
    const {
      expireTime: _expireTime,
      userId: _userId,
      ...members
    } = (await fullKey(scene)) as Record<string, unknown>;
    return { ...members, ...(await keyId(scene)) };
  }),
  example(accessKeys.rotate, strict({ cleartext: text, key: accessKeyReply }), keyId),
  example(accessKeys.activateBatch, nothing, keyIds),
  example(accessKeys.deactivateBatch, nothing, keyIds),
  example(accessKeys.removeBatch, nothing, keyIds),
  example(accessKeys.activate, nothing, keyId),
  example(accessKeys.deactivate, nothing, keyId),
  example(accessKeys.remove, nothing, keyId),
];
