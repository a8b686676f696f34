import { expect, test } from "bun:test";
import fs from "node:fs";
import { cli } from "../../../support/cli.ts";
import { testEmulator } from "../../../support/emulator.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";

/** A folder with the snapshot of a new project. */
async function exported(folder: TemporaryFolder): Promise<string> {
  await using emulator = testEmulator();
  const ran = await cli(["project", "snapshot", "export", emulator.project, "-p", folder.at("snap")], {
    env: emulator.env,
  });
  expect(ran.status).toBe(0);
  return folder.at("snap");
}

const lint = (...args: string[]) => cli(["project", "snapshot", "lint", ...args]);

/** Changes a JSON file in place. */
function edit(file: string, change: (content: Record<string, unknown>) => void): void {
  const content = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
  change(content);
  fs.writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}

interface Document {
  readonly findings: readonly {
    readonly rule: string;
    readonly address: string;
    readonly fingerprint: string;
  }[];
}

test("the snapshot of a new project has no error, and needs no key to be looked at", async () => {
  using folder = temporaryFolder();
  const snap = await exported(folder);
  const ran = await lint(snap);
  expect([ran.status, ran.err]).toEqual([0, ""]);
  // Its flow is one that people begin from: nothing at all is to be said of it.
  const flow = await cli(["flow", "lint", `${snap}/flows/sign-up-or-in`, "--fail-on", "note"]);
  expect([flow.status, flow.out]).toEqual([0, "No findings\n"]);
});

test("an index that names what is not there is an error with its place; a baseline lets it pass", async () => {
  using folder = temporaryFolder();
  const snap = await exported(folder);
  edit(`${snap}/flows/flows.json`, (content) => {
    content.flows = ["sign-up-or-in", "gone"];
  });
  const ran = await lint(snap, "--json");
  expect(ran.status).toBe(2);
  const { findings } = ran.json() as Document;
  expect(findings.some(({ address }) => address.includes("gone") || address.includes("flows"))).toBe(true);
  const text = await lint(snap);
  expect(text.status).toBe(2);
  expect(text.out).toMatch(/flows\/flows\.json:\d+:\d+/);
  expect((await lint(snap, "--write-baseline", folder.at("baseline.json"))).status).toBe(0);
  expect((await lint(snap, "--baseline", folder.at("baseline.json"))).status).toBe(0);
});

test("every format says the same findings, and --out writes them to a file", async () => {
  using folder = temporaryFolder();
  const snap = await exported(folder);
  edit(`${snap}/project.json`, (content) => {
    content.inviteUrl = "http://app.example.com/invite";
  });
  const { findings } = (await lint(snap, "--json")).json() as Document;
  expect(findings.length).toBeGreaterThan(0);
  const sarif = JSON.parse((await lint(snap, "--format", "sarif")).out) as {
    version: string;
    runs: { results: { ruleId: string }[] }[];
  };
  expect(sarif.version).toBe("2.1.0");
  expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId).sort()).toEqual(
    findings.map(({ rule }) => rule).sort(),
  );
  const annotations = (await lint(snap, "--format", "github")).out.trim().split("\n");
  expect(annotations.filter((line) => line.startsWith("::")).length).toBe(findings.length);
  const written = await lint(snap, "--format", "sarif", "--out", folder.at("out/lint.sarif"));
  expect(written.out).toContain("lint.sarif");
  expect(JSON.parse(folder.contents("out")["lint.sarif"] ?? "")).toEqual(sarif);
});

test("environments are looked for in the working folder and beside the snapshot, each place named once", async () => {
  using folder = temporaryFolder();
  const snap = await exported(folder);
  const beside = folder.at("envs");
  expect((await lint(snap, "--env", "prod")).err).toContain(
    `There is no environment "prod": envs/prod.json and ${beside}/prod.json do not exist`,
  );
  expect((await lint(snap, "--all-envs")).err).toContain(`envs and ${beside} hold none`);
  const before = process.cwd();
  process.chdir(folder.path);
  try {
    expect((await lint("snap", "--env", "prod")).err).toContain('"prod": envs/prod.json does not exist');
    expect((await lint("snap", "--all-envs")).err).toContain("There are no environments: envs holds none");
  } finally {
    process.chdir(before);
  }
});

test("what is no snapshot, and flags that go with no other, are errors", async () => {
  using folder = temporaryFolder();
  fs.mkdirSync(folder.at("empty"));
  folder.put("notes/README.md", "nothing");
  for (const args of [[folder.at("empty")], [folder.at("notes")], [folder.at("nowhere")]]) {
    expect((await lint(...args)).status).toBe(1);
  }
  const snap = await exported(folder);
  for (const args of [
    [snap, "--env", "prod", "--all-envs"],
    [snap, "--json", "--format", "sarif"],
    [snap, "--env", "nowhere"],
    [snap, "--rules", folder.at("nowhere.json")],
  ]) {
    const ran = await lint(...args);
    expect(ran.status).toBe(1);
    expect(ran.out + ran.err).not.toContain("fault in descope");
  }
});

test("each cause is told once, at its place, and paths are shown as they are", async () => {
  using folder = temporaryFolder();
  const sound = await exported(folder);
  const raised = async (break_: (snap: string) => void): Promise<string[]> => {
    const snap = folder.at("broken");
    fs.rmSync(snap, { recursive: true, force: true });
    fs.cpSync(sound, snap, { recursive: true });
    const lines = async () => {
      const { findings } = (await lint(snap, "--json")).json() as {
        findings: { rule: string; level: string; file: string; line?: number; message: string }[];
      };
      return findings.map(
        ({ rule, level, file, line, message }) =>
          `${level} ${rule} ${file.slice(snap.length + 1)}:${line ?? ""} ${message}`,
      );
    };
    const before = await lines();
    break_(snap);
    return (await lines()).filter((line) => !before.includes(line));
  };
  const connector = { id: "C1", name: "Hook", type: "http", configuration: {} };
  const put = (file: string, content: unknown) => fs.writeFileSync(file, JSON.stringify(content, null, 2));
  expect(
    await raised((snap) => {
      put(`${snap}/connectors/connectors.json`, { connectors: ["hook"] });
      put(`${snap}/connectors/hook.json`, connector);
      put(`${snap}/connectors/left.json`, connector);
    }),
  ).toEqual([
    'warning index-unlisted connectors/left.json:1 connectors/left.json is not part of the snapshot: connectors/connectors.json does not list "left". It may be left from an earlier export',
  ]);
  expect(await raised((snap) => put(`${snap}/snapshot.json`, { version: 6 }))).toEqual([
    "note newer-version snapshot.json:2 The snapshot has version 6, and the newest that is known is 5",
  ]);
  expect(await raised((snap) => fs.rmSync(`${snap}/flows/sign-up-or-in/contents.json`))).toEqual([
    "error file-missing flows/sign-up-or-in/contents.json: flows/sign-up-or-in has no contents.json",
  ]);
  expect(
    await raised((snap) => {
      fs.mkdirSync(`${snap}/flows/ghost`);
      put(`${snap}/flows/ghost/metadata.json`, {});
    }),
  ).toEqual([
    "error flow-unreadable flows/ghost/metadata.json:1 The flow ghost cannot be read, and flows/flows.json does not list it: it may be left from an earlier export",
  ]);
  const asset = /"asset:(img-[^"]*)"/.exec(fs.readFileSync(`${sound}/styles/dark.json`, "utf8"))?.[1] ?? "";
  const line = (file: string) =>
    fs
      .readFileSync(`${sound}/${file}`, "utf8")
      .split("\n")
      .findIndex((text) => text.includes(asset)) + 1;
  const places = await raised((snap) => fs.rmSync(`${snap}/assets/${asset}`));
  expect(places.map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual(
    ["styles/dark.json", "styles/light.json"].map((file) => `error asset-missing ${file}:${line(file)}`),
  );
  expect(
    await raised((snap) =>
      edit(`${snap}/project.json`, (content) => {
        content.inviteUrl = "https://${INVITE_HOST}/welcome";
      }),
    ),
  ).toEqual([
    expect.stringMatching(
      /^error unresolved-marker project\.json:\d+ "\$\{INVITE_HOST\}" was left to be filled in$/,
    ),
  ]);
});

test("the document says whether the findings are accepted, as the exit status does", async () => {
  using folder = temporaryFolder();
  const snap = await exported(folder);
  expect((await lint(snap, "--json")).json()).toMatchObject({ ok: true });
  const refused = await lint(snap, "--json", "--fail-on", "note");
  expect([refused.status, refused.json()]).toMatchObject([2, { ok: false, reason: "findings" }]);
  const empty = await lint("");
  expect([empty.status, empty.err]).toMatchObject([1, expect.stringContaining("empty")]);
});
