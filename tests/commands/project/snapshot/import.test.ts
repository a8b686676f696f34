import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import fc from "fast-check";
import { cli, credentials } from "../../../support/cli.ts";
import { temporaryFolder, type TemporaryFolder } from "../../../support/folder.ts";
import { scriptedServer, type Answer } from "../../../support/server.ts";

const IMPORT = "POST /v1/mgmt/project/snapshot/import";
const VALIDATE = "POST /v1/mgmt/project/snapshot/validate";

async function send(
  verb: "import" | "validate",
  folder: TemporaryFolder,
  flags: string[] = [],
  answer: Answer = {},
) {
  using server = scriptedServer({ [verb === "import" ? IMPORT : VALIDATE]: answer });
  const ran = await cli(["project", "snapshot", verb, "P2abc", "-p", folder.at("snap"), ...flags], {
    env: { ...credentials, DESCOPE_BASE_URL: server.url },
  });
  server.verify();
  return { ...ran, seen: server.seen };
}

test("an import sends each file in the form of its extension and names those it does not send", async () => {
  using folder = temporaryFolder();
  folder.put("snap/a.json", '{\n  "n": 1.0,\r\n\t"big": 12345678901234567890,\n  "s": "  a\\n  b"\n}\n');
  folder.put("snap/null.json", "null");
  folder.put("snap/t.txt", "text\n");
  folder.put("snap/h.html", "\ufeff<p>");
  folder.put("snap/i.png", new Uint8Array([0, 255, 1]));
  folder.put("snap/.hidden/x.json", "not looked at");
  folder.put("snap/__MACOSX_x.json", "not looked at");
  for (const skipped of ["b.jpeg", "c.PNG", "d.md", "e"]) folder.put(`snap/${skipped}`, "x");
  folder.put("outside.txt", "linked");
  fs.symlinkSync(folder.at("outside.txt"), folder.at("snap/link.txt"));
  const ran = await send("import", folder, ["--json"]);
  expect(ran.status).toBe(0);
  expect(ran.out).toBe('{\n  "ok": true\n}\n');
  expect(ran.seen[0]?.text).toBe(
    '{"files":{"a.json":{"n":1.0,"big":12345678901234567890,"s":"  a\\n  b"},"h.html":"\ufeff<p>","i.png":"AP8B",' +
      '"link.txt":"linked","null.json":null,"t.txt":"text\\n"}}',
  );
  for (const skipped of ["b.jpeg", "c.PNG", "d.md", "  - e"]) expect(ran.err).toContain(skipped);
});

describe("refused before anything is sent", () => {
  const bad: [what: string, prepare: (folder: TemporaryFolder) => void, words: RegExp][] = [
    ["no folder", () => {}, /no folder/],
    ["a file in its place", (folder) => folder.put("snap", "x"), /not a folder/],
    ["an empty folder", (folder) => fs.mkdirSync(folder.at("snap")), /nothing that could be sent/],
    [
      "nothing but what is not sent",
      (folder) => folder.put("snap/README.md", "x"),
      /nothing that could be sent/,
    ],
    [
      "broken JSON",
      (folder) => folder.put("snap/a.json", '{\n "a": tru }'),
      /a\.json: not JSON: line 2, column 7/,
    ],
    ["an empty JSON file", (folder) => folder.put("snap/a.json", ""), /a\.json.*no value/],
    ["a byte order mark", (folder) => folder.put("snap/a.json", "\ufeff{}"), /byte order mark/],
    ["text behind the JSON", (folder) => folder.put("snap/a.json", "{} {}"), /after the end/],
    ["a list", (folder) => folder.put("snap/a.json", "[]"), /must hold a JSON object/],
    ["a number", (folder) => folder.put("snap/a.json", "1"), /must hold a JSON object/],
    [
      "text that is not UTF-8",
      (folder) => folder.put("snap/a.txt", new Uint8Array([0x61, 0xff])),
      /a\.txt.*UTF-8/,
    ],
    [
      "JSON that is not UTF-8",
      (folder) => folder.put("snap/a.json", new Uint8Array([0x22, 0xff, 0x22])),
      /UTF-8/,
    ],
    [
      "a link to a folder",
      (folder) => {
        folder.put("other/x.json", "{}");
        folder.put("snap/a.json", "{}");
        fs.symlinkSync(folder.at("other"), folder.at("snap/link"));
      },
      /link to a folder/,
    ],
    [
      "a dangling link",
      (folder) => {
        folder.put("snap/a.json", "{}");
        fs.symlinkSync(folder.at("nothing"), folder.at("snap/link.json"));
      },
      /dangling link/,
    ],
  ];
  for (const [what, prepare, words] of bad) {
    for (const verb of ["import", "validate"] as const) {
      test(`${verb}: ${what}`, async () => {
        using folder = temporaryFolder();
        prepare(folder);
        const ran = await send(verb, folder, ["-j"]);
        expect(ran.status).toBe(1);
        expect(ran.json()).toMatchObject({ ok: false, code: "file", error: expect.stringMatching(words) });
        expect(ran.seen).toEqual([]);
      });
    }
  }
});

describe("secrets", () => {
  const read: [what: string, content: string, sent: unknown][] = [
    ["none", "{}", {}],
    ["null", "null", {}],
    ["an empty list", "[]", {}],
    [
      "of every kind",
      JSON.stringify({
        "connector-CI-1": { name: "A", secrets: { token: "t0ken", empty: "" }, more: 1 },
        "oauthprovider-google": { name: "G", secrets: { clientsecret: "s3cret" } },
        "outboundapp-": { name: "O" },
        "outboundapp-OA1": { Name: "O", Secrets: { x: "yyyy" } },
      }),
      {
        connectors: [
          { id: "CI-1", name: "A", type: "token", value: "t0ken" },
          { id: "CI-1", name: "A", type: "empty" },
        ],
        oauthProviders: [{ id: "google", name: "G", type: "clientsecret", value: "s3cret" }],
        outboundApps: [{ id: "OA1", name: "O", type: "x", value: "yyyy" }],
      },
    ],
  ];
  for (const [what, content, sent] of read) {
    test(`read: ${what}`, async () => {
      using folder = temporaryFolder();
      folder.put("snap/a.json", "{}");
      folder.put("secrets.json", content);
      const ran = await send("import", folder, ["--secrets-input", folder.at("secrets.json"), "--debug"]);
      expect(ran.status).toBe(0);
      expect(ran.seen[0]?.body).toEqual({ files: { "a.json": {} }, inputSecrets: sent });
      for (const secret of ["t0ken", "s3cret", "yyyy"]) expect(ran.err + ran.out).not.toContain(secret);
    });
  }

  const refused: [what: string, content: string, words: RegExp][] = [
    ["a list with items", '["hush"]', /object of secrets/],
    ["another prefix", '{"Connector-1":{"name":"hush"}}', /Connector-1/],
    ["a null entry", '{"connector-1":null}', /connector-1/],
    ["a secret that is no text", '{"connector-1":{"name":"a","secrets":{"t":7}}}', /"t" of "connector-1"/],
    ["a name that is no text", '{"connector-1":{"name":7}}', /name of "connector-1"/],
    ["broken JSON", '{"connector-1": hush}', /line 1, column 17/],
  ];
  for (const [what, content, words] of refused) {
    test(`refused: ${what}`, async () => {
      using folder = temporaryFolder();
      folder.put("snap/a.json", "{}");
      folder.put("secrets.json", content);
      const ran = await send("import", folder, ["--secrets-input", folder.at("secrets.json")]);
      expect(ran.status).toBe(1);
      expect(ran.err).toMatch(words);
      expect(ran.err).not.toContain("hush");
      expect(ran.seen).toEqual([]);
    });
  }
});

test("--exclude takes what the server knows, trimmed, and refuses the rest", async () => {
  using folder = temporaryFolder();
  folder.put("snap/a.json", "{}");
  const ran = await send("import", folder, ["--exclude", " lists ,,lists"]);
  expect(ran.seen[0]?.body).toEqual({ files: { "a.json": {} }, excludes: ["lists", "lists"] });
  const refused = await send("import", folder, ["--exclude", "Lists", "--json"]);
  expect(refused.status).toBe(1);
  expect(refused.json()).toMatchObject({ ok: false, errorCode: "E011004" });
  expect(refused.seen).toEqual([]);
});

describe("validate", () => {
  const missing = {
    connectors: [
      { id: "CI1", name: "slack", type: "token" },
      { id: "CI1", name: "other name", type: "signing" },
    ],
    oauthProviders: [],
    externalAuth: [{ id: "E1", name: "ext", type: "key" }],
  };

  test("passed: nothing is written, exit status 0", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    const outputs = ["--secrets-output", folder.at("m.json"), "--failures-output", folder.at("f.txt")];
    const ran = await send("validate", folder, ["-j", ...outputs], { body: { ok: true } });
    expect([ran.status, ran.out]).toEqual([0, '{\n  "ok": true\n}\n']);
    expect(Object.keys(folder.contents())).toEqual(["snap/a.json"]);
  });

  test("not passed: one document in the vendor's order, both files, exit status 2", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    const outputs = ["--secrets-output", folder.at("new/m.json"), "--failures-output", folder.at("f.txt")];
    const ran = await send("validate", folder, ["-j", ...outputs], {
      body: { failures: ["role X unknown", "two"], missingSecrets: missing },
    });
    expect(ran.status).toBe(2);
    expect(Object.keys(ran.json() as object)).toEqual(["ok", "failures", "missingSecrets"]);
    expect(ran.json()).toEqual({
      ok: false,
      failures: ["role X unknown", "two"],
      missingSecrets: { connectors: missing.connectors, externalAuth: missing.externalAuth },
    });
    expect(folder.contents()["f.txt"]).toBe("role X unknown\ntwo\n");
    expect(JSON.parse(folder.contents()["new/m.json"] ?? "")).toEqual({
      "connector-CI1": { name: "slack", secrets: { signing: "", token: "" } },
      "externalauth-E1": { name: "ext", secrets: { key: "" } },
    });
  });

  test("not passed without missing secrets: the failures' file is written, the secrets' is left alone", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    folder.put("m.json", "mine");
    const outputs = ["--secrets-output", folder.at("m.json"), "--failures-output", folder.at("f.txt")];
    const ran = await send("validate", folder, outputs, { body: { ok: false } });
    expect(ran.status).toBe(2);
    expect(folder.contents()).toEqual({ "snap/a.json": "{}", "m.json": "mine", "f.txt": "" });
  });

  test("a verdict in other types is an error, not a verdict", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    for (const body of [
      { ok: "true" },
      { ok: 1 },
      { failures: [1] },
      { failures: "x" },
      { missingSecrets: [] },
    ]) {
      const ran = await send("validate", folder, ["-j"], { body });
      expect([ran.status, (ran.json() as { code?: unknown }).code]).toEqual([1, "bad_reply"]);
    }
  });

  test("a verdict that names no missing secrets is printed as it came, and no file is written", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    for (const missingSecrets of [{}, { connectors: [] }]) {
      const body = { ok: false, failures: ["a", null], missingSecrets };
      const ran = await send("validate", folder, ["-j", "--secrets-output", folder.at("m.json")], { body });
      expect([ran.status, ran.json()]).toEqual([2, { ok: false, failures: ["a", ""], missingSecrets: {} }]);
      expect(Object.keys(folder.contents())).toEqual(["snap/a.json"]);
    }
  });

  test("people see every failure and missing secret", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    const ran = await send("validate", folder, [], {
      body: { failures: ["bad\u001b[31m"], missingSecrets: missing },
    });
    expect(ran.out).toContain("  - bad\\u001b[31m\n");
    expect(ran.out).toContain("slack (CI1)");
  });

  test("an output that cannot be written is an error before the request, in one document", async () => {
    using folder = temporaryFolder();
    folder.put("snap/a.json", "{}");
    for (const output of [folder.at("snap"), folder.at("snap/a.json/x")]) {
      const ran = await send("validate", folder, ["-j", "--secrets-output", output], { body: {} });
      expect(ran.status).toBe(1);
      expect(ran.json()).toMatchObject({ ok: false, code: "file" });
      expect(ran.seen).toEqual([]);
    }
  });
});

test("export, import, export: the second export is byte for byte the first", async () => {
  const text = fc.string({ unit: "grapheme", maxLength: 12 });
  const content = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc
        .constantFrom("1.0", "1e5", "-0", "9007199254740993", "0.1", "7", "true", "null")
        .map((raw) => ({ raw })),
      text,
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.oneof(text, fc.constantFrom("0", "10", "2")), tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  const name = fc.stringMatching(/^[a-z]{1,5}(\/[a-zé]{1,5}){0,2}$/);
  const file = fc.oneof(
    fc.tuple(name, fc.constant(".json"), fc.dictionary(text, content, { maxKeys: 4 })),
    fc.tuple(name, fc.constantFrom(".txt", ".html"), text),
    fc.tuple(
      name,
      fc.constantFrom(".png", ".svg"),
      fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("base64")),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(file, { minLength: 1, maxLength: 6, selector: ([path]) => path.split("/")[0] }),
      async (list) => {
        const first = `{"files":{${list.map(([path, kind, value]) => `${JSON.stringify(path + kind)}:${spell(value)}`).join(",")}}}`;
        let stored = first;
        using server = Bun.serve({
          port: 0,
          hostname: "127.0.0.1",
          async fetch(request) {
            if (request.url.endsWith("/export")) return new Response(stored);
            stored = await request.text();
            return Response.json({});
          },
        }) as unknown as Disposable & { port: number };
        using folder = temporaryFolder();
        const env = { ...credentials, DESCOPE_BASE_URL: `http://127.0.0.1:${server.port}` };
        const run = async (verb: string, where: string) => {
          const ran = await cli(["project", "snapshot", verb, "P2abc", "-p", folder.at(where)], { env });
          expect([ran.status, ran.err.includes("Error")]).toEqual([0, false]);
        };
        await run("export", "one");
        await run("import", "one");
        await run("export", "two");
        expect(folder.contents("two")).toEqual(folder.contents("one"));
      },
    ),
    { numRuns: 60 },
  );
});

/** JSON with numbers as they are spelled in `{raw}`. */
function spell(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spell).join(",")}]`;
  if ("raw" in value && typeof value.raw === "string" && /^[-\d.e]+$|^true$|^null$/.test(value.raw))
    return value.raw;
  return `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${spell(member)}`)
    .join(",")}}`;
}
