import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import { claimsOf, signInClient, type SignInClient } from "../support/sign-in.ts";

let emulator: TestEmulator;
let client: SignInClient;
let familyId: string;
let child: { readonly userId: string; readonly loginIds: readonly string[] };
const mgmt = (path: string, body?: unknown) => emulator.ok(`/v1/mgmt/${path}`, body);
const impersonate = (more: object = {}) =>
  emulator.call("/v1/mgmt/family/impersonate", {
    impersonatorUserIdOrLoginId: "ann",
    dependentLoginId: child.loginIds[0],
    ...more,
  });

beforeEach(async () => {
  emulator = testEmulator();
  client = signInClient(emulator);
  familyId = (await mgmt("family/create", { name: "Lee" })).family.id;
  await mgmt("user/create", {
    loginId: "ann",
    familyAssociations: [{ familyId, roleNames: ["Family Admin"] }],
  });
  child = (await mgmt("family/dependent/create", { familyId, loginId: "kit", name: "Kit" })).user;
});
afterEach(() => emulator.stop());

describe("impersonation of a dependent", () => {
  test("gives a token that gets sessions of the dependent, until it is stopped", async () => {
    const { jwt } = await mgmt("family/impersonate", {
      impersonatorUserIdOrLoginId: "ann",
      dependentLoginId: "kit",
      selectedFamily: familyId,
    });
    const ann = (await mgmt("user?loginId=ann")).user;
    const { sessionJwt } = await client.ok("/v1/auth/refresh", {}, jwt);
    expect(claimsOf(sessionJwt)).toMatchObject({
      sub: child.userId,
      act: { sub: ann.userId },
      dcf: familyId,
    });
    const { jwt: back } = await mgmt("family/impersonate/stop", {
      jwt,
      customClaims: { k: 1 },
      refreshDuration: 600,
    });
    const claims = claimsOf(back);
    expect(claims).toMatchObject({ sub: ann.userId, k: 1 });
    expect(claims.act).toBeUndefined();
    expect(claims.exp - claims.iat).toBe(600);
    await client.refused(401, "E064001", "/v1/auth/refresh", {}, jwt);
    const { audits } = await mgmt("audit/search", { oldestFirst: true });
    expect(audits.slice(-2)).toMatchObject([
      { action: "ImpersonationStarted", userId: child.userId, actorId: ann.userId },
      { action: "ImpersonationStopped", userId: child.userId, actorId: ann.userId },
    ]);
  });

  test("no family is chosen where the request chooses none", async () => {
    const { body } = await impersonate();
    expect(claimsOf(body.jwt).sub).toBe(child.userId);
    expect(claimsOf(body.jwt).dcf).toBeUndefined();
  });

  test("is for who has the permission in the dependent's own family", async () => {
    const other = (await mgmt("family/create", { name: "Other" })).family.id;
    await mgmt("user/create", { loginId: "member", familyAssociations: [{ familyId }] });
    await mgmt("user/create", {
      loginId: "neighbour",
      familyAssociations: [{ familyId: other, roleNames: ["Family Admin"] }],
    });
    await mgmt("user/create", { loginId: "admin", roleNames: ["Family Admin"] });
    for (const impersonatorUserIdOrLoginId of ["member", "neighbour", "admin", "kit"])
      expect((await impersonate({ impersonatorUserIdOrLoginId })).status).toBe(403);
    expect((await impersonate({ dependentLoginId: "member" })).status).toBe(403);
    expect((await impersonate({ dependentLoginId: "nobody" })).status).toBe(404);
    expect((await impersonate({ selectedFamily: other })).status).toBe(400);
    await mgmt("role/create", { name: "Guardian", permissionNames: ["Family Impersonate Dependents"] });
    await mgmt("user/update/family/add", {
      loginId: "member",
      familyAssociations: [{ familyId, roleNames: ["Guardian"] }],
    });
    expect((await impersonate({ impersonatorUserIdOrLoginId: "member" })).status).toBe(200);
    await mgmt("role/delete", { name: "Guardian" });
    const { user } = await mgmt("user?loginId=member");
    expect(user).toMatchObject({ userFamilies: [{ familyId, roleNames: [] }] });
    expect((await impersonate({ impersonatorUserIdOrLoginId: "member" })).status).toBe(403);
  });

  test("is not for disabled users, in disabled families, or where families are off", async () => {
    await mgmt("family/update", { id: familyId, disabled: true });
    expect((await impersonate()).status).toBe(403);
    await mgmt("family/update", { id: familyId, disabled: false });
    await mgmt("family/settings", { enabled: false });
    expect((await impersonate()).status).toBe(403);
    await mgmt("family/settings", { enabled: true });
    expect((await impersonate()).status).toBe(200);
    await mgmt("user/update/status", { loginId: "kit", status: "disabled" });
    expect((await impersonate()).status).toBe(403);
  });

  test("only a token of an impersonation can be stopped", async () => {
    const { refreshJwt } = await client.session("bob");
    const stop = (jwt: string) => emulator.call("/v1/mgmt/family/impersonate/stop", { jwt });
    expect((await stop(refreshJwt)).status).toBe(400);
    expect((await stop("not.a.token")).status).toBe(401);
  });
});

test("the role of families comes with the first family, once, and can be deleted for good", async () => {
  const names = async () => (await mgmt("role/all")).roles.map(({ name }: { name: string }) => name);
  expect(await names()).toContain("Family Admin");
  await mgmt("role/delete", { name: "Family Admin" });
  await mgmt("family/create", { name: "Other" });
  await mgmt("family/settings", { enabled: true });
  expect(await names()).not.toContain("Family Admin");
  const permission = { name: "Family Impersonate Dependents" };
  expect((await emulator.call("/v1/mgmt/permission/delete", permission)).status).toBe(403);
});
