import * as license from "../../../src/api/operations/license.ts";
import * as keys from "../../../src/api/operations/management-keys.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { list, managementKeyReply, strict, text, integer } from "./shapes.ts";

const key = (scene: Scene) => ({
  name: scene.fresh("Key"),
  description: "Of the pipeline",
  expiresIn: "3600",
  permittedIps: ["127.0.0.1"],
  reBac: { companyRoles: ["company-full-access"] },
});

async function made(scene: Scene): Promise<{ id: string }> {
  const { key: one } = await scene.manage("/v1/mgmt/managementkey", key(scene), "PUT");
  return { id: one.id };
}

export const managementKeyExamples: Examples = [
  example(keys.create, strict({ key: managementKeyReply, cleartext: text }), key),
  example(keys.load, strict({ key: managementKeyReply }), made),
  example(keys.update, strict({ key: managementKeyReply }), async (scene) => ({
    ...(await made(scene)),
    name: scene.fresh("Key"),
    status: "inactive",
    permittedIps: [],
  })),
  example(keys.search, strict({ keys: list(managementKeyReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(keys.remove, strict({ total: integer }), async (scene) => ({ ids: [(await made(scene)).id] })),
];

export const licenseExamples: Examples = [
  example(license.load, strict({ rateLimitTier: text, licenseType: text })),
];
