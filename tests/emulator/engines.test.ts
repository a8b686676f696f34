import { expect, test } from "bun:test";
import { testEmulator } from "../support/emulator.ts";

test("an engine's secret is told when it is made and when it changes, and never else", async () => {
  await using emulator = testEmulator();
  const { engine } = await emulator.ok("/v1/mgmt/engine/create", { name: "edge" });
  expect(engine.secret.length).toBeGreaterThan(30);
  const { engine: renamed } = await emulator.ok("/v1/mgmt/engine/update", { id: engine.id, name: "edge 2" });
  expect(renamed).toEqual({ ...engine, name: "edge 2", secret: "" });
  expect((await emulator.ok(`/v1/mgmt/engine/load?id=${engine.id}`)).engine).toEqual(renamed);
  const { secret } = await emulator.ok("/v1/mgmt/engine/rotate", { id: engine.id });
  expect(secret).not.toBe(engine.secret);
  expect<unknown>(await emulator.ok("/v1/mgmt/engines/load")).toEqual({ engines: [renamed] });
  await emulator.ok("/v1/mgmt/engine/delete", { id: engine.id });
  expect<unknown>(await emulator.ok("/v1/mgmt/engines/load")).toEqual({ engines: [] });
  for (const path of ["delete", "rotate", "update"])
    expect((await emulator.call(`/v1/mgmt/engine/${path}`, { id: engine.id, name: "x" })).status).toBe(404);
  expect((await emulator.call("/v1/mgmt/engine/create", { name: "" })).body.errorCode).toBe("E011002");
  const { audits } = await emulator.ok("/v1/mgmt/audit/search", { oldestFirst: true });
  expect(audits.map(({ action }) => action)).toEqual([
    "EngineCreated",
    "EngineUpdated",
    "EngineSecretRotated",
    "EngineDeleted",
  ]);
});
