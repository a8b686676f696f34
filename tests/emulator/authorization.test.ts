import { expect, test } from "bun:test";
import { parseAuthorization } from "../../src/emulator/requests/authorization.ts";

const MGMT = "/v1/mgmt/tenant/all";
const AUTH = "/v1/auth/me";
const EXCHANGE = "/v1/auth/accesskey/exchange";
const cases: readonly (readonly [string, string | null, object | undefined])[] = [
  [MGMT, "Bearer P1:K1", { project: "P1", managementKey: "K1" }],
  [MGMT, "bearer  P1:K1 ", { project: "P1", managementKey: "K1" }],
  [MGMT, "Bearer K1", { project: "", managementKey: "K1" }],
  [MGMT, "Bearer P1", { project: "P1" }],
  [MGMT, "Bearer P1:a.b.c:K1", { project: "P1", managementKey: "K1" }],
  [AUTH, "Bearer P1", { project: "P1" }],
  [AUTH, "Bearer P1:a.b.c", { project: "P1", token: "a.b.c" }],
  [AUTH, "Bearer P1:a.b.c:K1", { project: "P1", token: "a.b.c", authManagementKey: "K1" }],
  [AUTH, "Bearer P1:K1", { project: "P1", authManagementKey: "K1" }],
  [EXCHANGE, "Bearer P1:KA", { project: "P1", accessKey: "KA" }],
  [EXCHANGE, "Bearer P1:KA:K1", { project: "P1", accessKey: "KA", authManagementKey: "K1" }],
  [AUTH, null, undefined],
  [AUTH, "", undefined],
  [AUTH, "Basic P1", undefined],
  [AUTH, "Bearer", undefined],
  [AUTH, "Bearer P1:a:b:c", undefined],
];
for (const [path, header, expected] of cases) {
  test(`${path} ${header}`, () => expect(parseAuthorization(header, path)).toEqual(expected as never));
}
