import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fs from "node:fs";
import type { Json, JsonObject } from "../../../../src/json/value.ts";
import {
  PRODUCTION,
  STAGING,
  workplace,
  type PromotionReply,
  type Workplace,
} from "../../../support/promotion.ts";
import { shellCommands } from "../../../support/shell-words.ts";
import { connector, flow, snapshot, withFile } from "../../../support/snapshot.ts";

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place[Symbol.asyncDispose]());

const wordsOf = (line: string) => shellCommands(line)[0] ?? [];
const staging = snapshot({ environment: "staging" });
const production = snapshot({ environment: "production" });
const set = (content: ReadonlyMap<string, Json>, members: JsonObject) =>
  withFile(content, "project.json", (document) => ({ ...document, ...members }));
const plan = (...words: string[]) => place.snapshot(["plan", PRODUCTION, "--path", "config", ...words]);

/** The folder is what production holds, but for some settings. */
async function prepare(members: JsonObject = { sessionTokenExpiration: 20 }): Promise<void> {
  await place.put(PRODUCTION, production);
  place.write("config", set(production, members));
}

describe("a plan", () => {
  test("shows risks first, the summary and the next command last, and changes nothing", async () => {
    await prepare({ refreshTokenExpiration: 52, inviteUrl: "http://hook.example.com" });
    const before = await place.export(PRODUCTION);
    const ran = await plan();
    expect(ran.status).toBe(0);
    const lines = ran.out.trimEnd().split("\n");
    expect(lines[0]).toBe("Plan  config -> Acme (P2production)");
    expect(lines.slice(2, 4)).toEqual([
      "  ! redirect-insecure  project  inviteUrl is not encrypted: http://hook.example.com",
      "  ! session-longer     project  refresh token 4 weeks -> 52 weeks",
    ]);
    expect(lines.at(-1)).toMatch(
      /^Fingerprint (dp1-[0-9a-f]{12}) {3}next: descope project snapshot apply P2production --path config --expect \1$/,
    );
    expect(lines.at(-2)).toStartWith("0 create, 1 change, 0 delete");
    expect(await place.export(PRODUCTION)).toEqual(before);
  });

  test("names the command that applies just that, with all that the plan was made with", async () => {
    for (const flags of [
      ["--only", "project#/inviteUrl,role/Admin"],
      ["--except", "project#/refreshTokenExpiration"],
      ["--base", "none"],
      ["--base", "before", "--prune"],
      ["--resolve", "project#/refreshTokenExpiration=ours"],
    ]) {
      await prepare({ refreshTokenExpiration: 52, inviteUrl: "https://other.example.com" });
      place.write("before", production);
      const ran = await plan(...flags);
      const [, next = ""] = /next: descope (.*)$/m.exec(ran.out) ?? [];
      const applied = await place.run([...wordsOf(next), "--yes"]);
      expect([flags, applied.status, applied.out]).toEqual([
        flags,
        0,
        expect.stringContaining("Applied: 1 applied"),
      ]);
      // And so does the way back.
      const [, back = ""] = /To roll back: descope (.*)$/m.exec(applied.out) ?? [];
      const planned = await place.run(wordsOf(back));
      const [, undo = ""] = /next: descope (.*)$/m.exec(planned.out) ?? [];
      const undone = await place.run([...wordsOf(undo), "--yes"]);
      expect([flags, undone.status, undone.out]).toEqual([
        flags,
        0,
        expect.stringContaining("Applied: 1 applied"),
      ]);
    }
  });

  test("drift names commands that take over or undo no more than what it shows", async () => {
    await prepare({});
    await place.put(
      PRODUCTION,
      set(production, { refreshTokenExpiration: 52, inviteUrl: "https://x.example.com" }),
    );
    const only = "project#/inviteUrl";
    const ran = await place.snapshot(["drift", PRODUCTION, "--against", "config", "--only", only]);
    expect(ran.status).toBe(2);
    const [record = "", undo = ""] = [...ran.out.matchAll(/^next: descope (.*?) {3}/gm)].map(
      ([, line]) => line ?? "",
    );
    const planned = await place.run(wordsOf(undo));
    expect(planned.out).toContain("0 create, 1 change, 0 delete");
    expect(planned.out).not.toContain("refreshTokenExpiration");
    await place.run([...wordsOf(record), "--yes"]);
    const taken = JSON.parse(fs.readFileSync("config/project.json", "utf8")) as JsonObject;
    expect(taken).toMatchObject({ inviteUrl: "https://x.example.com", refreshTokenExpiration: 4 });
    // The other way round: all but a place.
    place.write("config", production);
    const except = ["--except", "project#/inviteUrl"];
    await place.snapshot(["record", PRODUCTION, "--path", "config", ...except, "--yes"]);
    expect(JSON.parse(fs.readFileSync("config/project.json", "utf8"))).toMatchObject({
      inviteUrl: "https://production.example.com/invite",
      refreshTokenExpiration: 52,
    });
  });

  test("is one JSON document, the same as the file that is kept, which only its owner may read", async () => {
    await prepare();
    const ran = await plan("--out", "plan.json", "--json");
    const kept = JSON.parse(fs.readFileSync("plan.json", "utf8")) as JsonObject;
    expect(ran.json()).toEqual({ ...kept, ok: true });
    expect((await plan("--out", "plan.json", "--format", "json")).out).toBe(
      fs.readFileSync("plan.json", "utf8"),
    );
    expect(fs.statSync("plan.json").mode & 0o777).toBe(0o600);
    expect(kept).toMatchObject({
      schema: "descope-plan/1",
      target: { project: PRODUCTION, baseUrl: place.emulator.url, name: "Acme", environment: "" },
      applyable: true,
      summary: { create: 0, update: 1, delete: 0, conflict: 0 },
    });
  });

  test("has one fingerprint however often it is made, and wherever", async () => {
    await prepare();
    const fingerprint = async (...words: string[]) =>
      (await place.json("plan", PRODUCTION, ...words)).fingerprint;
    const first = await fingerprint("--path", "config");
    place.write("elsewhere", set(production, { sessionTokenExpiration: 20 }));
    expect(await fingerprint("--path", "elsewhere", "--show", "noise", "--out", "x.json")).toBe(first);
  });

  test("of an empty or half a folder, or of none, is an error before any request", async () => {
    fs.mkdirSync("empty");
    place.write("half", new Map([...production].filter(([file]) => file !== "flows/step-up/metadata.json")));
    fs.mkdirSync("notes");
    fs.writeFileSync("notes/x.json", "{}");
    place.write("bad", production);
    fs.writeFileSync("bad/auth/otp.json", '{\n  "enabled": true,\n}');
    const failure = async (folder: string) => {
      const ran = await place.snapshot(["plan", "P2nobody", "--path", folder], {
        env: { DESCOPE_BASE_URL: "http://127.0.0.1:1" },
      });
      expect(ran.status).toBe(1);
      return ran.err;
    };
    expect(await failure("empty")).toContain("empty is empty: there is no snapshot in it");
    expect(await failure("half")).toContain(
      "half/flows/step-up/metadata.json: flows/step-up has no metadata.json",
    );
    expect(await failure("nothing")).toContain("There is no folder nothing");
    expect(await failure("notes")).toContain("notes holds no snapshot");
    expect(await failure("bad")).toContain("bad/auth/otp.json: not JSON: ");
  });

  test("ends with 2 on the conditions that are asked for, and with 0 else", async () => {
    await prepare({ refreshTokenExpiration: 52 });
    const answers: [string[], number, string | undefined][] = [
      [[], 0, undefined],
      [["--exit-code"], 2, "changes_found"],
      [["--fail-on", "risk"], 2, "risk_found"],
      [["--fail-on", "change"], 2, "change_found"],
      [["--fail-on", "delete,conflict,drift"], 0, undefined],
      [["--expect", "dp1-000000000000"], 2, "expect_differs"],
    ];
    for (const [flags, status, reason] of answers) {
      const made = await place.json("plan", PRODUCTION, "--path", "config", ...flags);
      expect([made.status, made.reason, made.ok]).toEqual([status, reason, status === 0]);
    }
    const { fingerprint } = await place.json("plan", PRODUCTION, "--path", "config");
    expect((await plan("--expect", fingerprint.slice(0, 16))).status).toBe(0);
    expect((await plan("--expect", "dp1-12")).status).toBe(1);
    expect((await plan("--fail-on", "everything")).status).toBe(1);
    expect(
      (await place.snapshot(["plan", PRODUCTION, "--path", "config", "--exit-code", "--only", "style/*"]))
        .status,
    ).toBe(0);
  });

  test("ends with 1 where the project cannot be read, and never says that nothing is to do", async () => {
    await prepare();
    const ran = await place.snapshot(["plan", "P2gone", "--path", "config"]);
    expect([ran.status, ran.out]).toEqual([1, ""]);
  });

  test("can be made offline, and makes no request then", async () => {
    place.write("config", set(production, { sessionTokenExpiration: 20 }));
    place.write("live", production);
    const ran = await place.snapshot(
      ["plan", PRODUCTION, "--path", "config", "--offline", "live", "--json"],
      { env: { DESCOPE_BASE_URL: "http://127.0.0.1:1", DESCOPE_MANAGEMENT_KEY: undefined } },
    );
    expect([ran.status, ran.json<PromotionReply>().summary.update]).toEqual([0, 1]);
  });

  test("asks the server too where that is wanted, and is blocked by its no", async () => {
    await place.put(PRODUCTION, production);
    place.write(
      "config",
      withFile(production, "snapshot.json", () => ({ version: 99, more: 1 })),
    );
    const made = await place.json("plan", PRODUCTION, "--path", "config", "--validate");
    expect(made.blocked).toEqual([]);
    const broken = withFile(production, "flows/step-up/contents.json", (document) => ({
      ...document,
      startTask: "77",
    }));
    place.write("broken", broken);
    const refused = await place.json("plan", PRODUCTION, "--path", "broken", "--validate");
    expect(refused.blocked.map(({ code }) => code)).toEqual(["validation"]);
    expect(refused.applyable).toBe(false);
    expect((await place.json("plan", PRODUCTION, "--path", "broken")).applyable).toBe(true);
  });

  test("shown by show is what was shown before, in every form; an edited one is refused", async () => {
    await prepare({ refreshTokenExpiration: 52 });
    const text = await plan("--out", "plan.json");
    expect((await place.snapshot(["show", "plan.json"])).out).toBe(text.out);
    for (const format of ["json", "markdown", "html"]) {
      const made = await plan("--out", "plan.json", "--format", format);
      const shown = await place.snapshot(["show", "plan.json", "--format", format]);
      expect([shown.status, shown.out]).toEqual([0, made.out]);
    }
    const kept = fs.readFileSync("plan.json", "utf8");
    for (const [from, to] of [
      ["52", "53"],
      ["descope-plan/1", "descope-plan/2"],
      [`"normalizer": `, `"normalizer": 1`],
      [PRODUCTION, STAGING],
    ] as const) {
      fs.writeFileSync("edited.json", kept.replaceAll(from, to));
      const ran = await place.snapshot(["show", "edited.json"]);
      expect([ran.status, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain("edited.json is refused: ");
      const applied = await place.snapshot(["apply", PRODUCTION, "--plan", "edited.json", "--yes"]);
      expect([applied.status, applied.out]).toEqual([1, ""]);
    }
    fs.writeFileSync("other.json", '{"a": 1}');
    expect((await place.snapshot(["show", "other.json"])).err).toContain("other.json is not a plan");
    expect((await place.snapshot(["show"])).status).toBe(1);
  });

  test("narrowed by --only and --except takes exact names alone", async () => {
    await prepare({ sessionTokenExpiration: 20, refreshTokenExpiration: 5 });
    const paths = async (...words: string[]) =>
      (await place.json("plan", PRODUCTION, "--path", "config", ...words)).changes.flatMap(({ fields }) =>
        fields.map(({ path }) => path),
      );
    expect(await paths("--only", "project#/refreshTokenExpiration")).toEqual(["/refreshTokenExpiration"]);
    expect(await paths("--except", "project#/refreshTokenExpiration")).toEqual(["/sessionTokenExpiration"]);
    const near = await plan("--only", "proj");
    expect([near.status, near.out]).toEqual([1, ""]);
    expect(near.err).toContain(
      "proj is asked for alone, and there is nothing of that name\n  There is project.",
    );
    const slip = await plan("--only", "project,auth/otpp");
    expect([slip.status, slip.err.includes("There is auth/otp")]).toEqual([1, true]);
    expect((await plan("--only", "flows/*")).status).toBe(1);
    expect((await plan("--only", "project,flows/*")).status).toBe(0);
    for (const words of [
      ["diff", "config", `project:${PRODUCTION}`, "--only", "proj"],
      ["drift", PRODUCTION, "--against", "config", "--only", "proj"],
      ["record", PRODUCTION, "--path", "config", "--only", "proj", "--yes"],
    ])
      expect((await place.snapshot(words)).err).toContain("There is project.");
    expect((await plan("--only", "/x")).status).toBe(1);
    expect((await plan("--only", "flow/sign-in#/metadata/name")).status).toBe(1);
  });
});

describe("drift from what was applied", () => {
  const project = (members: JsonObject) => set(production, { sessionTokenExpiration: 20, ...members });
  const apply = async (...words: string[]) => {
    place.write("config", project({}));
    await place.put(PRODUCTION, production);
    const applied = await place.snapshot([
      "plan",
      PRODUCTION,
      "--path",
      "config",
      "--out",
      "p.json",
      ...words,
    ]);
    expect([applied.status, applied.err]).toEqual([0, ""]);
    expect((await place.snapshot(["apply", PRODUCTION, "--plan", "p.json", "--yes"])).status).toBe(0);
  };

  test("names a plan that undoes it, though a plan by the receipt leaves it alone", async () => {
    await apply();
    await place.put(PRODUCTION, project({ inviteUrl: "https://drifted.example.com" }));
    const drift = await place.snapshot(["drift", PRODUCTION, "--against", "config"]);
    const undo = /^next: descope (.*?) {3}plans to undo it$/m.exec(drift.out)?.[1] ?? "";
    const planned = await place.run(wordsOf(undo));
    expect(planned.out).toContain("0 create, 1 change, 0 delete");
    expect(planned.out).toContain('~ inviteUrl  "https://drifted.example.com" ->');
    const alone = await place.snapshot(["plan", PRODUCTION, "--path", "config"]);
    expect(alone.out).toContain("Left alone: 1 drifted (project)");
  });

  test("is not what the environment left out when it was applied", async () => {
    place.folder.put(
      "envs/prod.json",
      JSON.stringify({
        schema: "descope-env/1",
        ignore: [
          { at: "project#/inviteUrl", why: "its own" },
          { at: "auth/otp", why: "its own" },
        ],
      }),
    );
    await apply("--env", "prod");
    await place.put(PRODUCTION, project({ inviteUrl: "https://drifted.example.com" }));
    const ran = await place.snapshot(["drift", PRODUCTION, "--against", "receipt"]);
    expect([ran.status, ran.out.includes("auth/otp")]).toEqual([0, false]);
    expect(ran.out).toContain("0 changed, 0 gone");
    const receipt = `.descope/receipts/${PRODUCTION}.json`;
    const diff = await place.snapshot(["diff", receipt, `project:${PRODUCTION}`, "--exit-code"]);
    expect([diff.status, diff.err]).toEqual([0, ""]);
  });
});

describe("an environment", () => {
  const environment = (name: string, content: object | string) =>
    place.folder.put(
      `envs/${name}.json`,
      typeof content === "string" ? content : JSON.stringify(content, null, 2),
    );

  test("sets, unsets, keeps, ignores and protects, and says where a value comes from", async () => {
    await place.put(PRODUCTION, production);
    place.write("config", set(staging, { rotateJwt: false, extra: 1 }));
    environment("common", { ignore: [{ at: "project#/rotateJwt", why: "set by hand" }] });
    environment(
      "prod",
      `// where customers are
      {
        "schema": "descope-env/1", "project": "P2production", "extends": ["common.json"],
        "keep": ["project#/inviteUrl"],
        "set": { "connector/My HTTP#/configuration/baseUrl": { "env": "HOOK" } },
        "unset": ["project#/extra"],
      }`,
    );
    const ran = await place.snapshot(["plan", PRODUCTION, "--path", "config", "--env", "prod"], {
      env: { HOOK: "https://hook.acme.com" },
    });
    expect([ran.status, ran.err]).toEqual([0, ""]);
    expect(ran.out).toContain(
      `~ configuration/baseUrl  "https://hook.production.example.com" -> "https://hook.acme.com"  (overlay prod)`,
    );
    expect(ran.out).toContain("0 create, 1 change, 0 delete");
    expect(ran.out).toContain("kept by the environment (inviteUrl)");
    const missing = await place.snapshot(["plan", PRODUCTION, "--path", "config", "--env", "prod"]);
    expect([missing.status, missing.out]).toEqual([1, ""]);
    expect(missing.err).toContain(
      "envs/prod.json:5:18: connector/My HTTP#/configuration/baseUrl takes its value from HOOK, which is not set",
    );
  });

  test("that is wrong is an error with file, line and column, before any request", async () => {
    place.write("config", production);
    const cases: [object | string, string][] = [
      ["{ nope", "envs/prod.json: not JSON"],
      [{ keeep: [] }, 'envs/prod.json:2:3: the key "keeep" is not known here'],
      [{ allowDelete: "1" }, 'envs/prod.json:2:3: "allowDelete" must be'],
      [{ ignore: [{ at: "project#/inviteUrl" }] }, 'the key "why" is missing here'],
      [{ keep: ["/x"] }, 'envs/prod.json:3:5: "/x" is not an address'],
      [
        { set: { "project#/inviteUrl": { env: "DESCOPE_MANAGEMENT_KEY" } } },
        "envs/prod.json:3:5: DESCOPE_MANAGEMENT_KEY is a variable for a secret",
      ],
      [{ set: { "project#/inviteUrl": { env: "GH_TOKEN" } } }, "envs/prod.json:3:5: GH_TOKEN is a variable"],
      [{ set: { project: 1 } }, 'envs/prod.json:3:5: "project" names no place'],
      [
        { set: { "project#/nope/a/b": 1, "conector/X#/a": 2 } },
        "envs/prod.json:4:5: conector/X#/a: there is no conector/X",
      ],
      [{ unset: ["project#/nope"] }, "envs/prod.json:3:5: project#/nope: nothing in project is at /nope"],
      [
        { set: { "connector/CRM API#/configuration/authentication/bearerToken": "x" } },
        "holds a secret: name its source",
      ],
      [{ secrets: { "connector/CRM API": { bearertoken: { from: "s3cret" } } } }, "never the secret itself"],
      [{ project: "P2other" }, 'The environment "prod" is for the project P2other'],
      [{ extends: ["none.json"] }, "Cannot read envs/none.json"],
      ['{"keep": [], "keep": []}', 'envs/prod.json:1:14: "keep" stands here a second time'],
      [{ ignore: [{ at: "project#/a", why: "x" }], set: { "project#/a": 1 } }, "is set here and ignored by"],
    ];
    for (const [content, message] of cases) {
      environment("prod", content);
      const ran = await place.snapshot(["plan", PRODUCTION, "--path", "config", "--env", "prod"], {
        env: { DESCOPE_BASE_URL: "http://127.0.0.1:1" },
      });
      expect([ran.status, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain(message);
      expect(ran.err).not.toContain("s3cret");
    }
    expect((await plan("--env", "nobody")).err).toContain('There is no environment "nobody"');
  });

  test("asks for no variable of another environment", async () => {
    await place.put(PRODUCTION, production);
    place.write("config", production);
    environment("other", { set: { "project#/inviteUrl": { env: "NOT_SET" } } });
    environment("prod", { protection: "none" });
    expect((await plan("--env", "prod")).status).toBe(0);
  });

  test("protects what it names from every plan that does not lift that by its exact name", async () => {
    await prepare();
    environment("prod", { protect: ["project"] });
    const codes = async (...words: string[]) =>
      (await place.json("plan", PRODUCTION, "--path", "config", "--env", "prod", ...words)).blocked.map(
        ({ code }) => code,
      );
    expect(await codes()).toEqual(["protected"]);
    expect(await codes("--unprotect", "proj")).toEqual(["protected"]);
    expect(await codes("--unprotect", "project")).toEqual([]);
  });
});

describe("a base", () => {
  test("in git tells drift from change and conflict, and --resolve settles it", async () => {
    const git = (...args: string[]) =>
      expect(
        Bun.spawnSync(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", ...args]).exitCode,
      ).toBe(0);
    await place.put(PRODUCTION, production);
    place.write("config", production);
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-qm", "base");
    place.write("config", set(production, { sessionTokenExpiration: 20, refreshTokenExpiration: 5 }));
    await place.put(
      PRODUCTION,
      set(production, { sessionTokenExpiration: 15, inviteUrl: "https://drift.example.com" }),
    );
    const base = ["--base", "git:main:config"];
    const made = await place.json("plan", PRODUCTION, "--path", "config", ...base, "--fail-on", "conflict");
    expect(made).toMatchObject({
      status: 2,
      reason: "conflict_found",
      conflicts: [{ at: "project#/sessionTokenExpiration", last: 10, ours: 20, theirs: 15 }],
      drift: [{ address: "project", fields: ["/inviteUrl"] }],
      source: { dirty: true },
    });
    const text = await plan(...base);
    expect(text.out).toContain("x conflict        project#/sessionTokenExpiration");
    expect(text.out).toContain("BLOCKED");
    expect(text.out).toEndWith(
      "next: plan again with --resolve 'project#/sessionTokenExpiration=theirs', or =ours\n",
    );
    const settled = await place.json(
      "plan",
      PRODUCTION,
      "--path",
      "config",
      ...base,
      "--resolve",
      "project#/sessionTokenExpiration=ours",
    );
    expect([settled.status, settled.blocked]).toEqual([0, []]);
    expect((await plan(...base, "--resolve", "project")).status).toBe(1);
    expect((await plan("--base", "git:nowhere:config")).err).toContain("There is no commit nowhere");
    expect((await plan("--base", "receipt")).err).toContain("There is no receipt at");
  });
});

describe("a comparison", () => {
  test("of folders, projects, commits, plans and receipts", async () => {
    await prepare();
    await place.put(STAGING, staging);
    await plan("--out", "plan.json");
    const diff = (left: string, right: string, ...more: string[]) => place.json("diff", left, right, ...more);
    const found = await diff(`project:${PRODUCTION}`, "config");
    // What the emulator's project has beside the folder is told too, as being on one side alone.
    expect(
      found.differences
        .filter(({ action }) => action === "update")
        .map(({ address, fields }) => [address, fields.map(({ path, old, new: next }) => [path, old, next])]),
    ).toEqual([["project", [["/sessionTokenExpiration", 10, 20]]]]);
    expect((await diff("config", "config", "--exit-code")).status).toBe(0);
    expect(await diff("config", `project:${PRODUCTION}`, "--exit-code")).toMatchObject({
      status: 2,
      reason: "differences_found",
      ok: false,
    });
    expect((await diff("plan.json", "config")).differences).toEqual([]);
    expect((await diff(`project:${PRODUCTION}`, "plan.json")).differences).toHaveLength(1);
    await place.snapshot(["apply", PRODUCTION, "--plan", "plan.json", "--yes"]);
    expect((await diff(".descope/receipts/P2production.json", `project:${PRODUCTION}`)).differences).toEqual(
      [],
    );
    const two = await diff(`project:${STAGING}`, `project:${PRODUCTION}`);
    expect(two.differences.map(({ address }) => address)).toEqual(["connector/My HTTP", "project"]);
    const ran = await place.snapshot(["diff", "nowhere", "config"]);
    expect([ran.status, ran.out]).toEqual([1, ""]);
    for (const format of ["text", "markdown", "html", "json"])
      expect(
        (await place.snapshot(["diff", "config", `project:${PRODUCTION}`, "--format", format])).status,
      ).toBe(0);
  });

  test("looks at what is doubled or broken all the same, and loses nothing of it", async () => {
    const doubled = withFile(production, "connectors/crm-api.json", () =>
      connector("production", "My HTTP", "https://other.example.com"),
    );
    place.write("doubled", doubled);
    place.write("config", production);
    const found = await place.json("diff", "config", "doubled");
    expect(found.differences.map(({ address, action }) => [address, action])).toContainEqual([
      "connector/My HTTP",
      "update",
    ]);
    expect(found.differences.map(({ address, action }) => [address, action])).toContainEqual([
      "connector/CRM API",
      "delete",
    ]);
    expect(found.differences).toHaveLength(3);
    expect((await place.snapshot(["plan", PRODUCTION, "--path", "doubled"])).status).toBe(1);
  });
});

test("ids of another environment and boxes that were moved are no change, through the emulator too", async () => {
  await place.put(PRODUCTION, production);
  const moved = new Map([
    ...withFile(staging, "project.json", (document) => ({
      ...document,
      inviteUrl: "https://production.example.com/invite",
    })),
    [
      "connectors/my-http.json",
      connector("staging", "My HTTP", "https://hook.production.example.com"),
    ] as const,
    ...Object.entries(
      flow("sign-in", { environment: "staging", connectors: ["CRM API"], subflow: "step-up", shift: 333 }),
    ),
  ]);
  place.write("config", moved);
  const made = await place.json("plan", PRODUCTION, "--path", "config");
  expect([made.changes, made.blocked]).toEqual([[], []]);
  expect(made.noise.layout).toBeGreaterThan(0);
  expect(made.noise.ids).toBeGreaterThan(0);
});
