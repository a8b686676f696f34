import fs from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { describe, expect, test } from "bun:test";
import { flagValue, parseArgv } from "../../src/cli/argv.ts";
import { allFlags } from "../../src/cli/describe.ts";
import { resolve } from "../../src/cli/resolve.ts";
import { startEmulator } from "../../src/emulator/emulator.ts";
import { DEFAULT_MANAGEMENT_KEY } from "../../src/emulator/management-keys.ts";
import { readSeed, seedOf } from "../../src/emulator/seed/read-seed.ts";
import { binary } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { shellCommands } from "../support/shell-words.ts";
import {
  prepareGo,
  preparePython,
  run,
  RUN_TIME,
  type Obstacle,
  type Output,
} from "../support/toolchains.ts";

const docs = path.join(import.meta.dir, "../../docs");
const examples = path.join(docs, "examples");
const page = fs.readFileSync(path.join(docs, "emulator.md"), "utf8");
const example = (...parts: string[]) => path.join(examples, ...parts);
const read = (...parts: string[]) => fs.readFileSync(example(...parts), "utf8");

const python = await preparePython("python-example", example("python/requirements.txt"));
const go = await prepareGo(example("go"));

/** The blocks of code of the page, by what they are written in. */
const blocks = [...page.matchAll(/^( *)```(\w+)\n([^]*?)^\1```$/gm)].map(
  ([, indent = "", language = "", text = ""]) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }),
);

describe("the page holds the examples as they are", () => {
  const files = fs
    .readdirSync(examples, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^go\.(?:mod|sum)$/.test(entry.name))
    .map((entry) => path.relative(examples, path.join(entry.parentPath, entry.name)));
  test("there are some", () => expect(files.length).toBeGreaterThanOrEqual(8));
  for (const file of files)
    test(file, () =>
      expect(blocks.map(({ text }) => text)).toContain(fs.readFileSync(example(file), "utf8")),
    );
});

describe("every command line of the page is one that the program takes", () => {
  const lines = [
    ...blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => text.split("\n")),
    ...[...page.matchAll(/`(descope [^`]+)`/g)].map(([, line = ""]) => line),
    ...read("github-actions/test.yml").split("\n"),
    ...read("node/package.json")
      .split("\n")
      .map((line) => /"test": "(.*)"/.exec(line)?.[1] ?? ""),
    ...["python/test_sign_in.py", "go/sign_in_test.go"].map(
      (file) => /Run with: (.*?)"*\n/.exec(read(file))?.[1] ?? "",
    ),
  ]
    .map((line) => line.replace(/^.*?(?=descope |eval )/, "").replace(/\s+#.*$|\s+[>&].*$/, ""))
    .filter((line) => /^(?:descope|eval) /.test(line));
  test("there are some", () => expect(lines.length).toBeGreaterThan(10));
  for (const line of new Set(lines)) {
    test(line, async () => {
      const [called = []] = shellCommands(line).filter(([program]) => program === "descope");
      const { route, words, rest } = resolve(called.slice(1));
      // A group by itself is spoken of.
      if (route.kind === "group" && rest.length === 0) return;
      if (route.kind !== "leaf") throw new Error(`${words.join(" ")} is no command`);
      const { default: declared } = await route.load();
      const parsed = parseArgv(rest, allFlags(declared), words);
      for (const occurrence of parsed.occurrences) flagValue(occurrence, words);
    });
  }
});

test("the seeds of the page are seeds", () => {
  using folder = temporaryFolder();
  const base = seedOf({
    permissions: [{ name: "p" }],
    roles: ["Viewer", "Accountant", "Approver"].map((name) => ({ name })),
    tenants: ["acme", "globex"].map((id) => ({ id, name: id })),
  });
  const calls = blocks.filter(({ language, text }) => language === "yaml" && text.startsWith("calls:"));
  const seeds = [...blocks.filter(({ language }) => language === "ndjson" || language === "csv"), ...calls];
  expect(seeds.map(({ language }) => language)).toEqual(["ndjson", "csv", "yaml"]);
  for (const { language, text } of seeds) {
    folder.put(`seed.${language}`, text);
    const emulator = startEmulator({ seeds: [base, readSeed(folder.at(`seed.${language}`))] });
    void emulator.stop();
  }
});

/** Runs an example as the page says, with the compiled program in the place of `descope`. */
function exec(
  folder: string,
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Output> {
  return run([binary, "emulator", "exec", "--seed", "../seed.yaml", "--", ...command], {
    cwd: example(folder),
    env,
  });
}

function expectPassed({ status, out, err }: Output, words: RegExp): void {
  expect({ status, out, err }).toEqual({
    status: 0,
    out: expect.stringMatching(words),
    err: expect.anything(),
  });
}

describe("the examples run", () => {
  const check = (name: string, obstacle: Obstacle, work: () => Promise<void>) =>
    test.skipIf(obstacle !== undefined)(
      `${name}${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
      work,
      RUN_TIME,
    );

  const node = Bun.which("node");
  check("Node", node === null ? "there is no Node" : undefined, async () => {
    expectPassed(await exec("node", [node ?? "", "--test", "--test-reporter=tap"]), /^# pass 5$/m);
  });

  check("Python with pytest", python.obstacle, async () => {
    const pytest = [python.interpreter, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider"];
    expectPassed(await exec("python", pytest), /^3 passed/m);
  });

  check("Go", go.obstacle, async () => {
    expectPassed(await exec("go", ["go", "test", "-count=1", "-v", "./..."], go.env), /^PASS$/m);
  });

  const bash = Bun.which("bash");
  check("the steps of GitHub Actions", bash === null ? "there is no bash" : undefined, async () => {
    const { jobs } = Bun.YAML.parse(read("github-actions/test.yml")) as {
      jobs: Record<string, { steps: { run?: string }[]; env?: Record<string, string> }>;
    };
    using folder = temporaryFolder();
    folder.put("seed.yaml", read("seed.yaml"));
    folder.put("bin/descope", `#!/bin/sh\nexec '${binary}' "$@"\n`);
    fs.chmodSync(folder.at("bin/descope"), 0o755);
    const port = await freePort();
    const begin =
      jobs["beside-all-steps"]?.steps.find((step) => step.run?.includes("emulator start"))?.run ?? "";
    expect(begin.match(/emulator (?:start|env)/g)).toEqual(["emulator start", "emulator env"]);
    const script = begin
      .replace("emulator start", `emulator start --port ${port}`)
      .replace("emulator env", `emulator env --url http://127.0.0.1:${port}`);
    const ran = await run([bash ?? "", "-e", "-c", `${script}\necho $!`], {
      cwd: folder.path,
      env: { GITHUB_ENV: folder.at("env"), PATH: `${folder.at("bin")}:${process.env.PATH}` },
    });
    try {
      expect(ran).toMatchObject({ status: 0, err: "" });
      const service = jobs["as-a-service"]?.env ?? {};
      const url = `http://127.0.0.1:${port}`;
      expect(fs.readFileSync(folder.at("env"), "utf8")).toBe(
        `DESCOPE_BASE_URL=${url}\nDESCOPE_BASE_URI=${url}\n` +
          `DESCOPE_PROJECT_ID=${service.DESCOPE_PROJECT_ID}\nDESCOPE_MANAGEMENT_KEY=${service.DESCOPE_MANAGEMENT_KEY}\n`,
      );
    } finally {
      process.kill(Number(ran.out.trim()), "SIGKILL");
    }
  });

  test("the files for Docker name what the emulator has", async () => {
    const { services } = Bun.YAML.parse(read("docker-compose/compose.yaml")) as {
      services: Record<"descope" | "tests", { command: string[]; environment?: Record<string, string> }>;
    };
    const entry = JSON.parse(
      /^ENTRYPOINT (.*)$/m.exec(read("docker-compose/Dockerfile"))?.[1] ?? "",
    ) as string[];
    const health = JSON.parse(
      /CMD (\[.*\])$/m.exec(read("docker-compose/Dockerfile"))?.[1] ?? "",
    ) as string[];
    expect(health).toEqual(["descope", "emulator", "env"]);
    using folder = temporaryFolder();
    folder.put("seed.yaml", read("seed.yaml"));
    const words = [...entry.slice(1), ...services.descope.command, "--port", "0", "--json"].map((word) =>
      word === "/seed.yaml" ? folder.at("seed.yaml") : word,
    );
    const child = Bun.spawn([binary, ...words], {
      env: {},
      stdin: "ignore",
      stdout: "pipe",
      stderr: "inherit",
    });
    const { value } = await child.stdout.getReader().read();
    child.kill();
    const { env } = JSON.parse(new TextDecoder().decode(value)) as { env: Record<string, string> };
    const { DESCOPE_BASE_URL, ...named } = services.tests.environment ?? {};
    expect(env).toMatchObject(named);
    expect(named.DESCOPE_MANAGEMENT_KEY).toBe(DEFAULT_MANAGEMENT_KEY);
    expect(DESCOPE_BASE_URL).toBe("http://descope:8400");
  });
});

/** A port that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === "object" && address !== null ? address.port : 0;
}
