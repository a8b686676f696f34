import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";

let emulator: TestEmulator;
beforeEach(() => {
  emulator = testEmulator({ seed: { tenants: [{ id: "acme", name: "Acme" }] } });
});
afterEach(() => emulator.stop());

const ID = "sign-up-or-in";

describe("the older form of a flow", () => {
  test("what is exported is what is imported, and both forms are the same flow", async () => {
    const newer = await emulator.ok("/v2/mgmt/flow/export", { flowId: ID });
    const older = await emulator.ok("/v1/mgmt/flow/export", { flowId: ID });
    expect(older.flow).toMatchObject({ id: ID, name: "Sign up or in", disabled: false });
    expect(older.flow.dsl).toEqual(newer.flow.contents);
    expect(older.screens.map(({ id }) => id)).toEqual(newer.flow.screens.map((one) => one.screenId));
    const again = await emulator.ok("/v1/mgmt/flow/import", { flowId: ID, ...older });
    // Whoever saves it again makes another version of it.
    expect(again).toEqual({ ...older, flow: { ...older.flow, etag: expect.any(String) } });
    expect(await emulator.ok("/v2/mgmt/flow/export", { flowId: ID })).toEqual(newer);
  });

  test("a flow goes where the call says, whatever the flow says of itself", async () => {
    const { flow, screens } = await emulator.ok("/v1/mgmt/flow/export", { flowId: ID });
    const made = await emulator.ok("/v1/mgmt/flow/import", {
      flowId: "copy",
      flow: { ...flow, name: "Copy", translate: true, translateTargetLangs: ["de"] },
      screens,
    });
    expect(made.flow).toMatchObject({
      id: "copy",
      name: "Copy",
      translate: true,
      translateTargetLangs: ["de"],
    });
    const { flows } = await emulator.ok("/v1/mgmt/flow/list", {});
    expect(flows.map(({ id }) => id)).toEqual(["copy", ID]);
    expect((await emulator.ok("/v1/mgmt/flow/list", { ids: ["copy"] })).total).toBe(1);
  });

  test("one that is none is refused, and the flow stays", async () => {
    const before = await emulator.ok("/v1/mgmt/flow/export", { flowId: ID });
    for (const [body, message] of [
      [{ flowId: ID, flow: { ...before.flow, name: 3 } }, "The flow: flow.name"],
      [{ flowId: "a b", ...before }, "The id of a flow holds letters"],
      [{ flowId: ID, flow: "no" }, "The flow field must be an object"],
    ] as const) {
      const answer = await emulator.call("/v1/mgmt/flow/import", body);
      expect(answer.status).toBe(400);
      expect(answer.body.errorMessage).toContain(message);
    }
    expect(await emulator.ok("/v1/mgmt/flow/export", { flowId: ID })).toEqual(before);
    expect((await emulator.call("/v1/mgmt/flow/export", { flowId: "nope" })).status).toBe(404);
  });
});

test("the older form of the theme is the same theme", async () => {
  const { theme } = await emulator.ok("/v1/mgmt/theme/export", {});
  const newer = await emulator.ok("/v2/mgmt/theme/export", {});
  expect(theme.cssTemplate).toEqual(newer.theme.styles);
  const changed = { ...theme, cssTemplate: { light: { globals: { colors: {} } } } };
  expect((await emulator.ok("/v1/mgmt/theme/import", { theme: changed })).theme).toEqual(changed);
  expect((await emulator.ok("/v2/mgmt/theme/export", {})).theme.styles).toEqual(changed.cssTemplate);
  const refused = await emulator.call("/v1/mgmt/theme/import", { theme: { cssTemplate: { "a/b": {} } } });
  expect(refused.body.errorCode).toBe("E113007");
});

test("flows are deleted, all that are named or none", async () => {
  const { flow, screens } = await emulator.ok("/v1/mgmt/flow/export", { flowId: ID });
  await emulator.ok("/v1/mgmt/flow/import", { flowId: "copy", flow, screens });
  expect((await emulator.call("/v1/mgmt/flow/delete", { ids: ["copy", "nope"] })).status).toBe(404);
  expect((await emulator.ok("/v1/mgmt/flow/list", {})).total).toBe(2);
  await emulator.ok("/v1/mgmt/flow/delete", { ids: ["copy"] });
  expect((await emulator.ok("/v1/mgmt/flow/list", {})).total).toBe(1);
  expect((await emulator.call("/v1/mgmt/flow/delete", { ids: [] })).body.errorCode).toBe("E011002");
});

describe("runs", () => {
  test("a run says that it is emulated, and of what; options may stand anywhere", async () => {
    const expected = {
      emulated: true,
      flowId: ID,
      flowName: "Sign up or in",
      input: { a: 1 },
      preview: false,
      tenant: "acme",
    };
    const options = { input: { a: 1 }, tenant: "acme" };
    for (const body of [
      { flowId: ID, options },
      { flowId: ID, ...options },
    ])
      expect<unknown>(await emulator.ok("/v1/mgmt/flow/run", body)).toEqual({ output: expected });
    const { executionId } = await emulator.ok("/v1/mgmt/flow/async/run", { flowId: ID, options });
    expect<unknown>(await emulator.ok("/v1/mgmt/flow/async/result", { executionId })).toEqual({
      output: expected,
    });
  });

  test("what does not exist does not run", async () => {
    for (const [path, body, status] of [
      ["run", { flowId: "nope" }, 404],
      ["async/run", { flowId: "nope" }, 404],
      ["run", { flowId: ID, options: { tenant: "nope" } }, 404],
      ["async/result", { executionId: "nope" }, 404],
      ["externalauth/complete", { externalAuthReqId: "nope", loginId: "a" }, 404],
      ["run", { flowId: "" }, 400],
    ] as const)
      expect((await emulator.call(`/v1/mgmt/flow/${path}`, body)).status).toBe(status);
    const { flow, screens } = await emulator.ok("/v1/mgmt/flow/export", { flowId: ID });
    await emulator.ok("/v1/mgmt/flow/import", { flowId: "off", flow: { ...flow, disabled: true }, screens });
    const { body } = await emulator.call("/v1/mgmt/flow/run", { flowId: "off" });
    expect(body.errorMessage).toBe("The flow off is disabled");
  });
});

test("the templates hold what a new project's flow is made of", async () => {
  const { templates, total } = await emulator.ok("/v1/mgmt/flow/template/list", {});
  expect(total).toBe(templates.length);
  const { flow } = await emulator.ok("/v2/mgmt/flow/export", { flowId: ID });
  expect(templates[0]?.dsl).toEqual(flow.contents);
  expect(templates[0]?.screens.length).toBe(flow.screens.length);
});

test("widgets are those of the project's configuration", async () => {
  expect<unknown>(await emulator.ok("/v1/mgmt/widget/list")).toEqual({ widgets: [] });
  await emulator.ok("/v1/mgmt/project/snapshot/import", {
    files: {
      "widgets/widgets.json": { widgets: ["user-profile"] },
      "widgets/user-profile/metadata.json": {
        name: "Profile",
        description: "",
        type: "userProfile",
        screens: [],
      },
    },
  });
  expect<unknown>(await emulator.ok("/v1/mgmt/widget/list")).toEqual({
    widgets: [{ widgetId: "user-profile", name: "Profile", type: "userProfile", disabled: false }],
  });
});

describe("texts in other languages", () => {
  const languages = { de: { title: "Willkommen" }, fr: { title: "Bienvenue" } };

  test("those of a flow are kept with a version, and go with the flow", async () => {
    const path = "/v1/mgmt/localization/flow";
    const none = await emulator.ok(`${path}/export`, { flowId: ID });
    expect(none.overrides).toMatchObject({ id: "", version: 0, flowId: ID, languages: {} });
    const first = await emulator.ok(`${path}/import`, { flowId: ID, overrides: { languages } });
    expect(first.overrides).toMatchObject({ version: 1, flowId: ID, languages });
    expect(await emulator.ok(`${path}/export`, { flowId: ID })).toEqual(first);
    const second = await emulator.ok(`${path}/import`, { flowId: ID, overrides: { languages: {} } });
    expect(second.overrides).toMatchObject({ id: first.overrides.id, version: 2, languages: {} });
    expect((await emulator.call(`${path}/export`, { flowId: "nope" })).status).toBe(404);
    expect((await emulator.call(`${path}/import`, { flowId: "nope", overrides: {} })).status).toBe(404);
    const wrong = await emulator.call(`${path}/import`, {
      flowId: ID,
      overrides: { languages: { de: "x" } },
    });
    expect(wrong.body.errorMessage).toContain("The overrides.languages.de field must be an object");
    const { flow, screens } = await emulator.ok("/v1/mgmt/flow/export", { flowId: ID });
    await emulator.ok("/v1/mgmt/flow/delete", { ids: [ID] });
    await emulator.ok("/v1/mgmt/flow/import", { flowId: ID, flow, screens });
    expect((await emulator.ok(`${path}/export`, { flowId: ID })).overrides.version).toBe(0);
  });

  test("those of messages are the project's", async () => {
    const path = "/v1/mgmt/localization/messaging";
    const { overrides } = await emulator.ok(`${path}/import`, { overrides: { languages } });
    expect(overrides).toMatchObject({ version: 1, languages });
    expect(overrides.flowId).toBeUndefined();
    expect<unknown>(await emulator.ok(`${path}/export`, {})).toEqual({ overrides });
  });
});
