import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json, JsonObject } from "../../src/json/value.ts";
import {
  applyPlan,
  type ApplyPorts,
  type Outcome,
  type Pending,
  type Phase,
} from "../../src/snapshot/apply/apply.ts";
import { readSnapshot } from "../../src/snapshot/model/read.ts";
import { recordedBase } from "../../src/snapshot/plan/base.ts";
import type { PlanInput } from "../../src/snapshot/plan/input.ts";
import type { Plan } from "../../src/snapshot/plan/plan.ts";
import { receiptText, type Receipt } from "../../src/snapshot/receipt.ts";
import { anyEdit, applyAll } from "../support/edits.ts";
import { FakeTarget, withServerDefaults, type Manners } from "../support/fake-target.ts";
import { actions, place, planOf, secretsOf } from "../support/planning.ts";
import { flow, snapshot, structuredCopy, withFile } from "../support/snapshot.ts";

const staging = snapshot({ environment: "staging" });
const production = snapshot({ environment: "production" });
const edits = fc.array(anyEdit, { minLength: 1, maxLength: 4 });
const bounded = { numRuns: 60, seed: 20260103 };
const secrets = secretsOf("connector/Audit HTTP", "connector/CRM-API");
const TOKEN = "t0ken-that-is-nowhere-to-be-seen";

/** What an apply left behind on this machine. */
class Desk {
  receipt: Receipt | undefined;
  pending: Pending | undefined;
  backups: ReadonlyMap<string, Json>[] = [];
  phases: Phase[] = [];
  written: string[] = [];

  ports(target: FakeTarget, more: Partial<ApplyPorts> = {}): ApplyPorts {
    return {
      target,
      receipt: this.receipt,
      pending: this.pending,
      strict: false,
      tool: "descope test",
      now: () => "2026-01-01T00:00:00.000Z",
      phase: (phase) => void this.phases.push(phase),
      secret: (source) => (source === "env:TOKEN" ? TOKEN : undefined),
      saveBackup: async (content) => {
        this.backups.push(content);
        this.written.push(JSON.stringify([...content]));
        return "backup";
      },
      savePending: (plan, backup) => {
        this.pending = { fingerprint: plan.fingerprint, backup, before: this.backups.at(-1) ?? new Map() };
        this.written.push(JSON.stringify(plan));
      },
      saveReceipt: (receipt) => {
        this.receipt = JSON.parse(receiptText(receipt)) as Receipt;
        this.written.push(receiptText(receipt));
      },
      forgetPending: () => void (this.pending = undefined),
      ...more,
    };
  }
}

const plan = (
  ours: ReadonlyMap<string, Json>,
  theirs: ReadonlyMap<string, Json>,
  more: Partial<PlanInput> = {},
) => planOf(ours, theirs, { secrets, recordState: true, ...more });

const baseOf = (receipt: Receipt) =>
  recordedBase(receipt.fingerprint, new Map(Object.entries(receipt.entities)));

const done = (outcome: Outcome) => {
  if (outcome.kind !== "done") throw new Error(`the plan was not applied: ${JSON.stringify(outcome)}`);
  return outcome;
};

describe("an apply", () => {
  test("leads to an empty plan, with and without its receipt", async () => {
    await fc.assert(
      fc.asyncProperty(edits, edits, async (here, there) => {
        const ours = applyAll(staging, here, "staging");
        const target = new FakeTarget(applyAll(production, there, "production"));
        const desk = new Desk();
        const made = plan(ours, target.content);
        const outcome = await applyPlan(made, desk.ports(target));
        if (made.changes.length === 0) return expect(outcome.kind).toBe("nothing");
        const { verified } = done(outcome);
        expect([verified.ok, verified.rewritten, verified.applied]).toEqual([true, 0, made.changes.length]);
        expect(actions(plan(ours, target.content))).toEqual({});
        const again = plan(ours, target.content, { base: baseOf(desk.receipt!) });
        expect([actions(again), again.drift, again.conflicts]).toEqual([{}, [], []]);
        expect(desk.pending).toBeUndefined();
      }),
      bounded,
    );
  });

  test("sends secrets to the server and nowhere else", async () => {
    const ours = applyAll(staging, [], "staging");
    const listed = new Map([...ours])
      .set("connectors/connectors.json", { connectors: ["audit", "crm-api", "my-http"] })
      .set("connectors/audit.json", {
        ...(ours.get("connectors/crm-api.json") as JsonObject),
        name: "Audit HTTP",
        id: "CIours",
      });
    const target = new FakeTarget(production);
    const desk = new Desk();
    const made = plan(listed, target.content);
    done(await applyPlan(made, desk.ports(target)));
    const sent = { connectors: [{ id: "CIours", name: "Audit HTTP", type: "bearertoken", value: TOKEN }] };
    expect(target.secrets).toEqual([sent, sent]);
    expect(desk.written.join() + JSON.stringify(made) + JSON.stringify(desk.receipt)).not.toContain(TOKEN);
  });

  test("names all secrets without a value at once, before the first request", async () => {
    const target = new FakeTarget(production);
    const ours = applyAll(staging, [], "staging")
      .set("connectors/connectors.json", { connectors: ["a", "b", "crm-api", "my-http"] })
      .set("connectors/a.json", {
        ...(staging.get("connectors/crm-api.json") as JsonObject),
        name: "Audit HTTP",
      })
      .set("connectors/b.json", {
        ...(staging.get("connectors/crm-api.json") as JsonObject),
        name: "CRM-API",
      });
    const outcome = await applyPlan(
      plan(ours, production),
      new Desk().ports(target, { secret: () => undefined }),
    );
    expect(outcome).toMatchObject({
      kind: "refused",
      reason: "secret_missing",
      refusals: [{ address: "connector/Audit HTTP" }, { address: "connector/CRM-API" }],
    });
    expect(target.calls).toEqual([]);
  });

  test("is refused when what the plan touches moved, naming the place and the three values, with nothing written", async () => {
    await fc.assert(
      fc.asyncProperty(anyEdit, anyEdit, async (here, there) => {
        const ours = here.apply(staging, "staging");
        const made = plan(ours, production, { only: [place(here.address)] });
        fc.pre(made.changes.length > 0);
        const moved = there.apply(production, "production");
        const target = new FakeTarget(moved);
        const now = plan(ours, moved, { only: [place(here.address)] });
        const outcome = await applyPlan(made, new Desk().ports(target));
        const concerned = there.address in made.observed;
        const isThereAlready = now.changes.length === 0;
        if (!concerned) expect(outcome.kind).toBe("done");
        else if (!isThereAlready) {
          expect([outcome.kind, (outcome as { reason?: string }).reason]).toEqual(["refused", "plan_stale"]);
          expect(target.calls).not.toContain("import");
        }
      }),
      bounded,
    );
    const ours = withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 20,
    }));
    const moved = withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 15,
    }));
    const outcome = await applyPlan(plan(ours, production), new Desk().ports(new FakeTarget(moved)));
    expect(outcome).toEqual({
      kind: "refused",
      reason: "plan_stale",
      refusals: [
        {
          address: "project",
          field: "/sessionTokenExpiration",
          text: "it was 10 when the plan was made, the plan sets 20, and is 15 now",
        },
      ],
    });
  });

  test("carries what moved beside the plan over, says so, and with strict refuses", async () => {
    const ours = withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 20,
    }));
    const moved = withFile(production, "styles/light.json", (document) => ({ ...document, more: 1 }));
    const made = plan(ours, production);
    const target = new FakeTarget(moved);
    const outcome = done(await applyPlan(made, new Desk().ports(target)));
    expect(outcome.notes).toEqual([
      "style/light changed since the plan was made; it is sent back as it is now",
    ]);
    expect(target.content.get("styles/light.json")).toEqual(moved.get("styles/light.json") as Json);
    const strict = await applyPlan(made, new Desk().ports(new FakeTarget(moved), { strict: true }));
    expect(strict).toMatchObject({
      kind: "refused",
      reason: "target_moved",
      refusals: [{ address: "style/light" }],
    });
  });

  test("is refused when something that it refers to moved", async () => {
    const hello = new Map([
      ...staging,
      ...Object.entries(flow("sign-in", { connectors: ["CRM API"], subflow: "step-up", welcome: "Hello" })),
    ]);
    const made = plan(hello, production, { only: [place("flow/sign-in")] });
    expect(Object.keys(made.observed)).toEqual(["connector/CRM API", "flow/sign-in", "flow/step-up"]);
    const moved = withFile(production, "connectors/crm-api.json", (document) => ({
      ...document,
      description: "other",
    }));
    expect(await applyPlan(made, new Desk().ports(new FakeTarget(moved)))).toMatchObject({
      reason: "plan_stale",
      refusals: [{ address: "connector/CRM API" }],
    });
  });

  test("is refused when the server would not take it, before anything is written", async () => {
    const ours = withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 20,
    }));
    const target = new FakeTarget(production, {
      verdict: { ok: false, failures: ["no such thing"], missing: [] },
    });
    const desk = new Desk();
    expect(await applyPlan(plan(ours, production), desk.ports(target))).toMatchObject({
      reason: "validation_failed",
      refusals: [{ text: "no such thing" }],
    });
    expect([target.calls.includes("import"), desk.written]).toEqual([false, []]);
  });

  test("does nothing where nothing is to be done, or all is done already", async () => {
    const ours = withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 20,
    }));
    const target = new FakeTarget(production);
    expect(await applyPlan(plan(production, production), new Desk().ports(target))).toEqual({
      kind: "nothing",
      notes: [],
    });
    const made = plan(ours, production);
    done(await applyPlan(made, new Desk().ports(target)));
    expect((await applyPlan(made, new Desk().ports(target))).kind).toBe("nothing");
    expect(target.calls.filter((call) => call === "import")).toHaveLength(1);
  });

  test("of a plan that is blocked is refused", async () => {
    const ours = withFile(staging, "project.json", (document) => ({ ...document, inviteUrl: "##X##" }));
    expect(
      await applyPlan(plan(ours, production), new Desk().ports(new FakeTarget(production))),
    ).toMatchObject({ reason: "unresolved_marker" });
  });
});

describe("an apply that is killed", () => {
  const PHASES: readonly Phase[] = [
    "checking",
    "exporting",
    "comparing",
    "validating",
    "backing up",
    "importing",
    "exporting again",
    "verifying",
    "writing the receipt",
  ];

  async function run(made: Plan, target: FakeTarget, desk: Desk, killAt?: Phase, killBehindImport = false) {
    const ports = desk.ports(target, {
      phase(phase) {
        if (phase === killAt) throw new Error("killed");
      },
    });
    const wrapped = killBehindImport
      ? {
          ...ports,
          target: Object.assign(Object.create(target) as FakeTarget, {
            import: async (...args: Parameters<FakeTarget["import"]>) => {
              await target.import(...args);
              throw new Error("killed");
            },
          }),
        }
      : ports;
    return applyPlan(made, wrapped).catch((error: Error) => {
      if (error.message !== "killed") throw error;
      return undefined;
    });
  }

  for (const manners of [
    {},
    {
      rewrite: (path: string, document: Json) =>
        path === "project.json" ? withServerDefaults(document) : document,
    },
  ] satisfies Manners[]) {
    const name = "rewrite" in manners ? "a server that rewrites" : "a plain server";
    test(`at any phase and run again reaches the same end (${name})`, async () => {
      await fc.assert(
        fc.asyncProperty(
          edits,
          fc.constantFrom(...PHASES, "behind the import" as const),
          async (here, phase) => {
            const ours = withFile(applyAll(staging, here, "staging"), "project.json", (document) => ({
              ...document,
              rotateJwt: false,
            }));
            const made = plan(ours, production);
            const [straight, killed] = [
              new FakeTarget(production, manners),
              new FakeTarget(production, manners),
            ];
            const [one, other] = [new Desk(), new Desk()];
            const expected = done((await run(made, straight, one))!);
            const first = await run(
              made,
              killed,
              other,
              phase === "behind the import" ? undefined : phase,
              phase === "behind the import",
            );
            expect(first).toBeUndefined();
            const second = done((await run(made, killed, other))!);
            expect(killed.content).toEqual(straight.content);
            expect(other.receipt).toEqual(one.receipt!);
            expect([second.verified, other.pending]).toEqual([expected.verified, undefined]);
          },
        ),
        { ...bounded, numRuns: 40 },
      );
    });
  }
});

describe("a server that behaves badly", () => {
  const ours = withFile(
    withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 20,
      rotateJwt: false,
    })),
    "styles/light.json",
    (document) => ({ ...document, more: 1 }),
  );
  const made = plan(ours, production);
  const outcome = async (manners: Manners) =>
    done(await applyPlan(made, new Desk().ports(new FakeTarget(production, manners))));

  test("that drops a file is told to have not applied it", async () => {
    const { verified } = await outcome({ drops: (path) => path === "project.json" });
    expect(verified).toMatchObject({ ok: false, applied: 1, notApplied: 1, neighbours: [] });
    expect(verified.entities[0]?.fields).toEqual([
      { path: "/rotateJwt", state: "not_applied", planned: false, now: true },
      { path: "/sessionTokenExpiration", state: "not_applied", planned: 20, now: 10 },
    ]);
  });

  test("that rewrites a document of the plan is noted, and that is no difference for the next plan", async () => {
    const rewrite = (path: string, document: Json) =>
      path === "project.json" ? { ...(document as JsonObject), sessionTokenExpiration: 30 } : document;
    const target = new FakeTarget(production, { rewrite });
    const desk = new Desk();
    const { verified } = done(await applyPlan(made, desk.ports(target)));
    expect(verified).toMatchObject({ ok: true, applied: 2, rewritten: 1 });
    expect(verified.entities[0]?.fields).toEqual([
      { path: "/sessionTokenExpiration", state: "rewritten", planned: 20, now: 30 },
    ]);
    expect(actions(plan(ours, target.content, { base: baseOf(desk.receipt!) }))).toEqual({});
    expect(actions(plan(ours, target.content))).toEqual({ project: "update" });
    const edited = withFile(target.content, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 31,
    }));
    expect(plan(ours, edited, { base: baseOf(desk.receipt!) }).drift).toEqual([
      {
        address: "project",
        fields: ["/sessionTokenExpiration"],
        why: "changed in the target since the base",
      },
    ]);
  });

  test("that touches a neighbour is told on", async () => {
    const rewrite = (path: string, document: Json) =>
      path === "auth/otp.json" ? withServerDefaults(document) : document;
    expect((await outcome({ rewrite })).verified).toMatchObject({
      ok: false,
      neighbours: [{ address: "auth/otp", text: "it changed at /addedByServer" }],
    });
    const loses = await outcome({ drops: (path) => path === "auth/otp.json" && true });
    expect(loses.verified.ok).toBe(true);
    const target = new FakeTarget(production);
    const deleting = Object.assign(Object.create(target) as FakeTarget, {
      import: async (...args: Parameters<FakeTarget["import"]>) => {
        await target.import(...args);
        target.content.delete("auth/otp.json");
        target.content.set("auth/new.json", { enabled: true });
      },
    });
    expect(done(await applyPlan(made, new Desk().ports(deleting))).verified.neighbours).toEqual([
      { address: "auth/otp", text: "it is gone" },
      { address: "auth/new", text: "it appeared" },
    ]);
  });

  test("that fails half-way is told what it took, and is finished by the next run", async () => {
    for (let taken = 0; taken < 2; taken++) {
      const target = new FakeTarget(production, { failsAfter: taken });
      const desk = new Desk();
      const { verified, failure } = done(await applyPlan(made, desk.ports(target)));
      expect([failure?.message, verified.applied, verified.notApplied]).toEqual([
        "[E000000] half of it",
        taken,
        2 - taken,
      ]);
      expect([desk.receipt, desk.pending?.fingerprint]).toEqual([undefined, made.fingerprint]);
      target.manners = {};
      expect(done(await applyPlan(made, desk.ports(target))).verified).toMatchObject({
        ok: true,
        applied: 2,
      });
      expect(actions(plan(ours, target.content))).toEqual({});
    }
  });

  test("that takes half of an entity is finished by the same plan, which is not called old", async () => {
    const half = (path: string, document: Json) =>
      path === "project.json" ? { ...(document as JsonObject), rotateJwt: true } : document;
    const target = new FakeTarget(production, { rewrite: half });
    const desk = new Desk();
    expect(done(await applyPlan(made, desk.ports(target))).verified.entities[0]?.fields).toEqual([
      { path: "/rotateJwt", state: "not_applied", planned: false, now: true },
    ]);
    target.manners = {};
    expect(done(await applyPlan(made, desk.ports(target))).verified).toMatchObject({ ok: true, applied: 2 });
    expect(actions(plan(ours, target.content))).toEqual({});
  });

  test("that keeps no empty values did what it was told, and that is no difference for the next plan", async () => {
    const emptied = withFile(ours, "project.json", (document) => ({ ...document, note: "", tags: [] }));
    const { rewrite } = {
      rewrite: (path: string, document: Json) => {
        if (path !== "project.json") return document;
        const { note: _note, tags: _tags, ...rest } = document as JsonObject;
        return rest;
      },
    };
    const target = new FakeTarget(production, { rewrite });
    const desk = new Desk();
    const { verified } = done(await applyPlan(plan(emptied, production), desk.ports(target)));
    expect(verified).toMatchObject({ ok: true, applied: 2, rewritten: 1, notApplied: 0 });
    expect(actions(plan(emptied, target.content, { base: baseOf(desk.receipt!) }))).toEqual({});
  });

  test("that writes what a newer component library adds into other flows touched no neighbour", async () => {
    const flows = production.get("flows/flows.json") as JsonObject;
    const [id] = flows.flows as string[];
    const rewrite = (path: string, document: Json) => {
      if (!path.startsWith(`flows/${id}/`)) return document;
      if (path.endsWith("/metadata.json")) return { ...(document as JsonObject), componentsVersion: "9.9.9" };
      const contents = (document as JsonObject).contents as Record<string, JsonObject> | undefined;
      if (!path.includes("/screen-") || contents === undefined) return document;
      return {
        ...(document as JsonObject),
        contents: Object.fromEntries(
          Object.entries(contents).map(([key, node]) => [
            key,
            { ...node, props: { ...(node.props as JsonObject), "full-width": "true" } },
          ]),
        ),
      };
    };
    expect((await outcome({ rewrite })).verified).toMatchObject({ ok: true, neighbours: [] });
    const texts = (path: string, document: Json) =>
      path === `flows/${id}/metadata.json` ? { ...(document as JsonObject), name: "Renamed" } : document;
    expect((await outcome({ rewrite: texts })).verified.neighbours).toEqual([
      { address: `flow/${id}`, text: "it changed at /metadata/name" },
    ]);
  });

  test("what did not arrive is planned again", async () => {
    const target = new FakeTarget(production, { drops: (path) => path === "project.json" });
    const desk = new Desk();
    done(await applyPlan(made, desk.ports(target)));
    expect(desk.receipt?.state).toBe("unverified");
    expect(actions(plan(ours, target.content, { base: baseOf(desk.receipt!) }))).toEqual({
      project: "update",
    });
  });
});

describe("a receipt", () => {
  test("holds no value of what it was made of", async () => {
    const marked = withFile(production, "project.json", (document) => ({
      ...document,
      inviteUrl: "https://find-me.example.com/x",
    }));
    const desk = new Desk();
    done(await applyPlan(plan(marked, production), desk.ports(new FakeTarget(production))));
    const text = receiptText(desk.receipt!);
    for (const value of ["find-me", "crm.example.com", "g-1", "Your code is", "First pet"])
      expect(text).not.toContain(value);
  });

  test("tells drift from change at each place, also of places that were left alone", async () => {
    const target = new FakeTarget(production);
    const desk = new Desk();
    const set = (content: ReadonlyMap<string, Json>, members: JsonObject) =>
      withFile(content, "project.json", (document) => ({ ...document, ...members }));
    const first = set(production, { sessionTokenExpiration: 20 });
    done(await applyPlan(plan(first, target.content), desk.ports(target)));
    // Somebody edits the console, and the folder moves on elsewhere.
    target.content = set(target.content, { inviteUrl: "https://console.example.com" });
    const second = set(first, { rotateJwt: false });
    const made = plan(second, target.content, { base: baseOf(desk.receipt!) });
    expect([
      made.changes.flatMap(({ fields }) => fields.map(({ path }) => path)),
      made.drift.map(({ fields }) => fields),
    ]).toEqual([["/rotateJwt"], [["/inviteUrl"]]]);
    done(await applyPlan(made, desk.ports(target)));
    // The drift that was left alone is still drift, and not something that the folder now changes back.
    const third = plan(second, target.content, { base: baseOf(desk.receipt!) });
    expect([actions(third), third.drift.map(({ address, fields }) => [address, fields])]).toEqual([
      {},
      [["project", ["/inviteUrl"]]],
    ]);
    expect(
      plan(set(second, { inviteUrl: "https://other.example.com" }), target.content, {
        base: baseOf(desk.receipt!),
      }).conflicts.map(({ at }) => at),
    ).toEqual(["project#/inviteUrl"]);
  });

  test("remembers what was resolved for the target", async () => {
    const target = new FakeTarget(production);
    const desk = new Desk();
    const set = (content: ReadonlyMap<string, Json>, members: JsonObject) =>
      withFile(content, "project.json", (document) => ({ ...document, ...members }));
    done(
      await applyPlan(
        plan(set(production, { sessionTokenExpiration: 20 }), target.content),
        desk.ports(target),
      ),
    );
    target.content = set(target.content, { sessionTokenExpiration: 15 });
    const ours = set(production, { sessionTokenExpiration: 30, rotateJwt: false });
    const made = plan(ours, target.content, {
      base: baseOf(desk.receipt!),
      resolve: new Map([["project#/sessionTokenExpiration", "theirs"]]),
    });
    expect(made.changes.flatMap(({ fields }) => fields.map(({ path }) => path))).toEqual(["/rotateJwt"]);
    done(await applyPlan(made, desk.ports(target)));
    const again = plan(ours, target.content, { base: baseOf(desk.receipt!) });
    expect([actions(again), again.conflicts, again.drift]).toEqual([{}, [], []]);
  });

  test("rotates a secret once for each rise of its version", async () => {
    const rule = (version: number) => [
      { address: "connector/CRM API", at: [], name: "bearertoken", source: "env:TOKEN", version },
    ];
    const target = new FakeTarget(production);
    const desk = new Desk();
    const apply = async (version: number) => {
      const written = desk.receipt === undefined ? undefined : new Map(Object.entries(desk.receipt.secrets));
      const ours = withFile(production, "project.json", (document) => ({
        ...document,
        sessionTokenExpiration: 20,
      }));
      const made = plan(ours, target.content, { secrets: rule(version), writtenSecrets: written });
      const before = target.secrets.length;
      await applyPlan(made, desk.ports(target));
      return (
        target.secrets.slice(before).flatMap((sent) =>
          Object.values(sent)
            .flat()
            .map(({ name }) => name),
        ).length > 0
      );
    };
    expect([await apply(1), await apply(1), await apply(2), await apply(2), await apply(3)]).toEqual([
      false,
      false,
      true,
      false,
      true,
    ]);
  });
});

test("a snapshot that a plan was composed for is whole", () => {
  const ours = withFile(staging, "project.json", (document) => ({ ...document, rotateJwt: false }));
  expect(
    readSnapshot(new Map([...ours].map(([path, value]) => [path, structuredCopy(value)]))).problems,
  ).toEqual([]);
});
