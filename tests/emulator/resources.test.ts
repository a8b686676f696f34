import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator();
});
afterEach(() => emulator.stop());

const of = (verb: string, body?: object) => emulator.ok(`/v1/mgmt/${verb}`, body);
const refused = async (verb: string, body?: object) => {
  const { status, body: error } = await emulator.call(`/v1/mgmt/${verb}`, body);
  return [status, error.errorCode, error.errorMessage];
};
const scopes = {
  permissionsScopes: [{ name: "read", description: "Reads", values: [] }],
  attributesScopes: [],
  connectionsScopes: [],
};
const orders = { name: "Orders", uri: "https://api.example.com/orders", scopes };
const newApp = async (): Promise<string> => (await of("thirdparty/app/create", { name: "Client" })).id;

describe("a resource", () => {
  test("is loaded by its id or its URI, and replaced as a whole by the version that was seen", async () => {
    const { resource } = await of("resource/create", { ...orders, description: "d", userAccess: "all" });
    expect(resource).toMatchObject({ ...orders, description: "d", userAccess: "all", version: "1" });
    expect(Number(resource.createdTime)).toBeGreaterThan(1_600_000_000);
    expect<unknown>(await of(`resource/load?id=${resource.id}`)).toEqual({ resource });
    expect<unknown>(await of(`resource/load/uri?uri=${encodeURIComponent(orders.uri)}`)).toEqual({
      resource,
    });
    expect<unknown>(await of("resources/load")).toEqual({ resources: [resource], total: 1 });
    const { resource: bare } = await of("resource/update", {
      resource: { id: resource.id, name: "Bare", version: "1" },
    });
    expect(bare).toMatchObject({ name: "Bare", description: "", uri: "", version: "2" });
    expect(
      await refused("resource/update", { resource: { id: resource.id, name: "Late", version: "1" } }),
    ).toEqual([409, "E011004", "The version is 2, the request is about 1"]);
    expect((await refused("resource/load/uri?uri=https://nothing.example.com"))[0]).toBe(404);
  });

  test("has its name and its URI to itself, and a template that exists", async () => {
    await of("resource/create", orders);
    expect((await refused("resource/create", { name: "Orders" }))[2]).toBe(
      "There is a resource with the name Orders already",
    );
    expect((await refused("resource/create", { ...orders, name: "Others" }))[2]).toBe(
      "There is a resource with the URI https://api.example.com/orders already",
    );
    const settings = { dynamicRegistrationSettings: { dynamicRegistrationTemplateId: "nothing" } };
    expect((await refused("resource/create", { name: "New", ...settings }))[0]).toBe(404);
    expect((await refused("resource/create", { name: "New", uri: "no uri" }))[1]).toBe("E011004");
    const unnamed = { dynamicRegistrationSettings: { useTemplate: true } };
    expect((await refused("resource/create", { name: "New", ...unnamed }))[1]).toBe("E011002");
  });

  test("comes with a snapshot, found again by its name", async () => {
    const { resource } = await of("resource/create", orders);
    const { files } = await of("project/snapshot/export", {});
    expect(files["resources.json"]).toEqual({
      resources: [
        {
          id: resource.id,
          ...orders,
          description: "",
          type: "",
          userAccess: "",
          clientAccess: "",
        },
      ],
    });
    await of("resource/update", { resource: { id: resource.id, name: "Orders", description: "changed" } });
    await of("resource/create", { name: "Late" });
    const bare = { name: "Bare", scopes: { permissionsScopes: [{ name: "read" }, { values: [] }, "x"] } };
    const { resources: listed } = files["resources.json"] as { resources: object[] };
    await of("project/snapshot/import", { files: { "resources.json": { resources: [...listed, bare] } } });
    expect((await of("resources/load")).resources).toMatchObject([
      { name: "Orders" },
      { name: "Bare", scopes: { permissionsScopes: [{ name: "read", values: [] }] } },
    ]);
    await of("project/snapshot/import", { files });
    const { resources: after } = await of("resources/load");
    expect(after).toMatchObject([{ id: resource.id, ...orders, description: "" }]);
  });
});

describe("a policy", () => {
  test("joins an application and a resource once, by scopes that the resource has", async () => {
    const thirdPartyApplicationId = await newApp();
    const { resource } = await of("resource/create", orders);
    const key = { thirdPartyApplicationId, resourceId: resource.id };
    const { resourcePolicy } = await of("resourcepolicy/create", { ...key, userAccessScopes: ["read"] });
    expect(resourcePolicy).toMatchObject({
      ...key,
      userAccessScopes: ["read"],
      allUserScopes: false,
      version: "1",
    });
    expect((await refused("resourcepolicy/create", key))[1]).toBe("E011004");
    expect(await refused("resourcepolicy/update", { ...key, clientAccessScopes: ["write"] })).toEqual([
      400,
      "E011004",
      "The clientAccessScopes field names write, but the resource has no such scope",
    ]);
    const changed = await of("resourcepolicy/update", { ...key, allClientScopes: true });
    expect(changed.resourcePolicy).toMatchObject({
      userAccessScopes: [],
      allClientScopes: true,
      version: "2",
    });
    const load = () => of(`resourcepolicy/app/load?thirdPartyApplicationId=${thirdPartyApplicationId}`);
    expect((await load()).resourcePolicies).toEqual([changed.resourcePolicy]);
    expect((await refused("resourcepolicy/create", { ...key, resourceId: "nothing" }))[0]).toBe(404);
    await of("resourcepolicy/delete", key);
    expect((await load()).resourcePolicies).toEqual([]);
    expect((await refused("resourcepolicy/delete", key))[0]).toBe(404);
  });

  test("forgets the scopes that its resource has no longer", async () => {
    const thirdPartyApplicationId = await newApp();
    const both = { ...scopes, connectionsScopes: [{ name: "files", description: "", values: [] }] };
    const { resource } = await of("resource/create", { ...orders, scopes: both });
    const key = { thirdPartyApplicationId, resourceId: resource.id };
    const given = { userAccessScopes: ["read", "files"], clientAccessScopes: ["files"] };
    await of("resourcepolicy/create", { ...key, ...given });
    const load = async () =>
      (await of(`resourcepolicy/app/load?thirdPartyApplicationId=${thirdPartyApplicationId}`))
        .resourcePolicies;
    await of("resource/update", { resource: { id: resource.id, ...orders, scopes: both, description: "d" } });
    expect(await load()).toMatchObject([{ ...given, version: "1" }]);
    await of("resource/update", { resource: { id: resource.id, ...orders } });
    expect(await load()).toMatchObject([
      { userAccessScopes: ["read"], clientAccessScopes: [], version: "2" },
    ]);
  });

  test("is made with others or not at all, and goes with its resource and its application", async () => {
    const thirdPartyApplicationId = await newApp();
    const ids = [];
    for (const name of ["One", "Two"]) ids.push((await of("resource/create", { name })).resource.id);
    const policies = ids.map((resourceId) => ({ thirdPartyApplicationId, resourceId }));
    const bad = [...policies, { thirdPartyApplicationId, resourceId: "nothing" }];
    expect((await refused("resourcepolicy/create/batch", { policies: bad }))[0]).toBe(404);
    const load = async () =>
      (await of(`resourcepolicy/app/load?thirdPartyApplicationId=${thirdPartyApplicationId}`))
        .resourcePolicies;
    expect(await load()).toEqual([]);
    await of("resourcepolicy/create/batch", { policies });
    expect(await load()).toHaveLength(2);
    await of("resource/delete/batch", { ids: [ids[0]] });
    expect(await load()).toMatchObject([{ resourceId: ids[1] }]);
    await of("thirdparty/app/delete", { id: thirdPartyApplicationId });
    expect((await refused("resourcepolicy/delete/batch", { policies: [policies[1] as object] }))[0]).toBe(
      404,
    );
  });
});

describe("a dynamic registration template", () => {
  test("is kept while a resource has it", async () => {
    const path = "resource/dynamic-registration-template";
    const { template } = await of(`${path}/create`, {
      name: "Agents",
      tags: ["beta"],
      skipConsentScreen: true,
    });
    expect(template).toMatchObject({ name: "Agents", tags: ["beta"], skipConsentScreen: true, version: "1" });
    expect<unknown>(await of(`${path}/load?id=${template.id}`)).toEqual({ template });
    expect<unknown>(await of(`${path}s/load`)).toEqual({ templates: [template], total: 1 });
    expect((await refused(`${path}/create`, { name: "Agents" }))[1]).toBe("E011004");
    const { resource } = await of("resource/create", {
      name: "R",
      dynamicRegistrationSettings: { dynamicRegistrationTemplateId: template.id, useTemplate: true },
    });
    expect((await refused(`${path}/delete`, { id: template.id }))[2]).toBe(
      "The resource R has the dynamic registration template Agents",
    );
    await of("resource/delete", { id: resource.id });
    await of(`${path}s/delete`, { ids: [template.id] });
    expect((await refused(`${path}/load?id=${template.id}`))[0]).toBe(404);
  });
});

test("the secret of an inbound application rotates by GET too, as older clients ask for it", async () => {
  const { id, cleartext } = await of("thirdparty/app/create", { name: "Client" });
  const { cleartext: rotated } = await of(`thirdparty/app/rotate?id=${id}`);
  expect(rotated).not.toBe(cleartext);
  expect((await of(`thirdparty/app/secret?id=${id}`)).cleartext).toBe(rotated);
});
