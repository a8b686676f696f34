import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import fs from "node:fs";
import { hostTarget } from "../../build.ts";
import { version } from "../../package.json";
import { actionRunner, actionsFolder, type Runner } from "../support/action-runner.ts";
import { fakeGithub, type FakeGithub } from "../support/github.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { lacks } from "../support/tools.ts";

/** A program of the size of nothing that says a version, in place of a release's. */
const program = (says: string) => `#!/bin/sh\necho "descope version ${says}"\n`;
const sha256 = (text: string) => new Bun.CryptoHasher("sha256").update(text).digest("hex");

describe.skipIf(lacks("bash", "curl"))("install", () => {
  let folder: TemporaryFolder;
  let github: FakeGithub;
  let runner: Runner;
  const runners: Runner[] = [];
  let server: Bun.Server<undefined>;
  /** What the server has, by path. */
  const files = new Map<string, string>();
  const asked: string[] = [];
  beforeAll(() => {
    folder = temporaryFolder();
    github = fakeGithub();
    server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch(request) {
        const { pathname } = new URL(request.url);
        asked.push(pathname);
        const found = files.get(pathname);
        return found === undefined ? new Response("no", { status: 404 }) : new Response(found);
      },
    });
  });
  afterAll(async () => {
    await server.stop(true);
    github[Symbol.dispose]();
    for (const one of runners) one[Symbol.dispose]();
    folder[Symbol.dispose]();
  });
  const install = async (inputs: Record<string, string>) => {
    asked.length = 0;
    runner = actionRunner(folder.path, github);
    runners.push(runner);
    return runner.run("install", { download_url: `http://127.0.0.1:${server.port}/1.0/`, ...inputs });
  };
  const target = hostTarget();
  const published = (says: string, sum = sha256(program(says))) => {
    files.clear();
    files.set(`/1.0/${target}/descope`, program(says));
    files.set("/1.0/SHA256SUMS", `${"0".repeat(64)}  other/descope\n${sum}  ${target}/descope\n`);
  };

  test("downloads the program of this machine when its sum is right, once", async () => {
    published(version);
    const ran = await install({});
    expect(ran.errors).toEqual([]);
    expect(ran.outputs.version).toBe(version);
    expect(asked).toEqual(["/1.0/SHA256SUMS", `/1.0/${target}/descope`]);
    const again = await runner.run("install", { download_url: `http://127.0.0.1:${server.port}/1.0` });
    expect(again.errors).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  test("downloads from the release of its own repository, told by the runner or by the folder it is kept in", async () => {
    files.clear();
    const base = `/acme/descope/releases/download/v${version}`;
    files.set(`${base}/descope-${target}`, program(version));
    files.set(`${base}/SHA256SUMS`, `${sha256(program(version))}  ${target}/descope\n`);
    const kept = folder.at("_actions/acme/descope/v1/actions");
    fs.cpSync(actionsFolder, kept, { recursive: true });
    const env = { GITHUB_SERVER_URL: `http://127.0.0.1:${server.port}` };
    for (const context of [{ actionRepository: "acme/descope" }, { actions: kept }]) {
      asked.length = 0;
      const fresh = actionRunner(folder.path, github);
      runners.push(fresh);
      const ran = await fresh.run("install", { download_url: "" }, { ...context, env });
      expect(ran.errors).toEqual([]);
      expect(asked).toEqual([`${base}/SHA256SUMS`, `${base}/descope-${target}`]);
    }
  });

  test("does not run what is not what was released", async () => {
    published(version, sha256("something else"));
    const mark = folder.at("ran");
    files.set(`/1.0/${target}/descope`, `#!/bin/sh\ntouch '${mark}'\n`);
    const ran = await install({});
    expect(ran.status).toBe(1);
    expect(ran.errors[0]).toContain("is not the program that was released");
    expect(fs.existsSync(mark)).toBe(false);
    expect(Object.keys(runner.temporary.contents("descope-bin"))).toEqual([]);
    expect(Object.keys(runner.temporary.contents()).some((name) => name.includes("download."))).toBe(false);
  });

  test("a sum of its own takes the place of the list", async () => {
    published(version, "f".repeat(64));
    const ran = await install({ sha256: sha256(program(version)) });
    expect(ran.errors).toEqual([]);
    expect(asked).toEqual([`/1.0/${target}/descope`]);
    const wrong = await install({ sha256: "f".repeat(64) });
    expect(wrong.errors[0]).toContain("is not the program that was released");
  });

  test("says what is wrong with place, list, version and program", async () => {
    published("9.9.9");
    expect((await install({})).errors[0]).toContain(`is version 9.9.9, not ${version}`);
    expect((await install({ version: "v9.9.9" })).outputs.version).toBe("9.9.9");
    expect((await install({ version: "9.9; touch x" })).errors[0]).toContain("is not a version");
    files.delete("/1.0/SHA256SUMS");
    expect((await install({})).errors[0]).toContain("Could not download");
    files.set("/1.0/SHA256SUMS", `${"0".repeat(64)}  other/descope\n`);
    expect((await install({})).errors[0]).toContain(`does not name ${target}/descope`);
    expect((await install({ download_url: "http://example.com/x" })).errors[0]).toContain("no https address");
    expect((await install({ download_url: "" })).errors[0]).toContain("not known where to download");
    expect((await install({ binary: "nowhere" })).errors[0]).toContain("There is no file nowhere");
    folder.put("broken", "\u007fELF no");
    expect((await install({ binary: "broken" })).errors[0]).toContain("does not run on this machine");
  });
});
