import { afterEach, describe, expect, test } from "bun:test";
import fs from "node:fs";
import type { Json, JsonObject } from "../../src/json/value.ts";
import { between, type Passing } from "../support/between.ts";
import { binary, spawnBinary } from "../support/binary.ts";
import { PRODUCTION, workplace } from "../support/promotion.ts";
import type { PromotionReply } from "../support/promotion.ts";
import { connector, snapshot, withFile } from "../support/snapshot.ts";

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

const TOKEN = "t0ken-of-the-audit-connector";
const production = snapshot({ environment: "production" });
/** Two settings are others, a connector is new, which needs a secret. */
const wanted = withFile(
  withFile(production, "project.json", (document) => ({
    ...document,
    sessionTokenExpiration: 20,
    rotateJwt: false,
  })),
  "connectors/connectors.json",
  () => ({ connectors: ["audit", "crm-api", "my-http"] }),
).set("connectors/audit.json", connector("staging", "Audit", "https://audit.example.com"));

/** A folder beside an emulator, with a plan that was reviewed and something between that can stop the program. */
async function prepare() {
  const place = workplace();
  const server = between(place.emulator.url);
  closing.push(place, server);
  await place.put(PRODUCTION, production);
  place.write("config", wanted);
  fs.mkdirSync("envs");
  fs.writeFileSync(
    "envs/prod.json",
    JSON.stringify({
      schema: "descope-env/1",
      project: PRODUCTION,
      secrets: { "connector/Audit": { bearertoken: { from: "env:AUDIT_TOKEN" } } },
    }),
  );
  const options = {
    cwd: place.folder.path,
    env: {
      PATH: process.env.PATH ?? "",
      NO_COLOR: "1",
      DESCOPE_BASE_URL: server.url,
      DESCOPE_MANAGEMENT_KEY: place.emulator.managementKey,
      AUDIT_TOKEN: TOKEN,
    },
  };
  const words = ["project", "snapshot"];
  const config = ["--path", "config", "--env", "prod"];
  const planned = await spawnBinary([...words, "plan", PRODUCTION, ...config, "--out", "plan.json"], options);
  expect([planned.status, planned.err]).toEqual([0, ""]);
  const { fingerprint } = JSON.parse(fs.readFileSync(place.folder.at("plan.json"), "utf8")) as PromotionReply;
  server.calls.length = 0;
  const ways = {
    "the plan's file": ["--plan", "plan.json"],
    "a folder and a fingerprint": [...config, "--expect", fingerprint],
    "a folder for the backup": ["--plan", "plan.json", "--backup", "backup"],
  };
  const args = (way: Way) => [...words, "apply", PRODUCTION, ...ways[way], "--yes"];
  return { place, server, options, args };
}

type Way = "the plan's file" | "a folder and a fingerprint" | "a folder for the backup";

/** What is left behind: in the project, and on this machine. */
async function end({ place }: Awaited<ReturnType<typeof prepare>>) {
  const exported = JSON.stringify(await place.export(PRODUCTION)).replaceAll(place.emulator.url, "");
  const file = place.folder.at(`.descope/receipts/${PRODUCTION}.json`);
  const receipt = JSON.parse(fs.readFileSync(file, "utf8")) as JsonObject;
  const { entities, secrets, state } = receipt;
  const kept = fs.readdirSync(place.folder.at(".descope"), { recursive: true, encoding: "utf8" });
  return {
    exported: withoutIds(JSON.parse(exported) as Json),
    entities: entities as Json,
    secrets: secrets as Json,
    state: state as Json,
    pending: kept.filter((name) => name.startsWith("pending/")),
    halves: kept.filter((name) => /\.(?:tmp|part|new|old)\b|~$/.test(name)),
  };
}

/** Ids that the emulator makes are others in each run. */
function withoutIds(value: Json): Json {
  return JSON.parse(JSON.stringify(value).replaceAll(/"(?:CI|ROL|SQ)[0-9A-Za-z]{20,}"/g, '"id"')) as Json;
}

describe("an apply that is killed and run again reaches the end of one that was not", () => {
  for (const way of ["the plan's file", "a folder and a fingerprint", "a folder for the backup"] as const) {
    test(`with ${way}, at every call and behind each`, async () => {
      const straight = await prepare();
      const ran = await spawnBinary(straight.args(way), straight.options);
      expect([ran.status, ran.err]).toEqual([0, ""]);
      const expected = await end(straight);
      expect(expected).toMatchObject({ state: "applied", pending: [], halves: [] });
      const calls = [...straight.server.calls];
      expect(calls).toContain("import");
      for (const [index, name] of calls.entries()) {
        for (const when of ["before", "behind"] as const) {
          const killed = await prepare();
          const child = Bun.spawn([binary, ...killed.args(way)], {
            ...killed.options,
            stdin: "ignore",
            stdout: "ignore",
            stderr: "ignore",
          });
          killed.server.behave = async (passing: Passing) => {
            const answer =
              killed.server.calls.length - 1 < index || when === "behind"
                ? await passing.forward()
                : undefined;
            if (killed.server.calls.length - 1 >= index) child.kill("SIGKILL");
            return answer ?? new Promise<Response>(() => {});
          };
          await child.exited;
          expect([index, when, child.signalCode]).toEqual([index, when, "SIGKILL"]);
          killed.server.behave = (passing) => passing.forward();
          const again = await spawnBinary(killed.args(way), killed.options);
          expect([name, when, again.status, again.err]).toEqual([name, when, 0, ""]);
          expect([name, when, await end(killed)]).toEqual([name, when, expected]);
        }
      }
    }, 60_000);
  }
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} while it imports is told with what it was doing, and the same command goes on`, async () => {
    const { server, options, args, place } = await prepare();
    const child = Bun.spawn([binary, ...args("the plan's file")], {
      ...options,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    server.behave = async (passing) => {
      if (!passing.path.endsWith("/import")) return passing.forward();
      await passing.forward();
      child.kill(signal);
      return new Promise<Response>(() => {});
    };
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    await child.exited;
    expect([child.signalCode, out]).toEqual([signal, ""]);
    expect(err).toContain("* Interrupted while importing. Run the same command again");
    server.behave = (passing) => passing.forward();
    const again = await spawnBinary(args("the plan's file"), options);
    expect([again.status, again.err, again.out.includes("Applied: 2 applied")]).toEqual([0, "", true]);
    expect(fs.existsSync(place.folder.at(`.descope/pending/${PRODUCTION}.json`))).toBe(false);
  });
}

test("an interruption while the backup is written leaves it whole or not at all, and nothing was imported", async () => {
  const { server, options, args, place } = await prepare();
  const child = Bun.spawn([binary, ...args("a folder for the backup")], {
    ...options,
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
  });
  // The first thing that appears beside the project's own files is the backup on its way.
  const watcher = fs.watch(place.folder.path, (_, name) => {
    if (name?.endsWith(".tmp") === true) child.kill("SIGINT");
  });
  await child.exited;
  watcher.close();
  expect(fs.readdirSync(place.folder.path).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  if (child.signalCode === "SIGINT" && !fs.existsSync(place.folder.at("backup")))
    expect(server.calls).not.toContain("import");
});
