import { describe, expect } from "bun:test";
import descope from "@descope/node-sdk";
import { address, fresh, ok, refused, suite } from "./suite.ts";

const { sdk, emulator, check } = suite();
const { url, projectId, managementKey } = emulator;

describe("keys and projects", () => {
  check("a wrong management key, and none, are refused with 401", async () => {
    const wrong = descope({ projectId, managementKey: "KWrongKey", baseUrl: url });
    await refused(wrong.management.tenant.loadAll(), 401);
    await refused(wrong.management.user.create(address()), 401);
    const without = descope({ projectId, baseUrl: url });
    await refused(without.management.tenant.loadAll(), 401);
  });

  check("a project that does not exist is refused with E011008", async () => {
    const other = descope({ projectId: "PNowhere", managementKey, baseUrl: url });
    await refused(other.management.tenant.loadAll(), [401, 404], "E011008");
    await refused(other.otp.signUpOrIn.email(address()), [401, 404], "E011008");
  });

  check("sign-in needs no management key, and takes an auth management key", async () => {
    const open = descope({ projectId, baseUrl: url });
    await ok(open.otp.signUpOrIn.email(address()));
    const guarded = descope({ projectId, authManagementKey: managementKey, baseUrl: url });
    await ok(guarded.otp.signUpOrIn.email(address()));
  });

  check("a base address with a slash at the end works as well", async () => {
    const slashed = descope({ projectId, managementKey, baseUrl: `${url}/` });
    await ok(slashed.management.tenant.loadAll());
    const reply = await emulator.call("GET", "//v1/mgmt/tenant/all");
    expect(reply.status).toBe(200);
  });

  check("two projects of one emulator know nothing of each other", async () => {
    const { projectId: second } = await ok(sdk.management.project.clone(fresh("Second ")));
    const other = descope({ projectId: second, managementKey, baseUrl: url });
    const email = address();
    await ok(sdk.management.user.create(email, { email }));
    await refused(other.management.user.load(email), [400, 404], "E112102");
    await refused(other.otp.signIn.email(email), [400, 401, 404], "E062108");
    await ok(other.management.user.create(email));
  });

  check("the licence call answers with only the Authorization header", async () => {
    const reply = await emulator.call("GET", "/v1/mgmt/license");
    expect(reply.status).toBe(200);
    expect(reply.body.rateLimitTier).toMatch(/^tier[1-4]$/);
  });
});

describe("requests that make no sense", () => {
  check("broken JSON is refused with E011001 and a JSON body", async () => {
    const response = await fetch(`${url}/v1/mgmt/user/create`, {
      method: "POST",
      headers: { authorization: `Bearer ${projectId}:${managementKey}`, "content-type": "application/json" },
      body: '{"loginId": "x',
    });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errorCode: string }).errorCode).toBe("E011001");
  });

  check("a wrong type is refused and the message names the field", async () => {
    const { status, body } = await emulator.call("POST", "/v1/mgmt/user/create", { loginId: 7 });
    expect(status).toBe(400);
    expect(body.errorCode).toMatch(/^E01100[1-4]$/);
    expect(JSON.stringify(body)).toContain("loginId");
    const list = await emulator.call("POST", "/v1/mgmt/user/create", {
      loginId: fresh("x"),
      roleNames: "not a list",
    });
    expect(list.status).toBe(400);
    expect(JSON.stringify(list.body)).toContain("roleNames");
  });

  check("a route that does not exist is no missing record: 501 with the nearest one", async () => {
    const { status, body } = await emulator.call("POST", "/v1/mgmt/user/creat", {});
    expect(status).toBe(501);
    expect(body.errorCode).toBe("EMULATOR_NOT_IMPLEMENTED");
    expect(JSON.stringify(body)).toContain("/v1/mgmt/user/create");
  });

  check("every error has a code and a description, as JSON", async () => {
    for (const [method, path] of [
      ["GET", "/v1/mgmt/tenant?id=nowhere"],
      ["GET", "/v1/mgmt/user?loginId=nobody"],
      ["POST", "/v1/auth/otp/verify/email"],
      ["GET", "/v1/auth/me"],
    ] as const) {
      const { status, body } = await emulator.call(method, path, method === "POST" ? {} : undefined);
      if (status === 501) throw new Error(JSON.stringify(body));
      expect(status).toBeWithin(400, 500);
      expect(body).toMatchObject({
        errorCode: expect.stringMatching(/^E\d+$/),
        errorDescription: expect.any(String),
      });
    }
  });
});

describe("faults that a test asks for", () => {
  const fault = (body: object) => emulator.call("POST", "/_emulator/faults", body);

  check("429 with Retry-After comes to the SDK as error.retryAfter", async () => {
    const made = await fault({
      method: "GET",
      path: "/v1/mgmt/tenant/all",
      status: 429,
      retryAfter: 7,
      count: 1,
    });
    if (made.status === 501) throw new Error(JSON.stringify(made.body));
    const error = await refused(sdk.management.tenant.loadAll(), 429, "E130429");
    expect(Number(error.retryAfter)).toBe(7);
    await ok(sdk.management.tenant.loadAll());
  });

  check("500 comes through as it is, as often as it was asked for", async () => {
    const made = await fault({ method: "GET", path: "/v1/mgmt/tenant/all", status: 500, count: 2 });
    if (made.status === 501) throw new Error(JSON.stringify(made.body));
    await refused(sdk.management.tenant.loadAll(), 500);
    await refused(sdk.management.tenant.loadAll(), 500);
    await ok(sdk.management.tenant.loadAll());
  });
});
