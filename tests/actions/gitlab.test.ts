import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import { hostTarget } from "../../build.ts";
import { version } from "../../package.json";
import { binary } from "../support/binary.ts";
import { fakeGitlab, GITLAB_BOT, GITLAB_PROJECT, GITLAB_TOKEN, type FakeGitlab } from "../support/gitlab.ts";
import { PRODUCTION, workplace, type Workplace } from "../support/promotion.ts";
import { snapshot } from "../support/snapshot.ts";
import { lacks } from "../support/tools.ts";

const folder = path.join(import.meta.dir, "../../ci/gitlab");
const templates = fs.readdirSync(folder).filter((file) => file.endsWith(".yml"));
const readme = fs.readFileSync(path.join(folder, "README.md"), "utf8");

interface Input {
  readonly description: string;
  readonly default?: string;
  readonly options?: readonly string[];
}
interface Job {
  readonly stage: string;
  readonly image: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly script: readonly string[];
  readonly artifacts?: { readonly paths: readonly string[]; readonly reports?: { readonly dotenv: string } };
  readonly rules: readonly { readonly if: string; readonly when?: string }[];
}

const source = (file: string) => fs.readFileSync(path.join(folder, file), "utf8");

/** The inputs of a template, and its one job with values in their places, as GitLab puts them: into the text, before it is read. */
function template(
  file: string,
  given: Readonly<Record<string, string>> = {},
): { inputs: Readonly<Record<string, Input>>; name: string; job: Job } {
  const [head = "", body = ""] = source(file).split("\n---\n");
  const { inputs } = (Bun.YAML.parse(head) as { spec: { inputs: Record<string, Input> } }).spec;
  for (const name of Object.keys(given)) if (inputs[name] === undefined) throw new Error(`no input ${name}`);
  const filled = body.replace(/\$\[\[ inputs\.(\w+) \]\]/g, (_, name: string) => {
    const value = given[name] ?? inputs[name]?.default;
    if (value === undefined) throw new Error(`the input ${name} is missing`);
    return value;
  });
  const [[name, job] = ["", undefined]] = Object.entries(Bun.YAML.parse(filled) as Record<string, Job>);
  if (job === undefined) throw new Error("there is no job");
  return { inputs, name, job };
}

describe.each(templates)("ci/gitlab/%s", (file) => {
  const text = source(file);
  const [, body = ""] = text.split("\n---\n");
  const { inputs, job } = template(file, { project_id: "P2x" });

  test("uses every input that it declares, and declares every one that it uses", () => {
    const used = [...body.matchAll(/\$\[\[ inputs\.(\w+) \]\]/g)].map(([, name]) => name ?? "");
    expect([...new Set(used)].sort()).toEqual(Object.keys(inputs).sort());
    for (const input of Object.values(inputs)) expect(input.description).toMatch(/\.$/);
    expect(inputs.version?.default).toBe(version);
  });

  test("puts nothing into the text of its script", () => {
    const [, script = ""] = body.split("  script:\n");
    expect(script).not.toContain("$[[");
    expect(job.script).toHaveLength(1);
    const set = Object.keys(job.variables);
    const outside = /^(CI_|DESCOPE_MANAGEMENT_KEY|DESCOPE_GITLAB_TOKEN|DESCOPE_FINGERPRINT)/;
    const read = [...script.matchAll(/\$\{?((?:DESCOPE|CI)_[A-Z_]+)/g)].map(([, name]) => name ?? "");
    expect([...new Set(read)].filter((name) => !outside.test(name) && !set.includes(name))).toEqual([]);
    expect(set.filter((name) => !read.includes(name))).toEqual([]);
  });

  test("prepares its job as the others do", () => {
    const prepare = (one: string) =>
      source(one).split("  script:\n")[1]?.split("\n      PATH=$work:$PATH\n")[0];
    expect(prepare(file)).toBe(prepare("plan.yml"));
  });

  test.skipIf(lacks("sh"))("is a script that a plain shell reads", () => {
    const script = job.script[0] ?? "";
    const checked = Bun.spawnSync(["sh", "-n"], { stdin: new Blob([script]), stderr: "pipe" });
    expect(checked.stderr.toString()).toBe("");
  });

  test("is described with every input and its default", () => {
    const [, section = ""] = new RegExp(`\\n## ${file}\\n(.*?)(?=\\n## |$)`, "s").exec(readme) ?? [];
    const rows = [...section.matchAll(/^\| `(\w+)` *\| (.*?) *\|/gm)].map(([, name, shown]) => [name, shown]);
    const wanted = Object.entries(inputs).map(([name, input]) => [
      name,
      input.default === undefined ? "required" : input.default === "" ? "" : `\`${input.default}\``,
    ]);
    expect(rows).toEqual(wanted);
  });
});

interface Place extends AsyncDisposable {
  readonly work: Workplace;
  readonly gitlab: FakeGitlab;
  run(file: string, inputs?: Readonly<Record<string, string>>, env?: Record<string, string>): Promise<Ran>;
}
interface Ran {
  readonly status: number;
  readonly log: string;
  /** Variables of its dotenv report, for jobs that need it. */
  readonly handed: Readonly<Record<string, string>>;
}

/** A checkout with a folder `config`, an emulator, and a GitLab with a merge request 7. `shell` is what its jobs run in. */
async function place(shell: "bash" | "sh"): Promise<Place> {
  const work = workplace({ production: true });
  const gitlab = fakeGitlab();
  await work.put(PRODUCTION, snapshot({ environment: "production" }));
  work.write("config", snapshot({ environment: "production", project: { refreshTokenExpiration: 8 } }));
  return {
    work,
    gitlab,
    async run(file, inputs = {}, env = {}) {
      const { job } = template(file, {
        project_id: PRODUCTION,
        base_url: work.emulator.url,
        binary,
        ...inputs,
      });
      const child = Bun.spawn([shell, ...(shell === "bash" ? ["--noprofile", "--norc"] : []), "-s"], {
        cwd: work.folder.path,
        stdin: new Blob([`set -e\n${job.script.join("\n")}`]),
        stdout: "pipe",
        stderr: "pipe",
        env: {
          PATH: process.env.PATH ?? "",
          HOME: work.folder.path,
          CI: "true",
          CI_API_V4_URL: `${gitlab.url}/api/v4`,
          CI_SERVER_URL: gitlab.url,
          CI_PROJECT_ID: GITLAB_PROJECT,
          CI_PROJECT_PATH: "acme/site",
          CI_COMMIT_SHA: "0123456789abcdef",
          CI_JOB_URL: "https://gitlab.example/jobs/1",
          ...job.variables,
          DESCOPE_MANAGEMENT_KEY: work.emulator.managementKey,
          DESCOPE_GITLAB_TOKEN: GITLAB_TOKEN,
          ...env,
        },
      });
      const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
      await child.exited;
      const report = job.artifacts?.reports?.dotenv;
      const handed = report !== undefined && fs.existsSync(report) ? fs.readFileSync(report, "utf8") : "";
      return {
        status: child.exitCode ?? 1,
        log: out + err,
        handed: Object.fromEntries(
          [...handed.matchAll(/^(\w+)=(.*)$/gm)].map(([, key, value]) => [key, value]),
        ),
      };
    },
    async [Symbol.asyncDispose]() {
      expect(gitlab.unexpected).toEqual([]);
      gitlab[Symbol.dispose]();
      await work[Symbol.asyncDispose]();
    },
  };
}

const request = {
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_PROJECT_ID: GITLAB_PROJECT,
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: GITLAB_PROJECT,
};

describe.skipIf(lacks("sh", "bash", "git", "curl", "jq")).each(["sh", "bash"] as const)(
  "GitLab's jobs in %s",
  (shell) => {
    test("plan in one note, apply what was approved, refuse what moved", async () => {
      await using here = await place(shell);
      const { gitlab, work } = here;
      const on = "merge_requests/7";
      const body = `<!-- descope-plan target=${PRODUCTION} env=none fp=x -->`;
      for (let id = 1; id <= 100; id++) gitlab.notes.push({ id, on, author: 1, body, edits: 0 });
      const first = await here.run("plan.yml", {}, request);
      expect(first.status).toBe(0);
      const second = await here.run("plan.yml", {}, request);
      expect(second.status).toBe(0);
      const own = gitlab.notes.filter(({ author }) => author === GITLAB_BOT);
      expect(own).toMatchObject([{ on, edits: 1 }]);
      expect(own[0]?.body).toContain("refreshTokenExpiration");
      expect(own[0]?.body).toContain(second.handed.DESCOPE_FINGERPRINT);
      expect(second.handed).toEqual(first.handed);
      expect(gitlab.notes.filter(({ author }) => author === 1).every(({ edits }) => edits === 0)).toBe(true);

      const nothing = await here.run("apply.yml");
      expect(nothing.log).toContain("nothing says what was approved");
      await work.put(
        PRODUCTION,
        snapshot({ environment: "production", project: { refreshTokenExpiration: 5 } }),
      );
      const moved = await here.run("apply.yml", {}, { ...first.handed });
      expect(moved.status).toBe(2);
      expect(moved.log).toContain("Refused (expect_differs): nothing was written");
      expect((await work.export(PRODUCTION))["project.json"]?.refreshTokenExpiration).toBe(5);
      const again = await here.run("plan.yml");
      const applied = await here.run("apply.yml", {}, { ...again.handed });
      expect(applied.status).toBe(0);
      expect((await work.export(PRODUCTION))["project.json"]?.refreshTokenExpiration).toBe(8);
      expect(fs.existsSync("descope-apply/backup/project.json")).toBe(true);
      expect(fs.existsSync("descope-apply/receipt.json")).toBe(true);
    });

    test("a plan that could not be made takes the place of the one before; conditions fail the job", async () => {
      await using here = await place(shell);
      const { gitlab, work } = here;
      const failing = await here.run("plan.yml", { fail_on: "change" }, request);
      expect(failing.status).toBe(2);
      expect(gitlab.notes).toHaveLength(1);
      work.folder.put("config/project.json", "{");
      const broken = await here.run("plan.yml", {}, request);
      expect(broken.status).toBe(1);
      expect(gitlab.notes).toMatchObject([{ edits: 1 }]);
      expect(gitlab.notes[0]?.body).toContain("No plan could be made of commit 0123456789abcdef");
      expect(broken.handed).toEqual({});
    });

    test("says what is missing: a fork's key, a token that may, a program that is the right one", async () => {
      await using here = await place(shell);
      const fork = { ...request, CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "99", DESCOPE_MANAGEMENT_KEY: "" };
      expect((await here.run("plan.yml", {}, fork)).log).toContain("comes from a fork");
      const key = await here.run("drift.yml", {}, { DESCOPE_MANAGEMENT_KEY: "" });
      expect(key.log).toContain("DESCOPE_MANAGEMENT_KEY is not set. Is it protected");
      const token = await here.run("plan.yml", {}, { ...request, DESCOPE_GITLAB_TOKEN: "wrong" });
      expect(token.status).not.toBe(0);
      expect(token.log).toContain("GitLab did not take GET user");
      expect(here.gitlab.notes).toEqual([]);
      expect((await here.run("plan.yml", { binary: "" })).log).toContain("download_url is no https address");
      expect((await here.run("plan.yml", { project_id: "--help" })).log).toContain("not the id");

      const program = '#!/bin/sh\necho "descope version 9.9.9"\n';
      const sums = { sum: "0".repeat(64) };
      using server = served((file) =>
        file === "SHA256SUMS"
          ? `${sums.sum}  ${hostTarget()}/descope\n`
          : file.endsWith("/descope")
            ? program
            : undefined,
      );
      const from = { binary: "", download_url: server.url };
      expect((await here.run("plan.yml", from)).log).toContain("is not the program that was released");
      sums.sum = new Bun.CryptoHasher("sha256").update(program).digest("hex");
      expect((await here.run("plan.yml", from)).log).toContain(`is version 9.9.9, not ${version}`);
    });

    test("drift is one issue: opened, edited, closed", async () => {
      await using here = await place(shell);
      const { gitlab, work } = here;
      const moved = (refreshTokenExpiration: number) =>
        work.put(PRODUCTION, snapshot({ environment: "production", project: { refreshTokenExpiration } }));
      await moved(8);
      const clean = await here.run("drift.yml");
      expect(clean.log).toContain("No drift.");
      expect(gitlab.issues).toEqual([]);
      gitlab.issues.push({
        iid: 1,
        author: 1,
        title: "x",
        description: `<!-- descope-drift target=${PRODUCTION} env=none -->`,
        state: "opened",
        edits: 0,
      });
      await moved(5);
      expect((await here.run("drift.yml")).status).toBe(0);
      await moved(6);
      expect((await here.run("drift.yml", { fail_on_drift: "true" })).status).toBe(2);
      const own = () => gitlab.issues.filter(({ author }) => author === GITLAB_BOT);
      expect(own()).toMatchObject([{ state: "opened", edits: 1 }]);
      expect(own()[0]?.description).toContain("refreshTokenExpiration");
      const broken = await here.run("drift.yml", {}, { DESCOPE_MANAGEMENT_KEY: "Kwrong" });
      expect(broken.status).toBe(1);
      expect(broken.log).toContain("not known whether there is drift");
      await moved(8);
      expect((await here.run("drift.yml")).status).toBe(0);
      expect(own()).toMatchObject([{ state: "closed" }]);
      expect(gitlab.notes).toMatchObject([{ on: `issues/${own()[0]?.iid}` }]);
      expect(gitlab.issues[0]).toMatchObject({ author: 1, edits: 0, state: "opened" });
    });

    test("export opens one merge request, and keeps it up to date", async () => {
      await using here = await place(shell);
      const { gitlab, work } = here;
      const { path: root } = work.folder;
      const git = (...words: string[]) => {
        const ran = Bun.spawnSync(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
          cwd: root,
          stdout: "pipe",
          stderr: "pipe",
        });
        if (ran.exitCode !== 0) throw new Error(`git ${words.join(" ")}: ${ran.stderr}`);
        return ran.stdout.toString().trimEnd();
      };
      const origin = work.folder.at("origin.git");
      git("init", "--quiet", "--bare", "--initial-branch=main", origin);
      git("init", "--quiet", "--initial-branch=main");
      git("config", `url.${origin}.insteadOf`, `${gitlab.url}/acme/site.git`);
      git("add", "config");
      git("commit", "--quiet", "-m", "start");
      const env = { CI_COMMIT_BRANCH: "main" };
      const first = await here.run("export.yml", {}, env);
      expect(first.log).toContain("Merge request 11");
      expect(first.status).toBe(0);
      const branch = `descope/export-${PRODUCTION}`;
      expect(gitlab.requests).toMatchObject([{ source_branch: branch, target_branch: "main", edits: 0 }]);
      expect(gitlab.requests[0]?.description).toContain("refreshTokenExpiration");
      const commit = git("--git-dir", origin, "rev-parse", branch);
      const again = await here.run("export.yml", { title: "Take over" }, env);
      expect(again.status).toBe(0);
      expect(git("--git-dir", origin, "rev-parse", branch)).toBe(commit);
      expect(gitlab.requests).toMatchObject([{ title: "Take over", edits: 1 }]);
      expect(git("branch", "--show-current")).toBe("main");
      git("add", "config");
      git("commit", "--quiet", "-m", "merged");
      const none = await here.run("export.yml", {}, env);
      expect(none.log).toContain("no file changed");
      expect(JSON.stringify(work.folder.contents(".git"))).not.toContain(GITLAB_TOKEN);
    });
  },
);

/** A server of files. */
function served(file: (name: string) => string | undefined): Disposable & { readonly url: string } {
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const text = file(new URL(request.url).pathname.slice(1));
      return text === undefined ? new Response("no", { status: 404 }) : new Response(text);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, [Symbol.dispose]: () => void server.stop(true) };
}
