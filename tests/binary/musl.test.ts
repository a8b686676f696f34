import { expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";

const arch = process.arch === "x64" ? "x86_64" : "aarch64";
const program = path.join(import.meta.dir, "../../dist", `linux-${process.arch}-musl`, "descope");

/** Why the program for musl cannot be run here; undefined where it can. */
function obstacle(): string | undefined {
  if (process.platform !== "linux") return "this is no Linux";
  if (!fs.existsSync(`/lib/ld-musl-${arch}.so.1`)) return "this machine has no musl";
  // Those of glibc do not work with it, so it must be one of a system that is built on musl.
  if (!fs.existsSync("/usr/lib/libstdc++.so.6")) return "musl's libstdc++ is not installed";
  if (!fs.existsSync(program)) return "it is not built";
  return undefined;
}

const why = obstacle();

test.skipIf(why !== undefined)(`the program for musl runs${why === undefined ? "" : ` (${why})`}`, () => {
  for (const [args, status, out] of [
    [["--version"], 0, "descope version "],
    [["tenant", "load", "--help"], 0, "Usage"],
    [["tenant", "load", "x", "--json"], 1, '"ok": false'],
  ] as const) {
    const ran = Bun.spawnSync([program, ...args], { env: { NO_COLOR: "1" }, stdin: "ignore" });
    expect(ran.stdout.toString()).toContain(out);
    expect(ran.exitCode).toBe(status);
  }
});
