import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import path from "node:path";
import { binary } from "../support/binary.ts";
import { testEmulator } from "../support/emulator.ts";
import { temporaryFolder } from "../support/folder.ts";

const readme = readFileSync(path.join(import.meta.dir, "../../README.md"), "utf8");

/** The command lines of a chapter, as they are typed. */
function linesOf(chapter: string): string[] {
  const text = readme.split(/^## /m).find((one) => one.startsWith(`${chapter}\n`)) ?? "";
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((found) => found[1] ?? "");
  return blocks
    .join("")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** What serves until it is interrupted, asks somebody at a terminal, or needs a project of the reader's own. */
const notHere = /emulator (?:start|env|exec)|set-temporary/;

for (const chapter of ["First steps", "Commands"]) {
  test(`the command lines of "${chapter}" work in their order`, async () => {
    using folder = temporaryFolder();
    await using emulator = testEmulator({
      seed: {
        projects: [
          {
            id: "P2abc",
            name: "P2abc",
            roles: ["Editor", "Viewer", "User", "Writer"].map((name) => ({ name })),
          },
          { id: "P2xyz" },
        ],
      },
    });
    const run = async (line: string) => {
      const child = Bun.spawn(["sh", "-c", line], {
        cwd: folder.path,
        env: {
          ...process.env,
          ...emulator.env,
          PATH: `${folder.path}:${process.env.PATH}`,
          DESCOPE_PROJECT_ID: "P2abc",
          PASSWORD: "Correct-Horse-1",
        },
        stdin: new Blob(["P2abc\n"]),
        stdout: "pipe",
        stderr: "pipe",
      });
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      return { line, status: await child.exited, out, err };
    };
    const idOf = async (line: string) =>
      /"id": ?"([^"]+)"/.exec((await run(`${line} --json`)).out)?.[1] ?? "";
    await run(`ln -s "${binary}" descope; echo {} > secrets.json`);
    await run("descope flow export sign-up-or-in f.json && descope flow import sign-in f.json");
    const lines = linesOf(chapter).filter((line) => !notHere.test(line));
    expect(lines.length).toBeGreaterThan(2);
    for (let line of lines) {
      if (line.includes("AK2abc")) line = line.replace("AK2abc", await idOf("descope access-key create one"));
      if (line.includes("TPA2abc"))
        line = line.replace("TPA2abc", await idOf("descope apps inbound load-all"));
      const { status, err } = await run(line);
      expect({ line, status, error: /\* Error: .*/.exec(err)?.[0] }).toEqual({
        line,
        status: 0,
        error: undefined,
      });
    }
  });
}
