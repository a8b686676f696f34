import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fs from "node:fs";
import type { Json, JsonObject } from "../../../../src/json/value.ts";
import { between, type Between, type Passing } from "../../../support/between.ts";
import { PRODUCTION, workplace, type Workplace } from "../../../support/promotion.ts";
import { snapshot, withFile } from "../../../support/snapshot.ts";

let place: Workplace;
let server: Between;
beforeEach(() => {
  place = workplace();
  server = between(place.emulator.url);
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const production = snapshot({ environment: "production" });
/** What the folder wants: two settings and a style are others, a role is new. */
const wanted = withFile(
  withFile(
    withFile(production, "project.json", (document) => ({
      ...document,
      sessionTokenExpiration: 20,
      rotateJwt: false,
    })),
    "styles/light.json",
    (document) => ({ ...document, globals: { colors: { primary: { main: "#ff0000" } } } }),
  ),
  "roles.json",
  (document) => ({
    ...document,
    roles: [
      ...(document.roles as Json[]),
      { name: "Auditor", description: "", permissionNames: ["read"], default: false, private: false },
    ],
  }),
);

const isImport = ({ path }: Passing) => path.endsWith("/snapshot/import");
const isExport = ({ path }: Passing) => path.endsWith("/snapshot/export");
const run = (...words: string[]) =>
  place.snapshot(words, { env: { DESCOPE_BASE_URL: server.url, DESCOPE_TIMEOUT: "30s" } });

/** Plans against a server that behaves, then applies against one that does as it is told. */
async function apply(behave: Between["behave"], ...words: string[]) {
  await place.put(PRODUCTION, production);
  place.write("config", wanted);
  const planned = await run("plan", PRODUCTION, "--path", "config", "--out", "plan.json");
  expect([planned.status, planned.err]).toEqual([0, ""]);
  server.calls.length = 0;
  server.behave = behave;
  return applyAgain(...words);
}

const applyAgain = (...words: string[]) => run("apply", PRODUCTION, "--plan", "plan.json", "--yes", ...words);
const held = async () => new Map(Object.entries(await place.export(PRODUCTION)));
const project = async () => (await held()).get("project.json") as JsonObject;
const receipt = () =>
  JSON.parse(fs.readFileSync(`.descope/receipts/${PRODUCTION}.json`, "utf8")) as JsonObject;
const isPending = () => fs.existsSync(`.descope/pending/${PRODUCTION}.json`);
const left = async () => {
  server.behave = (passing) => passing.forward();
  const ran = await run("plan", PRODUCTION, "--path", "config", "--base", "none", "--json");
  return (ran.json() as { changes: { address: string }[] }).changes.map(({ address }) => address);
};

test("an apply to a server that behaves says what it did, and leaves nothing to plan", async () => {
  let sent: readonly string[] = [];
  const ran = await apply((passing) => {
    if (isImport(passing)) sent = Object.keys(passing.body.files);
    return passing.forward();
  });
  // A server that deletes what an import does not name deletes nothing.
  for (const path of production.keys()) expect(sent).toContain(path);
  expect([ran.status, ran.err]).toEqual([0, ""]);
  expect(ran.out.split("\n").slice(0, 4)).toEqual([
    "applied      project",
    "applied      role/Auditor",
    "applied      style/light",
    expect.stringMatching(
      /^Applied: 3 applied, 0 not applied, 0 rewritten by the server, 0 neighbours changed\. Backup: /,
    ),
  ]);
  expect(server.calls).toEqual(["export", "validate", "import", "export"]);
  expect([await left(), isPending(), receipt().state]).toEqual([[], false, "applied"]);
});

describe("a server that behaves worse than it should is told on", () => {
  test("one that answers 200 and does nothing", async () => {
    const ran = await apply((passing) =>
      isImport(passing) ? Promise.resolve(Response.json({})) : passing.forward(),
    );
    expect(ran.status).toBe(1);
    expect(ran.out).toContain("not applied  project\n");
    expect(ran.out).toContain("    /sessionTokenExpiration: planned 20, is still 10\n");
    expect(ran.out).toContain("not applied  role/Auditor\n");
    expect(ran.out).toContain("Not verified: 0 applied, 3 not applied");
    expect(await left()).toEqual(["project", "role/Auditor", "style/light"]);
  });

  test("one that takes half and answers with an error; the same command finishes the work", async () => {
    const half: Between["behave"] = async (passing) => {
      if (!isImport(passing)) return passing.forward();
      const files = { ...passing.body.files, "styles/light.json": production.get("styles/light.json") };
      await passing.forward({ ...passing.body, files });
      return Response.json({ errorCode: "E099999", errorDescription: "half of it" }, { status: 500 });
    };
    const ran = await apply(half, "--json");
    expect(ran.status).toBe(1);
    expect(ran.json()).toMatchObject({
      ok: false,
      reason: "import_failed",
      applied: 2,
      notApplied: 1,
      entities: [
        { address: "project", state: "applied" },
        { address: "role/Auditor", state: "applied" },
        { address: "style/light", state: "not_applied" },
      ],
      neighbours: [],
    });
    expect(isPending()).toBe(true);
    server.behave = (passing) => passing.forward();
    const again = await applyAgain();
    expect([again.status, again.out.includes("Applied: 3 applied, 0 not applied")]).toEqual([0, true]);
    expect([await left(), isPending()]).toEqual([[], false]);
  });

  test("one that drops what the plan did not name", async () => {
    const ran = await apply(async (passing) => {
      if (!isExport(passing) || !server.calls.includes("import")) return passing.forward();
      const answer = (await (await passing.forward()).json()) as { files: Record<string, unknown> };
      delete answer.files["auth/otp.json"];
      delete answer.files["connectors/my-http.json"];
      answer.files["connectors/connectors.json"] = { connectors: ["crm-api"] };
      return Response.json(answer);
    });
    expect(ran.status).toBe(1);
    expect(ran.out).toContain("neighbour    auth/otp: it is gone, though the plan does not touch it\n");
    expect(ran.out).toContain(
      "neighbour    connector/My HTTP: it is gone, though the plan does not touch it\n",
    );
    expect(ran.out).toContain(
      "Not verified: 3 applied, 0 not applied, 0 rewritten by the server, 2 neighbours changed",
    );
    expect(receipt().state).toBe("unverified");
    const rollback = /To roll back: descope project snapshot (.+)\n/.exec(ran.out)?.[1] ?? "";
    expect(rollback).toContain("auth/otp");
    expect(rollback).toContain("connector/My HTTP");
  });

  test("one that writes something else than was sent, which is no failure and no difference for the next plan", async () => {
    const rewriting: Between["behave"] = (passing) => {
      if (!isImport(passing)) return passing.forward();
      const files = passing.body.files as Record<string, JsonObject>;
      const changed = { ...files["project.json"], sessionTokenExpiration: 30 };
      return passing.forward({ ...passing.body, files: { ...files, "project.json": changed } });
    };
    const ran = await apply(rewriting);
    expect(ran.status).toBe(0);
    expect(ran.out).toContain("rewritten    project\n    /sessionTokenExpiration: planned 20, was made 30\n");
    const again = await run("plan", PRODUCTION, "--path", "config", "--exit-code");
    expect([again.status, again.out.includes("0 change")]).toEqual([0, true]);
  });

  test("one that adds members of its own, to what was planned and beside it", async () => {
    const adding =
      (path: string): Between["behave"] =>
      async (passing) => {
        if (!isExport(passing) || !server.calls.includes("import")) return passing.forward();
        const answer = (await (await passing.forward()).json()) as { files: Record<string, JsonObject> };
        answer.files[path] = { ...answer.files[path], addedByServer: true };
        return Response.json(answer);
      };
    const inside = await apply(adding("project.json"));
    expect(inside.status).toBe(0);
    expect(inside.out).toContain("rewritten    project\n    /addedByServer: planned null, was made true\n");
    fs.rmSync(".descope", { recursive: true });
    server.behave = (passing) => passing.forward();
    const beside = await apply(adding("auth/otp.json"));
    expect(beside.status).toBe(1);
    expect(beside.out).toContain(
      "neighbour    auth/otp: it changed at /addedByServer, though the plan does not touch it",
    );
  });

  test("one whose answer is lost on the way: what is there counts", async () => {
    const lost: Between["behave"] = async (passing) => {
      if (!isImport(passing)) return passing.forward();
      await passing.forward();
      return Response.json(
        { errorDescription: "upstream went away" },
        { status: 504, headers: { "retry-after": "0" } },
      );
    };
    const ran = await apply(lost);
    expect(ran.status).toBe(0);
    expect(ran.out).toContain("* the answer to the import did not arrive (");
    expect(ran.out).toContain("Applied: 3 applied, 0 not applied");
    expect([await left(), isPending()]).toEqual([[], false]);
  });

  test("one whose answer does not come before the deadline", async () => {
    const silent: Between["behave"] = async (passing) => {
      if (!isImport(passing)) return passing.forward();
      await passing.forward();
      return new Promise(() => {});
    };
    const ran = await apply(silent, "--timeout", "1500ms");
    expect([ran.status, ran.err]).toEqual([0, ""]);
    expect(ran.out).toContain("* the answer to the import did not arrive (");
    expect(await left()).toEqual([]);
  });

  test("one that does nothing and whose answer is lost", async () => {
    const ran = await apply((passing) =>
      isImport(passing)
        ? Promise.resolve(
            Response.json(
              { errorDescription: "upstream went away" },
              { status: 504, headers: { "retry-after": "0" } },
            ),
          )
        : passing.forward(),
    );
    expect(ran.status).toBe(1);
    expect(ran.out).toContain("The import failed: ");
    expect(ran.out).toContain("Failed: 0 applied, 3 not applied");
    expect(ran.out).toContain("Run the same command again");
    expect(isPending()).toBe(true);
  });

  test("one that takes the import and cannot be looked at afterwards", async () => {
    const blind: Between["behave"] = (passing) =>
      isExport(passing) && server.calls.includes("import")
        ? Promise.resolve(Response.json({ errorDescription: "no more exports today" }, { status: 400 }))
        : passing.forward();
    const ran = await apply(blind);
    expect(ran.status).toBe(1);
    expect(ran.out).toContain("The project could not be exported again: ");
    expect(ran.out).toContain(
      "Not verified: 3 changes were sent, and it is not known which of them arrived. Backup: ",
    );
    expect(ran.out).toContain("To roll back: ");
    expect([(await project()).sessionTokenExpiration, isPending()]).toEqual([20, true]);
    const document = (await applyAgain("--json")).json() as JsonObject;
    expect(document).toMatchObject({ ok: false });
    server.behave = (passing) => passing.forward();
    const again = await applyAgain();
    expect([again.status, again.out.includes("Applied: 3 applied, 0 not applied")]).toEqual([0, true]);
    expect(isPending()).toBe(false);
  });

  test("one that would not take the import, with nothing written", async () => {
    const ran = await apply((passing) =>
      passing.path.endsWith("/validate")
        ? Promise.resolve(Response.json({ ok: false, failures: ["the flow sign-in is broken"] }))
        : passing.forward(),
    );
    expect(ran.status).toBe(2);
    expect(ran.out).toContain(
      "Refused (validation_failed): nothing was written\n  project: the flow sign-in is broken",
    );
    expect([server.calls.includes("import"), fs.existsSync(".descope")]).toEqual([false, false]);
  });

  test("one whose export is not whole is never planned for or applied to", async () => {
    const partial: Between["behave"] = async (passing) => {
      if (!isExport(passing)) return passing.forward();
      const answer = (await (await passing.forward()).json()) as { files: Record<string, Json> };
      for (const path of Object.keys(answer.files))
        if (path.startsWith("flows/sign-in/")) delete answer.files[path];
      return Response.json(answer);
    };
    const ran = await apply(partial);
    expect([ran.status, ran.err]).toEqual([1, expect.stringContaining("flows/flows.json")]);
    expect(server.calls).toEqual(["export"]);
    const planned = await run("plan", PRODUCTION, "--path", "config");
    expect([planned.status, planned.err]).toEqual([1, expect.stringContaining("flows/flows.json")]);
    const drift = await run("drift", PRODUCTION, "--against", "config");
    expect([drift.status, drift.err]).toEqual([1, expect.stringContaining("flows/flows.json")]);
  });

  test.each(["flows/flows.json", "connectors/connectors.json", "project.json"])(
    "one whose export lacks %s alone is never planned for or applied to",
    async (missing) => {
      const partial: Between["behave"] = async (passing) => {
        if (!isExport(passing)) return passing.forward();
        const answer = (await (await passing.forward()).json()) as { files: Record<string, Json> };
        delete answer.files[missing];
        return Response.json(answer);
      };
      const ran = await apply(partial);
      expect([ran.status, ran.out + ran.err]).not.toEqual([0, expect.anything()]);
      expect(ran.out + ran.err).toContain(missing === "project.json" ? "project" : missing);
      expect(server.calls).toEqual(["export"]);
      for (const words of [
        ["plan", PRODUCTION, "--path", "config"],
        ["drift", PRODUCTION, "--against", "config"],
      ]) {
        const read = await run(...words);
        expect([read.status, read.err]).toEqual([1, expect.stringContaining(missing)]);
      }
    },
  );
});
