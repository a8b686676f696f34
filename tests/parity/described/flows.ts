import type { DescribedCase, FileContent, Wire } from "../case.ts";
import { fails, failsInJson, sent, succeeds } from "./expected.ts";

const EXPORT = "POST /v2/mgmt/flow/export";
const IMPORT = "POST /v2/mgmt/flow/import";
const THEME_EXPORT = "POST /v2/mgmt/theme/export";
const THEME_IMPORT = "POST /v2/mgmt/theme/import";
const LIST = sent("POST /v1/mgmt/flow/list");
const exported = (flowId: string) => sent(EXPORT, { body: { flowId } });
const imported = (flow: Wire) => sent(IMPORT, { body: { flow } });

/** The flow of the shared replies as it is printed: empty members of metadata, references and interactions taken out. */
const CLEANED = {
  flowId: "sign-up-or-in",
  metadata: { name: "Sign up or in", componentsVersion: "2.0.1", fingerprint: true },
  contents: {
    startTask: "0",
    tasks: {
      "0": { id: "0", name: "Welcome", next: { submit: "1" }, empty: "" },
      "1": { id: "1", type: "action", n: 0 },
    },
    flag: false,
  },
  screens: [
    {
      screenId: "SC1",
      interactions: [{ id: "i1", label: "Go" }],
      contents: { root: { text: "<b>Hi & bye</b>", k: "" } },
    },
    { screenId: "SC0", interactions: [], contents: { root: {} } },
  ],
};
const THEME = {
  componentsVersion: "2.0.1",
  cssTemplate: {
    light: { globals: { colors: { primary: { main: "#0082B5", zero: 0, none: null } } } },
    dark: {},
  },
};

const offering = (flow: Wire) => ({ [EXPORT]: { body: { flow } } });

const networkCases: DescribedCase[] = [
  {
    id: "flow-list-json",
    argv: ["flow", "list", "-j"],
    expect: succeeds([LIST], {
      json: {
        count: 2,
        flows: [
          { id: "sign-up-or-in", name: "Sign up or in", description: "The default flow" },
          { id: "step-up", name: "Step up", disabled: true },
        ],
      },
    }),
  },
  { id: "flow-list-argument", argv: ["flow", "list", "x"], expect: fails() },
  {
    id: "flow-list-null",
    argv: ["flow", "list", "-j"],
    replies: { "POST /v1/mgmt/flow/list": { raw: "null" } },
    expect: failsInJson([LIST]),
  },
  {
    id: "flow-list-none",
    argv: ["flow", "list", "-j"],
    replies: { "POST /v1/mgmt/flow/list": { body: {} } },
    expect: succeeds([LIST], { json: { count: 0, flows: [] } }),
  },
  {
    id: "flow-export-json",
    argv: ["flow", "export", "sign-up-or-in", "-j"],
    expect: succeeds([exported("sign-up-or-in")], { json: { flow: CLEANED } }),
  },
  {
    id: "flow-export-cleaning",
    argv: ["flow", "export", "f", "f.json"],
    bytes: true,
    replies: offering({
      flowId: "",
      metadata: { a: { b: { c: "" } }, list: [{ d: "" }, ""], zero: 0 },
      contents: {},
      screens: [{ screenId: "", interactions: [{ x: { y: [] } }, { z: 1 }], other: "" }],
      references: { roles: [{ id: "" }] },
      more: null,
    }),
    expect: succeeds([exported("f")], {
      files: {
        "f.json":
          '{\n  "contents": {},\n  "flowId": "",\n  "metadata": {\n    "list": [\n      {},\n      ""\n    ]\n  },\n  "more": null,\n  "references": {\n    "roles": [\n      {}\n    ]\n  },\n  "screens": [\n    {\n      "interactions": [\n        {},\n        {\n          "z": 1\n        }\n      ],\n      "other": "",\n      "screenId": ""\n    }\n  ]\n}\n',
      },
    }),
  },
  {
    id: "flow-export-all-empty-metadata",
    argv: ["flow", "export", "f", "-j"],
    replies: offering({ metadata: { name: "" }, references: {}, contents: { a: "" } }),
    expect: succeeds([exported("f")], { json: { flow: { metadata: {}, contents: { a: "" } } } }),
  },
  {
    id: "flow-export-file-json",
    argv: ["flow", "export", "sign-up-or-in", "flow.json", "-j"],
    replies: offering({ metadata: { n: 1 } }),
    bytes: true,
    expect: succeeds([exported("sign-up-or-in")], {
      json: {},
      files: { "flow.json": '{\n  "metadata": {\n    "n": 1\n  }\n}\n' },
    }),
  },
  {
    id: "flow-export-numbers",
    argv: ["flow", "export", "f", "f.json"],
    replies: { [EXPORT]: { raw: '{"flow":{"contents":{"big":9007199254740993,"one":1.0}}}' } },
    bytes: true,
    expect: succeeds([exported("f")], {
      files: { "f.json": '{\n  "contents": {\n    "big": 9007199254740993,\n    "one": 1.0\n  }\n}\n' },
    }),
  },
  {
    id: "flow-export-dash-is-a-file",
    argv: ["flow", "export", "f", "-"],
    replies: offering({ metadata: { n: 1 } }),
    expect: succeeds([exported("f")], { files: { "-": '{"metadata":{"n":1}}' } }),
  },
  {
    id: "flow-export-parents-made",
    argv: ["flow", "export", "f", "a/b/f.json"],
    replies: offering({ metadata: { n: 1 } }),
    expect: succeeds([exported("f")], { files: { "a/b/f.json": '{"metadata":{"n":1}}' } }),
  },
  {
    id: "flow-export-to-folder",
    argv: ["flow", "export", "f", "d", "-j"],
    files: { "d/x": "x" },
    expect: failsInJson(),
  },
  {
    id: "flow-export-to-empty",
    argv: ["flow", "export", "f", ""],
    compare: ["exit", "files"],
    expect: fails(),
  },
  { id: "flow-export-empty", argv: ["flow", "export", "", "-j"], expect: failsInJson() },
  { id: "flow-export-none", argv: ["flow", "export"], expect: fails() },
  { id: "flow-export-three", argv: ["flow", "export", "a", "b", "c"], expect: fails() },
  ...["null", "{}", '{"flow":null}', '{"flow":[]}'].map((raw, i): DescribedCase => ({
    id: `flow-export-without-flow-${i}`,
    argv: ["flow", "export", "f", "f.json", "-j"],
    files: { "f.json": { old: true } },
    replies: { [EXPORT]: { raw } },
    expect: failsInJson([exported("f")]),
  })),
  {
    id: "flow-import-other-id",
    argv: ["flow", "import", "mine", "f.json", "-j"],
    files: { "f.json": { flowId: "theirs", contents: { a: 1 } } },
    expect: succeeds([imported({ flowId: "mine", contents: { a: 1 } })], { json: {} }),
  },
  {
    id: "flow-import-numbers",
    argv: ["flow", "import", "mine", "f.json"],
    files: { "f.json": '{"contents":{"big":9007199254740993}}' },
    expect: succeeds([imported({ flowId: "mine", contents: { big: 9007199254740993n } })]),
  },
  ...(
    [
      ["list", "[]"],
      ["null", "null"],
      ["text", '"x"'],
      ["broken", "{"],
      ["empty", ""],
      ["trailing", "{}x"],
    ] as const
  ).flatMap(([what, content]): DescribedCase[] => [
    {
      id: `flow-import-${what}`,
      argv: ["flow", "import", "f", "f.json", "-j"],
      files: { "f.json": content },
      expect: failsInJson(),
    },
    {
      id: `theme-import-${what}`,
      argv: ["theme", "import", "t.json", "-j"],
      files: { "t.json": content },
      expect: failsInJson(),
    },
  ]),
  { id: "flow-import-missing", argv: ["flow", "import", "f", "nowhere.json"], expect: fails() },
  { id: "flow-import-folder", argv: ["flow", "import", "f", "d"], files: { "d/x": "x" }, expect: fails() },
  {
    id: "flow-import-empty-id",
    argv: ["flow", "import", "", "f.json"],
    files: { "f.json": {} },
    expect: fails(),
  },
  { id: "flow-import-one-argument", argv: ["flow", "import", "f"], expect: fails() },
  {
    id: "theme-export-json",
    argv: ["theme", "export", "-j"],
    expect: succeeds([sent(THEME_EXPORT)], { json: { theme: THEME } }),
  },
  {
    id: "theme-export-file-json",
    argv: ["theme", "export", "t.json", "--json"],
    replies: { [THEME_EXPORT]: { body: { theme: { references: { a: "" }, b: "" } } } },
    bytes: true,
    expect: succeeds([sent(THEME_EXPORT)], { json: {}, files: { "t.json": '{\n  "b": ""\n}\n' } }),
  },
  { id: "theme-export-two", argv: ["theme", "export", "a", "b"], expect: fails() },
  {
    id: "theme-export-null",
    argv: ["theme", "export", "-j"],
    replies: { [THEME_EXPORT]: { raw: "null" } },
    expect: failsInJson([sent(THEME_EXPORT)]),
  },
  {
    id: "theme-import-json",
    argv: ["theme", "import", "t.json", "-j"],
    files: { "t.json": THEME },
    expect: succeeds([sent(THEME_IMPORT, { body: { theme: THEME } })], { json: {} }),
  },
  { id: "theme-import-missing", argv: ["theme", "import", "nowhere.json"], expect: fails() },
  { id: "theme-import-none", argv: ["theme", "import"], expect: fails() },
];

const CONSOLE = {
  flow: { id: "f", name: "F", dsl: { tasks: { a: 1 } }, version: 1, etag: "e" },
  screens: [{ id: "S1", interactions: [{ id: "i" }], htmlTemplate: { r: 1 }, componentsVersion: "1.0.0" }],
};
const CONSOLE_EXPORTED =
  '{"flowId":"f","metadata":{"name":"F","componentsVersion":"1.0.0"},"contents":{"tasks":{"a":1}},"screens":[{"screenId":"S1","interactions":[{"id":"i"}],"contents":{"r":1}}]}';
const EXPORTED = {
  flowId: "f",
  metadata: { name: "F" },
  contents: { a: 1 },
  screens: [
    { screenId: "S2", contents: { r: 2 } },
    { screenId: "S1", interactions: [], contents: { r: 1 } },
  ],
};
const SNAPSHOT: Readonly<Record<string, FileContent>> = {
  "s/f/metadata.json": { name: "F", screens: ["S1"] },
  "s/f/contents.json": { a: 1 },
  "s/f/screen-S1.json": { screenId: "S1", contents: { r: 1 } },
};
const SNAPSHOT_EXPORTED =
  '{"flowId":"f","metadata":{"name":"F"},"contents":{"a":1},"screens":[{"screenId":"S1","contents":{"r":1}}]}';

/** A conversion, with no variables set: it needs neither key nor project. */
const convert = (
  id: string,
  argv: readonly string[],
  files: Readonly<Record<string, FileContent>>,
  expect: DescribedCase["expect"],
): DescribedCase => ({
  id: `flow-convert-${id}`,
  argv: ["flow", "convert", ...argv],
  env: { DESCOPE_MANAGEMENT_KEY: null, DESCOPE_PROJECT_ID: null },
  files,
  expect,
});
const makes = (files: Readonly<Record<string, string>>, json?: "json") =>
  succeeds([], { files, ...(json === undefined ? {} : { json: {} }) });

const convertCases: DescribedCase[] = [
  convert("console-in-place", ["c.json"], { "c.json": CONSOLE }, makes({ "c.json": CONSOLE_EXPORTED })),
  convert(
    "console-json",
    ["c.json", "o.json", "-j"],
    { "c.json": CONSOLE },
    makes({ "o.json": CONSOLE_EXPORTED }, "json"),
  ),
  convert(
    "console-into-folder",
    ["c.json", "d"],
    { "c.json": CONSOLE, "d/x": "x" },
    makes({ "d/c.json": CONSOLE_EXPORTED }),
  ),
  convert(
    "console-parents-made",
    ["c.json", "a/b/o.json"],
    { "c.json": CONSOLE },
    makes({ "a/b/o.json": CONSOLE_EXPORTED }),
  ),
  convert(
    "console-other-case",
    ["c.json", "o.json"],
    {
      "c.json": {
        flow: { ID: "f", Name: "F", dsl: {}, translateConnectorId: "C1" },
        screens: [],
      },
    },
    makes({
      "o.json": '{"flowId":"f","metadata":{"name":"F","translation":{"connectorId":"C1"}}}',
    }),
  ),
  convert(
    "console-wrong-type",
    ["c.json", "o.json", "--skip"],
    { "c.json": { flow: { id: 7 }, screens: [] } },
    fails(),
  ),
  convert(
    "console-wrong-dropped-type",
    ["c.json", "o.json", "-s"],
    { "c.json": { flow: { id: "f", version: "three" }, screens: [] } },
    fails(),
  ),
  convert(
    "console-numbers",
    ["c.json", "o.json"],
    { "c.json": '{"flow":{"id":"f","dsl":{"big":9007199254740993}},"screens":[]}' },
    makes({ "o.json": '{"flowId":"f","metadata":{},"contents":{"big":9007199254740993}}' }),
  ),
  convert(
    "exported-json",
    ["e.json", "d", "--json"],
    { "e.json": EXPORTED },
    makes(
      {
        "d/metadata.json": '{"name":"F","screens":["S1","S2"]}',
        "d/contents.json": '{"a":1}',
        "d/screen-S1.json": '{"screenId":"S1","contents":{"r":1}}',
        "d/screen-S2.json": '{"screenId":"S2","contents":{"r":2}}',
      },
      "json",
    ),
  ),
  convert(
    "exported-without-screens",
    ["e.json", "d"],
    { "e.json": { metadata: { name: "F", widget: true }, contents: { a: 1 } } },
    makes({ "d/metadata.json": '{"name":"F","screens":[]}', "d/contents.json": '{"a":1}' }),
  ),
  convert(
    "exported-old-files-stay",
    ["e.json", "d"],
    { "e.json": { metadata: { name: "F" }, contents: { a: 1 } }, "d/screen-OLD.json": "{}" },
    makes({ "d/metadata.json": '{"name":"F","screens":[]}', "d/contents.json": '{"a":1}' }),
  ),
  convert("exported-no-target", ["e.json", "-j"], { "e.json": EXPORTED }, failsInJson()),
  convert("exported-target-is-a-file", ["e.json", "t"], { "e.json": EXPORTED, t: "x" }, fails()),
  ...["/../../../evil", "../evil", "a/b", "a\\b"].map((screenId, i) =>
    convert(
      `exported-screen-refused-${i}`,
      ["e.json", "d"],
      { "e.json": { ...EXPORTED, screens: [{ screenId, contents: {} }] } },
      fails(),
    ),
  ),
  convert(
    "exported-same-screen-twice",
    ["e.json", "d"],
    {
      "e.json": {
        metadata: { name: "F" },
        contents: { a: 1 },
        screens: [
          { screenId: "S", contents: { r: 1 } },
          { screenId: "S", contents: { r: 2 } },
        ],
      },
    },
    {
      ...makes({
        "d/contents.json": '{"a":1}',
        "d/screen-S.json": '{"screenId":"S","contents":{"r":2}}',
        "d/metadata.json": '{"name":"F","screens":["S"]}',
      }),
    },
  ),
  convert(
    "exported-wrong-type",
    ["e.json", "d", "-s"],
    { "e.json": { metadata: { name: 7 }, contents: { a: 1 } } },
    fails(),
  ),
  convert("snapshot-json", ["s/f", "o.json", "-j"], SNAPSHOT, makes({ "o.json": SNAPSHOT_EXPORTED }, "json")),
  convert(
    "snapshot-into-folder",
    ["s/f/", "d"],
    { ...SNAPSHOT, "d/x": "x" },
    makes({ "d/f.json": SNAPSHOT_EXPORTED }),
  ),
  convert("snapshot-no-target", ["s/f"], SNAPSHOT, fails()),
  convert(
    "snapshot-screens-sorted",
    ["s/f", "o.json"],
    {
      "s/f/metadata.json": { screens: ["a", "b"], references: [] },
      "s/f/contents.json": { a: 1 },
      "s/f/screen-a.json": { screenId: "Z" },
      "s/f/screen-b.json": { screenId: "B" },
      "s/f/screen-c.json": { screenId: "not listed" },
    },
    makes({
      "o.json":
        '{"flowId":"f","metadata":{},"contents":{"a":1},"screens":[{"screenId":"B"},{"screenId":"Z"}]}',
    }),
  ),
  convert(
    "snapshot-missing-screen",
    ["s/f", "o.json", "-s"],
    { ...SNAPSHOT, "s/f/metadata.json": { name: "F", screens: ["S1", "gone"] } },
    fails(),
  ),
  convert(
    "snapshot-no-contents",
    ["s/f", "o.json", "-j"],
    { "s/f/metadata.json": { name: "F" } },
    failsInJson(),
  ),
  convert(
    "snapshot-no-contents-skipped",
    ["s/f", "o.json", "-s"],
    { "s/f/metadata.json": { name: "F" } },
    makes({}),
  ),
  ...(
    [
      ["list", "[]"],
      ["null", "null"],
      ["text", "not JSON"],
      ["other", '{"a":1}'],
      ["empty", ""],
      ["null-flow", '{"flow":null,"screens":[]}'],
      ["no-metadata", '{"contents":{}}'],
    ] as const
  ).flatMap(([what, content]) => [
    convert(`unsupported-${what}`, ["c.json", "o.json", "-j"], { "c.json": content }, failsInJson()),
    convert(
      `unsupported-${what}-skipped`,
      ["c.json", "o.json", "-s", "-j"],
      { "c.json": content },
      makes({}, "json"),
    ),
  ]),
  convert("missing", ["nowhere.json", "o.json"], {}, fails()),
  convert("missing-skipped", ["nowhere.json", "o.json", "--skip", "-j"], {}, failsInJson()),
  convert("below-a-file", ["c.json/x", "o.json"], { "c.json": "{}" }, fails()),
  convert("no-argument", [], {}, fails()),
  convert("three-arguments", ["a", "b", "c"], {}, fails()),
];

export const flowCases: readonly DescribedCase[] = [...networkCases, ...convertCases];
