import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { canonicalAddress, isAddress, isAddressOrRange, isInRange } from "../../src/emulator/ip-range.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator();
});
afterEach(() => emulator.stop());

const create = async (body: object) => (await emulator.ok("/v1/mgmt/list", body)).list;
const ips = () => create({ name: "offices", type: "ips", data: ["10.0.0.0/8", "2001:db8::/32", "8.8.8.8"] });

test("what was created is loaded by its id and by its name, however they are sent", async () => {
  const list = await create({ name: "a b/c", description: "d", type: "texts", data: ["x", "y", "x"] });
  expect(list).toMatchObject({ name: "a b/c", description: "d", type: "texts", data: ["x", "y"] });
  const name = encodeURIComponent("a b/c");
  for (const path of [`${list.id}`, `name/${name}`, `name?name=${name}`])
    expect((await emulator.ok(`/v1/mgmt/list/${path}`)).list).toEqual(list);
  expect((await emulator.ok(`/v1/mgmt/list?id=${list.id}`)).list).toEqual(list);
  expect((await emulator.ok("/v1/mgmt/list/all")).lists).toEqual([list]);
});

test("an update replaces everything, also by what it does not say", async () => {
  const { id } = await create({ name: "a", description: "d", type: "texts", data: ["x"] });
  const { list } = await emulator.ok("/v1/mgmt/list/update", {
    id,
    name: "b",
    type: "json",
    data: { k: 1.5 },
  });
  expect(list).toEqual({ id, name: "b", description: "", type: "json", data: { k: 1.5 } });
  expect((await emulator.call("/v1/mgmt/list/name/a")).status).toBe(404);
});

describe("refused", () => {
  const cases: readonly (readonly [object, string])[] = [
    [{ name: "", type: "texts" }, "The name field is empty"],
    [{ name: "x" }, "The type field is required"],
    [{ name: "x", type: "numbers" }, 'The type field must be "texts" or "ips" or "json"'],
    [{ name: "taken", type: "texts" }, "There is a list called taken already"],
    [
      { name: "x", type: "ips", data: ["10.0.0.300"] },
      "The data field holds 10.0.0.300, which is no address",
    ],
    [
      { name: "x", type: "texts", data: { a: 1 } },
      "The data field must be a list of strings for the type texts",
    ],
    [{ name: "x", type: "json", data: ["a"] }, "The data field must be an object for the type json"],
    [{ name: "x", type: "texts", data: [1] }, "The data field must be"],
  ];
  for (const [body, message] of cases) {
    test(message, async () => {
      await create({ name: "taken", type: "texts" });
      const answer = await emulator.call("/v1/mgmt/list", body);
      expect(answer.status).toBe(400);
      expect(answer.body.errorMessage).toContain(message);
    });
  }

  test("lists that are not there, and lists of another type", async () => {
    const { id } = await ips();
    for (const [path, body, status] of [
      ["text/add", { id, texts: ["a"] }, 400],
      ["text/check", { id, text: "a" }, 400],
      ["ip/add", { id: "LSTnope", ips: [] }, 404],
      ["delete", { id: "LSTnope" }, 404],
      ["clear", { id: "LSTnope" }, 404],
    ] as const)
      expect((await emulator.call(`/v1/mgmt/list/${path}`, body)).status).toBe(status);
  });
});

test("addresses are found in ranges, added once and removed in any spelling", async () => {
  const { id } = await ips();
  const check = async (ip: string) => (await emulator.ok("/v1/mgmt/list/ip/check", { id, ip })).exists;
  expect(await check("10.200.1.1")).toBe(true);
  expect(await check("11.0.0.1")).toBe(false);
  expect(await check("2001:0DB8:0:0::7")).toBe(true);
  expect(await check("10.0.0.0/8")).toBe(true);
  expect(await check("10.0.0.0/16")).toBe(false);
  expect((await emulator.call("/v1/mgmt/list/ip/check", { id, ip: "here" })).status).toBe(400);
  await emulator.ok("/v1/mgmt/list/ip/add", {
    id,
    ips: ["8.8.8.8", "1.1.1.1", "1.1.1.1", "2001:DB8:0::/32"],
  });
  await emulator.ok("/v1/mgmt/list/ip/remove", { id, ips: ["10.0.0.0/8", "9.9.9.9"] });
  expect((await emulator.ok(`/v1/mgmt/list/${id}`)).list.data).toEqual([
    "2001:db8::/32",
    "8.8.8.8",
    "1.1.1.1",
  ]);
});

test("texts are found, added once and removed; clearing keeps the list", async () => {
  const { id } = await create({ name: "t", description: "d", type: "texts", data: ["a"] });
  await emulator.ok("/v1/mgmt/list/text/add", { id, texts: ["b", "a", "c"] });
  await emulator.ok("/v1/mgmt/list/text/remove", { id, texts: ["c", "z"] });
  const check = async (body: object) =>
    (await emulator.ok("/v1/mgmt/list/text/check", { id, ...body })).exists;
  expect(await check({ text: "b" })).toBe(true);
  expect(await check({ text: "c" })).toBe(false);
  expect(await check({ texts: ["c", "a"] })).toBe(true);
  expect(await check({ texts: ["c", "a"], matchAll: true })).toBe(false);
  expect((await emulator.call("/v1/mgmt/list/text/check", { id })).body.errorCode).toBe("E011002");
  await emulator.ok("/v1/mgmt/list/clear", { id });
  expect((await emulator.ok(`/v1/mgmt/list/${id}`)).list).toMatchObject({ description: "d", data: [] });
});

test("an import creates and updates by id, all of it or nothing", async () => {
  const { id } = await create({ name: "a", type: "texts", data: ["x"] });
  await emulator.ok("/v1/mgmt/list/import", {
    lists: [
      { id, name: "a2", type: "texts", data: ["y"] },
      { id: "LSTpinned", name: "p", type: "json", data: {} },
    ],
  });
  const names = async () => (await emulator.ok("/v1/mgmt/list/all")).lists.map(({ id, name }) => [id, name]);
  expect(await names()).toEqual([
    [id, "a2"],
    ["LSTpinned", "p"],
  ]);
  const half = [
    { name: "fresh", type: "texts" },
    { name: "p", type: "texts" },
  ];
  expect((await emulator.call("/v1/mgmt/list/import", { lists: half })).status).toBe(400);
  expect((await names()).length).toBe(2);
});

describe("addresses", () => {
  const v4 = fc.ipV4();
  const v6 = fc.ipV6();
  test("every address is one, lies in its own range and in the range of all", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.nat(128), (address, prefix) => {
        const length = Math.min(prefix, address.includes(":") ? 128 : 32);
        expect(isAddress(address)).toBe(true);
        expect(isInRange(address, `${address}/${length}`)).toBe(true);
        expect(isInRange(address, address.includes(":") ? "::/0" : "0.0.0.0/0")).toBe(true);
        expect(canonicalAddress(address)).toBe(canonicalAddress(address.toUpperCase()));
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  test("an address lies in a range when their first bits are the same", () => {
    const number = (address: string) => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    fc.assert(
      fc.property(v4, v4, fc.integer({ min: 0, max: 32 }), (address, base, prefix) => {
        const size = 2 ** (32 - prefix);
        const same = Math.floor(number(address) / size) === Math.floor(number(base) / size);
        expect(isInRange(address, `${base}/${prefix}`)).toBe(same);
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  test("what is none is none", () => {
    for (const text of [
      "",
      "1.2.3",
      "256.1.1.1",
      "1.2.3.4/33",
      "1.2.3.4/",
      "::1::",
      "1:2:3",
      "g::",
      "::/129",
      "a/b",
    ])
      expect(isAddressOrRange(text)).toBe(false);
    expect(isAddress("::ffff:1.2.3.4")).toBe(true);
    expect(isAddress("10.0.0.0/8")).toBe(false);
  });
});
