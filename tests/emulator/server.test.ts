import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { LONGEST_BODY } from "../../src/emulator/requests/request-body.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeAll(() => void (emulator = testEmulator()));
afterAll(() => emulator.stop());

describe("who may call", () => {
  const cases = [
    ["no header", "", 401, "E061005"],
    ["no bearer", "Basic abc", 401, "E061005"],
    ["a project alone", "Bearer PEmulatorProject000000000001", 401, "E061005"],
    ["a wrong key", "Bearer PEmulatorProject000000000001:KOther", 401, "E061005"],
    ["a wrong project", "Bearer P2other:KEmulatorManagementKey00000001", 404, "E011008"],
    ["the key alone, for a call in a project", "Bearer KEmulatorManagementKey00000001", 404, "E011008"],
    ["too many parts", "Bearer a:b:c:KEmulatorManagementKey00000001", 401, "E061005"],
  ] as const;
  for (const [name, authorization, status, errorCode] of cases) {
    test(`${name}: ${status}`, async () => {
      const answer = await emulator.call("/v1/mgmt/tenant/all", undefined, { authorization });
      expect(answer.status).toBe(status);
      expect(answer.body.errorCode).toBe(errorCode);
      expect(JSON.stringify(answer.body)).not.toContain("KEmulator");
    });
  }

  test("the key alone is enough for a company's call, a project that does not exist is no matter there", async () => {
    for (const authorization of [
      "Bearer KEmulatorManagementKey00000001",
      "Bearer garbage:KEmulatorManagementKey00000001",
    ]) {
      const answer = await emulator.call("/v1/mgmt/projects/list", {}, { authorization });
      expect(answer.body.projects).toHaveLength(1);
    }
  });

  test("the license is told to whoever has a key, without any other header", async () => {
    const answer = await emulator.call("/v1/mgmt/license");
    expect(answer.body.rateLimitTier).toMatch(/^tier\d$/);
  });
});

describe("what is not served", () => {
  test("answers 501 with a code of its own and names the nearest that is", async () => {
    const answer = await emulator.call("/v1/mgmt/user/searc", {});
    expect(answer.status).toBe(501);
    expect(answer.body.errorCode).toBe("EMULATOR_NOT_IMPLEMENTED");
    expect(answer.body.errorMessage).toContain("POST /v1/mgmt/user/search");
  });

  test("what is not going to be served says why", async () => {
    for (const step of ["start", "next"]) {
      const { status, body } = await emulator.call(`/v1/flow/${step}`, {});
      expect({ status, code: body.errorCode }).toEqual({ status: 501, code: "EMULATOR_NOT_IMPLEMENTED" });
      expect(body.errorMessage).toStartWith(`POST /v1/flow/${step} is not served: flows are kept`);
    }
  });

  test("a wrong method is named with the right one", async () => {
    const answer = await emulator.call("/v1/mgmt/tenant/create", undefined, { method: "PUT" });
    expect(answer.status).toBe(501);
    expect(answer.body.errorMessage).toContain("POST /v1/mgmt/tenant/create");
  });
});

describe("requests that cannot be read", () => {
  test("JSON that is none: the place is named, not the content", async () => {
    const answer = await emulator.call("/v1/mgmt/tenant/create", '{"name": secret-thing}');
    expect(answer.status).toBe(400);
    expect(answer.body.errorCode).toBe("E011001");
    expect(answer.body.errorMessage).toContain("line 1, column 10");
    expect(answer.body.errorMessage).not.toContain("secret-thing");
  });

  const fields: readonly (readonly [string, unknown, string])[] = [
    ["/v1/mgmt/tenant/create", {}, "The name field is required"],
    ["/v1/mgmt/tenant/create", { name: 1 }, "The name field must be a string"],
    ["/v1/mgmt/tenant/create", { name: "A", disabled: "yes" }, "The disabled field must be true or false"],
    [
      "/v1/mgmt/user/create",
      { loginId: "a", userTenants: [{}] },
      "The userTenants.0.tenantId field is required",
    ],
    [
      "/v1/mgmt/user/create",
      { loginId: "a", customAttributes: [] },
      "The customAttributes field must be an object",
    ],
    ["/v2/mgmt/user/search", { limit: "ten" }, "The limit field must be a number"],
    ["/v1/mgmt/tenant/create", [], "must be an object"],
  ];
  for (const [path, body, words] of fields) {
    test(`${path} ${JSON.stringify(body)}: ${words}`, async () => {
      const answer = await emulator.call(path, body);
      expect(answer.status).toBe(400);
      expect(answer.body.errorCode).toBe("E011003");
      expect(answer.body.errorMessage).toContain(words);
    });
  }

  test("a body over the limit is refused with a reason, with and without its length in advance", async () => {
    const announced = await emulator.call("/v1/mgmt/tenant/create", `"${"x".repeat(LONGEST_BODY)}"`);
    expect(announced.status).toBe(413);
    expect(announced.body.errorCode).toBe("E011001");
    const chunk = new Uint8Array(1024 * 1024).fill(0x20);
    let left = 52;
    const response = await fetch(`${emulator.url}/v1/mgmt/tenant/create`, {
      method: "POST",
      body: new ReadableStream({
        pull(controller) {
          if (left-- > 0) controller.enqueue(chunk);
          else controller.close();
        },
      }),
    });
    expect(response.status).toBe(413);
    expect((await response.json()) as object).toMatchObject({ errorCode: "E011001" });
  });

  test("a request that is cut off leaves the server as it was", async () => {
    const { hostname, port } = new URL(emulator.url);
    const socket = connect(Number(port), hostname);
    const closed = Promise.withResolvers<void>();
    socket.on("close", () => closed.resolve());
    socket.on("connect", () => {
      socket.write(
        'POST /v1/mgmt/tenant/create HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"name":',
        () => socket.destroy(),
      );
    });
    await closed.promise;
    const { tenants } = await emulator.ok("/v1/mgmt/tenant/all");
    expect(tenants).toEqual([]);
  });
});

test("slashes in front of a path are one slash", async () => {
  expect((await emulator.call("//v1/mgmt/license")).status).toBe(200);
  expect((await emulator.call("///v1/mgmt/license")).status).toBe(200);
});

test("an empty body and null are an empty object", async () => {
  for (const body of ["", "null", "  "]) {
    expect((await emulator.call("/v1/mgmt/accesskey/search", body, { method: "POST" })).status).toBe(200);
  }
});

test("pages of any origin may call", async () => {
  const headers = { origin: "http://localhost:3000", "access-control-request-method": "POST" };
  const asked = await fetch(`${emulator.url}/v1/mgmt/license`, {
    method: "OPTIONS",
    headers: { ...headers, "access-control-request-headers": "authorization,content-type" },
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get("access-control-allow-headers")).toBe("authorization,content-type");
  const answer = await emulator.call("/v1/mgmt/license", undefined, { headers });
  expect(answer.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
});

test("thousands of writers at once: each gets its own answer, and all of it is kept", async () => {
  await using other = testEmulator();
  const wanted = Array.from({ length: 2000 }, (_, i) => `t${i % 1900}`);
  const answers = await Promise.all(
    wanted.map((id) => other.call("/v1/mgmt/tenant/create", { id, name: id })),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1900);
  expect(answers.filter(({ status }) => status === 400)).toHaveLength(100);
  expect((await other.ok("/v1/mgmt/tenant/all")).tenants).toHaveLength(1900);
}, 60_000);

test("a port that is taken is named before anything is served", () => {
  const { port } = new URL(emulator.url);
  expect(() => testEmulator({ port: Number(port) })).toThrow(`Port ${port} of 127.0.0.1 is taken`);
});

test("it says that it is well", async () => {
  expect((await emulator.call("/_emulator/health")).body).toMatchObject({ status: "ok" });
});

test("a fault of the emulator itself is told on its standard error, and not to who asked", async () => {
  const warned: string[] = [];
  await using emulator = testEmulator({ warn: (line) => warned.push(line) });
  emulator.world.ids.next = () => {
    throw new Error("no ids are left");
  };
  const { status, body } = await emulator.call("/v1/mgmt/tenant/create", { name: "Acme" });
  expect([status, body.errorCode]).toEqual([500, "EMULATOR_FAULT"]);
  expect(JSON.stringify(body)).not.toContain("no ids");
  expect(warned.join("\n")).toContain("no ids are left");
  expect((await emulator.ok("/v1/mgmt/tenant/all")).tenants).toEqual([]);
});
