import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import fc from "fast-check";
import { cli, credentials } from "../../../support/cli.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";
import { scriptedServer, type Answer } from "../../../support/server.ts";

const EXPORT = "POST /v1/mgmt/project/snapshot/export";
const files = {
  "snapshot.json": { version: 5 },
  "flows/flows.json": { flows: ["sign-in"] },
  "flows/sign-in/contents.json": { tasks: { "2": { b: 1, a: "<x>" }, "10": {} } },
  "assets/mail.html": "<p>no newline</p>",
  "assets/dos.txt": "a\r\nb\r\n",
  "assets/empty.txt": "",
  "assets/icon.svg": "PHN2Zy8+",
};

/** Runs an export into `out` of a folder. */
async function exportInto(folder: TemporaryFolder, answer: Answer, ...flags: string[]) {
  using server = scriptedServer({ [EXPORT]: answer });
  const ran = await cli(["project", "snapshot", "export", "P2abc", "-p", folder.at("out"), ...flags], {
    env: { ...credentials, DESCOPE_BASE_URL: server.url },
  });
  server.verify();
  return { ...ran, seen: server.seen };
}

test("an export writes the bytes that the vendor's command line writes", async () => {
  using folder = temporaryFolder();
  const ran = await exportInto(folder, { body: { files } });
  expect(ran.status).toBe(0);
  expect(ran.out).toBe("");
  expect(ran.seen.map(({ body, authorization }) => ({ body, authorization }))).toEqual([
    { body: {}, authorization: `Bearer P2abc:${credentials.DESCOPE_MANAGEMENT_KEY}` },
  ]);
  expect(folder.contents("out")).toEqual({
    "snapshot.json": '{\n  "version": 5\n}\n',
    "flows/flows.json": '{\n  "flows": [\n    "sign-in"\n  ]\n}\n',
    "flows/sign-in/contents.json":
      '{\n  "tasks": {\n    "10": {},\n    "2": {\n      "a": "\\u003cx\\u003e",\n      "b": 1\n    }\n  }\n}\n',
    "assets/mail.html": "<p>no newline</p>\n",
    "assets/dos.txt": "a\r\nb\r\n",
    "assets/empty.txt": "",
    "assets/icon.svg": "<svg/>",
  });
});

test("--json prints one document and --no-assets asks for the plain form", async () => {
  using folder = temporaryFolder();
  const ran = await exportInto(folder, { body: { files } }, "--no-assets", "-j");
  expect(ran.out).toBe('{\n  "ok": true\n}\n');
  expect(ran.err).toBe("");
  expect(ran.seen[0]?.body).toEqual({ format: "plain" });
});

test("numbers keep their spelling, and keys match without regard to case", async () => {
  using folder = temporaryFolder();
  const raw = '{"Files": {"a.json": {"n": [1.0, 1e5, 9007199254740993, -0], "t": "1.0, 2.0"}}}';
  await exportInto(folder, { raw });
  expect(folder.contents("out")["a.json"]).toBe(
    '{\n  "n": [\n    1.0,\n    1e5,\n    9007199254740993,\n    -0\n  ],\n  "t": "1.0, 2.0"\n}\n',
  );
});

describe("a bad reply writes nothing at all, and leaves what was there", () => {
  const bad: [what: string, answer: Answer, words: RegExp][] = [
    ["a list in the place of a file", { body: { files: { "a.json": {}, "z.json": [] } } }, /z\.json/],
    ["a number", { body: { files: { "a.json": {}, "z.json": 1 } } }, /z\.json/],
    ["null", { body: { files: { "a.json": {}, "z.json": null } } }, /z\.json/],
    ["bad base64", { body: { files: { "a.json": {}, "z.png": "***" } } }, /z\.png/],
    ["unpadded base64", { body: { files: { "a.json": {}, "z.png": "YQ" } } }, /z\.png/],
    ["a path that leads out", { body: { files: { "a.json": {}, "../z.json": {} } } }, /\.\.\/z\.json/],
    ["an absolute path", { body: { files: { "a.json": {}, "/z.json": {} } } }, /absolute/],
    ["a drive", { body: { files: { "a.json": {}, "C:/z.json": {} } } }, /drive/],
    ["a backslash", { body: { files: { "a.json": {}, "b\\z.json": {} } } }, /backslash/],
    ["git's folder", { body: { files: { "a.json": {}, ".git/hooks/post-checkout": "YQ==" } } }, /git/],
    [
      "a file and a folder of one name",
      { body: { files: { a: "YQ==", "a/b.json": {} } } },
      /beside each other/,
    ],
    ["broken JSON in a file", { raw: '{"files":{"a.json":{},"z.json":{"x":tru}}}' }, /z\.json.*line 1/],
    ["a cut reply", { raw: '{"files":{"a.json":{},"z.json":{' }, /not JSON|not an object/],
    [
      "HTML",
      { raw: "<html>hello</html>", headers: { "content-type": "text/html" } },
      /200.*text\/html.*hello/,
    ],
    ["an empty body", { raw: "" }, /empty/],
    ["files that are a list", { body: { files: [] } }, /not an object/],
    [
      "an error",
      { status: 400, body: { errorCode: "E1", errorDescription: "no" } },
      /\[E1\] no \[Status-Code:400\]/,
    ],
  ];
  for (const [what, answer, words] of bad) {
    test(what, async () => {
      using fresh = temporaryFolder();
      const ran = await exportInto(fresh, answer, "--json");
      expect(ran.status).toBe(1);
      expect(ran.json()).toMatchObject({ ok: false, error: expect.stringMatching(words) });
      expect(fs.readdirSync(fresh.path)).toEqual([]);

      using existing = temporaryFolder();
      existing.put("out/a.json", "before\n");
      existing.put("out/.git/config", "mine\n");
      const before = existing.contents();
      expect((await exportInto(existing, answer)).status).toBe(1);
      expect(existing.contents()).toEqual(before);
    });
  }
});

test("any mix of paths writes nothing outside the folder", async () => {
  const part = fc.constantFrom("..", ".", "a", "b.json", ".git", "", "C:", "x\\y", "é", "a.txt");
  const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(key, { minLength: 1, maxLength: 4 }), async (keys) => {
      using folder = temporaryFolder();
      folder.put("beside.txt", "beside");
      fs.mkdirSync(folder.at("out"));
      const ran = await exportInto(folder, {
        body: { files: Object.fromEntries(keys.map((one) => [one, {}])) },
      });
      const { "beside.txt": beside, ...written } = folder.contents();
      expect(beside).toBe("beside");
      expect(Object.keys(written).sort()).toEqual(
        ran.status === 0 ? keys.map((one) => `out/${one}`).sort() : [],
      );
    }),
    { numRuns: 150 },
  );
});

describe("what is in the way is an error before the request", () => {
  test("a file with the folder's name, which stays", async () => {
    using folder = temporaryFolder();
    folder.put("out", "mine");
    const ran = await exportInto(folder, { body: { files } });
    expect(ran.status).toBe(1);
    expect(ran.err).toContain("not a folder");
    expect(ran.seen).toEqual([]);
    expect(folder.contents()).toEqual({ out: "mine" });
  });

  test("a link in the folder that leads out", async () => {
    using folder = temporaryFolder();
    folder.put("outside/contents.json", "outside");
    fs.mkdirSync(folder.at("out/flows"), { recursive: true });
    fs.symlinkSync(folder.at("outside"), folder.at("out/flows/sign-in"));
    const ran = await exportInto(folder, { body: { files } });
    expect(ran.status).toBe(1);
    expect(ran.err).toContain("leads out");
    expect(folder.contents()).toEqual({
      "out/flows/sign-in": `-> ${folder.at("outside")}`,
      "outside/contents.json": "outside",
    });
  });
});

describe("files of earlier exports", () => {
  const older = {
    ...files,
    "flows/old/metadata.json": { name: "old" },
    "connectors/gone.json": { id: "CI1" },
  };
  const users = {
    "README.md": "mine",
    "notes.json": "{}",
    "connectors/My notes.json": "{}",
    "envs/prod.json": "{}",
  };

  test("are named by a plain export, which writes what was sent and nothing else", async () => {
    using folder = temporaryFolder();
    for (const [file, content] of Object.entries(users)) folder.put(`out/${file}`, content);
    await exportInto(folder, { body: { files: older } });
    const ran = await exportInto(folder, { body: { files } }, "--json");
    expect(ran.err).toContain("flows/old/metadata.json");
    expect(ran.err).toContain("connectors/gone.json");
    for (const file of Object.keys(users)) expect(ran.err).not.toContain(file);
    expect(Object.keys(folder.contents("out")).sort()).toEqual(
      [...Object.keys(older), ...Object.keys(users)].sort(),
    );
  });

  test("are removed by --prune: at first what fits the layout, then what the manifest names", async () => {
    using folder = temporaryFolder();
    for (const [file, content] of Object.entries(users)) folder.put(`out/${file}`, content);
    await exportInto(folder, { body: { files: older } });
    const first = await exportInto(
      folder,
      { body: { files: { ...files, "custom/new.json": {} } } },
      "--prune",
    );
    expect(first.status).toBe(0);
    const { ".descope-export.json": manifest, ...kept } = folder.contents("out");
    expect(Object.keys(kept).sort()).toEqual(
      [...Object.keys(files), "custom/new.json", ...Object.keys(users)].sort(),
    );
    expect(JSON.parse(manifest ?? "")).toEqual({
      schema: "descope-export/1",
      files: [...Object.keys(files), "custom/new.json"].sort(),
    });
    // This one fits the layout, but no export wrote it.
    folder.put("out/connectors/handmade.json", "{}");
    await exportInto(folder, { body: { files } }, "--prune");
    const left = Object.keys(folder.contents("out"));
    expect(left).toContain("connectors/handmade.json");
    expect(left).not.toContain("custom/new.json");
    expect(fs.existsSync(folder.at("out/custom"))).toBe(false);
  });

  test("stay when the manifest is damaged or names a path outside", async () => {
    for (const manifest of ["{", "[]", '{"schema":"descope-export/1","files":["../precious.txt"]}']) {
      using folder = temporaryFolder();
      folder.put("precious.txt", "precious");
      folder.put("out/.descope-export.json", manifest);
      const before = folder.contents();
      const ran = await exportInto(folder, { body: { files } }, "--prune");
      expect(ran.status).toBe(1);
      expect(ran.err).toContain("damaged");
      expect(folder.contents()).toEqual(before);
    }
  });

  test("stay when the reply holds no files", async () => {
    using folder = temporaryFolder();
    folder.put("out/snapshot.json", "{}");
    const ran = await exportInto(folder, { body: {} }, "--prune");
    expect(ran.status).toBe(1);
    expect(folder.contents()).toEqual({ "out/snapshot.json": "{}" });
  });
});

test("what cannot be looked at in the folder, and is no part of a snapshot, is left alone", async () => {
  for (const flags of [[], ["--prune"]]) {
    using folder = temporaryFolder();
    folder.put("out/styles/old.json", "{}");
    fs.mkdirSync(folder.at("out/own/deep"), { recursive: true });
    for (const loop of ["loop", "own/loop", "own/deep/loop"]) fs.symlinkSync("loop", folder.at("out", loop));
    const ran = await exportInto(folder, { body: { files } }, ...flags);
    expect([ran.status, ran.err]).toEqual([0, expect.stringContaining("  - styles/old.json\n")]);
    expect(folder.contents("out")).toMatchObject({ "own/deep/loop": "-> loop", loop: "-> loop" });
  }
});

test("files that an import would not send back are named", async () => {
  using folder = temporaryFolder();
  const ran = await exportInto(folder, {
    body: { files: { "a.json": {}, "logo.jpeg": "YQ==", ".hidden.json": {} } },
  });
  expect(ran.status).toBe(0);
  expect(ran.err).toMatch(/would not send[^]*logo\.jpeg/);
  expect(ran.err).toMatch(/would not send[^]*\.hidden\.json/);
});

test("names reach a terminal without their control characters", async () => {
  using folder = temporaryFolder();
  const ran = await exportInto(folder, { body: { files: { "a\u009b31m.json": {} } } });
  expect(ran.status).toBe(0);
  expect(ran.err).not.toContain("\u009b");
  expect(ran.err).toContain("a\\u009b31m.json");
});
