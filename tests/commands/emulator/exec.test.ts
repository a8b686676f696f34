import { describe, expect, test } from "bun:test";
import { cli } from "../../support/cli.ts";
import { temporaryFolder } from "../../support/folder.ts";

const shell = (script: string) => ["--", "sh", "-c", script];

describe("emulator exec", () => {
  test("runs the command with everything that it needs to find the emulator", async () => {
    const script =
      'test "$DESCOPE_BASE_URL" = "$DESCOPE_BASE_URI" && echo "$DESCOPE_PROJECT_ID $DESCOPE_MANAGEMENT_KEY $OWN $DESCOPE_BASE_URL"';
    const ran = await cli(
      ["emulator", "exec", "--project", "P2a=a", "--management-key", "KMine", ...shell(script)],
      { env: { OWN: "kept", PATH: process.env.PATH, DESCOPE_BASE_URL: "https://api.descope.com" } },
    );
    expect(ran.out).toMatch(/^P2a KMine kept http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(ran.status).toBe(0);
  });

  test("ends with the command's own status", async () => {
    for (const status of [0, 1, 3, 255])
      expect(
        (await cli(["emulator", "exec", ...shell(`exit ${status}`)], { env: { PATH: process.env.PATH } }))
          .status,
      ).toBe(status);
  });

  test("dies of the command's signal", async () => {
    const ran = await cli(["emulator", "exec", ...shell("kill -TERM $$")], {
      env: { PATH: process.env.PATH },
    });
    expect(ran.died).toBe("SIGTERM");
  });

  test("options behind -- are the command's", async () => {
    const ran = await cli(["emulator", "exec", "--", "echo", "--json", "-j", "--port", "x"], {
      env: { PATH: process.env.PATH },
    });
    expect(ran.out).toBe("--json -j --port x\n");
  });

  test("without a command it says how", async () => {
    const ran = await cli(["emulator", "exec"]);
    expect(ran.status).toBe(1);
    expect(ran.err).toContain("descope emulator exec -- npm test");
  });

  test("what cannot be started is named, and the command is not run", async () => {
    using folder = temporaryFolder();
    folder.put("seed.json", "{");
    const marker = folder.at("ran");
    const cases: readonly (readonly [string[], string])[] = [
      [["--seed", folder.at("seed.json")], "seed.json:1:2: not JSON"],
      [["--state", folder.at("no/state.db")], "Cannot use the state file"],
      [["--project", "staging"], "is not the id of a project"],
      [["--management-key", "secret"], "must start with K"],
      [["--otp", "12ab"], "--otp must be"],
      [["--signing-key", folder.at("none.pem")], "none.pem"],
      [["--host", "192.0.2.1"], "Cannot listen"],
    ];
    for (const [flags, words] of cases) {
      const ran = await cli(["emulator", "exec", ...flags, ...shell(`touch ${marker}`)]);
      expect([ran.status, ran.err]).toEqual([1, expect.stringContaining(words)]);
      expect(ran.err).not.toContain("secret");
    }
    expect(Object.keys(folder.contents())).toEqual(["seed.json"]);
  });
});
