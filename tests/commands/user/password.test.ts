import { describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { against } from "../../support/project.ts";
import { scriptedServer } from "../../support/server.ts";

describe.each([
  ["set-temporary", "POST /v1/mgmt/user/password/set/temporary", false],
  ["set-active", "POST /v1/mgmt/user/password/set/active", true],
])("user password %s", (verb, call, setActive) => {
  const line = ["user", "password", verb, "ann"];
  const answers = { [call]: { raw: "" } };

  test.each<
    [
      string,
      string[],
      { stdin?: string; tty?: boolean; answers?: string[]; env?: Record<string, string> },
      string,
    ]
  >([
    ["an argument", ["s3cret"], {}, "s3cret"],
    ["an argument that looks like a number", ["00123"], {}, "00123"],
    ["an argument with spaces around it", [" s3cret "], {}, " s3cret "],
    ["standard input", ["-"], { stdin: "s3cret\nmore\n" }, "s3cret"],
    ["standard input with a line end of two characters", ["-"], { stdin: "s3cret\r\n" }, "s3cret"],
    ["standard input without an end", ["-"], { stdin: "s3cret" }, "s3cret"],
    ["a variable", ["--password-env", "NEW_PASSWORD"], { env: { NEW_PASSWORD: " s3 cret" } }, " s3 cret"],
    ["a question on a terminal", [], { tty: true, answers: ["s3cret"] }, "s3cret"],
  ])("takes it from %s, and never shows it", async (_, more, options, password) => {
    using server = scriptedServer(answers);
    const ran = await against(server, [...line, ...more, "--debug"], {
      ...options,
    });
    expect(ran).toMatchObject({ status: 0, out: "" });
    expect(server.seen.map(({ body }) => body)).toEqual([{ loginId: "ann", password, setActive }]);
    expect(ran.err).toContain("> POST ");
    expect(ran.err).not.toContain(password);
  });

  test("takes it from the first line of a file", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "descope-password-"));
    try {
      using server = scriptedServer(answers);
      const file = path.join(folder, "password");
      writeFileSync(file, "s3cret é\r\nmore");
      expect((await against(server, [...line, "--password-file", file])).status).toBe(0);
      expect(server.seen[0]?.body).toMatchObject({ password: "s3cret é" });
      const missing = await against(server, [...line, "--password-file", `${file}.no`]);
      expect(missing).toMatchObject({ status: 1, out: "" });
      expect(missing.err).toContain(`Cannot read ${file}.no: no such file or folder`);
      expect(server.seen).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each<
    [string, string[], { tty?: boolean; answers?: (string | undefined)[]; stdin?: string }, string, boolean]
  >([
    ["in a script", [], {}, "The password is missing", true],
    ["in a script whose input could hold it", [], { stdin: "s3cret\n" }, "The password is missing", true],
    ["with --json on a terminal", ["--json"], { tty: true }, "The password is missing", true],
    ["as an empty argument", [""], {}, "[E011004] The password must not be empty", false],
    ["as an empty line", ["-"], { stdin: "\n" }, "[E011004] The password must not be empty", false],
    ["as no line", ["-"], { stdin: "" }, "[E011004] The password must not be empty", false],
    [
      "as an empty answer",
      [],
      { tty: true, answers: [""] },
      "[E011004] The password must not be empty",
      false,
    ],
    [
      "in a variable that is not set",
      ["--password-env", "NOPE"],
      {},
      "The environment variable NOPE is not set",
      false,
    ],
    ["twice", ["x", "--password-env", "HOME"], {}, "The password is given in more than one way", false],
  ])("fails where it is missing: %s", async (_, more, options, message, usage) => {
    using server = scriptedServer({});
    const ran = await against(server, [...line, ...more], options);
    expect(ran.status).toBe(1);
    expect(more.includes("--json") ? ran.json() : ran.err).toEqual(
      more.includes("--json")
        ? expect.objectContaining({ ok: false, code: "usage", error: message })
        : expect.stringContaining(`* Error: ${message}\n`),
    );
    if (!more.includes("--json")) expect(ran.err.includes("\nUsage\n")).toBe(usage);
    expect(server.seen).toEqual([]);
  });

  test("an error that repeats it does not show it", async () => {
    using server = scriptedServer({
      [call]: {
        status: 400,
        body: { errorCode: "E1", errorDescription: "Weak", errorMessage: "s3cret is weak" },
      },
    });
    const ran = await against(server, [...line, "s3cret"]);
    expect(ran.err).toStartWith("* Error: [E1] Weak: [redacted] is weak [Status-Code:400]\n");
  });
});
