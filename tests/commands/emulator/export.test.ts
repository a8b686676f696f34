import fs from "node:fs";
import { describe, expect, test } from "bun:test";
import { readSeed } from "../../../src/emulator/seed/read-seed.ts";
import { cli } from "../../support/cli.ts";
import { testEmulator } from "../../support/emulator.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { scriptedServer } from "../../support/server.ts";

const USERS = "projects/PEmulatorProject000000000001/users.ndjson";

describe("emulator export", () => {
  test("of a running emulator: the folder is there, nobody but its owner may read it, and it says what is in it", async () => {
    using folder = temporaryFolder();
    await using emulator = testEmulator({
      seed: { users: [{ loginId: "ann" }, { loginId: "t", test: true }] },
    });
    const ran = await cli(["emulator", "export", folder.at("saved"), "--url", emulator.url, "--json"]);
    expect(ran.json()).toEqual({
      ok: true,
      folder: folder.at("saved"),
      records: 6,
      projects: [{ id: emulator.project, name: "Emulator", users: 2, files: expect.any(Number) }],
    });
    expect(fs.readdirSync(folder.path)).toEqual(["saved"]);
    for (const file of Object.keys(folder.contents("saved")))
      expect([file, fs.statSync(folder.at("saved", file)).mode & 0o777]).toEqual([file, 0o600]);
    expect(fs.statSync(folder.at("saved", "projects")).mode & 0o777).toBe(0o700);
    expect(fs.statSync(folder.at("saved")).mode & 0o777).toBe(0o700);
    const people = await cli(["emulator", "export", folder.at("other")], { env: emulator.env });
    expect([people.status, people.out]).toEqual([
      0,
      expect.stringContaining(`* Exported 1 project to ${folder.at("other")}, 6 records in all\n`),
    ]);
    expect(folder.contents("other")).toEqual(folder.contents("saved"));
  });

  test("of a state file, as it is after a crash; the file stays as it was", async () => {
    using folder = temporaryFolder();
    {
      await using emulator = testEmulator({
        stateFile: folder.at("state.db"),
        seed: { users: [{ loginId: "ann" }] },
      });
      expect(emulator.projects).toHaveLength(1);
    }
    expect(
      (await cli(["emulator", "export", folder.at("saved"), "--state", folder.at("state.db")])).status,
    ).toBe(0);
    expect(fs.readFileSync(folder.at("saved", USERS), "utf8")).toContain('"loginIds":["ann"]');
    await using again = testEmulator({ stateFile: folder.at("state.db") });
    expect((await again.ok("/v2/mgmt/user/search", {})).total).toBe(1);
  });

  test("an earlier export is replaced whole; anything else stays, and the command fails", async () => {
    using folder = temporaryFolder();
    await using emulator = testEmulator({ seed: { users: [{ loginId: "ann" }] } });
    const run = () => cli(["emulator", "export", folder.at("saved"), "--url", emulator.url]);
    fs.mkdirSync(folder.at("saved"));
    expect((await run()).status).toBe(0);
    await emulator.ok("/v1/mgmt/user/delete", { loginId: "ann" });
    expect((await run()).status).toBe(0);
    expect(folder.contents("saved")[USERS]).toBeUndefined();
    folder.put("saved/notes.md", "mine");
    const before = folder.contents();
    const refused = await run();
    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining("it holds notes.md")]);
    expect(folder.contents()).toEqual(before);
    folder.put("plain/notes.md", "mine");
    expect((await cli(["emulator", "export", folder.at("plain"), "--url", emulator.url])).err).toContain(
      "notes.md",
    );
    expect(
      (await cli(["emulator", "export", folder.at("plain/notes.md"), "--url", emulator.url])).status,
    ).toBe(1);
  });

  test("a state that was cut on its way is asked for again", async () => {
    using folder = temporaryFolder();
    await using emulator = testEmulator({ seed: { users: [{ loginId: "ann" }] } });
    const image = await (await fetch(`${emulator.url}/_emulator/state`)).bytes();
    let asked = 0;
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: () => {
        const first = ++asked === 1;
        const body = new ReadableStream({
          async start(controller) {
            controller.enqueue(image.subarray(0, first ? 5000 : image.length));
            await Bun.sleep(0);
            if (first) controller.error();
            else controller.close();
          },
        });
        return new Response(body, { headers: { "content-type": "application/vnd.sqlite3" } });
      },
    });
    const args = ["emulator", "export", folder.at("saved"), "--url", `http://127.0.0.1:${server.port}`];
    const ran = await cli(args);
    await server.stop(true);
    expect([ran.status, ran.err, asked]).toEqual([0, "", 2]);
    expect(fs.readFileSync(folder.at("saved", USERS), "utf8")).toContain('"loginIds":["ann"]');
  });

  test("some projects, by id", async () => {
    using folder = temporaryFolder();
    const projects = ["P2a", "P2b", "P2c"].map((id) => ({ id, name: id }));
    await using emulator = testEmulator({ projects });
    const args = ["emulator", "export", folder.at("saved"), "--url", emulator.url];
    await cli([...args, "--project", "P2c", "--project", "P2a"]);
    expect(readSeed(folder.at("saved")).projects.map(({ id }) => id)).toEqual(["P2a", "P2c"]);
    const wrong = await cli([...args, "--project", "P2x"]);
    expect(wrong.err).toContain("There is no project P2x in the state");
    expect(fs.readdirSync(folder.path)).toEqual(["saved"]);
  });

  test("what cannot be exported is named, and nothing is written", async () => {
    using folder = temporaryFolder();
    folder.put("notes.db", "these are notes ".repeat(100));
    folder.put("empty.db", "");
    await using running = testEmulator({ stateFile: folder.at("running.db") });
    using other = scriptedServer({ "GET /_emulator/state": { body: { hello: "world" } } });
    expect(running.projects).toHaveLength(1);
    const cases: readonly (readonly [string[], string])[] = [
      [["--state", folder.at("none.db")], "There is no state file"],
      [["--state", folder.at("notes.db")], "is not a state file of this emulator"],
      [["--state", folder.at("empty.db")], "is not a state file of this emulator"],
      [["--state", folder.at("running.db"), "--url", running.url], "Only one of --url and --state"],
      [["--url", "localhost:8400"], "--url is not an address"],
      [["--url", "http://127.0.0.1:1"], "the connection was refused"],
      [["--url", other.url], "is no emulator of this version"],
    ];
    const before = Object.keys(folder.contents()).sort();
    for (const [flags, words] of cases) {
      const ran = await cli(["emulator", "export", folder.at("saved"), ...flags, "--timeout", "2s"]);
      expect([flags, ran.status, ran.err]).toEqual([flags, 1, expect.stringContaining(words)]);
      expect(Object.keys(folder.contents()).sort()).toEqual(before);
    }
    expect(folder.contents()["notes.db"]).toBe("these are notes ".repeat(100));
    expect(folder.contents()["empty.db"]).toBe("");
  });
});
