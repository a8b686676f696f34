import { networkInterfaces } from "node:os";
import { describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { Reply } from "../support/replies.ts";
import { PASSWORD, signInClient } from "../support/sign-in.ts";

/** One of the emulator's own calls. */
async function control(emulator: TestEmulator, method: string, path: string, body?: unknown) {
  const response = await fetch(`${emulator.url}/_emulator/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Reply };
}

async function ok(emulator: TestEmulator, method: string, path: string, body?: unknown) {
  const answer = await control(emulator, method, path, body);
  expect([path, answer.status, answer.body]).toEqual([path, 200, expect.anything()]);
  return answer.body;
}

test("health and environment say what there is", async () => {
  await using emulator = testEmulator({ projects: [{ id: "P2a", name: "a" }] });
  expect<unknown>(await ok(emulator, "GET", "health")).toEqual({
    status: "ok",
    time: expect.any(Number),
    projects: ["P2a"],
  });
  expect<unknown>(await ok(emulator, "GET", "environment")).toEqual(emulator.readiness());
});

test("reset: the seeds, the machine's time, and nothing of faults, requests and messages", async () => {
  const seed = { users: [{ userId: "Uann", loginId: "ann" }] };
  await using emulator = testEmulator({ seed, machineTime: () => 1_700_000_000_000 });
  const client = signInClient(emulator);
  await client.ok("/v1/auth/otp/signup-in/email", { loginId: "new@example.com" });
  await emulator.ok("/v1/mgmt/user/delete", { loginId: "ann" });
  await ok(emulator, "POST", "clock", { advance: "30d" });
  await ok(emulator, "POST", "faults", { path: "/v1/*", status: 503 });
  expect<unknown>(await ok(emulator, "POST", "reset")).toEqual({});
  expect<unknown>((await ok(emulator, "GET", "clock")).now).toBe(1_700_000_000_000);
  expect<unknown>(await ok(emulator, "GET", "faults")).toEqual({ faults: [] });
  expect<unknown>(await ok(emulator, "GET", "requests")).toEqual({ requests: [] });
  expect<unknown>(await ok(emulator, "GET", "messages")).toEqual({ messages: [] });
  const { users } = await emulator.ok("/v2/mgmt/user/search", {});
  expect(users).toMatchObject([{ userId: "Uann", createdTime: 1_700_000_000 }]);
});

describe("the clock", () => {
  const NOW = Date.parse("2030-01-02T03:04:05.678Z");
  const cases: readonly (readonly [object, string, boolean])[] = [
    [{}, "2030-01-02T03:04:05.678Z", false],
    [{ set: "2031-05-06T07:08:09Z" }, "2031-05-06T07:08:09.000Z", false],
    [{ set: 1_000 }, "1970-01-01T00:00:01.000Z", false],
    [{ advance: 90 }, "2030-01-02T03:05:35.678Z", false],
    [{ advance: "1h30m" }, "2030-01-02T04:34:05.678Z", false],
    [{ advance: "-2d" }, "2029-12-31T03:04:05.678Z", false],
    [{ set: "2031-01-01T00:00:00Z", advance: "1s", freeze: true }, "2031-01-01T00:00:01.000Z", true],
    [{ advance: "1d", reset: true }, "2030-01-03T03:04:05.678Z", false],
  ];
  for (const [body, time, frozen] of cases) {
    test(`${JSON.stringify(body)}: the answer tells the new time, and so does whatever is asked next`, async () => {
      await using emulator = testEmulator({ machineTime: () => NOW });
      const expected = { now: Date.parse(time), time, frozen };
      expect<unknown>(await ok(emulator, "POST", "clock", body)).toEqual(expected);
      expect<unknown>(await ok(emulator, "GET", "clock")).toEqual(expected);
      await emulator.ok("/v1/mgmt/tenant/create", { id: "a", name: "A" });
      expect((await emulator.ok("/v1/mgmt/tenant?id=a")).createdTime).toBe(
        Math.floor(Date.parse(time) / 1000),
      );
    });
  }

  test("frozen it stands, and runs on from there", async () => {
    let machine = NOW;
    await using emulator = testEmulator({ machineTime: () => machine });
    await ok(emulator, "POST", "clock", { freeze: true });
    machine += 5000;
    expect((await ok(emulator, "GET", "clock")).now).toBe(NOW);
    await ok(emulator, "POST", "clock", { freeze: false });
    machine += 1000;
    expect((await ok(emulator, "GET", "clock")).now).toBe(NOW + 1000);
  });

  test("tokens expire and codes lapse", async () => {
    await using emulator = testEmulator({ otp: "424242" });
    const client = signInClient(emulator);
    const { sessionJwt } = await client.session("ann");
    await client.ok("/v1/auth/otp/signup-in/email", { loginId: "bo@example.com" });
    await ok(emulator, "POST", "clock", { advance: "1d" });
    const late = await client.call("/v1/auth/otp/verify/email", {
      loginId: "bo@example.com",
      code: "424242",
    });
    expect(late.status).toBe(401);
    expect((await client.call("/v1/auth/validate", {}, sessionJwt)).status).toBe(401);
  });

  test("what is no time is refused", async () => {
    await using emulator = testEmulator();
    for (const body of [
      { set: "yesterday" },
      { set: 1e30 },
      { advance: "soon" },
      { advance: true },
      { odd: 1 },
    ])
      expect([body, (await control(emulator, "POST", "clock", body)).status]).toEqual([body, 400]);
  });
});

describe("faults", () => {
  const call = (emulator: TestEmulator, path = "/v1/mgmt/tenant/all", method = "GET") =>
    emulator.call(path, method === "GET" ? undefined : {}, { method });

  test("by method and path, so often, with status, body and headers", async () => {
    await using emulator = testEmulator();
    const fault = await ok(emulator, "POST", "faults", {
      method: "get",
      path: "/v1/mgmt/tenant/*",
      status: 418,
      body: { errorCode: "E1", odd: [1] },
      headers: { "x-odd": "yes" },
      count: 2,
    });
    expect(fault).toMatchObject({ id: expect.any(String), left: 2 });
    const first = await call(emulator);
    expect<unknown>([first.status, first.body, first.headers.get("x-odd")]).toEqual([
      418,
      { errorCode: "E1", odd: [1] },
      "yes",
    ]);
    expect((await call(emulator, "/v2/mgmt/user/search", "POST")).status).toBe(200);
    expect((await ok(emulator, "GET", "faults")).faults).toMatchObject([{ left: 1 }]);
    expect((await call(emulator)).status).toBe(418);
    expect((await call(emulator)).status).toBe(200);
    expect<unknown>(await ok(emulator, "GET", "faults")).toEqual({ faults: [] });
  });

  test("the path may have open parts, and stand for itself alone", async () => {
    await using emulator = testEmulator();
    await ok(emulator, "POST", "faults", { path: "/v1/mgmt/{noun}/all", status: 500 });
    expect((await call(emulator)).status).toBe(500);
    expect((await call(emulator, "/v1/mgmt/tenant?id=x")).status).not.toBe(500);
    await ok(emulator, "DELETE", "faults");
    await ok(emulator, "POST", "faults", { path: "/v1/mgmt/tenant.all", status: 500 });
    expect((await call(emulator)).status).toBe(200);
  });

  test("too many requests say when to come again", async () => {
    await using emulator = testEmulator();
    for (const [given, told] of [
      [undefined, "60"],
      [7, "7"],
      [0, "0"],
    ] as const) {
      await ok(emulator, "POST", "faults", { id: "one", status: 429, retryAfter: given, count: 1 });
      const { status, headers, body } = await call(emulator);
      expect([status, headers.get("retry-after"), body.errorCode]).toEqual([429, told, "E130429"]);
    }
  });

  test("a dropped connection, before the request is handled or behind it", async () => {
    await using emulator = testEmulator();
    const create = (id: string) => emulator.call("/v1/mgmt/tenant/create", { id, name: id });
    await ok(emulator, "POST", "faults", { path: "*/tenant/create", drop: true, count: 1 });
    expect(create("before")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect<unknown>((await emulator.call("/_emulator/faults")).body).toEqual({ faults: [] });
    await ok(emulator, "POST", "faults", { path: "*/tenant/create", drop: true, after: true, count: 1 });
    expect(create("behind")).rejects.toMatchObject({ code: "ECONNRESET" });
    const { tenants } = await emulator.ok("/v1/mgmt/tenant/all");
    expect(tenants.map(({ id }) => id)).toEqual(["behind"]);
    const { requests } = await ok(emulator, "GET", "requests?path=*/create");
    expect(requests.map(({ status }) => status)).toEqual([0, 0]);
  });

  test("a delay holds its own request back, and no other", async () => {
    await using emulator = testEmulator();
    await ok(emulator, "POST", "faults", { path: "/v1/mgmt/tenant/all", delay: 300, count: 1 });
    const order: string[] = [];
    const slow = call(emulator).then(({ status }) => order.push(`slow ${status}`));
    await emulator.ok("/v2/mgmt/user/search", {});
    order.push("quick");
    await slow;
    expect(order).toEqual(["quick", "slow 200"]);
  });

  test("the emulator's own calls never fail by one, and each is taken away by its id", async () => {
    await using emulator = testEmulator();
    await ok(emulator, "POST", "faults", { id: "all", status: 500 });
    await ok(emulator, "POST", "faults", { id: "other", path: "/x", status: 500 });
    await ok(emulator, "GET", "health");
    expect((await call(emulator)).status).toBe(500);
    expect<unknown>(await ok(emulator, "DELETE", "faults/all")).toEqual({});
    expect((await call(emulator)).status).toBe(200);
    expect((await control(emulator, "DELETE", "faults/all")).status).toBe(404);
    expect((await ok(emulator, "GET", "faults")).faults).toMatchObject([{ id: "other" }]);
  });

  test("what would do nothing, or cannot be, is refused with the reason", async () => {
    await using emulator = testEmulator();
    const cases: readonly (readonly [object, string])[] = [
      [{}, "needs a status, a delay or drop"],
      [{ path: "/v1/*", body: {} }, "needs a status"],
      [{ delay: 5, retryAfter: 3 }, "body, headers and retryAfter"],
      [{ status: 99 }, "200 to 599"],
      [{ status: "500" }, "status field must be a number"],
      [{ status: 500, count: 0 }, "1 or more"],
      [{ status: 500, delay: -1 }, "0 or more"],
      [{ status: 500, headers: { a: 1 } }, "headers.a field must be a string"],
      [{ statsu: 500 }, "statsu"],
    ];
    for (const [body, words] of cases) {
      const answer = await control(emulator, "POST", "faults", body);
      expect([body, answer.status, answer.body.errorMessage]).toEqual([
        body,
        400,
        expect.stringContaining(words),
      ]);
    }
    expect<unknown>(await ok(emulator, "GET", "faults")).toEqual({ faults: [] });
  });
});

describe("the requests", () => {
  test("are kept in their order with who asked, what was asked and what came of it, and no secret", async () => {
    await using emulator = testEmulator({ managementKey: "KVerySecret" });
    await emulator.ok("/v1/mgmt/user/create", { loginId: "ann", password: PASSWORD });
    await emulator.call("/v1/mgmt/user?loginId=nobody");
    const { requests } = await ok(emulator, "GET", "requests");
    expect(requests).toMatchObject([
      {
        number: 1,
        method: "POST",
        path: "/v1/mgmt/user/create",
        project: emulator.project,
        operation: "User Create",
        body: { loginId: "ann", password: "***" },
        status: 200,
      },
      {
        number: 2,
        method: "GET",
        query: { loginId: "nobody" },
        status: 404,
        error: { errorCode: "E112102" },
      },
    ]);
    expect(JSON.stringify(requests)).not.toContain("KVerySecret");
    expect(JSON.stringify(requests)).not.toContain(PASSWORD);
  });

  test("are found by method, path, status, project and number, and forgotten", async () => {
    await using emulator = testEmulator({
      projects: [
        { id: "P2a", name: "a" },
        { id: "P2b", name: "b" },
      ],
    });
    await emulator.ok("/v1/mgmt/tenant/create", { id: "x", name: "x" });
    await emulator.ok("/v1/mgmt/tenant/all", undefined, { project: "P2b" });
    await emulator.call("/v1/mgmt/tenant?id=none");
    const found = async (query: string) =>
      (await ok(emulator, "GET", `requests?${query}`)).requests.map(({ number }) => number);
    expect(await found("")).toEqual([1, 2, 3]);
    expect(await found("method=get")).toEqual([2, 3]);
    expect(await found("path=/v1/mgmt/tenant/*")).toEqual([1, 2]);
    expect(await found("status=200&project=P2a")).toEqual([1]);
    expect(await found("since=2")).toEqual([3]);
    expect((await control(emulator, "GET", "requests?status=ok")).status).toBe(400);
    expect((await control(emulator, "GET", "requests?since=x")).status).toBe(400);
    await ok(emulator, "DELETE", "requests");
    expect(await found("")).toEqual([]);
  });

  test("no more than the latest are kept, and the numbers go on", async () => {
    await using emulator = testEmulator();
    for (let i = 0; i < 2100; i += 100)
      await Promise.all(Array.from({ length: 100 }, () => emulator.call("/v1/mgmt/tenant/all")));
    const { requests } = await ok(emulator, "GET", "requests");
    expect(requests.length).toBeLessThanOrEqual(2000);
    expect(requests.at(-1)?.number).toBe(2100);
  });
});

test("messages: by login id, project and kind, with what is in them; and forgotten", async () => {
  await using emulator = testEmulator({
    projects: [
      { id: "P2a", name: "a" },
      { id: "P2b", name: "b" },
    ],
  });
  for (const project of ["P2a", "P2b"]) {
    const client = signInClient(emulator, project);
    await client.ok("/v1/auth/otp/signup-in/email", { loginId: "ann@example.com" });
    await client.ok("/v1/auth/magiclink/signup-in/email", {
      loginId: "ann@example.com",
      URI: "https://app.example.com/verify",
    });
  }
  const kinds = async (query: string) =>
    (await ok(emulator, "GET", `messages?${query}`)).messages.map(
      ({ kind, projectId }) => `${kind} ${projectId}`,
    );
  expect(await kinds("loginId=ann@example.com")).toEqual([
    "otp P2a",
    "magiclink P2a",
    "otp P2b",
    "magiclink P2b",
  ]);
  expect(await kinds("loginId=ann@example.com&project=P2b&kind=otp")).toEqual(["otp P2b"]);
  expect(await kinds("loginId=bo")).toEqual([]);
  const { messages } = await ok(emulator, "GET", "messages?project=P2a");
  const code = messages[0]?.code;
  expect(messages).toMatchObject([
    { code: expect.stringMatching(/^\d{6}$/), method: "email", to: "ann@example.com" },
    { link: expect.stringMatching(/^https:\/\/app\.example\.com\/verify\?t=/) },
  ]);
  await signInClient(emulator, "P2a").ok("/v1/auth/otp/verify/email", {
    loginId: "ann@example.com",
    code,
  });
  await ok(emulator, "DELETE", "messages");
  expect(await kinds("")).toEqual([]);
});

test("coverage: each operation, and how many are served", async () => {
  await using emulator = testEmulator();
  const { total, served, operations } = (await control(emulator, "GET", "coverage")).body;
  expect(operations).toHaveLength(total);
  expect(operations.filter((row) => row.served)).toHaveLength(served);
  expect(operations).toContainEqual(
    expect.objectContaining({
      noun: "User",
      verb: "Create",
      method: "POST",
      path: "/v1/mgmt/user/create",
      served: true,
    }),
  );
});

describe("for this machine alone", () => {
  const asked = async (url: string, headers: Record<string, string> = {}) =>
    (await fetch(`${url}/_emulator/health`, { headers })).status;

  test("a page of another site is refused, by its origin or by the name that it has led here", async () => {
    await using emulator = testEmulator();
    const { port } = new URL(emulator.url);
    for (const host of [
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil.example",
      "10.0.0.1",
    ])
      expect([host, await asked(emulator.url, { host })]).toEqual([host, 403]);
    for (const origin of [
      "https://evil.example",
      "http://127.0.0.1.evil.example",
      "null",
      "http://localhost.evil.example",
    ])
      expect([origin, await asked(emulator.url, { origin })]).toEqual([origin, 403]);
    for (const host of [
      `localhost:${port}`,
      `app.localhost:${port}`,
      `127.0.0.1:${port}`,
      `[::1]:${port}`,
      "127.1.2.3",
    ])
      expect([host, await asked(emulator.url, { host })]).toEqual([host, 200]);
    for (const origin of [
      "http://localhost:3000",
      "https://app.localhost",
      "http://127.0.0.1:5173",
      "http://[::1]:1",
    ])
      expect([origin, await asked(emulator.url, { origin })]).toEqual([origin, 200]);
    const refused = await fetch(`${emulator.url}/_emulator/state`, {
      headers: { origin: "https://evil.example" },
    });
    expect((await refused.json()) as object).toMatchObject({ errorCode: "E061004" });
    expect(
      (await emulator.call("/v1/mgmt/tenant/all", undefined, { headers: { origin: "https://evil.example" } }))
        .status,
    ).toBe(200);
  });

  test("--host opens them to whom it opens the rest", async () => {
    await using emulator = testEmulator({ host: "0.0.0.0" });
    expect(await asked(emulator.url, { host: "emulator:8400", origin: "http://web:3000" })).toBe(200);
    const others = Object.values(networkInterfaces())
      .flat()
      .filter((one) => one !== undefined && !one.internal && one.family === "IPv4");
    for (const { address } of others as { address: string }[])
      expect(await asked(`http://${address}:${new URL(emulator.url).port}`)).toBe(200);
  });
});
