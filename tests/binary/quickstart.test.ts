import { expect, test } from "bun:test";
import path from "node:path";

test("the quickstart walks through all of its steps", async () => {
  const child = Bun.spawn(
    [process.execPath, "run", path.join(import.meta.dir, "../../docs/quickstart/run.ts")],
    {
      env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    },
  );
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  expect(err).toBe("");
  expect(child.exitCode).toBe(0);
  const commands = out.split("\n").filter((line) => line.startsWith("$ "));
  expect(commands.length).toBe(16);
  expect(out).toContain('* Created new tenant with id: "acme"');
  expect(out).toMatch(/"code": "\d{6}"/);
  expect(out).toContain("* The snapshot can be imported");
  expect(out).toContain("* Imported the snapshot");
  expect(out).toContain('"action":"UserCreated"');
});
