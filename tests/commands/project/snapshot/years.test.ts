import { afterEach, beforeEach, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import type { Json, JsonObject } from "../../../../src/json/value.ts";
import { setAt } from "../../../support/documents.ts";
import { PRODUCTION, workplace, type Workplace } from "../../../support/promotion.ts";
import { randomFrom } from "../../../support/random.ts";
import { shuffledContent } from "../../../support/shuffled.ts";
import { structuredCopy, withFile } from "../../../support/snapshot.ts";
import { snapshotOf, YEARS, type Year } from "../../../support/years.ts";

let place: Workplace;
beforeEach(() => void (place = workplace()));
afterEach(() => place[Symbol.asyncDispose]());

/** A change that somebody made in the staging environment, with what a reviewer is to see of it. */
interface Change {
  readonly file: string;
  readonly at: readonly (string | number)[];
  readonly value: Json;
  readonly seen: string;
  readonly since?: number;
}

const CHANGES: readonly Change[] = [
  {
    file: "project.json",
    at: ["sessionTokenExpiration"],
    value: 20,
    seen: "project /sessionTokenExpiration",
  },
  {
    file: "auth/oauth.json",
    at: ["providerSettings", "google", "scopes"],
    value: ["email", "profile", "phone"],
    seen: "auth/oauth /providerSettings/google/scopes",
  },
  {
    file: "connectors/gr-e-ma-e-b.json",
    at: ["configuration", "baseUrl"],
    value: "https://other.example.com",
    seen: "connector/Größe & Maße <b> /configuration/baseUrl",
  },
  {
    file: "flows/flow-1/contents.json",
    at: ["tasks", "3", "name"],
    value: "Is it somebody?",
    seen: "flow/flow-1 change name",
  },
  {
    file: "flows/flow-2/contents.json",
    at: ["tasks", "0", "next", "rules", 0, "taskId"],
    value: "0",
    seen: "flow/flow-2 change edge",
  },
  {
    file: "styles/light.json",
    at: ["globals", "colors", "primary", "main"],
    value: "#ff0000",
    seen: "style/light /globals/colors/primary/main",
  },
  {
    file: "roles.json",
    at: ["roles", 1, "permissionNames"],
    value: ["a,b"],
    seen: "role/Read / Write /permissionNames",
    since: 2024,
  },
  {
    file: "lists/vip.json",
    at: ["data"],
    value: ["ann@example.com", "bob@example.com"],
    seen: "file/lists/vip.json /data",
    since: 2026,
  },
];

/** Kinds of entities that the emulator knows member by member. */
const SERVED = ["role", "permission", "resource", "outboundapp"];

const changesOf = ({ year }: Year) => CHANGES.filter(({ since = 0 }) => year >= since);

function changed(content: ReadonlyMap<string, Json>, changes: readonly Change[]): Map<string, Json> {
  return changes.reduce(
    (before, { file, at, value }) =>
      withFile(before, file, (document) => {
        const out = structuredCopy(document) as JsonObject;
        setAt(out, at, value);
        return out;
      }),
    new Map(content),
  );
}

/** What the editor leaves behind when somebody looks at a flow: other positions and versions, and copies of screens. */
function touched(content: ReadonlyMap<string, Json>): Map<string, Json> {
  const out = new Map(content);
  for (const [file, value] of content) {
    if (file.endsWith("/contents.json")) {
      const document = structuredCopy(value) as { tasks: Record<string, JsonObject> };
      for (const task of Object.values(document.tasks)) {
        const { x, y } = task.view as { x: number; y: number };
        task.view = { x: x + 13.75, y: y - 0.125 };
        if (task.type === "screen") Object.assign(task, { inputKeys: ["later"], htmlTemplate: { ROOT: {} } });
      }
      out.set(file, document as unknown as Json);
    } else if (file.endsWith("/metadata.json") && file.startsWith("flows/")) {
      out.set(file, { ...(value as JsonObject), componentsVersion: "9.9.9" });
    }
  }
  return out;
}

function files(folder: string): Record<string, string> {
  return Object.fromEntries(
    fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => fs.statSync(path.join(folder, name)).isFile())
      .sort()
      .map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]),
  );
}

for (const year of YEARS) {
  test(`a project of ${year.year}: a reviewer sees what was changed and nothing else, and it arrives`, async () => {
    const changes = changesOf(year);
    await place.put(PRODUCTION, snapshotOf(year, "production"));
    const staging = touched(changed(snapshotOf(year, "staging"), changes));
    place.write("config", shuffledContent(staging, randomFrom(year.year)));

    const made = await place.json("plan", PRODUCTION, "--path", "config", "--out", "plan.json");
    expect([made.blocked, made.warnings]).toEqual([[], []]);
    const seen = made.changes.flatMap(({ address, graph, fields }) =>
      graph.length > 0
        ? graph.map(({ op, subject }) => `${address} ${op} ${subject}`)
        : fields.map(({ path: at }) => `${address} ${at}`),
    );
    expect(seen.sort()).toEqual(changes.map((one) => one.seen).sort());

    const applied = await place.json("apply", PRODUCTION, "--plan", "plan.json", "--yes");
    expect([applied.status, applied.reason, applied.rewritten]).toEqual([0, "applied", 0]);
    const again = await place.json("plan", PRODUCTION, "--path", "config");
    expect([again.changes, again.drift, again.conflicts, again.blocked]).toEqual([[], [], [], []]);
    const drift = await place.json("drift", PRODUCTION, "--against", "config");
    expect([drift.status, drift.ok]).toEqual([0, true]);
    // What the emulator serves itself, it has more of and says more of.
    const compared = await place.json("diff", "config", `project:${PRODUCTION}`);
    expect(compared.differences.filter(({ kind }: { kind: string }) => !SERVED.includes(kind))).toEqual([]);

    // An export that is laid over the folder takes those over, and then changes no byte.
    fs.mkdirSync("envs");
    fs.writeFileSync("envs/prod.json", JSON.stringify({ schema: "descope-env/1", project: PRODUCTION }));
    const before = files("config");
    const over = ["export", PRODUCTION, "--path", "config", "--env", "prod"];
    expect((await place.snapshot(over)).status).toBe(0);
    const after = files("config");
    const differing = Object.keys({ ...before, ...after }).filter((file) => before[file] !== after[file]);
    expect(
      differing.filter((file) => !["roles.json", "resources.json", "outboundapps.json"].includes(file)),
    ).toEqual([]);
    const second = await place.snapshot(over);
    expect([second.status, second.err]).toEqual([0, expect.stringContaining("0 files changed")]);
    expect(files("config")).toEqual(after);
  });
}
