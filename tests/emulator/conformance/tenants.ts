import * as tenants from "../../../src/api/operations/tenants.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { list, nothing, strict, tenantReply, text } from "./shapes.ts";

const whole = (scene: Scene) => ({
  name: scene.fresh("Tenant"),
  selfProvisioningDomains: [`${scene.fresh("acme")}.com`],
  enforceSSO: false,
  disabled: false,
});

const made = (scene: Scene): Promise<{ id: string }> => scene.manage("/v1/mgmt/tenant/create", whole(scene));

export const tenantExamples: Examples = [
  example(tenants.create, strict({ id: text }), whole),
  example(tenants.load, tenantReply, made),
  example(tenants.loadAll, strict({ tenants: list(tenantReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(tenants.remove, nothing, async (scene) => ({ ...(await made(scene)), cascade: true })),
];
