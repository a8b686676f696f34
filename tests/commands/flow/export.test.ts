import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import { cli, credentials } from "../../support/cli.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { scriptedServer, type Answer } from "../../support/server.ts";

/** The two commands that export one document differ in their words, their route and what they clean. */
const kinds = [
  {
    words: ["flow", "export", "sign-in"],
    route: "POST /v2/mgmt/flow/export",
    key: "flow",
    body: { flowId: "sign-in" },
  },
  { words: ["theme", "export"], route: "POST /v2/mgmt/theme/export", key: "theme", body: undefined },
] as const;

const SENT = '{"references":{"a":{"b":""}},"z":{"10":1.0,"9":9007199254740993,"e":"<"},"a":[]}';
const DOCUMENT =
  '{\n  "a": [],\n  "z": {\n    "10": 1.0,\n    "9": 9007199254740993,\n    "e": "\\u003c"\n  }\n}';

for (const { words, route, key, body } of kinds) {
  /** Runs the export against one answer. */
  const run = async (answer: Answer, rest: readonly string[], tty = false) => {
    using server = scriptedServer({ [route]: answer });
    const env = { ...credentials, DESCOPE_BASE_URL: server.url };
    const ran = await cli([...words, ...rest], { env, tty });
    server.verify();
    return { ...ran, seen: server.seen };
  };
  const answer = { raw: `{"${key}":${SENT}}` };

  describe(words.join(" "), () => {
    test.each([false, true])("prints the document itself, cleaned, terminal: %p", async (tty) => {
      const ran = await run(answer, [], tty);
      expect([ran.status, ran.out]).toEqual([0, `${DOCUMENT}\n`]);
      expect(ran.seen.map(({ body: sent }) => sent)).toEqual([body as never]);
      expect(ran.seen[0]?.authorization).toBe(
        `Bearer ${credentials.DESCOPE_PROJECT_ID}:${credentials.DESCOPE_MANAGEMENT_KEY}`,
      );
    });

    test("--json prints it beside ok", async () => {
      const ran = await run(answer, ["-j"]);
      const indented = DOCUMENT.replaceAll("\n", "\n  ");
      const members = [`  "${key}": ${indented}`, '  "ok": true'].sort();
      expect([ran.status, ran.out, ran.err]).toEqual([0, `{\n${members.join(",\n")}\n}\n`, ""]);
    });

    test.each([
      [[], ""],
      [["--json"], '{\n  "ok": true\n}\n'],
    ])("writes it to a file and prints nothing of it, %p", async (flags, out) => {
      using folder = temporaryFolder();
      const ran = await run(answer, [folder.at("new/deep/out.json"), ...flags]);
      expect([ran.status, ran.out, ran.err]).toEqual([0, out, ""]);
      expect(folder.contents()).toEqual({ "new/deep/out.json": `${DOCUMENT}\n` });
    });

    test("overwrites a file and keeps its mode", async () => {
      using folder = temporaryFolder();
      folder.put("out.json", "a longer text than the one that is written over it".repeat(9));
      fs.chmodSync(folder.at("out.json"), 0o600);
      expect((await run(answer, [folder.at("out.json")])).status).toBe(0);
      expect(folder.contents()).toEqual({ "out.json": `${DOCUMENT}\n` });
      expect(fs.statSync(folder.at("out.json")).mode & 0o777).toBe(0o600);
    });

    test.each(["folder", "folder/", "new/", "file/x", ""])(
      "sends nothing for the target %p",
      async (target) => {
        using folder = temporaryFolder();
        folder.put("folder/x", "");
        folder.put("file", "mine");
        const before = folder.contents();
        const ran = await run(answer, [target === "" ? "" : folder.at(target)]);
        expect([ran.status, ran.out, ran.seen]).toEqual([1, "", []]);
        expect(folder.contents()).toEqual(before);
      },
    );

    test.each([
      "{}",
      "null",
      "[]",
      "",
      "<html>",
      `{"${key}":null}`,
      `{"${key}":[]}`,
      `{"${key}":"x"}`,
      `{"${key}":5}`,
    ])("refuses the reply %p and leaves the file as it was", async (raw) => {
      using folder = temporaryFolder();
      folder.put("out.json", "old");
      for (const rest of [[], ["--json"], [folder.at("out.json")]]) {
        const ran = await run({ raw }, rest);
        expect(ran.status).toBe(1);
        expect(ran.out + ran.err).toContain("The server's reply cannot be used");
      }
      expect(folder.contents()).toEqual({ "out.json": "old" });
    });

    test("an error of the server leaves the file as it was", async () => {
      using folder = temporaryFolder();
      folder.put("out.json", "old");
      const body = { errorCode: "E1", errorDescription: "Not there" };
      const ran = await run({ status: 400, body }, [folder.at("out.json"), "--json"]);
      expect(ran.status).toBe(1);
      expect(ran.json()).toMatchObject({ ok: false, errorCode: "E1", status: 400 });
      expect(folder.contents()).toEqual({ "out.json": "old" });
    });

    test("finds the document whatever the case of its key, an empty one too", async () => {
      expect((await run({ raw: `{"${key.toUpperCase()}":{}}` }, [])).out).toBe("{}\n");
    });

    test("shows no control character on a terminal, and all of them in a pipe", async () => {
      const raw = `{"${key}":{"a":"\u009b31m"}}`;
      expect((await run({ raw }, [], true)).out).toBe('{\n  "a": "\\u009b31m"\n}\n');
      expect((await run({ raw }, [])).out).toBe('{\n  "a": "\u009b31m"\n}\n');
    });
  });
}

test("an empty flow id is refused before any request", async () => {
  using server = scriptedServer({});
  const env = { ...credentials, DESCOPE_BASE_URL: server.url };
  const ran = await cli(["flow", "export", "", "--json"], { env });
  expect(ran.json()).toMatchObject({ ok: false, errorCode: "E011004" });
  expect([ran.status, server.seen]).toEqual([1, []]);
});

test("a flow's metadata and interactions are cleaned, a theme's are not", async () => {
  const exported = { metadata: { a: "" }, screens: [{ interactions: [{ a: "" }] }] };
  using server = scriptedServer({
    "*": { body: { flow: exported, theme: exported } },
  });
  const env = { ...credentials, DESCOPE_BASE_URL: server.url };
  const flow = await cli(["flow", "export", "x"], { env });
  expect(flow.json()).toEqual({ metadata: {}, screens: [{ interactions: [{}] }] });
  expect((await cli(["theme", "export"], { env })).json()).toEqual(exported);
});

test.each([
  [["flow", "export"], "<flowId> is missing"],
  [["flow", "export", "a", "b", "c"], "takes 2 arguments"],
  [["theme", "export", "a", "b"], "takes 1 argument"],
  [["flow", "export", "a", "--skip"], "--skip"],
])("refused: %p", async (words, reason) => {
  const ran = await cli(words, { env: credentials });
  expect([ran.status, ran.out]).toEqual([1, ""]);
  expect(ran.err).toContain(reason);
});
