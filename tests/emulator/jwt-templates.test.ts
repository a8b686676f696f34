import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator();
});
afterEach(() => emulator.stop());

const call = (verb: string, body: object) => emulator.call(`/v1/mgmt/jwt/templates/${verb}`, body);
const ok = (verb: string, body: object) => emulator.ok(`/v1/mgmt/jwt/templates/${verb}`, body);

test("what was created is loaded, with everything that was not said in its usual place", async () => {
  const claims = { level: 3, who: { name: "{{user.name}}" } };
  const { template } = await ok("create", {
    template: { name: "t", template: claims, addJti: true, tags: ["a"] },
  });
  expect(template).toEqual({
    id: template.id,
    name: "t",
    description: "",
    template: claims,
    source: "",
    tags: ["a"],
    authSchema: "default",
    type: "user",
    conformanceIssuer: false,
    autoDCT: false,
    enforceIssuer: false,
    emptyClaimPolicy: "none",
    overrideSubject: false,
    issuerType: "legacy",
    omitCustomClaimsFromDSR: false,
    addJti: true,
    excludePermissions: false,
  });
  expect<unknown>(await ok("load", { id: template.id })).toEqual({ template });
  expect<unknown>(await ok("list", {})).toEqual({ templates: [template] });
});

test("an update replaces everything; one that is refused changes nothing", async () => {
  const { template } = await ok("create", {
    template: { name: "t", description: "d", tags: ["a"], type: "key" },
  });
  const { template: saved } = await ok("update", {
    template: { id: template.id, name: "u", template: { a: 1 } },
  });
  expect(saved).toMatchObject({ id: template.id, name: "u", description: "", tags: [], type: "user" });
  const refused = await call("update", { template: { id: template.id, name: "v", template: { iss: "me" } } });
  expect(refused.status).toBe(400);
  expect(refused.body.errorMessage).toBe("RESERVED_CLAIM_KEY: the claim iss is set by the server");
  expect((await ok("load", { id: template.id })).template).toEqual(saved);
});

describe("validation", () => {
  const codes = async (template: object) =>
    (await ok("validate", { template })).issues.map(({ code, field }) => [code, field]);

  test("each issue has a code and names its field", async () => {
    await ok("create", { template: { name: "taken" } });
    expect(await codes({ name: "" })).toEqual([["NAME_MISSING", "name"]]);
    expect(await codes({ name: "taken" })).toEqual([["NAME_TAKEN", "name"]]);
    expect(
      await codes({ name: "x", type: "robot", authSchema: "a", issuerType: "b", emptyClaimPolicy: "c" }),
    ).toEqual([
      ["TYPE_INVALID", "type"],
      ["AUTH_SCHEMA_INVALID", "authSchema"],
      ["ISSUER_TYPE_INVALID", "issuerType"],
      ["EMPTY_CLAIM_POLICY_INVALID", "emptyClaimPolicy"],
    ]);
    expect(await codes({ name: "x", template: { exp: 1, ok: 1, sub: "me", roles: [] } })).toEqual([
      ["RESERVED_CLAIM_KEY", "template.exp"],
      ["RESERVED_CLAIM_KEY", "template.sub"],
      ["RESERVED_CLAIM_KEY", "template.roles"],
    ]);
    expect(
      await codes({
        name: "x",
        template: { sub: "me", roles: [] },
        overrideSubject: true,
        authSchema: "none",
      }),
    ).toEqual([]);
  });

  test("a stored template is validated by its id, and nothing is saved", async () => {
    const { template } = await ok("create", { template: { name: "t" } });
    expect<unknown>(await ok("validate", { id: template.id })).toEqual({ valid: true, issues: [] });
    expect((await ok("validate", { id: template.id, template: { name: "t" } })).valid).toBe(true);
    expect((await ok("list", {})).templates.length).toBe(1);
    expect((await call("validate", {})).body.errorCode).toBe("E011002");
    expect((await call("validate", { template: { name: 3 } })).body.errorMessage).toBe(
      "The template.name field must be a string",
    );
  });
});

test("a template that is deleted is no longer the project's default", async () => {
  const { template } = await ok("create", { template: { name: "t" } });
  const settings = async () =>
    (await emulator.ok("/v1/mgmt/project/snapshot/export", {})).files["project.json"];
  const before = await settings();
  const changed = { ...before, userTemplateId: template.id, keyTemplateId: "other" };
  await emulator.ok("/v1/mgmt/project/snapshot/import", { files: { "project.json": changed } });
  await ok("delete", { id: template.id });
  expect(await settings()).toEqual({ ...before, userTemplateId: "", keyTemplateId: "other" });
  expect((await call("load", { id: template.id })).status).toBe(404);
  expect((await call("delete", { id: template.id })).status).toBe(404);
});

describe("the library", () => {
  test("each of its entries can be loaded and applied", async () => {
    const { entries } = await ok("library/list", {});
    expect(entries.length).toBeGreaterThan(2);
    for (const entry of entries) {
      expect<unknown>(await ok("library/load", { id: entry.id })).toEqual({ entry });
      const { template } = await ok("library/apply", { libraryEntryId: entry.id });
      expect(template).toMatchObject({ name: entry.name, template: entry.template, source: entry.id });
    }
    expect((await ok("list", {})).templates.length).toBe(entries.length);
  });

  test("what is given is put in place of what the entry says", async () => {
    const { template } = await ok("library/apply", {
      libraryEntryId: "emulator-profile",
      nameOverride: "Mine",
      descriptionOverride: "d",
      tagsOverride: ["x"],
      templateOverride: { name: "fixed" },
    });
    expect(template).toMatchObject({ name: "Mine", description: "d", tags: ["x"] });
    expect(template.template).toEqual({ name: "fixed", email: "{{user.email}}", phone: "{{user.phone}}" });
    const again = await call("library/apply", { libraryEntryId: "emulator-profile", nameOverride: "Mine" });
    expect(again.body.errorMessage).toContain("NAME_TAKEN");
    expect((await call("library/apply", { libraryEntryId: "nope" })).status).toBe(404);
  });
});
