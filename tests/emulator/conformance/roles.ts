import * as permissions from "../../../src/api/operations/permissions.ts";
import * as roles from "../../../src/api/operations/roles.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, integer, list, nothing, strict, text } from "./shapes.ts";

const roleReply = strict({
  id: text,
  name: text,
  description: text,
  permissionNames: list(text),
  createdTime: integer,
  tenantId: text,
  default: flag,
  private: flag,
});

async function permission(scene: Scene): Promise<string> {
  const name = scene.fresh("Permission");
  await scene.manage("/v1/mgmt/permission/create", { name, description: "May do it" });
  return name;
}

const permissionId = async (scene: Scene): Promise<string> => {
  const name = await permission(scene);
  const { permissions: all } = await scene.manage("/v1/mgmt/permission/all");
  return all.find((one) => one.name === name)?.id ?? "";
};

async function fullRole(scene: Scene): Promise<Record<string, unknown>> {
  return {
    name: scene.fresh("Role"),
    description: "Does it",
    permissionNames: [await permission(scene)],
    tenantId: (await scene.tenant()).id,
    default: false,
    private: true,
  };
}

const made = async (scene: Scene) => scene.manage("/v1/mgmt/role/create", await fullRole(scene));

export const permissionExamples: Examples = [
  example(permissions.create, nothing, (scene) => ({
    name: scene.fresh("Permission"),
    description: "May do it",
  })),
  example(permissions.createBatch, nothing, (scene) => ({
    permissions: [
      { name: scene.fresh("Permission"), description: "May do it" },
      { name: scene.fresh("Permission") },
    ],
  })),
  example(permissions.update, nothing, async (scene) => ({
    name: await permission(scene),
    newName: scene.fresh("Permission"),
    description: "May do it again",
  })),
  example(permissions.updateBatch, nothing, async (scene) => ({
    permissions: [
      { name: await permission(scene), newName: scene.fresh("Permission"), description: "Renamed" },
      { id: await permissionId(scene), description: "Kept" },
    ],
  })),
  example(permissions.remove, nothing, async (scene) => ({ name: await permission(scene) })),
  example(permissions.removeBatch, nothing, async (scene) => ({
    names: [await permission(scene)],
    ids: [await permissionId(scene)],
  })),
  example(
    permissions.loadAll,
    strict({ permissions: list(strict({ id: text, name: text, description: text, systemDefault: flag })) }),
    async (scene) => {
      await permission(scene);
      return {};
    },
  ),
];

export const roleExamples: Examples = [
  example(roles.create, roleReply, fullRole),
  example(roles.createBatch, strict({ roles: list(roleReply) }), async (scene) => ({
    roles: [await fullRole(scene), { name: scene.fresh("Role") }],
  })),
  example(roles.update, roleReply, async (scene) => {
    const { name, tenantId } = await made(scene);
    return { ...(await fullRole(scene)), name, tenantId, newName: scene.fresh("Role") };
  }),
  example(roles.updateBatch, strict({ roles: list(roleReply) }), async (scene) => {
    const { id } = await made(scene);
    const { description, permissionNames } = await fullRole(scene);
    return { roles: [{ id, description, permissionNames }] };
  }),
  example(roles.remove, nothing, async (scene) => {
    const { name, tenantId } = await made(scene);
    return { name, tenantId };
  }),
  example(roles.removeBatch, nothing, async (scene) => {
    const { name, tenantId } = await made(scene);
    const { id } = await scene.manage("/v1/mgmt/role/create", { name: scene.fresh("Role"), tenantId });
    return { roleNames: [name], roleIds: [id], tenantId };
  }),
  example(roles.loadAll, strict({ roles: list(roleReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(roles.search, strict({ roles: list(roleReply) }), async (scene) => {
    const { name, tenantId, permissionNames } = await made(scene);
    return {
      tenantIds: [tenantId],
      roleNames: [name],
      permissionNames,
      sort: [{ field: "name", desc: true }],
    };
  }),
];
