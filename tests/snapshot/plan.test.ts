import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/json/value.ts";
import { Meanings } from "../../src/snapshot/model/meanings.ts";
import { readSnapshot } from "../../src/snapshot/model/read.ts";
import { snapshotBase } from "../../src/snapshot/plan/base.ts";
import type { PlanInput } from "../../src/snapshot/plan/input.ts";
import { plainLine } from "../../src/output/line.ts";
import { planLines } from "../../src/snapshot/render/text.ts";
import { anyEdit, applyAll } from "../support/edits.ts";
import { actions, composed, place, planOf, secretsOf } from "../support/planning.ts";
import { connector, flow, snapshot, withFile } from "../support/snapshot.ts";

const bounded = { numRuns: 120, seed: 20260102 };
const edits = fc.array(anyEdit, { maxLength: 4 });
const secrets = secretsOf("connector/Audit HTTP", "connector/CRM-API");
const plan = (
  ours: ReadonlyMap<string, Json>,
  theirs: ReadonlyMap<string, Json>,
  more: Partial<PlanInput> = {},
) => planOf(ours, theirs, { secrets, ...more });

const staging = snapshot({ environment: "staging" });
const production = snapshot({ environment: "production" });

describe("a plan that was carried out", () => {
  test("leaves nothing to do", () => {
    fc.assert(
      fc.property(edits, edits, (here, there) => {
        const ours = applyAll(staging, here, "staging");
        const theirs = applyAll(production, there, "production");
        const first = plan(ours, theirs);
        expect(first.blocked).toEqual([]);
        const second = plan(ours, composed(theirs, first));
        expect(actions(second)).toEqual({});
      }),
      bounded,
    );
  });

  test("sends everything that it does not name back as it was", () => {
    fc.assert(
      fc.property(edits, edits, (here, there) => {
        const ours = applyAll(staging, here, "staging");
        const theirs = applyAll(production, there, "production");
        const first = plan(ours, theirs);
        const after = readSnapshot(composed(theirs, first));
        expect(after.problems).toEqual([]);
        const touched = new Set(first.changes.map(({ address }) => address));
        for (const [address, entity] of readSnapshot(theirs).entities)
          if (!touched.has(address)) expect(after.entities.get(address)?.content).toEqual(entity.content);
        const meanings = new Meanings([]);
        for (const { address, after: wanted } of first.changes)
          expect(meanings.of(after.entities.get(address)!, after).hash).toBe(wanted?.hash as string);
      }),
      bounded,
    );
  });

  test("changes no file where nothing is to do", () => {
    const theirs = snapshot({ environment: "production" });
    expect(composed(theirs, plan(theirs, theirs))).toEqual(
      new Map([...theirs].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  });
});

describe("a fingerprint", () => {
  test("is the same for the same plan, whoever makes it and when", () => {
    fc.assert(
      fc.property(edits, (here) => {
        const ours = applyAll(staging, here, "staging");
        const reversed = new Map([...ours].reverse());
        const one = plan(ours, production);
        const other = plan(reversed, production, {
          tool: "descope 99",
          createdAt: "2030-01-01T00:00:00.000Z",
          source: { path: "elsewhere", git: "abc", dirty: true },
        });
        expect(other.fingerprint).toBe(one.fingerprint);
      }),
      { ...bounded, numRuns: 40 },
    );
  });

  test("does not change with what the plan does not touch or refer to, and does with what it does", () => {
    fc.assert(
      fc.property(anyEdit, anyEdit, (here, there) => {
        const ours = here.apply(staging, "staging");
        const moved = there.apply(production, "production");
        const only = [place(here.address)];
        const before = plan(ours, production, { only });
        fc.pre(before.changes.length > 0);
        const after = plan(ours, moved, { only });
        const concerned = Object.keys(before.observed).includes(there.address);
        if (!concerned) expect(after.fingerprint).toBe(before.fingerprint);
        else if (after.changes.length > 0 && there.describe !== here.describe)
          expect(after.fingerprint).not.toBe(before.fingerprint);
      }),
      bounded,
    );
  });

  test("changes with every part of what is meant", () => {
    const ours = withFile(staging, "project.json", (document) => ({
      ...document,
      refreshTokenExpiration: 9,
    }));
    const first = plan(ours, production).fingerprint;
    const others = [
      plan(
        withFile(ours, "project.json", (document) => ({ ...document, refreshTokenExpiration: 10 })),
        production,
      ),
      plan(ours, production, { target: { project: "P2other", baseUrl: "https://api.example.com" } }),
      plan(ours, production, { target: { project: "P2target", baseUrl: "https://api.euc1.example.com" } }),
      plan(ours, production, { mode: "sync" }),
      plan(ours, production, { only: [place("project")] }),
      plan(ours, production, { except: [place("flow/step-up")] }),
      plan(ours, production, { ignore: [place("auth/otp#/expirationTime")] }),
    ].map(({ fingerprint }) => fingerprint);
    expect(new Set([first, ...others]).size).toBe(others.length + 1);
  });
});

describe("against a base", () => {
  const base = (content: ReadonlyMap<string, Json>) =>
    snapshotBase("git", "main:config", readSnapshot(content), new Meanings([]));
  const set = (content: ReadonlyMap<string, Json>, members: JsonObject) =>
    withFile(content, "project.json", (document) => ({ ...document, ...members }));
  const start = snapshot({ environment: "production" });

  test("what the folder moved is a change, what the target moved is left alone, what both moved is a conflict", () => {
    const ours = set(start, { refreshTokenExpiration: 5, sessionTokenExpiration: 20, rotateJwt: false });
    const theirs = set(start, {
      inviteUrl: "https://drifted.example.com",
      sessionTokenExpiration: 15,
      rotateJwt: false,
    });
    const made = plan(ours, theirs, { base: base(start) });
    expect(
      made.changes.map(({ address, fields }) => [
        address,
        fields.map(({ path, old, new: next }) => [path, old, next]),
      ]),
    ).toEqual([["project", [["/refreshTokenExpiration", 4, 5]]]]);
    expect(made.drift).toEqual([
      { address: "project", fields: ["/inviteUrl"], why: "changed in the target since the base" },
    ]);
    expect(made.conflicts).toEqual([
      { at: "project#/sessionTokenExpiration", last: 10, ours: 20, theirs: 15 },
    ]);
    expect(made.blocked.map(({ code, address }) => [code, address])).toEqual([
      ["conflict", "project#/sessionTokenExpiration"],
    ]);
    expect(made.applyable).toBe(false);
    const after = composed(theirs, made).get("project.json") as JsonObject;
    expect([after.refreshTokenExpiration, after.inviteUrl]).toEqual([5, "https://drifted.example.com"]);
  });

  test("a conflict is resolved by a choice", () => {
    const ours = set(start, { sessionTokenExpiration: 20 });
    const theirs = set(start, { sessionTokenExpiration: 15 });
    const place = "project#/sessionTokenExpiration";
    const mine = plan(ours, theirs, { base: base(start), resolve: new Map([[place, "ours"]]) });
    expect([
      mine.applyable,
      (composed(theirs, mine).get("project.json") as JsonObject).sessionTokenExpiration,
    ]).toEqual([true, 20]);
    const other = plan(ours, theirs, { base: base(start), resolve: new Map([[place, "theirs"]]) });
    expect([other.changes.length, other.blocked.length, Object.keys(other.accepted)]).toEqual([
      0,
      0,
      ["project"],
    ]);
    expect(
      plan(ours, theirs, { base: base(start), resolve: new Map([["style/light", "ours"]]) }).warnings,
    ).toEqual(["--resolve style/light names nothing that both sides or the target changed"]);
  });

  test("an address that nothing has is told of, whatever it was given for", () => {
    const scope = { only: [place("project"), place("flow/sing-in")], except: [place("flwo/*")] };
    expect(plan(start, start, scope).warnings).toEqual([
      "--only flow/sing-in names nothing that is there",
      "--except flwo/* names nothing that is there",
    ]);
  });

  test("flows are taken or left as a whole", () => {
    const texts = (welcome: string, name: string) =>
      new Map([...start, ...Object.entries(flow("step-up", { environment: "production", welcome, name }))]);
    const both = plan(texts("Hello", "step-up"), texts("Welcome", "renamed"), { base: base(start) });
    expect([both.changes.length, both.conflicts.map(({ at }) => at)]).toEqual([0, ["flow/step-up"]]);
    const drift = plan(start, texts("Welcome", "renamed"), { base: base(start) });
    expect([drift.changes.length, drift.drift.map(({ address }) => address)]).toEqual([0, ["flow/step-up"]]);
    const taken = plan(start, texts("Welcome", "renamed"), {
      base: base(start),
      resolve: new Map([["flow/step-up", "ours"]]),
    });
    expect(actions(taken)).toEqual({ "flow/step-up": "update" });
  });

  test("what the target deleted is not made again, unless it is asked for", () => {
    const theirs = withFile(start, "roles.json", (document) => ({ ...document, roles: [] }));
    const made = plan(start, theirs, { base: base(start) });
    expect([made.changes.length, made.drift]).toEqual([
      0,
      [{ address: "role/Admin", fields: [], why: "deleted in the target since the base" }],
    ]);
    expect(
      actions(plan(start, theirs, { base: base(start), resolve: new Map([["role/Admin", "ours"]]) })),
    ).toEqual({ "role/Admin": "create" });
  });

  test("a member that is gone from the folder is removed only when the base had it; a part only with --prune", () => {
    const theirs = set(start, { only: "there" });
    expect(plan(start, theirs, {}).changes).toEqual([]);
    const ours = withFile(start, "auth/oauth.json", (document) => {
      const { github: _, ...rest } = document.providerSettings as JsonObject;
      return { ...document, providerSettings: rest };
    });
    expect(plan(ours, start).changes).toEqual([]);
    const kept = plan(ours, start, { base: base(start) });
    expect([kept.changes.length, kept.kept.map(({ address, fields }) => [address, fields])]).toEqual([
      0,
      [["auth/oauth", ["/providerSettings/github"]]],
    ]);
    const pruned = plan(ours, start, { base: base(start), mode: "sync" });
    expect(
      pruned.changes.map(({ address, fields }) => [address, fields.map(({ op, path }) => `${op} ${path}`)]),
    ).toEqual([["auth/oauth", ["remove /providerSettings/github"]]]);
    const scalar = withFile(start, "project.json", ({ inviteUrl: _, ...rest }) => rest);
    expect(actions(plan(scalar, start, { base: base(start) }))).toEqual({ project: "update" });
  });

  test("deletes are planned only with --prune, and only for what the base had or the environment lists", () => {
    const ours = withFile(
      new Map([...start].filter(([path]) => !path.startsWith("flows/step-up/"))),
      "flows/flows.json",
      () => ({ flows: ["sign-in"] }),
    );
    const free = (content: ReadonlyMap<string, Json>) =>
      new Map([
        ...content,
        ...Object.entries(flow("sign-in", { environment: "production", connectors: ["CRM API"] })),
      ]);
    const bare = withFile(free(ours), "widgets/user-management/metadata.json", (document) => ({
      ...document,
      flowsIds: [],
    }));
    const there = withFile(free(start), "widgets/user-management/metadata.json", (document) => ({
      ...document,
      flowsIds: [],
    }));
    expect(actions(plan(bare, there, { base: base(there) }))).toEqual({});
    expect(actions(plan(bare, there, { mode: "sync" }))).toEqual({});
    expect(actions(plan(bare, there, { mode: "sync", base: base(there) }))).toEqual({
      "flow/step-up": "delete",
    });
    expect(actions(plan(bare, there, { mode: "sync", remove: ["flow/step-up"] }))).toEqual({
      "flow/step-up": "delete",
    });
    const made = plan(bare, there, { mode: "sync", base: base(there) });
    const after = composed(there, made);
    expect([...after.keys()].filter((file) => file.startsWith("flows/step-up"))).toEqual([]);
    expect(after.get("flows/flows.json")).toEqual({ flows: ["sign-in"] });
    expect(
      actions(
        plan(
          bare,
          withFile(there, "flows/step-up/metadata.json", (document) => ({ ...document, name: "x" })),
          { mode: "sync", base: base(there) },
        ),
      ),
    ).toEqual({});
  });

  test("a delete of what something kept refers to is blocked, and says who", () => {
    const ours = withFile(
      new Map([...start].filter(([path]) => !path.startsWith("flows/step-up/"))),
      "flows/flows.json",
      () => ({ flows: ["sign-in"] }),
    );
    const made = plan(ours, start, { mode: "sync", base: base(start) });
    expect(made.blocked.map(({ code, address, text }) => [code, address, text.split(" still")[0]])).toEqual([
      ["still-referenced", "flow/step-up", "flow/sign-in"],
      ["still-referenced", "flow/step-up", "widget/user-management"],
    ]);
  });
});

describe("rules", () => {
  const ours = withFile(staging, "project.json", (document) => ({
    ...document,
    inviteUrl: "https://x.example.com",
    rotateJwt: false,
  }));

  test("the target's domain is never replaced unless the environment sets it", () => {
    const moved = withFile(production, "project.json", (document) => ({
      ...document,
      domain: "prod.example.com",
    }));
    expect(
      plan(staging, moved).changes.flatMap(({ fields }) => fields.map(({ path }) => path)),
    ).not.toContain("/domain");
    const set = plan(staging, moved, { touched: [place("project#/domain")] });
    expect(set.changes.flatMap(({ fields }) => fields.map(({ path, from }) => [path, from]))).toContainEqual([
      "/domain",
      "overlay",
    ]);
  });

  test("keep leaves the target's value, ignore does not look at it, only and except narrow the plan", () => {
    const fields = (more: Partial<PlanInput>) =>
      plan(ours, production, more).changes.flatMap(({ address, fields: all }) =>
        all.map(({ path }) => address + path),
      );
    expect(fields({})).toEqual([
      "connector/My HTTP/configuration/baseUrl",
      "project/inviteUrl",
      "project/rotateJwt",
    ]);
    expect(fields({ keep: [place("project#/inviteUrl"), place("connector/*")] })).toEqual([
      "project/rotateJwt",
    ]);
    expect(
      fields({ ignore: [place("project#/inviteUrl"), place("connector/My HTTP#/configuration/*")] }),
    ).toEqual(["project/rotateJwt"]);
    expect(fields({ only: [place("project#/rotateJwt")] })).toEqual(["project/rotateJwt"]);
    expect(fields({ except: [place("project#/rotateJwt"), place("connector/My HTTP")] })).toEqual([
      "project/inviteUrl",
    ]);
    expect(fields({ only: [place("project#/rotate")] })).toEqual([]);
    expect(fields({ only: [place("proj")] })).toEqual([]);
  });

  test("keep works inside of flows too", () => {
    const hello = new Map([
      ...staging,
      ...Object.entries(flow("step-up", { welcome: "Hello", name: "new" })),
    ]);
    const made = plan(hello, production, {
      keep: [place("flow/step-up#/metadata/name")],
      only: [place("flow/step-up")],
    });
    expect(made.changes.map(({ fields }) => fields.map(({ path }) => path.split("/")[1]))).toEqual([
      ["screens"],
    ]);
    expect((composed(production, made).get("flows/step-up/metadata.json") as JsonObject).name).toBe(
      "step-up",
    );
  });

  test("protected entities are not changed, unless the protection is lifted by their exact name", () => {
    const blocked = (more: Partial<PlanInput>) =>
      plan(ours, production, more).blocked.map(({ code, address }) => `${code} ${address}`);
    expect(blocked({ protect: [place("project#/rotateJwt")] })).toEqual(["protected project"]);
    expect(blocked({ protect: [place("project#/other"), place("role/Admin")] })).toEqual([]);
    expect(blocked({ protect: [place("project")], unprotect: ["project"] })).toEqual([]);
    expect(blocked({ protect: [place("project")], unprotect: ["proj"] })).toEqual(["protected project"]);
  });

  test("a protection that is lifted though nothing asks for it is told", () => {
    const told = (protect: string[], unprotect: string[]) =>
      plan(ours, production, { protect: protect.map(place), unprotect }).warnings;
    const names = (written: string) => `--unprotect ${written} names no change that is protected`;
    expect(told(["project"], ["project"])).toEqual([]);
    expect(told(["project#/rotateJwt"], ["project#/rotateJwt"])).toEqual([]);
    // Two rules hold the one change, and one of them is lifted.
    expect(told(["project#/rotateJwt", "project"], ["project"])).toEqual([]);
    expect(told(["project"], ["proj", "project"])).toEqual([names("proj")]);
    expect(told(["project#/other"], ["project"])).toEqual([names("project")]);
    expect(told([], ["role/Admin"])).toEqual([names("role/Admin")]);
  });

  test("a marker that was left to be filled in blocks the plan", () => {
    for (const marker of ["##HOOK_URL##", "${HOOK_URL}", "https://##HOST##/x"]) {
      const marked = withFile(staging, "project.json", (document) => ({ ...document, inviteUrl: marker }));
      expect(plan(marked, production).blocked.map(({ code, address }) => [code, address])).toEqual([
        ["unresolved-marker", "project#/inviteUrl"],
      ]);
    }
    const text = withFile(staging, "project.json", (document) => ({
      ...document,
      inviteUrl: "https://x/?a=${b}",
    }));
    expect(plan(text, production).blocked).toEqual([]);
  });

  test("a connector that nobody has blocks a flow that calls it", () => {
    const calling = new Map([...staging, ...Object.entries(flow("step-up", { connectors: ["Audit HTTP"] }))]);
    expect(plan(calling, production).blocked.map(({ code, address }) => [code, address])).toEqual([
      ["dangling-reference", "flow/step-up"],
    ]);
  });

  test("a connector that the target misses already, or of which it says nothing, is a warning", () => {
    const calling = (welcome: string) =>
      Object.entries(flow("step-up", { connectors: ["Parked"], welcome, environment: "staging" }));
    const warning = "flow/step-up refers to connector/Parked, which the target will not have";
    const long = plan(
      new Map([...staging, ...calling("Hello")]),
      new Map([...production, ...calling("Welcome")]),
    );
    expect([long.blocked, long.warnings]).toEqual([[], [warning]]);
    expect(actions(long)).toMatchObject({ "flow/step-up": "update" });
    const flowsAlone = (welcome: string) =>
      new Map([...calling(welcome), ["flows/flows.json", { flows: ["step-up"] }] as [string, Json]]);
    const part = plan(flowsAlone("Hello"), flowsAlone("Welcome"));
    expect([part.blocked, part.warnings, actions(part)]).toEqual([
      [],
      [warning],
      { "flow/step-up": "update" },
    ]);
  });
});

test("a file beside a flow's own is no part of its graph, and is compared and shown all the same", () => {
  const note = (text: string, step: string) =>
    withFile(
      new Map(production).set("flows/sign-in/notes.json", { text }),
      "flows/sign-in/contents.json",
      (document) => {
        const tasks = document.tasks as JsonObject;
        return { ...document, tasks: { ...tasks, "1": { ...(tasks["1"] as JsonObject), name: step } } };
      },
    );
  for (const step of ["Send code", "Send it"]) {
    const made = plan(note("after", step), note("before", "Send code"));
    expect(actions(made)).toEqual({ "flow/sign-in": "update" });
    const shown = planLines(made).map(plainLine).join("\n");
    expect(shown).toContain('files/notes.json/text  "before" -> "after"');
    expect(shown.includes("Send it")).toBe(step === "Send it");
  }
});

describe("names and ids", () => {
  test("a connector that another environment calls by another id stays the target's own", () => {
    const hello = new Map([
      ...staging,
      ...Object.entries(flow("sign-in", { connectors: ["CRM API"], subflow: "step-up", welcome: "Hello" })),
    ]);
    const made = plan(hello, production, { only: [place("flow/sign-in")] });
    const after = composed(production, made);
    const id = (production.get("connectors/crm-api.json") as JsonObject).id as string;
    expect(JSON.stringify(after.get("flows/sign-in/contents.json"))).toContain(id);
    expect((after.get("flows/sign-in/metadata.json") as JsonObject).references).toEqual({
      connectors: { "CRM API": id },
    });
    expect(after.get("connectors/crm-api.json")).toEqual(production.get("connectors/crm-api.json") as Json);
  });

  test("a new connector and a flow that calls it go together", () => {
    const listed = new Map([...staging, ...Object.entries(flow("sign-in", { connectors: ["Audit HTTP"] }))])
      .set("connectors/connectors.json", { connectors: ["audit", "crm-api", "my-http"] })
      .set("connectors/audit.json", connector("staging", "Audit HTTP", "https://audit.example.com"));
    const made = plan(listed, production);
    expect(made.blocked).toEqual([]);
    expect(actions(made)).toMatchObject({ "connector/Audit HTTP": "create", "flow/sign-in": "update" });
    expect(made.secrets).toEqual([
      {
        address: "connector/Audit HTTP",
        at: "",
        name: "bearertoken",
        write: "create",
        source: "env:TOKEN",
        version: null,
      },
    ]);
    const again = plan(listed, composed(production, made));
    expect(actions(again)).toEqual({});
  });

  test("a file name that the target uses for another connector is not overwritten", () => {
    const ours = new Map(staging).set(
      "connectors/my-http.json",
      connector("staging", "Audit HTTP", "https://audit.example.com"),
    );
    const after = composed(production, plan(ours, production));
    expect((after.get("connectors/my-http.json") as JsonObject).name).toBe("My HTTP");
    expect((after.get("connectors/my-http-2.json") as JsonObject).name).toBe("Audit HTTP");
    expect(after.get("connectors/connectors.json")).toEqual({
      connectors: ["crm-api", "my-http", "my-http-2"],
    });
  });

  test("the same id under another name is a rename", () => {
    const renamed = withFile(production, "connectors/my-http.json", (document) => ({
      ...document,
      name: "Our HTTP",
    }));
    const made = plan(renamed, production);
    expect(
      made.changes.map(({ address, action, previousAddress }) => [address, action, previousAddress]),
    ).toEqual([["connector/Our HTTP", "rename", "connector/My HTTP"]]);
    expect(made.blocked).toEqual([]);
    expect(actions(plan(renamed, composed(production, made)))).toEqual({});
  });

  test("an asset of the target that has the name of another content is not overwritten", () => {
    const mail = [...production.keys()].find((file) => file.startsWith("assets/body-")) as string;
    const edited = new Map(staging).set(mail, "<p>edited in place</p>");
    const theirs = withFile(production, "auth/otp.json", (document) => ({
      ...document,
      emailTemplates: [{ active: true, subject: "Code", body: `asset:${mail.slice(7)}` }],
    }));
    const made = plan(edited, theirs, { only: [place("auth/magiclink")] });
    const after = composed(theirs, made);
    const meanings = new Meanings([]);
    const read = readSnapshot(after);
    expect(JSON.stringify(meanings.of(read.entities.get("auth/magiclink")!, read).meaning)).toContain(
      "edited in place",
    );
    expect(JSON.stringify(meanings.of(read.entities.get("auth/otp")!, read).meaning)).toContain(
      "Your code is",
    );
    expect(read.problems).toEqual([]);
  });
});

describe("secrets", () => {
  const value = "s3cr3t-value-of-a-connector";
  const unset = withFile(production, "connectors/crm-api.json", (document) => ({
    ...document,
    configuration: {
      ...(document.configuration as JsonObject),
      authentication: { method: "bearerToken", bearerToken: "" },
    },
  }));

  test("one that is set on both sides is no change; one that only the target has set stays", () => {
    const only = [place("connector/CRM API")];
    expect(plan(staging, production, { only }).changes).toEqual([]);
    const blank = withFile(staging, "connectors/crm-api.json", (document) => ({
      ...document,
      configuration: {
        ...(document.configuration as JsonObject),
        authentication: { method: "bearerToken", bearerToken: "" },
      },
    }));
    expect(plan(blank, production, { only }).changes).toEqual([]);
  });

  test("one that the target misses needs a source", () => {
    const only = [place("connector/CRM API")];
    expect(plan(staging, unset, { only }).blocked.map(({ code, address }) => [code, address])).toEqual([
      ["secret-missing", "connector/CRM API"],
    ]);
    const made = plan(staging, unset, { only, secrets: secretsOf("connector/CRM API") });
    expect([made.blocked, made.secrets.map(({ write, source }) => [write, source])]).toEqual([
      [],
      [["create", "env:TOKEN"]],
    ]);
    expect(
      plan(staging, unset, { only, keep: [place("connector/CRM API#/configuration/authentication")] })
        .blocked,
    ).toEqual([]);
  });

  test("one that stands in the folder itself blocks the plan, and is nowhere in it", () => {
    const leaking = withFile(staging, "connectors/crm-api.json", (document) => ({
      ...document,
      configuration: {
        ...(document.configuration as JsonObject),
        authentication: { method: "bearerToken", bearerToken: value },
      },
    }));
    const made = plan(leaking, production);
    expect(made.blocked.map(({ code }) => code)).toContain("secret-in-folder");
    expect(JSON.stringify(made)).not.toContain(value);
    expect(JSON.stringify(plan(leaking, unset))).not.toContain(value);
  });

  test("one is rotated when its version rises above the one that was written, and is then the plan's only change", () => {
    const rule = {
      address: "connector/CRM API",
      at: [],
      name: "bearertoken",
      source: "env:TOKEN",
      version: 3,
    };
    const writes = (written: ReadonlyMap<string, number> | undefined) => {
      const made = plan(production, production, { secrets: [rule], writtenSecrets: written });
      return [made.changes.map(({ address }) => address), made.secrets.map(({ write }) => write)];
    };
    expect(writes(undefined)).toEqual([[], ["keep"]]);
    expect(writes(new Map([["connector/CRM API bearertoken", 3]]))).toEqual([[], ["keep"]]);
    expect(writes(new Map([["connector/CRM API bearertoken", 2]]))).toEqual([
      ["connector/CRM API"],
      ["rotate"],
    ]);
  });

  test("one is emptied only when that is said, and only once", () => {
    const rule = { address: "connector/CRM API", at: [], name: "bearertoken", source: null, version: null };
    const made = plan(production, production, { secrets: [rule] });
    expect(made.secrets.map(({ write }) => write)).toEqual(["clear"]);
    const after = composed(production, made);
    expect(JSON.stringify(after.get("connectors/crm-api.json"))).not.toContain("PLACEHOLDER");
    expect(plan(production, after, { secrets: [rule] }).changes).toEqual([]);
  });

  test("a provider's secret belongs to the provider", () => {
    const theirs = withFile(production, "auth/oauth.json", (document) => {
      const all = document.providerSettings as JsonObject;
      return {
        ...document,
        providerSettings: { ...all, google: { ...(all.google as JsonObject), clientSecret: "" } },
      };
    });
    const rule = {
      address: "auth/oauth",
      at: ["providerSettings", "google"],
      name: "clientsecret",
      source: "env:GOOGLE",
      version: null,
    };
    const made = plan(staging, theirs, { secrets: [rule], only: [place("auth/oauth")] });
    expect([made.blocked, made.secrets]).toEqual([
      [],
      [
        {
          address: "auth/oauth",
          at: "/providerSettings/google",
          name: "clientsecret",
          write: "create",
          source: "env:GOOGLE",
          version: null,
        },
      ],
    ]);
  });
});

describe("folders of newer versions, whose indexes say what is in them", () => {
  const lists = (...names: string[]): [string, Json][] => [
    ["lists/lists.json", { lists: names }],
    ...names.map((name): [string, Json] => [`lists/${name}.json`, { name, data: [name] }]),
  ];
  const base = [...snapshot()];
  const ours = new Map<string, Json>([...base, ...lists("blocked", "vip")]);

  test("a list that only the target has stays, in its file and in the index", () => {
    const theirs = new Map<string, Json>([...base, ...lists("own", "vip")]);
    const plan = planOf(ours, theirs);
    expect(actions(plan)).toEqual({ "file/lists/blocked.json": "create" });
    expect(plan.unmanaged).toEqual(["file/lists/own.json"]);
    const after = composed(theirs, plan);
    expect(after.get("lists/lists.json")).toEqual({ lists: ["blocked", "own", "vip"] });
    expect(after.get("lists/blocked.json")).toEqual({ name: "blocked", data: ["blocked"] });
    expect(actions(planOf(ours, after))).toEqual({});
  });

  test("the first list of a target makes the index", () => {
    const theirs = new Map<string, Json>(base);
    const after = composed(theirs, planOf(ours, theirs));
    expect(after.get("lists/lists.json")).toEqual({ lists: ["blocked", "vip"] });
    expect(actions(planOf(ours, after))).toEqual({});
  });

  test("what looks like an index and names no files is compared as it stands", () => {
    const listing = (...names: string[]) =>
      new Map<string, Json>([...base, ["i18n/i18n.json", { i18n: names }]]);
    const plan = planOf(listing("fr", "de"), listing("fr"));
    expect(plan.changes.map(({ address, fields }) => [address, fields.map(({ path }) => path)])).toEqual([
      ["file/i18n/i18n.json", ["/i18n"]],
    ]);
  });
});
