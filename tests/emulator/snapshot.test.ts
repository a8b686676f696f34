import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { setAt, valueAt } from "../support/documents.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import type { Data, Files } from "../support/replies.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({
    projects: [
      { id: "P2staging", name: "staging" },
      { id: "P2production", name: "production" },
    ],
  });
});
afterEach(() => emulator.stop());

const PATH = "/v1/mgmt/project/snapshot";
/** The steps of the flow that there is. */
const CONTENTS = ["flows/sign-up-or-in/contents.json"];
const there = { project: "P2production" };
const exported = async (options?: object, body: object = {}): Promise<Files> =>
  (await emulator.ok(`${PATH}/export`, body, options)).files;

/** Files as a command line client leaves them on the disk and sends them: texts with a final newline. */
function throughDisk(files: Files): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries<unknown>(files).map(([path, content]) => [
      path,
      /\.(txt|html)$/.test(path) && typeof content === "string" && !content.endsWith("\n")
        ? `${content}\n`
        : content,
    ]),
  );
}

const connector = (id: string, name: string, configuration: object = {}) => ({
  id,
  name,
  description: "",
  type: "http",
  configuration: {
    baseUrl: "https://crm.example.com",
    authentication: { bearerToken: "PLACEHOLDER_VALUE" },
    ...configuration,
  },
});

describe("export, import, export", () => {
  test("is equal, also when the files went through a disk", async () => {
    const flow = await emulator.ok("/v2/mgmt/flow/export", { flowId: "sign-up-or-in" });
    flow.flow.metadata.name = "Another";
    await emulator.ok("/v2/mgmt/flow/import", { flow: { ...flow.flow, flowId: "another" } });
    const first = await exported();
    expect(Object.keys(first)).toContain("flows/another/contents.json");
    await emulator.ok(`${PATH}/import`, { files: throughDisk(first) }, there);
    expect(await exported(there)).toEqual(first);
    expect(await exported()).toEqual(first);
  });

  test("numbers keep their spelling", async () => {
    const files = await exported();
    const body = JSON.stringify({ files }).replace(
      '"inactivityTime":30',
      '"inactivityTime":12345678901234567890',
    );
    await emulator.ok(`${PATH}/import`, body);
    const response = await fetch(`${emulator.url}${PATH}/export`, {
      method: "POST",
      headers: { authorization: `Bearer P2staging:${emulator.managementKey}` },
    });
    expect(await response.text()).toContain('"inactivityTime":12345678901234567890');
  });

  test("plain: texts and images stand in their places, and can be imported so", async () => {
    const plain = await exported({}, { format: "plain" });
    expect(Object.keys(plain).filter((path) => path.startsWith("assets/"))).toEqual([]);
    expect(valueAt(plain, ["auth/magiclink.json", "emailTemplates", 0, "body"])).toStartWith(
      "<!doctype html>",
    );
    await emulator.ok(`${PATH}/import`, { files: plain }, there);
    expect(await exported(there, { format: "plain" })).toEqual(plain);
    expect((await emulator.call(`${PATH}/export`, { format: "zip" })).status).toBe(400);
  });

  test("a group that the snapshot does not have stays, one that it has is replaced", async () => {
    const before = await exported(there);
    await emulator.ok(
      `${PATH}/import`,
      {
        files: {
          "styles/styles.json": { componentsVersion: "9", styles: ["blue"] },
          "styles/blue.json": { globals: {} },
        },
      },
      there,
    );
    const after = await exported(there);
    expect(
      Object.keys(after)
        .filter((path) => path.startsWith("styles/"))
        .sort(),
    ).toEqual(["styles/blue.json", "styles/styles.json"]);
    expect(after["flows/flows.json"]).toEqual(before["flows/flows.json"]);
  });

  test("a folder that its index does not list is no part of the snapshot", async () => {
    const files = await exported();
    files["flows/stray/metadata.json"] = { name: "Stray" };
    await emulator.ok(`${PATH}/import`, { files }, there);
    expect(Object.keys(await exported(there)).filter((path) => path.includes("stray"))).toEqual([]);
  });

  test("roles go with it, and users lose those that are gone", async () => {
    await emulator.ok("/v1/mgmt/user/create", { loginId: "ann", roleNames: ["Tenant Admin"] });
    const files = await exported();
    files["roles.json"] = {
      permissions: [{ name: "read", description: "" }],
      roles: [{ name: "reader", description: "", permissionNames: ["read"], default: false, private: false }],
    };
    await emulator.ok(`${PATH}/import`, { files });
    expect((await exported())["roles.json"]).toEqual(files["roles.json"]);
    expect((await emulator.ok("/v1/mgmt/user?loginId=ann")).user.roleNames).toEqual([]);
  });
});

describe("assets", () => {
  test("an edited text comes back under the name that its new content has, wherever it is referred to", async () => {
    const files = throughDisk(await exported());
    const path = Object.keys(files).find((name) => name.startsWith("assets/body-")) as string;
    setAt(files, [path], "<p>new</p>\n");
    await emulator.ok(`${PATH}/import`, { files }, there);
    const after = await exported(there);
    const name = `body-${new Bun.CryptoHasher("sha256").update("<p>new</p>").digest("hex")}.html`;
    expect<unknown>(after[`assets/${name}`]).toBe("<p>new</p>");
    expect(after[path]).toBeUndefined();
    expect(JSON.stringify(after["assets/assets.json"])).toContain(name);
    expect(JSON.stringify(after["assets/assets.json"])).not.toContain(path.slice(7));
  });

  test("a long script of an imported flow gets a file of its own, and is whole when the flow is exported", async () => {
    const { flow } = await emulator.ok("/v2/mgmt/flow/export", { flowId: "sign-up-or-in" });
    const script = `return ${"1 + ".repeat(500)}1;`;
    setAt(flow, ["contents", "tasks", "1", "arguments", "scriptCode"], { type: "inline", value: script });
    await emulator.ok("/v2/mgmt/flow/import", { flow });
    const files = await exported();
    const value = String(valueAt(files, [...CONTENTS, "tasks", "1", "arguments", "scriptCode", "value"]));
    expect(value).toMatch(/^asset:value-[0-9a-f]{64}\.txt$/);
    expect<unknown>(files[`assets/${value.slice(6)}`]).toBe(script);
    const again = await emulator.ok("/v2/mgmt/flow/export", { flowId: "sign-up-or-in" });
    expect(valueAt(again.flow, ["contents", "tasks", "1", "arguments", "scriptCode", "value"])).toBe(script);
  });

  test("a reference without its file is a failure", async () => {
    const files = await exported();
    setAt(files, ["auth/magiclink.json", "emailTemplates", 0, "body"], "asset:body-gone.html");
    const verdict = await emulator.ok(`${PATH}/validate`, { files });
    expect(verdict).toMatchObject({
      ok: false,
      failures: ["assets/body-gone.html is referred to, but is not there"],
    });
  });
});

describe("flows and themes work on the same state", () => {
  test("a flow that is imported is listed and in the snapshot, screens named for their tasks", async () => {
    const { flow } = await emulator.ok("/v2/mgmt/flow/export", { flowId: "sign-up-or-in" });
    expect(flow).toMatchObject({
      flowId: "sign-up-or-in",
      metadata: { name: "Sign up or in" },
      references: {},
    });
    expect(flow.metadata.screens).toBeUndefined();
    setAt(flow, ["metadata"], { name: "Renamed" });
    setAt(flow, ["contents", "tasks", "0", "name"], "Say Hello!");
    setAt(flow, ["contents", "tasks", "2", "name"], "Say hello");
    setAt(flow, ["screens", 0, "interactions"], [{ id: "x" }]);
    await emulator.ok("/v2/mgmt/flow/import", { flow });
    const files = await exported();
    expect(files["flows/sign-up-or-in/metadata.json"]).toEqual({
      componentsVersion: "",
      description: "",
      disabled: false,
      fingerprint: false,
      name: "Renamed",
      screens: ["say-hello-0001", "say-hello-0002"],
      sharedInteractions: [],
    });
    const { flows, total } = await emulator.ok("/v1/mgmt/flow/list", {});
    expect<unknown>([flows, total]).toEqual([
      [{ id: "sign-up-or-in", name: "Renamed", description: "", disabled: false }],
      1,
    ]);
  });

  test("screens of one name whose ids end alike get a file each", async () => {
    const { flow } = await emulator.ok("/v2/mgmt/flow/export", { flowId: "sign-up-or-in" });
    const moves: readonly (readonly [string, number, string])[] = [
      ["0", 1, "SCfirst-0000"],
      ["2", 0, "SCsecond-0000"],
    ];
    for (const [task, screen, id] of moves) {
      setAt(flow, ["contents", "tasks", task, "name"], "Same");
      setAt(flow, ["contents", "tasks", task, "screenId"], id);
      setAt(flow, ["screens", screen, "screenId"], id);
    }
    await emulator.ok("/v2/mgmt/flow/import", { flow });
    const again = await emulator.ok("/v2/mgmt/flow/export", { flowId: "sign-up-or-in" });
    expect(again.flow.screens.map(({ screenId }) => screenId).sort()).toEqual([
      "SCfirst-0000",
      "SCsecond-0000",
    ]);
  });

  test("a theme that is imported is in the snapshot, one that is exported and imported changes nothing", async () => {
    const first = await exported();
    const { theme } = await emulator.ok("/v2/mgmt/theme/export", {});
    expect(Object.keys(theme.styles)).toEqual(["dark", "light"]);
    expect(JSON.stringify(theme)).not.toContain("asset:");
    await emulator.ok("/v2/mgmt/theme/import", { theme });
    expect(await exported()).toEqual(first);
    await emulator.ok("/v2/mgmt/theme/import", { theme: { styles: { light: { globals: {} } } } });
    expect((await exported())["styles/styles.json"]).toEqual({ componentsVersion: "", styles: ["light"] });
  });

  test("what is no flow or theme is refused", async () => {
    for (const [path, body] of [
      ["/v2/mgmt/flow/import", { flow: { flowId: "../evil", metadata: {}, contents: {} } }],
      ["/v2/mgmt/flow/import", { flow: { flowId: "x", metadata: {} } }],
      ["/v2/mgmt/flow/import", { flow: { flowId: "x", metadata: {}, contents: {}, screens: [{}] } }],
      ["/v2/mgmt/theme/import", { theme: { styles: [] } }],
      ["/v2/mgmt/flow/export", { flowId: "nope" }],
    ] as const) {
      expect((await emulator.call(path, body)).status).toBeOneOf([400, 404]);
    }
  });
});

describe("secrets", () => {
  const withConnector = async (content: Data = connector("CI1", "CRM")): Promise<Files> => ({
    ...(await exported()),
    "connectors/connectors.json": { connectors: ["crm"] },
    "connectors/crm.json": content,
  });

  test("a new connector without its secret: validate lists it, import fails and changes nothing", async () => {
    const files = await withConnector();
    const before = await exported();
    expect<unknown>(await emulator.ok(`${PATH}/validate`, { files })).toEqual({
      ok: false,
      failures: [],
      missingSecrets: {
        connectors: [{ id: "CI1", name: "CRM", type: "bearertoken" }],
        oauthProviders: [],
        outboundApps: [],
        externalAuth: [],
      },
    });
    const refused = await emulator.call(`${PATH}/import`, { files });
    expect([refused.status, refused.body.errorCode]).toEqual([400, "E113011"]);
    expect(refused.body.errorMessage).toContain("CRM (bearertoken)");
    expect(await exported()).toEqual(before);
  });

  test("one that is given is kept, and is known from then on", async () => {
    const files = await withConnector();
    const inputSecrets = { connectors: [{ id: "CI1", name: "CRM", type: "bearertoken", value: "s3cr3t" }] };
    expect(await emulator.ok(`${PATH}/validate`, { files, inputSecrets })).toMatchObject({ ok: true });
    await emulator.ok(`${PATH}/import`, { files, inputSecrets });
    expect(await emulator.ok(`${PATH}/validate`, { files })).toMatchObject({ ok: true });
    await emulator.ok(`${PATH}/import`, { files });
    expect(JSON.stringify(await exported())).not.toContain("s3cr3t");
    const empty = { connectors: [{ id: "CI1", name: "CRM", type: "bearertoken", value: "" }] };
    expect(await emulator.ok(`${PATH}/validate`, { files, inputSecrets: empty }, there)).toMatchObject({
      ok: false,
    });
  });

  test("one that stands in the file is set and never comes out", async () => {
    await emulator.ok(`${PATH}/import`, {
      files: await withConnector(connector("CI1", "CRM", { authentication: { bearerToken: "s3cr3t" } })),
    });
    const files = await exported();
    expect(valueAt(files, ["connectors/crm.json", "configuration", "authentication"])).toEqual({
      bearerToken: "PLACEHOLDER_VALUE",
    });
    setAt(files, ["connectors/crm.json", "configuration", "authentication", "bearerToken"], "");
    await emulator.ok(`${PATH}/import`, { files });
    expect(valueAt(await exported(), ["connectors/crm.json", "configuration", "authentication"])).toEqual({
      bearerToken: "PLACEHOLDER_VALUE",
    });
  });

  test("a connector is the same by its name: the project's id stays, and its flows follow", async () => {
    const inputSecrets = { connectors: [{ id: "CI1", name: "CRM", type: "bearertoken", value: "s3cr3t" }] };
    await emulator.ok(`${PATH}/import`, { files: await withConnector(), inputSecrets }, there);
    const files = await withConnector(connector("CI2", "CRM"));
    setAt(files, ["flows/sign-up-or-in/metadata.json", "references"], { connectors: { CRM: "CI2" } });
    const asked = { type: "inline", value: "CI2" };
    setAt(files, [...CONTENTS, "tasks", "1", "arguments", "connectorId"], asked);
    await emulator.ok(`${PATH}/import`, { files }, there);
    const after = await exported(there);
    expect(after["connectors/crm.json"]?.id).toBe("CI1");
    expect(after["flows/sign-up-or-in/metadata.json"]?.references).toEqual({ connectors: { CRM: "CI1" } });
    expect(valueAt(after, [...CONTENTS, "tasks", "1", "arguments", "connectorId", "value"])).toBe("CI1");
  });

  test("a provider's secret is asked for like a connector's", async () => {
    const files = await exported();
    setAt(files, ["auth/oauth.json", "providerSettings", "google", "clientSecret"], "PLACEHOLDER_VALUE");
    const { missingSecrets } = await emulator.ok(`${PATH}/validate`, { files });
    expect(missingSecrets.oauthProviders).toEqual([{ id: "google", name: "Google", type: "clientsecret" }]);
  });

  test("a clone has the configuration and the secrets, but nobody in it", async () => {
    const inputSecrets = { connectors: [{ id: "CI1", name: "CRM", type: "bearertoken", value: "s3cr3t" }] };
    await emulator.ok(`${PATH}/import`, { files: await withConnector(), inputSecrets });
    await emulator.ok("/v1/mgmt/user/create", { loginId: "ann" });
    const clone = await emulator.ok("/v1/mgmt/project/clone", {
      name: "Copy",
      environment: "production",
      tags: ["a"],
    });
    expect(clone).toMatchObject({ projectName: "Copy", environment: "production", tags: ["a"] });
    expect(clone.projectId).toMatch(/^PEmulator\w{19}$/);
    const inClone = { project: clone.projectId };
    expect(await exported(inClone)).toEqual(await exported());
    expect(await emulator.ok(`${PATH}/validate`, { files: await exported() }, inClone)).toMatchObject({
      ok: true,
    });
    expect((await emulator.ok("/v2/mgmt/user/search", {}, inClone)).total).toBe(0);
    await emulator.ok("/v1/mgmt/project/delete", {}, inClone);
    const gone = await emulator.call("/v2/mgmt/user/search", {}, inClone);
    expect([gone.status, gone.body.errorCode]).toEqual([404, "E011008"]);
    expect((await emulator.ok("/v1/mgmt/projects/list", {})).projects).toHaveLength(2);
  });
});

describe("what does not hold together", () => {
  const cases: readonly (readonly [string, (files: Files) => void, string])[] = [
    [
      "an index that lists what is not there",
      (files) => setAt(files, ["flows/flows.json", "flows"], ["sign-up-or-in", "ghost"]),
      '"ghost"',
    ],
    [
      "a screen that is not there",
      (files) => delete files["flows/sign-up-or-in/screen-welcome.json"],
      "screen-welcome.json",
    ],
    ["a JSON file that is a text", (files) => setAt(files, ["auth/otp.json"], "x"), "auth/otp.json"],
    [
      "a role with a permission that is not listed",
      (files) => setAt(files, ["roles.json", "roles", 0, "permissionNames", 0], "fly"),
      '"fly"',
    ],
    ["a start that is no task", (files) => setAt(files, [...CONTENTS, "startTask"], "99"), '"99"'],
    [
      "two connectors of one name",
      (files) => {
        setAt(files, ["connectors/connectors.json", "connectors"], ["a", "b"]);
        files["connectors/a.json"] = { ...connector("CI1", "CRM"), configuration: null };
        files["connectors/b.json"] = { ...connector("CI2", "CRM"), configuration: null };
      },
      '"CRM"',
    ],
  ];
  for (const [name, spoil, words] of cases) {
    test(name, async () => {
      const files = await exported();
      spoil(files);
      const verdict = await emulator.ok(`${PATH}/validate`, { files });
      expect(verdict.ok).toBe(false);
      expect(verdict.failures.join("\n")).toContain(words);
      const before = await exported();
      expect((await emulator.call(`${PATH}/import`, { files })).status).toBe(400);
      expect(await exported()).toEqual(before);
    });
  }

  test("paths that lead elsewhere, and files that are no files", async () => {
    for (const files of [
      { "../x.json": {} },
      { "/x.json": {} },
      { "a\\b.json": {} },
      { "a//b.json": {} },
      { "x.json": 1 },
      {},
    ]) {
      expect((await emulator.call(`${PATH}/import`, { files })).status).toBe(400);
    }
  });
});

test("what is excluded stays as it was; a name that means nothing is refused", async () => {
  const before = await exported(there);
  const files = await exported();
  files["project.json"] = {
    ...files["project.json"],
    domain: "new.example.com",
    inviteUrl: "https://new.example.com",
  };
  files["lists.json"] = { lists: [] };
  await emulator.ok(`${PATH}/import`, { files, excludes: ["lists", "flows", "project.domain"] }, there);
  const after = await exported(there);
  expect(after["project.json"]).toEqual({ ...before["project.json"], inviteUrl: "https://new.example.com" });
  expect(after["lists.json"]).toEqual(before["lists.json"]);
  expect((await emulator.call(`${PATH}/import`, { files, excludes: ["everything"] })).body.errorCode).toBe(
    "E011004",
  );
});
