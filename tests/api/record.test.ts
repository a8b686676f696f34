import { expect, test } from "bun:test";
import { decodeRecord, decodeRecords, member } from "../../src/api/record.ts";
import { accessKey } from "../../src/api/records/access-key.ts";
import { inboundApp } from "../../src/api/records/inbound-app.ts";
import { tenant } from "../../src/api/records/tenant.ts";
import { user } from "../../src/api/records/user.ts";
import { parseJson } from "../../src/json/parse.ts";
import { printJson } from "../../src/json/print.ts";

const compact = (text: string, schema = user) =>
  printJson(decodeRecord(schema as never, parseJson(text), "it"), "compact");

test.each([
  ["{}", "{}"],
  [
    '{"name":"","loginIds":[],"verifiedEmail":false,"createdTime":0,"customAttributes":{},"email":null}',
    "{}",
  ],
  ['{"NAME":"a","LoginIDs":["x"],"createdtime":5}', '{"name":"a","loginIds":["x"],"createdTime":5}'],
  ['{"name":"first","NAME":"last"}', '{"name":"last"}'],
  ['{"NAME":"first","name":"last"}', '{"name":"last"}'],
  ['{"loginIds":["a",null]}', '{"loginIds":["a",""]}'],
  [
    '{"userTenants":[null,{}]}',
    '{"userTenants":[{"tenantId":"","tenantName":""},{"tenantId":"","tenantName":""}]}',
  ],
  ['{"oauth":{"b":true,"a":null}}', '{"oauth":{"a":false,"b":true}}'],
  [
    '{"customAttributes":{"__proto__":1,"n":12345678901234567890}}',
    '{"customAttributes":{"__proto__":1,"n":12345678901234567890}}',
  ],
  ['{"createdTime":9007199254740993}', '{"createdTime":9007199254740993}'],
  ['{"unknown":{"deep":[1]}}', "{}"],
])("a user %s is printed as %s", (text, printed) => {
  expect(compact(text)).toBe(printed);
});

test("what stands in a tenant, an app and an access key though the reply lacks it", () => {
  expect(compact("{}", tenant as never)).toBe('{"id":"","name":"","selfProvisioningDomains":[]}');
  expect(compact('{"permissionsScopes":[{"name":"a"}]}', inboundApp as never)).toBe(
    '{"id":"","name":"","description":"","logo":"","loginPageUrl":"","clientId":"","approvedCallbackUrls":[],"permissionsScopes":[{"name":"a","description":"","values":[]}],"attributesScopes":[]}',
  );
  expect(compact("{}", accessKey as never)).toBe("{}");
});

test.each([
  ['{"name":5}', "it.name is not a text"],
  ['{"verifiedEmail":"yes"}', "it.verifiedEmail is not true or false"],
  ['{"createdTime":"1"}', "it.createdTime is not a whole number"],
  ['{"createdTime":1.5}', "it.createdTime is not a whole number"],
  ['{"createdTime":1.0}', "it.createdTime is not a whole number"],
  ['{"createdTime":1e3}', "it.createdTime is not a whole number"],
  ['{"loginIds":"a"}', "it.loginIds is not a list"],
  ['{"loginIds":["a",5]}', "it.loginIds[1] is not a text"],
  ['{"userTenants":[{"tenantId":[]}]}', "it.userTenants[0].tenantId is not a text"],
  ['{"customAttributes":[]}', "it.customAttributes is not an object"],
  ['{"oauth":{"a":1}}', "it.oauth.a is not true or false"],
])("%s is refused: %s", (text, message) => {
  expect(() => compact(text)).toThrow(`The server's reply cannot be used: ${message}`);
});

test("an absent list is empty, and what is no list is refused", () => {
  expect(decodeRecords(user, undefined, "users")).toEqual([]);
  expect(decodeRecords(user, null, "users")).toEqual([]);
  expect(() => decodeRecords(user, {}, "users")).toThrow("users is not a list");
  expect(() => decodeRecords(user, [{}, "x"], "users")).toThrow("users[1] is not an object");
});

test("a member is found whatever its case, the last one of several", () => {
  expect(member(parseJson('{"Link":"a","LINK":"b"}'), "link")).toBe("b");
  expect(member(parseJson('["link"]'), "link")).toBeUndefined();
  expect(member(parseJson("1.0"), "rawJSON")).toBeUndefined();
  expect(member(undefined, "link")).toBeUndefined();
});
