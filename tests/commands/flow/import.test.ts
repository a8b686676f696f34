import { describe, expect, test } from "bun:test";
import { cli, credentials } from "../../support/cli.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { scriptedServer, type Answer } from "../../support/server.ts";

const kinds = [
  {
    words: ["flow", "import", "sign-in"],
    route: "POST /v2/mgmt/flow/import",
    key: "flow",
    more: ',"flowId":"sign-in"',
  },
  { words: ["theme", "import"], route: "POST /v2/mgmt/theme/import", key: "theme", more: "" },
] as const;

for (const { words, route, key, more } of kinds) {
  /** Runs the import of a file with this content against one answer. */
  const run = async (content: string | Uint8Array, answer: Answer = {}, ...flags: string[]) => {
    using folder = temporaryFolder();
    folder.put("f.json", content);
    using server = scriptedServer({ [route]: answer });
    const env = { ...credentials, DESCOPE_BASE_URL: server.url };
    const ran = await cli([...words, folder.at("f.json"), ...flags], { env });
    server.verify();
    expect(Object.keys(folder.contents())).toEqual(["f.json"]);
    return { ...ran, seen: server.seen };
  };

  describe(words.join(" "), () => {
    test.each([
      [[], ""],
      [["--json"], '{\n  "ok": true\n}\n'],
    ])("sends the file's object with its numbers as they are, %p", async (flags, out) => {
      const ran = await run('{ "n": [1.0, 1e5, 9007199254740993, -0],\n "t": "é\u{1f600}" }', {}, ...flags);
      expect([ran.status, ran.out, ran.err]).toEqual([0, out, ""]);
      expect(ran.seen.map(({ text }) => text)).toEqual([
        `{"${key}":{"n":[1.0,1e5,9007199254740993,-0],"t":"é\u{1f600}"${more}}}`,
      ]);
    });

    test("sends empty values, nulls and unknown keys as they are", async () => {
      const content = { a: "", b: null, c: [], d: {}, references: {}, __proto__: null };
      const ran = await run(JSON.stringify(content));
      expect(ran.seen[0]?.body).toEqual({
        [key]: { ...content, ...(more === "" ? {} : { flowId: "sign-in" }) },
      });
    });

    test.each(["", " ", "{}", "null", '{"any":1}'])("takes the reply %p for a success", async (raw) => {
      expect((await run("{}", { raw })).status).toBe(0);
    });

    test("does not take a page of HTML for one", async () => {
      const ran = await run("{}", { raw: "<html>", headers: { "content-type": "text/html" } });
      expect(ran.status).toBe(1);
      expect(ran.err).toContain("text/html that is not JSON");
    });

    test.each([
      ["null", "not null"],
      ["[]", "not a list"],
      ['"x"', "not a string"],
      ["5", "not a number"],
      ["true", "not true or false"],
      ["", "not JSON: line 1, column 1"],
      ['{"a": 1,\n  oops}', "not JSON: line 2, column 3"],
      ["{} x", "not JSON: line 1, column 4"],
      ["\ufeff{}", "byte order mark"],
      [new Uint8Array([0x7b, 0xff, 0x7d]), "not UTF-8"],
    ])("sends nothing of %p", async (content, reason) => {
      const ran = await run(content);
      expect([ran.status, ran.out, ran.seen]).toEqual([1, "", []]);
      expect(ran.err).toContain("f.json");
      expect(ran.err).toContain(reason);
    });

    test.each(["none.json", "folder", "f.json/", ""])("sends nothing of %p", async (name) => {
      using folder = temporaryFolder();
      folder.put("f.json", "{}");
      folder.put("folder/x", "");
      using server = scriptedServer({});
      const env = { ...credentials, DESCOPE_BASE_URL: server.url };
      const ran = await cli([...words, name === "" ? "" : folder.at(name), "--json"], { env });
      expect(ran.json()).toMatchObject({ ok: false, code: "file" });
      expect([ran.status, server.seen]).toEqual([1, []]);
    });

    test("an error of the server is passed on", async () => {
      const ran = await run(
        "{}",
        { status: 400, body: { errorCode: "E1", errorDescription: "No" } },
        "--json",
      );
      expect(ran.json()).toMatchObject({ ok: false, error: "[E1] No [Status-Code:400]" });
    });
  });
}

test("the flow's id is the argument, whatever the file says", async () => {
  using folder = temporaryFolder();
  folder.put("f.json", '{"flowId":"other","FlowId":"another"}');
  using server = scriptedServer({ "POST /v2/mgmt/flow/import": {} });
  const env = { ...credentials, DESCOPE_BASE_URL: server.url };
  expect((await cli(["flow", "import", "sign-in", folder.at("f.json")], { env })).status).toBe(0);
  expect(server.seen[0]?.body).toEqual({ flow: { flowId: "sign-in", FlowId: "another" } });
  const empty = await cli(["flow", "import", "", folder.at("f.json")], { env });
  expect(empty.err).toContain("E011004");
  expect(server.seen).toHaveLength(1);
});

test("what was exported is imported as it was", async () => {
  using folder = temporaryFolder();
  const flow = {
    flowId: "sign-in",
    contents: { tasks: { "10": 1, "9": [null] } },
    metadata: {},
    screens: [],
  };
  using server = scriptedServer({
    "POST /v2/mgmt/flow/export": { body: { flow } },
    "POST /v2/mgmt/flow/import": {},
  });
  const env = { ...credentials, DESCOPE_BASE_URL: server.url };
  await cli(["flow", "export", "sign-in", folder.at("f.json")], { env });
  await cli(["flow", "import", "sign-in", folder.at("f.json")], { env });
  expect(server.seen[1]?.body).toEqual({ flow });
});

test.each([
  [["flow", "import"], "<flowId> is missing"],
  [["flow", "import", "a"], "<sourcePath> is missing"],
  [["flow", "import", "a", "b", "c"], "takes 2 arguments"],
  [["theme", "import"], "<sourcePath> is missing"],
  [["theme", "import", "a", "b"], "takes 1 argument"],
])("refused: %p", async (words, reason) => {
  const ran = await cli(words, { env: credentials });
  expect([ran.status, ran.out]).toEqual([1, ""]);
  expect(ran.err).toContain(reason);
});
