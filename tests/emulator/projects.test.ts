import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({ seed: { users: [{ loginId: "ann" }], tenants: [{ id: "acme", name: "Acme" }] } });
});
afterEach(() => emulator.stop());

const projects = async () => (await emulator.ok("/v1/mgmt/projects/list", {})).projects;

test("a project is renamed and tagged", async () => {
  await emulator.ok("/v1/mgmt/project/update/name", { name: "Shop" });
  await emulator.ok("/v1/mgmt/project/update/tags", { tags: ["eu", "live", "eu"] });
  expect(await projects()).toEqual([
    { id: emulator.project, name: "Shop", environment: "", tags: ["eu", "live"] },
  ]);
  await emulator.ok("/v1/mgmt/project/update/tags", { tags: null });
  expect((await projects())[0]?.tags).toEqual([]);
  expect((await emulator.call("/v1/mgmt/project/update/name", { name: " " })).body.errorCode).toBe("E011002");
});

describe("clones", () => {
  test("a clone has the configuration and the secrets' places, and nobody and nothing of the rest", async () => {
    await emulator.ok("/v1/mgmt/list", { name: "l", type: "texts", data: ["x"] });
    await emulator.ok("/v1/mgmt/jwt/templates/create", { template: { name: "t" } });
    const dsl = "model AuthZ 1.0\ntype user\ntype doc\n  relation owner: user";
    await emulator.ok("/v1/mgmt/fga/schema", { dsl });
    const tuples = [
      { resource: "d", resourceType: "doc", relation: "owner", target: "u", targetType: "user" },
    ];
    await emulator.ok("/v1/mgmt/fga/relations", { tuples });
    const { projectId: project } = await emulator.ok("/v1/mgmt/project/clone", { name: "Copy", tags: ["c"] });
    const of = (path: string, body?: unknown) => emulator.ok(path, body, { project });
    expect((await of("/v1/mgmt/list/name/l")).list.data).toEqual(["x"]);
    expect((await of("/v1/mgmt/jwt/templates/list", {})).templates.length).toBe(1);
    expect((await of("/v1/mgmt/fga/schema")).dsl).toBe(dsl);
    expect((await of("/v1/mgmt/fga/check", { tuples })).tuples[0]?.allowed).toBe(false);
    expect((await of("/v2/mgmt/user/search", {})).total).toBe(0);
    expect((await of("/v1/mgmt/tenant/all")).tenants).toEqual([]);
    expect(await of("/v1/mgmt/project/snapshot/export", {})).toEqual(
      await emulator.ok("/v1/mgmt/project/snapshot/export", {}),
    );
  });

  test("one that was not waited for is asked after by its process", async () => {
    const { processId } = await emulator.ok("/v1/mgmt/project/clone/async", { name: "Copy" });
    const done = await emulator.ok(`/v1/mgmt/project/clone/async/${processId}`);
    expect<unknown>(done).toEqual({ projectId: expect.any(String), projectName: "Copy", error: "" });
    expect<unknown>((await projects()).map(({ id }) => id)).toContain(done.projectId);

    const failed = await emulator.ok("/v1/mgmt/project/clone/async", { name: "X", environment: "moon" });
    expect<unknown>(await emulator.ok(`/v1/mgmt/project/clone/async/${failed.processId}`)).toEqual({
      projectId: "",
      projectName: "X",
      error: "The environment field must be production, or empty",
    });
    expect((await projects()).length).toBe(2);
    expect((await emulator.call("/v1/mgmt/project/clone/async/nope")).status).toBe(404);
  });
});

test("the older paths of export and import do the same as the newer ones", async () => {
  const newer = await emulator.ok("/v1/mgmt/project/snapshot/export", {});
  expect(await emulator.ok("/v1/mgmt/project/export", {})).toEqual(newer);
  const settings = { ...newer.files["project.json"], domain: "auth.example.com", rotateJwt: true };
  await emulator.ok("/v1/mgmt/project/import", {
    files: { "project.json": settings },
    excludes: ["project.domain"],
  });
  const { files } = await emulator.ok("/v1/mgmt/project/export", {});
  expect(files["project.json"]).toEqual({ ...settings, domain: "" });
});
