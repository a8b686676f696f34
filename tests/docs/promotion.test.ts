import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import { binary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startServing } from "../support/serving.ts";
import { lacks } from "../support/tools.ts";

const root = path.join(import.meta.dir, "../..");
const page = fs.readFileSync(path.join(root, "docs/promotion.md"), "utf8");

interface Step {
  readonly command: string;
  /** What the page shows of its output: lines in order, with `…` for what differs from run to run. */
  readonly shown: readonly string[];
  readonly status: number;
}

/** The commands of the page's `console` blocks: `$` begins one, `>` goes on with it. */
function stepsOf(text: string): Step[] {
  const steps: { command: string; shown: string[]; status: number }[] = [];
  for (const [, block = ""] of text.matchAll(/```console\n(.*?)```/gs)) {
    for (const line of block.trimEnd().split("\n")) {
      const last = steps.at(-1);
      const [, status] = /^\(exit status (\d+)\)$/.exec(line) ?? [];
      if (line.startsWith("$ ")) steps.push({ command: line.slice(2), shown: [], status: 0 });
      else if (last === undefined) throw new Error(`no command is before: ${line}`);
      else if (line.startsWith("> ")) last.command += `\n${line.slice(2)}`;
      else if (status !== undefined) last.status = Number(status);
      else last.shown.push(line);
    }
  }
  return steps;
}

/** Lines of the page that the output does not have, in their order. */
function missing(shown: readonly string[], output: string): string[] {
  let left = output.split("\n");
  return shown.filter((line) => {
    const pattern = new RegExp(`^${line.split("…").map(RegExp.escape).join(".*")}$`);
    const at = left.findIndex((one) => pattern.test(one.trimEnd()));
    if (at < 0) return true;
    left = left.slice(at + 1);
    return false;
  });
}

describe.skipIf(lacks("bash", "git"))("docs/promotion.md", () => {
  const steps = stepsOf(page);

  test("each of its commands does what the page shows", async () => {
    await using serving = await startServing("--seed", path.join(root, "docs/promotion/seed.yaml"));
    using folder = temporaryFolder();
    const work = folder.at("work");
    fs.mkdirSync(work);
    fs.mkdirSync(folder.at("bin"));
    fs.symlinkSync(binary, folder.at("bin/descope"));
    // One shell for all, as one person would type it; what each printed is kept by number.
    const said = (number: number) => folder.at(`said-${number}`);
    let output = "";
    const shell = Bun.spawn(["bash", "--noprofile", "--norc"], {
      cwd: work,
      stdin: "pipe",
      stdout: "pipe",
      stderr: "inherit",
      env: {
        PATH: `${folder.at("bin")}:${process.env.PATH}`,
        HOME: folder.path,
        NO_COLOR: "1",
        DESCOPE_BASE_URL: serving.ready.url,
        DESCOPE_MANAGEMENT_KEY: serving.ready.managementKey,
        GIT_CONFIG_GLOBAL: "/dev/null",
        GIT_AUTHOR_NAME: "Ann",
        GIT_AUTHOR_EMAIL: "ann@example.com",
        GIT_COMMITTER_NAME: "Ann",
        GIT_COMMITTER_EMAIL: "ann@example.com",
      },
    });
    const lines = shell.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const type = async (command: string, number: number): Promise<number> => {
      shell.stdin.write(`{ ${command}\n} >'${said(number)}' 2>&1 </dev/null; echo "status $?"\n`);
      await shell.stdin.flush();
      for (;;) {
        const [, status] = /^status (\d+)$/m.exec(output) ?? [];
        if (status !== undefined) {
          output = "";
          return Number(status);
        }
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`the shell ended at: ${command}`);
        output += value;
      }
    };
    expect(await type("git init --quiet", 0)).toBe(0);
    // What a reader copies from the output before: the last fingerprint and the newest backup.
    const last = { fingerprint: "", backup: "" };
    for (const [index, step] of steps.entries()) {
      const command = step.command
        .replace("dp1-…", last.fingerprint)
        .replace(/\.descope\/backups\/P2production-…/, last.backup);
      expect(command).not.toContain("…");
      const status = await type(command, index + 1);
      const text = fs.readFileSync(said(index + 1), "utf8");
      expect({ command, status, missing: missing(step.shown, text), text: "" }).toEqual({
        command,
        status: step.status,
        missing: [],
        // Shown when something is missing.
        text: missing(step.shown, text).length === 0 && status === step.status ? "" : text,
      });
      last.fingerprint = [...text.matchAll(/\bdp1-[0-9a-f]+/g)].at(-1)?.[0] ?? last.fingerprint;
      last.backup = /Backup: (\.descope\/backups\/\S+)/.exec(text)?.[1] ?? last.backup;
    }
    shell.stdin.end();
    expect(await shell.exited).toBe(0);
    expect(steps.length).toBeGreaterThan(25);
    const kept = JSON.stringify(folder.contents());
    expect(kept).not.toContain(serving.ready.managementKey);
    expect(kept.split("not-a-real-token").length).toBe(1);
  });
});
