import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import type { JsonObject } from "../../src/json/value.ts";
import { actionRunner, type Runner } from "../support/action-runner.ts";
import { fakeGithub, BOT, READ_ONLY, TOKEN, type FakeGithub } from "../support/github.ts";
import { binary } from "../support/binary.ts";
import { PRODUCTION, STAGING, workplace, type Workplace } from "../support/promotion.ts";
import { snapshot, withFile } from "../support/snapshot.ts";
import { lacks } from "../support/tools.ts";

const lacksTools = lacks("bash", "git", "jq");

/** A checkout with a folder `config`, an emulator, a GitHub, and a runner for the actions. */
interface Place extends AsyncDisposable {
  readonly work: Workplace;
  readonly github: FakeGithub;
  readonly runner: Runner;
  /** Inputs that every action takes. */
  readonly common: Readonly<Record<string, string>>;
}

async function place(): Promise<Place> {
  const work = workplace({ production: true });
  const github = fakeGithub();
  const runner = actionRunner(work.folder.path, github);
  await work.put(PRODUCTION, snapshot({ environment: "production" }));
  work.write("config", snapshot({ environment: "production", project: { refreshTokenExpiration: 8 } }));
  return {
    work,
    github,
    runner,
    common: {
      project_id: PRODUCTION,
      management_key: work.emulator.managementKey,
      descope_base_url: work.emulator.url,
    },
    async [Symbol.asyncDispose]() {
      expect(github.unexpected).toEqual([]);
      runner[Symbol.dispose]();
      github[Symbol.dispose]();
      await work[Symbol.asyncDispose]();
    },
  };
}

function git(folder: string, ...words: string[]): string {
  const ran = Bun.spawnSync(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
    cwd: folder,
    stdout: "pipe",
    stderr: "pipe",
  });
  if (ran.exitCode !== 0) throw new Error(`git ${words.join(" ")}: ${ran.stderr}`);
  return ran.stdout.toString().trimEnd();
}

describe.skipIf(lacksTools)("plan", () => {
  test("writes one comment, and edits it when it runs again", async () => {
    await using here = await place();
    const { github, runner, common, work } = here;
    // Others may have written what looks like the plan's comment; it is not touched.
    const forged = { id: "IC_1", number: 7, author: "mallory", edits: 0 };
    github.comments.push({
      ...forged,
      body: `<!-- descope-plan target=${PRODUCTION} env=none fp=x -->\nfine`,
    });
    github.comments.push({ ...forged, id: "IC_2", body: "thanks" }, { ...forged, id: "IC_3", body: "+1" });
    const inputs = { ...common, files_path: "config" };
    const first = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(first.errors).toEqual([]);
    expect(first.status).toBe(0);
    expect(first.masks).toEqual([work.emulator.managementKey]);
    expect(first.outputs).toMatchObject({ has_changes: "true", applyable: "true" });
    expect(first.outputs.fingerprint).toMatch(/^dp1-[0-9a-f]{64}$/);
    const plan = JSON.parse(fs.readFileSync(first.outputs.plan_file ?? "", "utf8"));
    expect(plan).toMatchObject({ fingerprint: first.outputs.fingerprint });
    const own = () => github.comments.filter(({ author }) => author === BOT);
    expect(own()).toHaveLength(1);
    expect(own()[0]).toMatchObject({ number: 7, edits: 0 });
    expect(own()[0]?.body).toContain("refreshTokenExpiration");
    expect(own()[0]?.body).toContain(first.outputs.fingerprint);
    expect(first.summary).toContain("### Descope plan for **Acme**");

    work.write("config", snapshot({ environment: "production", project: { refreshTokenExpiration: 9 } }));
    const second = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(second.status).toBe(0);
    expect(own()).toHaveLength(1);
    expect(own()[0]).toMatchObject({ edits: 1 });
    expect(own()[0]?.body).toContain(second.outputs.fingerprint);
    expect(second.outputs.fingerprint).not.toBe(first.outputs.fingerprint);
    expect(github.comments.filter(({ author }) => author !== BOT).map(({ edits }) => edits)).toEqual([
      0, 0, 0,
    ]);

    // Another environment has a comment of its own.
    work.folder.put("envs/prod.json", JSON.stringify({ schema: "descope-env/1", project: PRODUCTION }));
    await runner.run("plan", { ...inputs, environment: "prod" }, { pullRequest: 7 });
    expect(own().map(({ body }) => body.split(" fp=")[0])).toEqual([
      `<!-- descope-plan target=${PRODUCTION} env=none`,
      `<!-- descope-plan target=${PRODUCTION} env=prod`,
    ]);
  });

  test("a plan that could not be made takes the place of the one before", async () => {
    await using here = await place();
    const { github, runner, common, work } = here;
    const inputs = { ...common, files_path: "config" };
    await runner.run("plan", inputs, { pullRequest: 7 });
    work.folder.put("config/project.json", '{"domain": ');
    const ran = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(ran.status).toBe(1);
    expect(ran.outputs).toMatchObject({ fingerprint: "", plan_file: "", has_changes: "" });
    expect(ran.log).toContain("config/project.json: not JSON: line 1, column 12");
    expect(github.comments).toHaveLength(1);
    expect(github.comments[0]?.edits).toBe(1);
    expect(github.comments[0]?.body).toContain("No plan could be made of commit 0123456789abcdef");
    expect(github.comments[0]?.body).not.toContain("dp1-");
  });

  test("fails on a condition behind the comment, and says no changes where there are none", async () => {
    await using here = await place();
    const { github, runner, common, work } = here;
    const failing = await runner.run(
      "plan",
      { ...common, files_path: "config", fail_on: "change" },
      { pullRequest: 7 },
    );
    expect(failing.status).toBe(2);
    expect(failing.errors[0]).toContain("a condition of fail_on: change");
    expect(github.comments).toHaveLength(1);
    work.write("config", snapshot({ environment: "production" }));
    const clean = await runner.run("plan", { ...common, files_path: "config" });
    expect(clean.outputs).toMatchObject({ has_changes: "false" });
    expect(clean.status).toBe(0);
    expect(github.comments[0]?.edits).toBe(0);
  });

  test("says why nothing was planned: a fork, a missing secret, a folder, a token", async () => {
    await using here = await place();
    const { runner, common, github } = here;
    const inputs = { ...common, files_path: "config" };
    const without = { ...inputs, management_key: "" };
    const fork = await runner.run("plan", without, { pullRequest: 7, fork: "mallory/site" });
    expect(fork.status).toBe(1);
    expect(fork.errors).toHaveLength(1);
    expect(fork.errors[0]).toContain("comes from a fork");
    const secret = await runner.run("plan", without, { pullRequest: 7 });
    expect(secret.errors[0]).toContain("management_key is empty");
    const bot = await runner.run("plan", without, { env: { GITHUB_ACTOR: "dependabot[bot]" } });
    expect(bot.errors[0]).toContain("Dependabot");
    const folder = await runner.run("plan", { ...inputs, files_path: "nowhere\n::error::x" });
    expect(folder.errors).toEqual([
      "There is no folder nowhere\n::error::x (the input files_path). Did actions/checkout run before?",
    ]);
    const project = await runner.run("plan", { ...inputs, project_id: "--help" });
    expect(project.errors[0]).toContain("project_id is not the id");
    const flag = await runner.run("plan", { ...inputs, comment: "yes" });
    expect(flag.errors[0]).toContain("The input comment is true or false");
    const token = await runner.run("plan", { ...inputs, token: READ_ONLY }, { pullRequest: 7 });
    expect(token.status).toBe(1);
    expect(token.errors[0]).toContain("pull-requests: write");
    expect(github.comments).toEqual([]);
  });

  test("the job's token reaches gh alone", async () => {
    await using here = await place();
    const { runner, common, work, github } = here;
    const seen = work.folder.at("seen");
    work.folder.put("watched", `#!/bin/sh\nenv >'${seen}'\nexec '${binary}' "$@"\n`);
    fs.chmodSync("watched", 0o755);
    const inputs = { ...common, files_path: "config", binary: "watched" };
    const ran = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(ran.errors).toEqual([]);
    expect(github.comments).toHaveLength(1);
    expect(fs.readFileSync(seen, "utf8")).toContain(`DESCOPE_MANAGEMENT_KEY=${work.emulator.managementKey}`);
    expect(fs.readFileSync(seen, "utf8")).not.toContain(TOKEN);
  });

  test("what a project holds is no command for the runner", async () => {
    await using here = await place();
    const { runner, common, work } = here;
    const name = "::add-mask::a\n::error::pwned";
    work.write(
      "config",
      withFile(snapshot({ environment: "production" }), "flows/sign-in/metadata.json", (document) => ({
        ...document,
        name,
        description: "`$(touch pwned)` ${{ github.token }}",
      })),
    );
    const ran = await runner.run("plan", { ...common, files_path: "config", fail_on: "$(touch pwned)" });
    expect(ran.errors).toHaveLength(1);
    expect(ran.status).toBe(1);
    const fine = await runner.run("plan", { ...common, files_path: "config" });
    expect(fine.status).toBe(0);
    expect(fine.errors).toEqual([]);
    expect(fine.masks).toEqual([work.emulator.managementKey]);
    const applied = await runner.run("apply", {
      ...common,
      files_path: "config",
      fingerprint: fine.outputs.fingerprint ?? "",
    });
    expect(applied.errors).toEqual([]);
    expect(applied.outputs.outcome).toBe("applied");
    expect(fs.existsSync("pwned")).toBe(false);
  });
});

describe.skipIf(lacksTools)("apply", () => {
  test("applies what was approved by its fingerprint, on another runner", async () => {
    await using here = await place();
    const { runner, common, work, github } = here;
    const planned = await runner.run("plan", { ...common, files_path: "config" });
    using other = actionRunner(work.folder.path, github);
    const fingerprint = planned.outputs.fingerprint ?? "";
    const ran = await other.run("apply", { ...common, files_path: "config", fingerprint });
    expect(ran.errors).toEqual([]);
    expect(ran.outputs).toMatchObject({
      outcome: "applied",
      reason: "",
      receipt_file: `.descope/receipts/${PRODUCTION}.json`,
    });
    expect((await work.export(PRODUCTION))["project.json"]?.refreshTokenExpiration).toBe(8);
    const kept = JSON.parse(fs.readFileSync(`${ran.outputs.backup_path}/project.json`, "utf8")) as JsonObject;
    expect(kept.refreshTokenExpiration).toBe(4);
    expect(ran.summary).toContain("To roll back: descope project snapshot plan");
    // What is applied leaves nothing to do, and the fingerprint of it is another one.
    const again = await runner.run("plan", { ...common, files_path: "config" });
    expect(again.outputs.has_changes).toBe("false");
    const nothing = await runner.run("apply", {
      ...common,
      files_path: "config",
      fingerprint: again.outputs.fingerprint ?? "",
    });
    expect(nothing.outputs.outcome).toBe("nothing_to_do");
    expect(nothing.outputs.backup_path).toBe("");
  });

  test("refuses what moved since the approval, with nothing written", async () => {
    await using here = await place();
    const { runner, common, work } = here;
    const planned = await runner.run("plan", { ...common, files_path: "config" });
    const fingerprint = planned.outputs.fingerprint ?? "";
    await work.put(
      PRODUCTION,
      snapshot({ environment: "production", project: { refreshTokenExpiration: 5 } }),
    );
    const before = await work.export(PRODUCTION);
    const moved = await runner.run("apply", { ...common, files_path: "config", fingerprint });
    expect(moved.status).toBe(2);
    expect(moved.outputs).toMatchObject({ outcome: "refused", reason: "expect_differs", backup_path: "" });
    expect(moved.errors[0]).toContain("nothing was written");
    const byFile = await runner.run("apply", { ...common, plan_file: planned.outputs.plan_file ?? "" });
    expect(byFile.status).toBe(2);
    expect(byFile.outputs).toMatchObject({ outcome: "refused", reason: "plan_stale" });
    expect(byFile.log).toContain("project#/refreshTokenExpiration");
    const nothing = await runner.run("apply", { ...common, files_path: "config" });
    expect(nothing.errors[0]).toContain("Nothing says what was approved");
    const name = await runner.run("apply", {
      ...common,
      files_path: "config",
      fingerprint,
      confirm: "Another",
    });
    expect(name.outputs.outcome).toBe("refused");
    expect(await work.export(PRODUCTION)).toEqual(before);
  });

  test("a plan of a pull request is that of its merge, and leaves alone what somebody changed there", async () => {
    await using here = await place();
    const { runner, common, work } = here;
    const { folder } = work;
    // Production is what main declared, but for a change in the console.
    const declared = { refreshTokenExpiration: 4, sessionTokenExpiration: 10 };
    work.write("config", snapshot({ environment: "production", project: declared }));
    await work.put(
      PRODUCTION,
      snapshot({ environment: "production", project: { ...declared, rotateJwt: false } }),
    );
    git(folder.path, "init", "--quiet", "--initial-branch=main");
    git(folder.path, "add", "config");
    git(folder.path, "commit", "--quiet", "-m", "applied");
    git(folder.path, "switch", "--quiet", "--create", "proposal");
    const proposed = { ...declared, refreshTokenExpiration: 8 };
    work.write("config", snapshot({ environment: "production", project: proposed }));
    git(folder.path, "commit", "--quiet", "--all", "-m", "longer");
    // What a runner checks out for a pull request is its merge into the base.
    git(folder.path, "switch", "--quiet", "--detach", "main");
    git(folder.path, "merge", "--quiet", "--no-ff", "-m", "merge", "proposal");
    const inputs = { ...common, files_path: "config", base: "git:HEAD^1:config" };
    const planned = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(planned.errors).toEqual([]);
    expect(planned.summary).toContain("1 drifted");
    // It is merged as one commit of its own.
    git(folder.path, "switch", "--quiet", "main");
    git(folder.path, "merge", "--quiet", "--squash", "proposal");
    git(folder.path, "commit", "--quiet", "-m", "longer (#7)");
    const fingerprint = planned.outputs.fingerprint ?? "";
    const ran = await runner.run("apply", { ...inputs, fingerprint });
    expect(ran.errors).toEqual([]);
    expect((await work.export(PRODUCTION))["project.json"]).toMatchObject({
      refreshTokenExpiration: 8,
      rotateJwt: false,
    });
  });

  test("folders may be called anything", async () => {
    await using here = await place();
    const { runner, common, work } = here;
    const files_path = "sub dir/$(touch pwned) ünï'q";
    work.write(files_path, snapshot({ environment: "production", project: { refreshTokenExpiration: 8 } }));
    work.folder.put(
      "more envs/pro d.json",
      JSON.stringify({ set: { "project#/inviteUrl": "https://x.example.com" } }),
    );
    const inputs = { ...common, files_path, environment: "more envs/pro d.json" };
    const planned = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(planned.errors).toEqual([]);
    const again = await runner.run("plan", inputs, { pullRequest: 7 });
    expect(again.outputs.fingerprint).toBe(planned.outputs.fingerprint);
    expect(here.github.comments).toMatchObject([{ edits: 1 }]);
    const ran = await runner.run("apply", { ...inputs, fingerprint: planned.outputs.fingerprint ?? "" });
    expect(ran.errors).toEqual([]);
    expect(ran.outputs.outcome).toBe("applied");
    expect(fs.existsSync("pwned")).toBe(false);
  });

  test("secrets reach Descope and nothing that the runner keeps", async () => {
    await using here = await place();
    const { runner, common, work } = here;
    const secret = "sEcret-of-the-hook-77";
    const id = "CInewhook";
    const content = withFile(snapshot({ environment: "production" }), "connectors/connectors.json", () => ({
      connectors: ["crm-api", "my-http", "new"],
    }));
    const old = content.get("connectors/my-http.json") as JsonObject;
    content.set("connectors/new.json", { ...old, id, name: "New" });
    work.write("config", content);
    const secrets = JSON.stringify({
      [`connector-${id}`]: { name: "New", secrets: { bearerToken: secret } },
    });
    const planned = await runner.run("plan", { ...common, files_path: "config", secrets });
    expect(planned.outputs.applyable).toBe("true");
    const ran = await runner.run("apply", {
      ...common,
      files_path: "config",
      fingerprint: planned.outputs.fingerprint ?? "",
      secrets,
    });
    expect(ran.errors).toEqual([]);
    expect(ran.outputs.outcome).toBe("applied");
    const kept = [runner.temporary.contents(), work.folder.contents(".descope"), planned, ran];
    expect(JSON.stringify(kept)).not.toContain(secret);
  });
});

describe.skipIf(lacksTools)("export", () => {
  async function checkout(): Promise<Place & { readonly origin: string }> {
    const here = await place();
    const { folder } = here.work;
    const origin = here.runner.temporary.at("origin.git");
    git(folder.path, "init", "--quiet", "--bare", "--initial-branch=main", origin);
    git(folder.path, "init", "--quiet", "--initial-branch=main");
    folder.put("README.md", "mine\n");
    git(folder.path, "add", "README.md");
    git(folder.path, "commit", "--quiet", "-m", "start");
    git(folder.path, "remote", "add", "origin", origin);
    git(folder.path, "push", "--quiet", "origin", "main");
    fs.rmSync(folder.at("config"), { recursive: true });
    return { ...here, origin };
  }
  const inputs = { files_path: "config", pull_request: "true" };
  const BRANCH = `descope/export-${PRODUCTION}`;

  test("lists what changed, as the vendor's action does, and opens nothing unless it is told to", async () => {
    await using here = await checkout();
    const { runner, common, github, origin, work } = here;
    const vendors = { ...common, files_path: "config", descopecli_version: "v0.8.14" };
    const ran = await runner.run("export", vendors);
    expect(ran.errors).toEqual([]);
    const changed = fs
      .readFileSync(ran.outputs.changes_file ?? "", "utf8")
      .trimEnd()
      .split("\n");
    expect(changed).toContain("config/flows/sign-in/metadata.json");
    expect(changed.every((file) => file.startsWith("config/"))).toBe(true);
    expect(github.pulls).toEqual([]);
    expect(git(origin, "branch", "--list")).toBe("* main");
    git(work.folder.path, "add", "config");
    git(work.folder.path, "commit", "--quiet", "-m", "export");
    const again = await runner.run("export", vendors);
    expect(again.outputs.changes_file).toBe("");
    expect(again.log).toContain("no file changed");
  });

  test("opens one pull request and keeps it up to date, without moving the checkout", async () => {
    await using here = await checkout();
    const { runner, common, github, origin, work } = here;
    const { folder } = work;
    folder.put("other.txt", "not part of the export");
    const first = await runner.run("export", { ...common, ...inputs });
    expect(first.errors).toEqual([]);
    expect(github.pulls).toMatchObject([
      { head: BRANCH, base: "main", title: "Export the Descope project", edits: 0 },
    ]);
    expect(first.outputs.pull_request_number).toBe(String(github.pulls[0]?.number));
    expect(git(folder.path, "branch", "--show-current")).toBe("main");
    expect(git(folder.path, "diff", "--cached", "--name-only")).toBe("");
    const files = git(origin, "ls-tree", "-r", "--name-only", BRANCH).split("\n");
    expect(files).toContain("README.md");
    expect(files).toContain("config/project.json");
    expect(files).not.toContain("other.txt");
    expect(git(origin, "log", "-1", "--format=%an", BRANCH)).toBe("github-actions[bot]");

    // The same again: nothing to push.
    const commit = git(origin, "rev-parse", BRANCH);
    await runner.run("export", { ...common, ...inputs });
    expect(git(origin, "rev-parse", BRANCH)).toBe(commit);
    expect(github.pulls).toHaveLength(1);

    // It is merged, and the project changes: the next one speaks in the product's words.
    git(folder.path, "add", "config");
    git(folder.path, "commit", "--quiet", "-m", "merged");
    await work.put(
      PRODUCTION,
      snapshot({ environment: "production", project: { refreshTokenExpiration: 6 } }),
    );
    const next = await runner.run("export", { ...common, ...inputs, title: "Take over production" });
    expect(next.errors).toEqual([]);
    expect(github.pulls).toHaveLength(1);
    expect(github.pulls[0]).toMatchObject({ title: "Take over production", edits: 2 });
    expect(github.pulls[0]?.body).toContain("refreshTokenExpiration");
    expect(git(origin, "show", `${BRANCH}:config/project.json`)).toContain('"refreshTokenExpiration": 6');
    expect(git(origin, "rev-parse", `${BRANCH}^`)).toBe(git(folder.path, "rev-parse", "HEAD"));
  });

  test("leaves everything as it is when the project cannot be read, or the checkout is none", async () => {
    await using here = await checkout();
    const { runner, common, github, work, origin } = here;
    const wrong = await runner.run("export", { ...common, ...inputs, management_key: "Kwrong" });
    expect(wrong.status).toBe(1);
    expect(wrong.errors[0]).toContain("Nothing was exported");
    expect(fs.existsSync("config")).toBe(false);
    const branch = await runner.run("export", { ...common, ...inputs, branch: "a b..c" });
    expect(branch.errors[0]).toContain("no name that git takes");
    const readOnly = await runner.run("export", { ...common, ...inputs, token: READ_ONLY });
    expect(readOnly.errors[0]).toContain("pull-requests: write");
    expect(github.pulls).toEqual([]);
    fs.renameSync(work.folder.at(".git"), `${origin}.away`);
    const none = await runner.run("export", { ...common, ...inputs });
    expect(none.errors[0]).toContain("no git checkout");
  });
});

describe.skipIf(lacksTools)("drift", () => {
  test("one issue: opened, edited, closed", async () => {
    await using here = await place();
    const { runner, common, github, work } = here;
    const inputs = { ...common, files_path: "config" };
    work.write("config", snapshot({ environment: "production" }));
    const clean = await runner.run("drift", inputs);
    expect(clean.errors).toEqual([]);
    expect(clean.outputs).toMatchObject({ drift: "false", issue_number: "" });
    expect(github.issues).toEqual([]);

    const forged = `<!-- descope-drift target=${PRODUCTION} env=none -->`;
    for (const number of [1, 2, 3])
      github.issues.push({ number, author: "mallory", title: "x", body: forged, state: "open", edits: 0 });
    const moved = (refreshTokenExpiration: number) =>
      work.put(PRODUCTION, snapshot({ environment: "production", project: { refreshTokenExpiration } }));
    await moved(5);
    const opened = await runner.run("drift", inputs);
    expect(opened.status).toBe(0);
    expect(opened.outputs.drift).toBe("true");
    const own = () => github.issues.filter(({ author }) => author === BOT);
    expect(own()).toMatchObject([{ state: "open", edits: 0 }]);
    expect(own()[0]?.body).toContain("refreshTokenExpiration");
    expect(opened.outputs.issue_number).toBe(String(own()[0]?.number));
    expect(opened.summary).toContain("### Drift of");

    await moved(6);
    const edited = await runner.run("drift", { ...inputs, fail_on_drift: "true" });
    expect(edited.status).toBe(2);
    expect(own()).toMatchObject([{ state: "open", edits: 1 }]);

    // What cannot be read says nothing about drift.
    const broken = await runner.run("drift", { ...inputs, management_key: "Kwrong" });
    expect(broken.status).toBe(1);
    expect(broken.errors[0]).toContain("It is not known whether there is drift");
    expect(own()).toMatchObject([{ state: "open", edits: 1 }]);

    await moved(4);
    const closed = await runner.run("drift", inputs);
    expect(closed.errors).toEqual([]);
    expect(own()).toMatchObject([{ state: "closed" }]);
    expect(github.comments.map(({ number, body }) => [number, body.split(",")[0]])).toEqual([
      [own()[0]?.number ?? 0, "The drift is gone"],
    ]);
    expect(github.issues.filter(({ author }) => author !== BOT).every(({ edits }) => edits === 0)).toBe(true);

    // The next drift opens a new one.
    await moved(7);
    await runner.run("drift", inputs);
    expect(own().map(({ state }) => state)).toEqual(["closed", "open"]);
  });

  test("with a token that may not, says which permission is missing; without issues, needs none", async () => {
    await using here = await place();
    const { runner, common, github } = here;
    const inputs = { ...common, files_path: "config", token: READ_ONLY };
    const denied = await runner.run("drift", inputs);
    expect(denied.status).toBe(1);
    expect(denied.errors[0]).toContain("issues: write");
    const quiet = await runner.run("drift", { ...inputs, issue: "false", token: "" });
    expect(quiet.status).toBe(0);
    expect(quiet.outputs.drift).toBe("true");
    expect(github.issues).toEqual([]);
  });
});

describe.skipIf(lacksTools)("import", () => {
  test("takes the vendor's inputs and gives its outputs", async () => {
    await using here = await place();
    const { runner, work, common } = here;
    const inputs = { ...common, files_path: "config", descopecli_version: "v0.8.14" };
    const validated = await runner.run("import", { ...inputs, validate_only: "true" });
    expect(validated.errors).toEqual([]);
    expect(validated.outputs).toEqual({ failure_file: "", missing_secrets_file: "" });
    expect((await work.export(PRODUCTION))["project.json"]?.refreshTokenExpiration).toBe(4);
    const imported = await runner.run("import", { ...inputs, import_only: "false" });
    expect(imported.errors).toEqual([]);
    expect((await work.export(PRODUCTION))["project.json"]?.refreshTokenExpiration).toBe(8);
    const both = await runner.run("import", { ...inputs, import_only: "true", validate_only: "true" });
    expect(both.errors[0]).toContain("leave nothing to do");
  });

  test("names the secrets that are missing, writes nothing, and takes them", async () => {
    await using here = await place();
    const { runner, work, common } = here;
    // The other project has none of the connectors' secrets yet.
    const inputs = { ...common, project_id: STAGING, files_path: "config" };
    const before = await work.export(STAGING);
    const refused = await runner.run("import", inputs);
    expect(refused.status).toBe(2);
    expect(refused.errors[0]).toContain("nothing was written");
    const missing = JSON.parse(fs.readFileSync(refused.outputs.missing_secrets_file ?? "", "utf8")) as Record<
      string,
      { secrets: Record<string, string> }
    >;
    expect(Object.keys(missing).length).toBeGreaterThan(1);
    expect(await work.export(STAGING)).toEqual(before);
    const value = "sEcret-for-staging-1";
    for (const owner of Object.values(missing))
      for (const type of Object.keys(owner.secrets)) owner.secrets[type] = value;
    const taken = await runner.run("import", { ...inputs, secrets: JSON.stringify(missing) });
    expect(taken.errors).toEqual([]);
    expect((await work.export(STAGING))["project.json"]?.refreshTokenExpiration).toBe(8);
    expect(JSON.stringify([taken, runner.temporary.contents()])).not.toContain(value);
  });
});
