import * as descopers from "../../../src/api/operations/descopers.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { descoperReply, list, nothing, strict, integer } from "./shapes.ts";

const descoper = (scene: Scene) => ({
  loginId: scene.mail(),
  attributes: { displayName: "Ada", email: "ada@example.com", phone: "+15552000000" },
  rbac: {
    isCompanyAdmin: false,
    tags: [{ tags: ["blue"], role: "auditor" }],
    projects: [{ projectIds: [scene.project], role: "developer" }],
  },
});

async function made(scene: Scene): Promise<{ id: string }> {
  const { descopers: all } = await scene.manage("/v1/mgmt/descoper", { descopers: [descoper(scene)] }, "PUT");
  return { id: all[0]?.id ?? "" };
}

export const descoperExamples: Examples = [
  example(descopers.create, strict({ descopers: list(descoperReply), total: integer }), (scene) => ({
    descopers: [descoper(scene)],
  })),
  example(descopers.load, strict({ descoper: descoperReply }), made),
  example(descopers.update, strict({ descoper: descoperReply }), async (scene) => ({
    ...(await made(scene)),
    rbac: { isCompanyAdmin: true },
  })),
  example(descopers.remove, nothing, made),
  example(descopers.list, strict({ descopers: list(descoperReply), total: integer }), async (scene) => {
    await made(scene);
    return {};
  }),
];
