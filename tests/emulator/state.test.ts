import { Database } from "bun:sqlite";
import fs from "node:fs";
import path from "node:path";
import { describe, expect, test } from "bun:test";
import { testEmulator } from "../support/emulator.ts";
import { temporaryFolder } from "../support/folder.ts";
import type { Reply } from "../support/replies.ts";

/** Starts an emulator on a state file in a process of its own. */
async function spawned(file: string) {
  const child = Bun.spawn([process.execPath, path.join(import.meta.dir, "../support/serve-state.ts"), file], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const { url, key } = JSON.parse(new TextDecoder().decode(value)) as { url: string; key: string };
  const call = async (place: string, body: unknown) => {
    const response = await fetch(url + place, {
      method: "POST",
      headers: { authorization: `Bearer PEmulatorProject000000000001:${key}` },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Reply;
  };
  return { child, call };
}

test("what is kept in a file is there at the next start, seeds are for the first one alone", async () => {
  using folder = temporaryFolder();
  const stateFile = folder.at("state.db");
  const seed = { managementKey: "KFirst", users: [{ loginId: "seeded" }] };
  {
    await using emulator = testEmulator({ stateFile, seed });
    await emulator.ok("/v1/mgmt/user/create", { loginId: "ann" });
    await emulator.ok("/v1/mgmt/user/delete", { loginId: "seeded" });
  }
  await using emulator = testEmulator({ stateFile, seed, projects: [{ id: "P2more", name: "more" }] });
  expect(emulator.managementKey).toBe("KFirst");
  const { users } = await emulator.ok("/v2/mgmt/user/search", {});
  expect(users.map(({ loginIds }) => loginIds[0])).toEqual(["ann"]);
  expect(emulator.projects.map(({ name }) => name)).toEqual(["Emulator", "more"]);
});

test("everything that was acknowledged is there after the process is killed while it writes", async () => {
  using folder = temporaryFolder();
  const file = folder.at("state.db");
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++) {
    const { child, call } = await spawned(file);
    const halfway = Promise.withResolvers<void>();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let i = 0; ; i++) {
        const loginId = `${round}-${writer}-${i}`;
        const { user } = await call("/v1/mgmt/user/create", { loginId });
        acknowledged.push(user.loginIds[0]);
        if (i === 10 + round) halfway.resolve();
      }
    });
    await halfway.promise;
    child.kill("SIGKILL");
    await Promise.allSettled(writers);
    await child.exited;
  }
  const { child, call } = await spawned(file);
  const { users } = await call("/v2/mgmt/user/search", { limit: 10_000 });
  child.kill();
  const kept = new Set(users.map(({ loginIds }) => loginIds[0]));
  expect(acknowledged.filter((loginId) => !kept.has(loginId))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(30);
});

describe("files that cannot be used say so", () => {
  test("another version", async () => {
    using folder = temporaryFolder();
    const stateFile = folder.at("state.db");
    await testEmulator({ stateFile }).stop();
    const database = new Database(stateFile);
    database.run("PRAGMA user_version = 999");
    database.close();
    expect(() => testEmulator({ stateFile })).toThrow(
      "written by another version of the emulator (state 999",
    );
  });

  test("a file of something else", () => {
    using folder = temporaryFolder();
    folder.put("notes.txt", "these are notes ".repeat(100));
    const other = new Database(folder.at("other.db"));
    other.run("CREATE TABLE things (id)");
    other.close();
    for (const file of ["notes.txt", "other.db"])
      expect(() => testEmulator({ stateFile: folder.at(file) })).toThrow(
        "is not a state file of this emulator",
      );
    expect(folder.contents()["notes.txt"]).toBe("these are notes ".repeat(100));
  });

  test("a file in use", async () => {
    using folder = temporaryFolder();
    const stateFile = folder.at("state.db");
    const { child } = await spawned(stateFile);
    expect(() => testEmulator({ stateFile })).toThrow("in use by another emulator");
    child.kill();
    await child.exited;
  });

  test("a folder that is not there", () => {
    using folder = temporaryFolder();
    expect(() => testEmulator({ stateFile: folder.at("no", "state.db") })).toThrow(
      "Cannot use the state file",
    );
  });
});

test("a state file is for its owner alone, and says when it takes no seeds", async () => {
  using folder = temporaryFolder();
  const stateFile = folder.at("state.db");
  const said: string[] = [];
  for (let start = 0; start < 2; start++) {
    await using emulator = testEmulator({
      stateFile,
      seed: { users: [{ loginId: "a" }] },
      warn: (line) => void said.push(line),
    });
    await emulator.ok("/v1/mgmt/user/create", { loginId: `b${start}` });
    for (const file of fs.readdirSync(folder.path))
      expect([file, fs.statSync(folder.at(file)).mode & 0o777]).toEqual([file, 0o600]);
  }
  expect(said).toEqual([`${stateFile} holds a state already: the seeds are not put in, but for a reset`]);
});

test("a start that fails leaves a new state file that the next start can use", async () => {
  using folder = temporaryFolder();
  const stateFile = folder.at("state.db");
  expect(() => testEmulator({ stateFile, seed: { users: [{ loginId: "a", roleNames: ["x"] }] } })).toThrow(
    "no role",
  );
  await using emulator = testEmulator({ stateFile, seed: { users: [{ loginId: "a" }] } });
  expect((await emulator.ok("/v2/mgmt/user/search", {})).total).toBe(1);
});
