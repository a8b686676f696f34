import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../../src/json/value.ts";
import { between } from "../../../support/between.ts";
import { anyEdit, applyAll, type Edit } from "../../../support/edits.ts";
import { PRODUCTION, workplace, type Workplace } from "../../../support/promotion.ts";
import type { PromotionReply } from "../../../support/promotion.ts";
import { randomFrom } from "../../../support/random.ts";
import { shuffledContent } from "../../../support/shuffled.ts";
import { snapshot, structuredCopy } from "../../../support/snapshot.ts";

const bounded = { numRuns: 12, seed: 20260104 };
const edits = fc.array(anyEdit, { minLength: 1, maxLength: 4 });
const staging = snapshot({ environment: "staging" });
const production = snapshot({ environment: "production" });

/** Secrets that new connectors need. */
const ENVIRONMENT = {
  schema: "descope-env/1",
  project: PRODUCTION,
  secrets: Object.fromEntries(
    ["Audit HTTP", "CRM-API"].map((name) => [`connector/${name}`, { bearertoken: { from: "env:TOKEN" } }]),
  ),
};
const env = { TOKEN: "t0ken-that-nobody-may-see" };

/** Runs with the production project holding `theirs` and the folder holding `ours`. */
async function beside(
  ours: ReadonlyMap<string, Json>,
  theirs: ReadonlyMap<string, Json>,
  run: (place: Workplace) => Promise<void>,
): Promise<void> {
  await using place = workplace();
  await place.put(PRODUCTION, theirs);
  place.write("config", ours);
  fs.mkdirSync("envs");
  // A rule that matches nothing is an error.
  const has = (address: string) =>
    [...ours.values()].some((file) => (file as JsonObject).name === address.slice("connector/".length));
  const secrets = Object.fromEntries(Object.entries(ENVIRONMENT.secrets).filter(([address]) => has(address)));
  fs.writeFileSync("envs/prod.json", JSON.stringify({ ...ENVIRONMENT, secrets }));
  await run(place);
}

const config = ["--path", "config", "--env", "prod"];

async function planned(place: Workplace, ...words: string[]) {
  const ran = await place.snapshot(["plan", PRODUCTION, ...config, ...words, "--json"], { env });
  return { ...ran.json<PromotionReply>(), status: ran.status };
}

async function applied(place: Workplace, ...words: string[]) {
  const ran = await place.snapshot(["apply", PRODUCTION, "--yes", ...words, "--json"], { env });
  return { ...ran.json<PromotionReply>(), status: ran.status };
}

describe("against the emulator", () => {
  test("a plan after an apply is empty, with its receipt and without, and so is drift", async () => {
    await fc.assert(
      fc.asyncProperty(edits, edits, async (here, there) => {
        const ours = applyAll(staging, here, "staging");
        await beside(ours, applyAll(production, there, "production"), async (place) => {
          const first = await planned(place, "--out", "plan.json");
          expect(first.blocked).toEqual([]);
          const done = await applied(place, "--plan", "plan.json");
          expect([done.status, done.reason, done.rewritten]).toEqual([0, "applied", 0]);
          for (const base of [[], ["--base", "none"]]) {
            const again = await planned(place, ...base);
            expect([again.changes, again.conflicts, again.drift, again.blocked]).toEqual([[], [], [], []]);
          }
          expect((await place.json("drift", PRODUCTION, "--against", "config", "--env", "prod")).ok).toBe(
            true,
          );
          expect(await applied(place, "--plan", "plan.json")).toMatchObject({
            status: 0,
            reason: "nothing_to_do",
          });
        });
      }),
      bounded,
    );
  }, 30_000);

  test("a plan has one fingerprint, whatever the order of keys, sets and files, and whoever's ids they are", async () => {
    await fc.assert(
      fc.asyncProperty(edits, fc.nat(), async (here, seed) => {
        const random = randomFrom(seed);
        const ours = applyAll(staging, here, "staging");
        await beside(ours, production, async (place) => {
          await using server = between(place.emulator.url);
          const through = async () => {
            const ran = await place.snapshot(["plan", PRODUCTION, ...config, "--json"], {
              env: { ...env, DESCOPE_BASE_URL: server.url },
            });
            return ran.json() as { fingerprint: string; changes: { address: string }[]; blocked: Json };
          };
          const first = await through();
          expect((await through()).fingerprint).toBe(first.fingerprint);
          server.behave = async (passing) => {
            const answer = await passing.forward();
            if (!passing.path.endsWith("/export")) return answer;
            const { files } = (await answer.json()) as { files: Record<string, Json> };
            const other = shuffledContent(new Map(Object.entries(files)), random);
            return Response.json({ files: Object.fromEntries(other) });
          };
          const elsewhere = snapshot({
            environment: "elsewhere",
            files: Object.fromEntries(
              ["project.json", "connectors/my-http.json"].map((file) => [file, named(file)]),
            ),
          });
          fs.rmSync("config", { recursive: true });
          place.write("config", shuffledContent(moved(applyAll(elsewhere, here, "elsewhere")), random));
          const second = await through();
          expect(second.changes.map(({ address }) => address)).toEqual(
            first.changes.map(({ address }) => address),
          );
          expect(second.fingerprint).toBe(first.fingerprint);
        });
      }),
      bounded,
    );
  }, 30_000);

  test("what moves beside a plan leaves it as it is; what it touches stops its apply, which names entity and field", async () => {
    const seen = { carried: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(anyEdit, fc.array(anyEdit, { minLength: 1, maxLength: 12 }), async (here, more) => {
        // The same entity is as likely as another.
        const there = more.find(({ address }) => address === here.address) ?? (more[0] as Edit);
        const ours = here.apply(staging, "staging");
        await beside(ours, production, async (place) => {
          const only = ["--only", here.address];
          const first = await planned(place, ...only, "--out", "plan.json");
          if (first.changes.length === 0) return;
          await place.put(PRODUCTION, there.apply(production, "production"));
          const second = await planned(place, ...only);
          const result = await applied(place, "--plan", "plan.json");
          const isConcerned = Object.keys(first.observed).includes(there.address);
          if (!isConcerned) {
            seen.carried++;
            expect(second.fingerprint).toBe(first.fingerprint);
            expect([result.status, result.reason]).toEqual([0, "applied"]);
            // What somebody else did is still there.
            place.write("theirs", there.apply(production, "production"));
            const both = ["theirs", `project:${PRODUCTION}`, "--only", there.address];
            expect((await place.json("diff", ...both)).differences).toEqual([]);
          } else if (second.changes.length > 0 && second.fingerprint !== first.fingerprint) {
            seen.refused++;
            expect([result.status, result.reason, result.applied]).toEqual([2, "plan_stale", 0]);
            const [refusal] = result.refusals;
            expect(refusal?.address).toBe(there.address);
            if (here.address === there.address && first.changes[0]?.action === "update")
              expect(refusal?.field).toStartWith("/");
          }
        });
      }),
      { ...bounded, numRuns: 24 },
    );
    expect([seen.carried > 3, seen.refused > 1]).toEqual([true, true]);
  }, 30_000);
});

/** A file of staging: its own addresses mean something, its ids do not. */
function named(file: string): Json {
  const found = structuredCopy(staging.get(file) ?? null) as JsonObject;
  return "id" in found ? { ...found, id: "CI2elsewhereelsewhereelsewher" } : found;
}

/** The same with every box of every flow at another place. */
function moved(content: ReadonlyMap<string, Json>): Map<string, Json> {
  const out = new Map(content);
  for (const [file, value] of content) {
    if (!file.endsWith("/contents.json")) continue;
    const document = structuredCopy(value) as { tasks: Record<string, JsonObject> };
    for (const task of Object.values(document.tasks)) task.view = { x: -7.25, y: 1e3 };
    out.set(file, document as unknown as Json);
  }
  return out;
}
