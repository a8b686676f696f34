import { afterEach, beforeEach, expect, test } from "bun:test";
import { localTime } from "../../../src/commands/audit/local-time.ts";
import { against } from "../../support/project.ts";
import { scriptedServer } from "../../support/server.ts";

const SEARCH = "POST /v1/mgmt/audit/search";
const before = process.env.TZ;

beforeEach(() => void (process.env.TZ = "UTC"));
afterEach(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

test.each([
  ["UTC", 1712070205123, "2024-04-02T15:03:25.123Z"],
  ["UTC", 1712070205120, "2024-04-02T15:03:25.12Z"],
  ["UTC", 1712070205100, "2024-04-02T15:03:25.1Z"],
  ["UTC", 1712070205000, "2024-04-02T15:03:25Z"],
  ["UTC", 0, "1970-01-01T00:00:00Z"],
  ["UTC", -1, "1969-12-31T23:59:59.999Z"],
  ["America/New_York", 1712070205100, "2024-04-02T11:03:25.1-04:00"],
  ["America/New_York", 1704067200000, "2023-12-31T19:00:00-05:00"],
  ["Asia/Kathmandu", 1712070205000, "2024-04-02T20:48:25+05:45"],
])("in %s %d is %s", (zone, milliseconds, shown) => {
  process.env.TZ = zone;
  expect(localTime(milliseconds)).toBe(shown);
});

test.each([[5], [null], ["soon"], ["1.5"], [""], [{}], ["99999999999999999999"]])(
  "a record of no time (%j) is an error",
  async (occurred) => {
    using server = scriptedServer({ [SEARCH]: { body: { audits: [{ occurred: "1" }, { occurred }] } } });
    const ran = await against(server, ["audit", "search", "x", "-j"]);
    expect(ran).toMatchObject({ status: 1, err: "" });
    expect(ran.json()).toMatchObject({
      ok: false,
      code: "bad_reply",
      error: expect.stringContaining("occurred"),
    });
  },
);

test("--all loads every page, and drops no two records for being alike", async () => {
  const audit = (ID: string) => ({ ID, occurred: "1", action: "LoginSucceed" });
  const first = Array.from({ length: 1000 }, (_, i) => audit(String(i)));
  using server = scriptedServer({
    [SEARCH]: [
      { body: { audits: first, total: 1002 } },
      { body: { audits: [audit("999"), audit("1000"), audit("1001")], total: 1002 } },
    ],
  });
  const ran = await against(server, ["audit", "search", "", "--all", "-j"]);
  expect(ran.json()).toMatchObject({ ok: true, count: 1002 });
  expect(server.seen.map(({ body }) => body)).toMatchObject([
    { size: 1000, page: 0 },
    { size: 1000, page: 1 },
  ]);
});

test("one page says for people when there are more", async () => {
  using server = scriptedServer({ [SEARCH]: { body: { audits: [{ occurred: "1" }], total: 3 } } });
  expect((await against(server, ["audit", "search", "x"])).err).toBe(
    "* 3 records exist: --all loads them all\n",
  );
});
