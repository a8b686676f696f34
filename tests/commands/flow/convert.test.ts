import { describe, expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import { cli } from "../../support/cli.ts";
import { temporaryFolder, type TemporaryFolder } from "../../support/folder.ts";

const EXPORTED = {
  flowId: "sign-in",
  metadata: { name: "Sign in", disabled: false },
  contents: { startTask: "0" },
  screens: [{ screenId: "SC1", contents: { text: "<b>" } }],
  references: { connectors: { crm: "CI1" } },
};
const EXPORTED_TEXT =
  '{\n  "contents": {\n    "startTask": "0"\n  },\n  "flowId": "sign-in",\n  "metadata": {\n    "name": "Sign in"\n  },\n' +
  '  "references": {\n    "connectors": {\n      "crm": "CI1"\n    }\n  },\n' +
  '  "screens": [\n    {\n      "contents": {\n        "text": "\\u003cb\\u003e"\n      },\n      "screenId": "SC1"\n    }\n  ]\n}\n';
const FOLDER = {
  "contents.json": '{\n  "startTask": "0"\n}\n',
  "metadata.json":
    '{\n  "name": "Sign in",\n  "references": {\n    "connectors": {\n      "crm": "CI1"\n    }\n  },\n  "screens": [\n    "SC1"\n  ]\n}\n',
  "screen-SC1.json": '{\n  "contents": {\n    "text": "\\u003cb\\u003e"\n  },\n  "screenId": "SC1"\n}\n',
};
const CONSOLE = {
  flow: { id: "sign-in", version: 3, name: "Sign in", dsl: { startTask: "0" } },
  screens: [{ id: "SC1", version: 1, htmlTemplate: { text: "<b>" } }],
};
const FROM_CONSOLE_TEXT = EXPORTED_TEXT.replace(/ {2}"references[^]*?\n {2}\},\n/, "");

type Content = string | object;

/** A folder with files in it; what is not text is written as JSON. */
function given(files: Readonly<Record<string, Content>>): TemporaryFolder {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files))
    folder.put(name, typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}

function inside(name: string, files: Readonly<Record<string, Content>>): Record<string, Content> {
  return Object.fromEntries(Object.entries(files).map(([file, content]) => [`${name}/${file}`, content]));
}

/** Runs the conversion of paths in the folder, without any variable set. */
async function convert(folder: TemporaryFolder, ...words: string[]) {
  const tokens = words.map((word) => (word.startsWith("-") ? word : folder.path + path.sep + word));
  const ran = await cli(["flow", "convert", ...tokens]);
  return { ...ran, said: ran.out.replaceAll(folder.path + path.sep, "") };
}

/** Files in the folder apart from those that were given. */
function left(folder: TemporaryFolder, ...without: string[]): Record<string, string> {
  const all = Object.entries(folder.contents()).filter(([name]) => !without.includes(name));
  return Object.fromEntries(all);
}

describe("a snapshot's folder", () => {
  test("becomes an exported file, its id the folder's name", async () => {
    using folder = given(inside("sign-in", FOLDER));
    const ran = await convert(folder, "sign-in", "out.json");
    expect([ran.status, ran.said, ran.err]).toEqual([0, "* Wrote out.json\n", ""]);
    expect(folder.contents()["out.json"]).toBe(EXPORTED_TEXT);
  });

  test.each([
    ["sign-in/", "out.json"],
    ["./x/..//sign-in/.", "./out.json"],
    ["sign-in/./", "x/../out.json/"],
  ])("is found by the path %s, the file by %s", async (source, target) => {
    using folder = given(inside("sign-in", FOLDER));
    expect((await convert(folder, source, target)).status).toBe(0);
    expect(folder.contents()["out.json"]).toBe(EXPORTED_TEXT);
  });

  test.each(["out", "out/", "."])("goes under its own name into an existing folder, %s", async (target) => {
    using folder = given({ ...inside("flows/sign-in", FOLDER), "out/other": "" });
    expect((await convert(folder, "flows/sign-in", target)).status).toBe(0);
    expect(folder.contents()[path.join(target, "sign-in.json")]).toBe(EXPORTED_TEXT);
  });

  test.each([
    [".", "."],
    ["", ""],
    ["sub/..", "../sign-in"],
    ["..", "sub"],
  ])("that is typed as %p has its real name", async (source, from) => {
    using folder = given({ ...inside("sign-in", FOLDER), "sign-in/sub/x": "", "sub/x": "" });
    const before = process.cwd();
    process.chdir(from === "sub" ? folder.at("sign-in/sub") : folder.at("sign-in"));
    try {
      expect((await cli(["flow", "convert", source, folder.path])).status).toBe(0);
    } finally {
      process.chdir(before);
    }
    expect(folder.contents()["sign-in.json"]).toBe(EXPORTED_TEXT);
  });

  test("has the name of a link that leads to it", async () => {
    using folder = given(inside("real", FOLDER));
    fs.symlinkSync("real", folder.at("sign-in"));
    expect((await convert(folder, "sign-in", "out.json")).status).toBe(0);
    expect(folder.contents()["out.json"]).toBe(EXPORTED_TEXT);
  });

  test("its screens are those that are listed, sorted by the ids in them", async () => {
    using folder = given({
      "f/metadata.json": { screens: ["first", "second", "astral", "private"] },
      "f/contents.json": {},
      "f/screen-first.json": { screenId: "b" },
      "f/screen-second.json": { screenId: "a" },
      "f/screen-astral.json": { screenId: "\u{1f600}" },
      "f/screen-private.json": { screenId: "\uffff" },
      "f/screen-third.json": "not looked at",
    });
    expect((await convert(folder, "f", "out.json")).status).toBe(0);
    expect(JSON.parse(folder.contents()["out.json"] as string)).toEqual({
      flowId: "f",
      metadata: {},
      screens: [{ screenId: "a" }, { screenId: "b" }, { screenId: "\uffff" }, { screenId: "\u{1f600}" }],
    });
  });

  test.each([[], ["--skip"]])("needs a target, %p", async (...flags) => {
    using folder = given(inside("f", FOLDER));
    const ran = await convert(folder, "f", ...flags);
    expect(ran.status).toBe(1);
    expect(ran.err).toContain("second argument");
  });

  const unsupported: readonly [string, Record<string, Content>][] = [
    ["no metadata", { "contents.json": {} }],
    ["no contents", { "metadata.json": {} }],
    ["nothing", { other: "" }],
    ["metadata that is no object", { "metadata.json": [], "contents.json": {} }],
    ["metadata that is null", { "metadata.json": "null", "contents.json": {} }],
    ["metadata of a wrong type", { "metadata.json": { name: 5 }, "contents.json": {} }],
    ["metadata that is not JSON", { "metadata.json": "{", "contents.json": {} }],
    ["contents that are no object", { "metadata.json": {}, "contents.json": [] }],
    ["contents that are not JSON", { "metadata.json": {}, "contents.json": "" }],
  ];
  test.each(unsupported)("is not supported with %s", async (_what, files) => {
    using folder = given(inside("f", files));
    const before = folder.contents();
    const refused = await convert(folder, "f", "out.json");
    expect([refused.status, refused.out]).toEqual([1, ""]);
    expect(refused.err).toMatch(/This is no flow that could be converted: .*f[/\\]/);
    const skipped = await convert(folder, "f", "out.json", "--skip");
    expect([skipped.status, skipped.err]).toEqual([0, ""]);
    expect(skipped.said).toMatch(/^\* Skipped what is no flow: .*f[/\\][^\n]*\n$/);
    const silent = await convert(folder, "f", "out.json", "-s", "-j");
    expect([silent.status, silent.out, silent.err]).toEqual([0, '{\n  "ok": true\n}\n', ""]);
    expect(folder.contents()).toEqual(before);
  });

  const broken: readonly [string, Record<string, Content>][] = [
    ["a listed screen that is missing", { "metadata.json": { screens: ["a"] } }],
    ["a listed screen that is not JSON", { "metadata.json": { screens: ["a"] }, "screen-a.json": "{" }],
    ["a listed screen that is no object", { "metadata.json": { screens: ["a"] }, "screen-a.json": "null" }],
    [
      "a listed screen of a wrong type",
      { "metadata.json": { screens: ["a"] }, "screen-a.json": { screenId: 1 } },
    ],
    ["a listed name that is no string", { "metadata.json": { screens: [5] } }],
    ["a listed name that leads out", { "metadata.json": { screens: ["/../../a"] }, "../a.json": {} }],
  ];
  test.each(broken)("fails with %s, --skip or not", async (_what, files) => {
    using folder = given(inside("f/g", { "contents.json": {}, ...files }));
    const before = folder.contents();
    for (const flags of [[], ["--skip"]]) {
      const ran = await convert(folder, "f/g", "out.json", ...flags);
      expect([ran.status, ran.out]).toEqual([1, ""]);
    }
    expect(folder.contents()).toEqual(before);
  });
});

describe("a console file", () => {
  test("becomes an exported file in its own place, its mode kept", async () => {
    using folder = given({ "c.json": CONSOLE });
    fs.chmodSync(folder.at("c.json"), 0o600);
    const ran = await convert(folder, "c.json");
    expect([ran.status, ran.said, ran.err]).toEqual([0, "* Overwrote c.json with its exported form\n", ""]);
    expect(folder.contents()).toEqual({ "c.json": FROM_CONSOLE_TEXT });
    expect(fs.statSync(folder.at("c.json")).mode & 0o777).toBe(0o600);
  });

  test.each([
    ["c.json", "x/../c.json", "c.json"],
    ["c.json", ".", "c.json"],
    ["sub/c.json", "out.json", "out.json"],
    ["sub/c.json", "out/", "out/c.json"],
    ["sub/c.json", "new/deep/out.json", "new/deep/out.json"],
    ["sub/c.json", "new/", "new"],
  ])("%s to %s is %s", async (source, target, written) => {
    using folder = given({ [source]: CONSOLE, "out/other": "" });
    expect((await convert(folder, source, target)).status).toBe(0);
    expect(folder.contents()[written]).toBe(FROM_CONSOLE_TEXT);
  });

  test("--json prints one document, and what is lost is still said", async () => {
    using folder = given({ "c.json": { ...CONSOLE, references: {} } });
    const ran = await convert(folder, "c.json", "--json");
    expect([ran.status, ran.out]).toEqual([0, '{\n  "ok": true\n}\n']);
    expect(ran.err).toContain("- references\n");
  });

  test.each([
    ["a wrong type", { ...CONSOLE, screens: {} }, "c.json: screens is not a list of objects"],
    [
      "a wrong type of what is dropped",
      { flow: { version: "3" }, screens: [] },
      "c.json: flow.version is not",
    ],
    ["null among the screens", { flow: {}, screens: [{}, null] }, "c.json: screens[1] is null"],
  ])("fails with %s, --skip or not, and is left as it was", async (_what, content, words) => {
    using folder = given({ "c.json": content });
    const before = folder.contents();
    for (const flags of [[], ["--skip"]]) {
      const ran = await convert(folder, "c.json", ...flags);
      expect([ran.status, ran.out]).toEqual([1, ""]);
      expect(ran.err).toContain(words);
    }
    expect(folder.contents()).toEqual(before);
  });
});

describe("an exported file", () => {
  test("becomes a folder, and its id is said where the folder has another name", async () => {
    using folder = given({ "e.json": EXPORTED });
    const ran = await convert(folder, "e.json", "flows/sign-in");
    expect([ran.status, ran.said, ran.err]).toEqual([0, "* Wrote 3 files to flows/sign-in\n", ""]);
    expect(left(folder, "e.json")).toEqual(inside("flows/sign-in", FOLDER) as Record<string, string>);
    expect((await convert(folder, "e.json", "copy")).err).toContain("The flow's id is sign-in");
    expect(folder.contents("copy")).toEqual(FOLDER);
  });

  test("becomes the files of an existing folder, where others stay and modes are kept", async () => {
    using folder = given({ "e.json": EXPORTED, "d/metadata.json": "old", "d/screen-old.json": "old" });
    fs.chmodSync(folder.at("d/metadata.json"), 0o600);
    expect((await convert(folder, "e.json", "d/")).status).toBe(0);
    expect(folder.contents("d")).toEqual({ ...FOLDER, "screen-old.json": "old" });
    expect(fs.statSync(folder.at("d/metadata.json")).mode & 0o777).toBe(0o600);
  });

  test("comes back as it was", async () => {
    using folder = given({ "e.json": EXPORTED });
    await convert(folder, "e.json", "sign-in");
    await convert(folder, "sign-in", "back.json");
    expect(folder.contents()["back.json"]).toBe(EXPORTED_TEXT);
  });

  test.each(["flow export --json", "a reply"])("is found in the output of %s", async (from) => {
    using folder = given({
      "e.json": from === "a reply" ? { flow: EXPORTED } : { flow: EXPORTED, ok: true },
    });
    expect((await convert(folder, "e.json", "sign-in")).status).toBe(0);
    expect(folder.contents("sign-in")).toEqual(FOLDER);
  });

  test.each([[], ["--skip"]])("needs a target, %p", async (...flags) => {
    using folder = given({ "e.json": EXPORTED });
    const ran = await convert(folder, "e.json", ...flags);
    expect(ran.status).toBe(1);
    expect(ran.err).toContain("second argument");
    expect(Object.keys(folder.contents())).toEqual(["e.json"]);
  });

  test("in another object is passed over without a target when asked to", async () => {
    using folder = given({ "e.json": { flow: EXPORTED } });
    expect((await convert(folder, "e.json")).status).toBe(1);
    expect((await convert(folder, "e.json", "--skip")).status).toBe(0);
  });

  const refused: readonly [string, Content, string, Record<string, string>][] = [
    ["a target that is a file", EXPORTED, "x", { x: "mine" }],
    ["a target below a file", EXPORTED, "x/d", { x: "mine" }],
    ["a folder where a file has to be", EXPORTED, "d", { "d/metadata.json/x": "mine" }],
    [
      "a folder where the last file has to be",
      EXPORTED,
      "d",
      { "d/screen-SC1.json/x": "mine", "d/metadata.json": "old" },
    ],
    ["a wrong type", { ...EXPORTED, screens: [1] }, "new/d", {}],
    ["a screenId that leads out", { ...EXPORTED, screens: [{ screenId: "/../../../evil" }] }, "a/b/c", {}],
    ["a screenId that is a path", { ...EXPORTED, screens: [{ screenId: "a/b" }] }, "d", {}],
    ["a screenId that is too long", { ...EXPORTED, screens: [{ screenId: "x".repeat(300) }] }, "d", {}],
  ];
  test.each(refused)(
    "fails with %s, --skip or not, and leaves nothing",
    async (_what, content, target, others) => {
      using folder = given({ "e.json": content, ...others });
      const before = folder.contents();
      const entries = fs.readdirSync(folder.path);
      for (const flags of [[], ["--skip"]]) {
        const ran = await convert(folder, "e.json", target, ...flags);
        expect([ran.status, ran.out]).toEqual([1, ""]);
      }
      expect(folder.contents()).toEqual(before);
      expect(fs.readdirSync(folder.path)).toEqual(entries);
    },
  );

  test("is not written through a link that leads out of the folder", async () => {
    using folder = given({ "e.json": EXPORTED, outside: "mine", "d/x": "" });
    fs.symlinkSync("../outside", folder.at("d/contents.json"));
    expect((await convert(folder, "e.json", "d")).status).toBe(1);
    expect(folder.contents()["outside"]).toBe("mine");
    expect(Object.keys(folder.contents("d")).sort()).toEqual(["contents.json", "x"]);
  });

  test("names on standard error what is lost, its control characters made visible", async () => {
    using folder = given({
      "e.json": { ...EXPORTED, "new\u001b[31m": 1, metadata: { widget: true, management: { on: true } } },
    });
    const ran = await convert(folder, "e.json", "sign-in", "--json");
    expect(ran.json()).toEqual({ ok: true });
    expect(ran.err).toContain("  - new\\u001b[31m\n  - metadata.widget\n");
    expect(JSON.parse(folder.contents("sign-in")["metadata.json"] as string)).toEqual({
      management: { on: true },
      references: EXPORTED.references,
      screens: ["SC1"],
    });
  });
});

describe("what holds no flow", () => {
  test.each([
    ["another object", '{"a":1}', "no flow"],
    ["bare contents", '{"tasks":{},"startTask":"0"}', "no flow"],
    ["a flow without screens", '{"flow":{"id":"x"}}', "no flow"],
    ["a list", "[]", "a JSON object, not a list"],
    ["null", "null", "a JSON object, not null"],
    ["a string", '"x"', "a JSON object, not a string"],
    ["nothing", "", "s.json: not JSON: line 1, column 1"],
    ["broken JSON", '{\n  "flow": {},\n  oops\n}', "s.json: not JSON: line 3, column 3"],
    ["text behind the JSON", '{"contents":{},"metadata":{}} x', "not JSON: line 1, column 31"],
    [
      "a list in a list in a list",
      `{"contents":{"a":${"[".repeat(9999)}${"]".repeat(9999)}},"metadata":{}}`,
      "too deeply",
    ],
    ["a byte order mark", '\ufeff{"contents":{},"metadata":{}}', "byte order mark"],
  ])("%s fails, or is passed over", async (_what, content, words) => {
    using folder = given({ "s.json": content });
    const refused = await convert(folder, "s.json", "out");
    expect([refused.status, refused.out]).toEqual([1, ""]);
    expect(refused.err).toContain(words);
    const skipped = await convert(folder, "s.json", "out", "-s");
    expect([skipped.status, skipped.err]).toEqual([0, ""]);
    expect(skipped.said).toMatch(/^\* Skipped what is no flow: s\.json: [^\n]*\n$/);
    const silent = await convert(folder, "s.json", "--skip", "--json");
    expect([silent.status, silent.out, silent.err]).toEqual([0, '{\n  "ok": true\n}\n', ""]);
    expect((await convert(folder, "s.json", "out", "--skip=false")).status).toBe(1);
    expect(folder.contents()).toEqual({ "s.json": content });
  });

  test("bytes that are no text are passed over too", async () => {
    using folder = given({});
    folder.put("icon.png", new Uint8Array([0x89, 0x50, 0xff]));
    expect((await convert(folder, "icon.png", "out")).status).toBe(1);
    expect((await convert(folder, "icon.png", "out", "--skip")).status).toBe(0);
  });

  test.each([
    ["none", "none"],
    ["a path below a file", "s.json/x"],
  ])("%s is a failure, --skip or not", async (_what, source) => {
    using folder = given({ "s.json": EXPORTED });
    for (const flags of [[], ["--skip"], ["--json"]]) {
      const ran = await convert(folder, source, "out", ...flags);
      expect(ran.status).toBe(1);
      expect(ran.out + ran.err).toContain("There is no file or folder");
    }
    expect(Object.keys(folder.contents())).toEqual(["s.json"]);
  });
});

test("numbers and the order of keys go through as they are", async () => {
  using folder = given({
    "e.json":
      '{"contents":{"10":1.0,"9":9007199254740993,"Z":1e5,"\u{1f600}":-0,"\uffff":0.10},"metadata":{}}',
  });
  await convert(folder, "e.json", "f");
  expect(folder.contents("f")["contents.json"]).toBe(
    '{\n  "10": 1.0,\n  "9": 9007199254740993,\n  "Z": 1e5,\n  "\uffff": 0.10,\n  "\u{1f600}": -0\n}\n',
  );
});

test.each([
  [[], "missing"],
  [["a", "b", "c"], "takes 2 arguments"],
  [["a", "--bogus"], "--bogus"],
  [["a", "--skip=x"], "--skip"],
])("refused: flow convert %p", async (words, reason) => {
  const ran = await cli(["flow", "convert", ...words]);
  expect([ran.status, ran.out]).toEqual([1, ""]);
  expect(ran.err).toContain(reason);
});
