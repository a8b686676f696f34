import { afterEach, beforeEach, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(
  () =>
    (emulator = testEmulator({
      machineTime: () => Date.UTC(2026, 1, 4, 10, 30),
      seed: { tenants: [{ id: "acme", name: "Acme" }] },
    })),
);
afterEach(() => emulator.stop());

const mgmt = (path: string, body?: unknown) => emulator.ok(`/v1/mgmt/${path}`, body);
const event = (more: object = {}) => ({
  action: "Printed",
  type: "warn",
  actorId: "printer",
  tenantId: "acme",
  ...more,
});
const counts = async (query: object) =>
  (await mgmt("analytics/search", { actions: ["Printed", "Scanned"], ...query })).analytics;

test("an event of one's own is found as it was told", async () => {
  await mgmt("user/create", { loginId: "ann" });
  const { userId } = (await mgmt("user?loginId=ann")).user;
  await mgmt("audit/event", event({ userId, data: { pages: 3 } }));
  const { audits } = await mgmt("audit/search", { actions: ["Printed"] });
  expect(audits).toMatchObject([
    {
      action: "Printed",
      type: "warn",
      actorId: "printer",
      tenants: ["acme"],
      userId,
      externalIds: ["ann"],
      data: { pages: 3 },
    },
  ]);
  for (const [body, status] of [
    [event({ tenantId: "none" }), 404],
    [event({ type: "loud" }), 400],
    [event({ action: undefined }), 400],
  ] as const)
    expect((await emulator.call("/v1/mgmt/audit/event", body)).status).toBe(status);
});

test("analytics count events by what is asked and by time, all of it as texts", async () => {
  await mgmt("audit/event", event());
  await mgmt("audit/event", event());
  await emulator.ok("/_emulator/clock", { advance: "24h" });
  await mgmt("audit/event", event({ action: "Scanned" }));
  expect(await counts({})).toMatchObject([{ cnt: "3", projectId: emulator.project, action: "" }]);
  expect(await counts({ groupByAction: true })).toMatchObject([
    { action: "Printed", cnt: "2" },
    { action: "Scanned", cnt: "1" },
  ]);
  expect(await counts({ groupByTenant: true, actions: ["Scanned"] })).toMatchObject([
    { tenant: "acme", cnt: "1" },
  ]);
  const starts = async (groupByCreated: string) =>
    (await counts({ groupByCreated })).map(({ created, cnt }) => [
      new Date(Number(created)).toISOString().slice(0, 16),
      cnt,
    ]);
  // The 4th of February 2026 is a Wednesday.
  expect(await starts("h")).toEqual([
    ["2026-02-04T10:00", "2"],
    ["2026-02-05T10:00", "1"],
  ]);
  expect(await starts("d")).toEqual([
    ["2026-02-04T00:00", "2"],
    ["2026-02-05T00:00", "1"],
  ]);
  expect(await starts("w")).toEqual([["2026-02-02T00:00", "3"]]);
  expect(await starts("m")).toEqual([["2026-02-01T00:00", "3"]]);
  expect(await starts("q")).toEqual([["2026-01-01T00:00", "3"]]);
  expect((await emulator.call("/v1/mgmt/analytics/search", { groupByCreated: "y" })).status).toBe(400);
});

test("a webhook of the trail is a connector of the snapshot, kept under its name, and takes no other's place", async () => {
  const set = (body: object) => emulator.call("/v2/mgmt/connector/audit/web/set", body);
  const webhook = { name: "To SIEM", url: "https://siem.example.com/in" };
  const filters = [{ filterType: "actions", operator: "includes", values: ["LoginFailed"] }];
  expect((await set(webhook)).status).toBe(200);
  expect((await set({ ...webhook, filters })).status).toBe(200);
  const { files } = await mgmt("project/export", {});
  expect(files["connectors/connectors.json"]).toEqual({ connectors: ["to-siem"] });
  expect(files["connectors/to-siem.json"]).toMatchObject({
    name: "To SIEM",
    type: "audit-webhook",
    configuration: { baseUrl: webhook.url, auditFilters: [{ key: "actions", operator: "includes" }] },
  });
  for (const wrong of [
    { ...webhook, url: "nonsense" },
    { ...webhook, filters: [{ filterType: "moods", operator: "includes" }] },
    { ...webhook, filters: [{ filterType: "actions", operator: "is" }] },
    { ...webhook, name: "to siem" },
  ])
    expect((await set(wrong)).status).toBe(400);
});
