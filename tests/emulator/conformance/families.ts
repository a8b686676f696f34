import * as families from "../../../src/api/operations/families.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import {
  attributeReply,
  familyReply,
  flag,
  integer,
  list,
  nothing,
  strict,
  text,
  userReply,
} from "./shapes.ts";

async function enabled(scene: Scene): Promise<void> {
  await scene.manage("/v1/mgmt/family/settings", { enabled: true, maxFamilyMembers: 10 });
}

async function made(scene: Scene): Promise<{ id: string }> {
  await enabled(scene);
  const { family } = await scene.manage("/v1/mgmt/family/create", { name: scene.fresh("Family") });
  return { id: family.id };
}

async function newDependent(scene: Scene): Promise<object> {
  return { familyId: (await made(scene)).id, loginId: scene.fresh("kid"), name: "Kit", givenName: "Kit" };
}

const PATH = "/v1/mgmt/family/customattribute";
const attributes = (scene: Scene) => ({
  attributes: [{ name: scene.fresh("size").replace("-", ""), type: 2, displayName: "Size" }],
});

/** Somebody who may act for a dependent, and the dependent. */
async function guardian(scene: Scene): Promise<object> {
  const { familyId, loginId, ...rest } = (await newDependent(scene)) as { familyId: string; loginId: string };
  await scene.manage("/v1/mgmt/family/dependent/create", { familyId, loginId, ...rest });
  const user = await scene.user({ familyAssociations: [{ familyId, roleNames: ["Family Admin"] }] });
  return {
    impersonatorUserIdOrLoginId: user.userId,
    dependentLoginId: loginId,
    selectedFamily: familyId,
  };
}

export const familyExamples: Examples = [
  example(
    families.setSettings,
    strict({ enabled: flag, maxFamilyMembers: integer, allowMultipleFamiliesUsers: flag }),
    () => ({ enabled: true, maxFamilyMembers: 10, allowMultipleFamiliesUsers: true }),
  ),
  example(
    families.loadSettings,
    strict({ enabled: flag, maxFamilyMembers: integer, allowMultipleFamiliesUsers: flag }),
    async (scene) => {
      await enabled(scene);
      return {};
    },
  ),
  example(families.create, strict({ family: familyReply }), async (scene) => {
    await enabled(scene);
    return { name: scene.fresh("Family"), photo: "https://example.com/f.png", customAttributes: {} };
  }),
  example(families.update, strict({ family: familyReply }), async (scene) => ({
    ...(await made(scene)),
    name: scene.fresh("Family"),
  })),
  example(families.search, strict({ families: list(familyReply), total: integer }), async (scene) => {
    await made(scene);
    return { page: 0, size: 10 };
  }),
  example(families.remove, nothing, made),
  example(families.createDependent, strict({ user: userReply }), newDependent),
  example(families.removeDependent, nothing, async (scene) => {
    const { user } = await scene.manage("/v1/mgmt/family/dependent/create", await newDependent(scene));
    return { userId: user.userId };
  }),
  example(families.impersonate, strict({ jwt: text }), guardian),
  example(families.stopImpersonation, strict({ jwt: text }), async (scene) => ({
    ...(await scene.manage("/v1/mgmt/family/impersonate", await guardian(scene))),
    customClaims: { plan: "gold" },
    refreshDuration: 600,
  })),
  example(families.createAttributes, strict({ data: list(attributeReply), total: text }), attributes),
  example(families.loadAttributes, strict({ data: list(attributeReply), total: text }), async (scene) => {
    await scene.manage(`${PATH}/create`, attributes(scene));
    return {};
  }),
  example(families.removeAttributes, strict({ data: list(attributeReply), total: text }), async (scene) => {
    const made = attributes(scene);
    await scene.manage(`${PATH}/create`, made);
    return { names: made.attributes.map(({ name }) => name) };
  }),
];
