import { afterAll, expect, test } from "bun:test";
import fc from "fast-check";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { command, type Command } from "./command.ts";
import { Model } from "./model.ts";
import {
  compareKeys,
  compareLists,
  compareTenants,
  creatingTenant,
  keyCommands,
  listCommands,
  relationCommands,
  sessionCommands,
  tenantCommands,
  timeCommands,
} from "./other-commands.ts";
import {
  assignmentCommands,
  compareRoles,
  creatingRole,
  permissionCommands,
  roleCommands,
} from "./role-commands.ts";
import { System } from "./system.ts";
import { compareUsers, creating, joining, userCommands } from "./user-commands.ts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "descope-model-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const everything: fc.Arbitrary<Command>[] = [
  ...timeCommands,
  ...tenantCommands,
  ...userCommands,
  ...sessionCommands,
  ...permissionCommands,
  ...roleCommands,
  ...assignmentCommands,
  ...keyCommands,
  ...listCommands,
  ...relationCommands,
];

const people: fc.Arbitrary<Command>[] = [...userCommands, ...sessionCommands];
/** Roles are made more often than they are deleted, so that there are some to be given. */
const permitted: fc.Arbitrary<Command>[] = [
  creating,
  ...tenantCommands,
  ...permissionCommands,
  ...roleCommands,
  ...[1, 2, 3].flatMap(() => [creatingTenant, creatingRole, joining, ...assignmentCommands]),
];

/** Milliseconds; each takes a few seconds, a failing one some more to make its sequence smaller. */
const LONGEST = 60_000;

/** Stops in the middle and goes on from the file. */
const reopening = fc.constant(
  command("stop, and start from the file", async (model, system) => {
    await system.reopen();
    await compareAll(model, system);
  }),
);

async function compareAll(model: Model, system: System): Promise<void> {
  await compareTenants(model, system);
  await compareRoles(model, system);
  await compareUsers(model, system);
  await compareKeys(model, system);
  await compareLists(model, system);
}

let steps = 0;
let files = 0;

/**
 * Runs sequences of steps against emulator and model. A failing one is made smaller and printed with `seed`, `path` and
 * `replayPath`: given to `fc.assert` and `fc.commands` here they run it once more.
 */
async function hold(commands: fc.Arbitrary<Command>[], seed: number, numRuns: number, withFile: boolean) {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 300, size: "max" }), async (sequence) => {
      const model = new Model();
      const system = new System(model, withFile ? path.join(folder, `${++files}.db`) : undefined);
      try {
        await system.prepare();
        await fc.asyncModelRun(() => ({ model, real: system }), sequence);
        steps += [...sequence].length;
        await compareAll(model, system);
      } finally {
        await system.stop();
      }
    }),
    { seed, numRuns },
  );
}

test("everything together answers as the model does", () => hold(everything, 20_261_126, 30, false), LONGEST);

test(
  "so do users, tenants and their sessions by themselves",
  () => hold([...timeCommands, ...tenantCommands, ...people, ...people], 4, 30, false),
  LONGEST,
);

test(
  "so do roles and permissions, in the project and in tenants",
  () => hold(permitted, 6, 30, false),
  LONGEST,
);

test(
  "so does an emulator that is stopped and started again",
  () => hold([...everything, reopening, reopening], 8, 8, true),
  LONGEST,
);

test("thousands of steps were done", () => expect(steps).toBeGreaterThan(10_000));
