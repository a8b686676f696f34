import { PROJECT, type Behaviour, type DescribedCase, type FileContent, type Wire } from "../case.ts";
import { fails, failsInJson, saysNo, sent, succeeds } from "./expected.ts";
import { replyMember } from "./shared.ts";

const EXPORT = "POST /v1/mgmt/project/snapshot/export";
const IMPORT = "POST /v1/mgmt/project/snapshot/import";
const VALIDATE = "POST /v1/mgmt/project/snapshot/validate";
const HOME = `project-${PROJECT}`;
const LOGO = String((replyMember(EXPORT, "files") as Record<string, Wire>)["assets/logo.png"]);

const exporting = (...rest: string[]) => ["project", "snapshot", "export", PROJECT, ...rest];
const importing = (...rest: string[]) => ["project", "snapshot", "import", PROJECT, ...rest];
const validating = (...rest: string[]) => ["project", "snapshot", "validate", PROJECT, ...rest];

const offering = (files: Wire) => ({ [EXPORT]: { body: { files } } });
/** The same with the reply's text as it is, for what a JavaScript object cannot hold. */
const offeringText = (files: string) => ({ [EXPORT]: { raw: `{"files":${files}}` } });
const exported = (files: Behaviour["files"], more: Partial<Behaviour> = {}): Behaviour => ({
  ...succeeds([sent(EXPORT)], { files }),
  ...more,
});
const base64 = (text: string) => Buffer.from(text).toString("base64");

const exportCases: DescribedCase[] = [
  {
    id: "snapshot-export-json",
    argv: exporting("-p", "out", "-j"),
    replies: offering({ "a.json": { b: 1 } }),
    bytes: true,
    expect: exported({ "out/a.json": '{\n  "b": 1\n}\n' }, { json: { ok: true } }),
  },
  {
    id: "snapshot-export-no-assets",
    argv: exporting("--no-assets", "--path=out"),
    replies: offering({ "a.json": {} }),
    bytes: true,
    expect: succeeds([sent(EXPORT, { body: { format: "plain" } })], { files: { "out/a.json": "{}\n" } }),
  },
  {
    id: "snapshot-export-no-variables",
    argv: exporting(),
    env: { DESCOPE_PROJECT_ID: null },
    replies: offering({ "a.json": {} }),
    expect: exported({ [`${HOME}/a.json`]: "{}\n" }),
  },
  { id: "snapshot-export-no-files", argv: exporting("-j"), replies: offering({}), expect: exported({}) },
  {
    id: "snapshot-export-files-absent",
    argv: exporting("-j"),
    replies: { [EXPORT]: { body: {} } },
    expect: exported({}, { json: { ok: true } }),
  },
  {
    id: "snapshot-export-files-null",
    argv: exporting(),
    replies: { [EXPORT]: { body: { files: null } } },
    expect: exported({}),
  },
  {
    id: "snapshot-export-path-cleaned",
    argv: exporting("-p", "./out//x/../"),
    files: { "out/keep.txt": "mine" },
    replies: offering({ "a.json": {} }),
    expect: exported({ "out/a.json": "{}\n" }),
  },
  {
    id: "snapshot-export-path-empty",
    argv: exporting("-p", ""),
    replies: offering({ "a.json": {} }),
    expect: exported({ [`${HOME}/a.json`]: "{}\n" }),
  },
  {
    id: "snapshot-export-parents-made",
    argv: exporting("-p", "a/b/c"),
    replies: offering({ "d/e.json": {} }),
    expect: exported({ "a/b/c/d/e.json": "{}\n" }),
  },
  {
    id: "snapshot-export-overwrites",
    argv: exporting("-p", "out"),
    files: { "out/a.json": { old: true }, "out/stale.json": { old: true }, "out/mine.md": "mine" },
    replies: offering({ "a.json": { new: true } }),
    expect: exported({ "out/a.json": '{\n  "new": true\n}\n' }),
  },
  {
    id: "snapshot-export-numbers",
    argv: exporting("-p", "out"),
    replies: offeringText(
      '{"a.json":{"big":9007199254740993,"float":1.0,"exp":1e5,"neg":-0,"list":[12345678901234567890]}}',
    ),
    bytes: true,
    expect: exported({
      "out/a.json":
        '{\n  "big": 9007199254740993,\n  "exp": 1e5,\n  "float": 1.0,\n  "list": [\n    12345678901234567890\n  ],\n  "neg": -0\n}\n',
    }),
  },
  {
    id: "snapshot-export-key-order",
    argv: exporting("-p", "out"),
    replies: offeringText('{"a.json":{"é":1,"a":1,"Z":1,"9":1,"10":1,"😀":1,"\uffff":1,"":{"b":1,"a":[]}}}'),
    bytes: true,
    expect: exported({
      "out/a.json":
        '{\n  "": {\n    "a": [],\n    "b": 1\n  },\n  "10": 1,\n  "9": 1,\n  "Z": 1,\n  "a": 1,\n  "é": 1,\n  "\uffff": 1,\n  "😀": 1\n}\n',
    }),
  },
  {
    id: "snapshot-export-escapes",
    argv: exporting("-p", "out"),
    replies: offering({ "a.json": { s: '<>&\u2028\u2029\b\f\n\r\t"\\/\u0001\u007f é' } }),
    bytes: true,
    expect: exported({
      "out/a.json":
        '{\n  "s": "\\u003c\\u003e\\u0026\\u2028\\u2029\\b\\f\\n\\r\\t\\"\\\\/\\u0001\u007f é"\n}\n',
    }),
  },
  {
    id: "snapshot-export-texts",
    argv: exporting("-p", "out"),
    replies: offering({
      "crlf.txt": "a\r\nb\r\n",
      "bare.html": "x",
      "empty.html": "",
      "newline.txt": "\n",
      "upper.TXT": base64("raw"),
      "style.css": base64("a{}"),
      noextension: base64("n"),
      "text.json": base64("[1]"),
      "wrapped.bin": "YWJj\r\nZGVm",
    }),
    expect: exported({
      "out/crlf.txt": "a\r\nb\r\n",
      "out/bare.html": "x\n",
      "out/empty.html": "",
      "out/newline.txt": "\n",
      "out/upper.TXT": "raw",
      "out/style.css": "a{}",
      "out/noextension": "n",
      "out/text.json": "[1]",
      "out/wrapped.bin": "abcdef",
    }),
  },
  {
    id: "snapshot-export-object-with-other-extension",
    argv: exporting("-p", "out"),
    replies: offering({ "y.png": { a: 1 }, "z.txt": {} }),
    bytes: true,
    expect: exported({ "out/y.png": '{\n  "a": 1\n}\n', "out/z.txt": "{}\n" }),
  },
  ...(
    [
      ["list", []],
      ["number", 7],
      ["boolean", true],
      ["null", null],
      ["bad-base64", "@@@"],
      ["unpadded-base64", "YQ"],
    ] as const
  ).map(([what, entry]): DescribedCase => ({
    id: `snapshot-export-entry-${what}`,
    argv: exporting("-p", "out", "-j"),
    files: { "out/a.json": { old: true } },
    replies: offering({ "a.json": { new: true }, "b.png": entry, "c.json": {} }),
    expect: failsInJson([sent(EXPORT)]),
  })),
  ...[
    "../evil.txt",
    "../../evil.txt",
    "a/../../evil.txt",
    "/abs/x.txt",
    "C:/x.txt",
    "C:x.txt",
    "a\\b.txt",
    "..\\evil.txt",
    "a//b.txt",
    "",
    "a/",
    "..",
    ".",
    "a/..",
    "a\u0000.txt",
    ".git/hooks/pre-commit",
    "x/.git/config",
    ".GIT/config",
  ].map((key, i): DescribedCase => ({
    id: `snapshot-export-key-refused-${i}`,
    argv: exporting("-p", "out"),
    replies: offering({ "a.json": {}, [key]: "x" }),
    expect: fails([sent(EXPORT)]),
  })),
  {
    id: "snapshot-export-path-is-a-file",
    argv: exporting("-p", "out"),
    files: { out: "a file" },
    expect: fails(),
  },
  {
    id: "snapshot-export-default-is-a-file",
    argv: exporting(),
    files: { [HOME]: "a file" },
    expect: fails(),
  },
  {
    id: "snapshot-export-path-below-a-file",
    argv: exporting("-p", "out/x"),
    files: { out: "a file" },
    expect: fails(),
  },
  {
    id: "snapshot-export-server-error",
    argv: exporting("-j"),
    replies: { [EXPORT]: { status: 400, body: { errorCode: "E1", errorDescription: "no" } } },
    expect: failsInJson([sent(EXPORT)]),
  },
  {
    id: "snapshot-export-html",
    argv: exporting("-p", "out"),
    files: { "out/a.json": { old: true } },
    replies: { [EXPORT]: { raw: "<html></html>", type: "text/html" } },
    expect: fails([sent(EXPORT)]),
  },
  {
    id: "snapshot-export-cut-short",
    argv: exporting("-p", "out"),
    files: { "out/a.json": { old: true } },
    replies: { [EXPORT]: { raw: '{"files":{"a.json":{"new":true},' } },
    expect: fails([sent(EXPORT)]),
  },
  {
    id: "snapshot-export-files-list",
    argv: exporting("-p", "out"),
    replies: { [EXPORT]: { body: { files: [] } } },
    expect: fails([sent(EXPORT)]),
  },
  {
    id: "snapshot-export-project-bad",
    argv: ["project", "snapshot", "export", "X1", "-j"],
    expect: failsInJson(),
  },
  { id: "snapshot-export-no-project", argv: ["project", "snapshot", "export"], expect: fails() },
  {
    id: "snapshot-export-two-projects",
    argv: ["project", "snapshot", "export", PROJECT, PROJECT],
    expect: fails(),
  },
];

const imported = (files: { readonly [key: string]: Wire }, more: { readonly [key: string]: Wire } = {}) =>
  sent(IMPORT, { body: { files, ...more } });
const validated = (files: { readonly [key: string]: Wire }, more: { readonly [key: string]: Wire } = {}) =>
  sent(VALIDATE, { body: { files, ...more } });
const ONE: Readonly<Record<string, FileContent>> = { "snap/a.json": { b: 1 } };
const ONE_SENT = { "a.json": { b: 1 } };

/** A secrets file that is refused, so that nothing is sent. */
const secretsRefused = (id: string, content: FileContent): DescribedCase => ({
  id: `snapshot-import-secrets-${id}`,
  argv: importing("-p", "snap", "--secrets-input", "secrets.json", "-j"),
  files: { ...ONE, "secrets.json": content },
  expect: failsInJson(),
});

/** A secrets file and what is sent of it. */
const secretsSent = (
  id: string,
  content: FileContent,
  inputSecrets: { readonly [key: string]: Wire },
): DescribedCase => ({
  id: `snapshot-import-secrets-${id}`,
  argv: importing("-p", "snap", "--secrets-input=secrets.json"),
  files: { ...ONE, "secrets.json": content },
  expect: succeeds([imported(ONE_SENT, { inputSecrets })]),
});

const importCases: DescribedCase[] = [
  {
    id: "snapshot-import-default-folder",
    argv: importing("-j"),
    files: { [`${HOME}/a.json`]: { b: 1 } },
    expect: succeeds([imported(ONE_SENT)], { json: {} }),
  },
  {
    id: "snapshot-import-path-cleaned",
    argv: importing("--path", "./snap//x/..//"),
    files: ONE,
    expect: succeeds([imported(ONE_SENT)]),
  },
  {
    id: "snapshot-import-what-is-sent",
    argv: importing("-p", "snap"),
    files: {
      ...ONE,
      "snap/null.json": "null",
      "snap/x/text.txt": "no newline",
      "snap/x/page.html": "\ufeff<p>\r\n</p>\r\n",
      "snap/x/p.png": { base64: LOGO },
      "snap/x/p.jpg": "jpg",
      "snap/x/p.svg": "<svg/>",
      "snap/x/p.webp": "webp",
      "snap/x/p.jpeg": "no",
      "snap/x/p.gif": "no",
      "snap/x/p.PNG": "no",
      "snap/x/p.JSON": "no",
      "snap/x/p.css": "no",
      "snap/x/README.md": "no",
      "snap/x/none": "no",
      "snap/.hidden.json": "no",
      "snap/.git/config.json": "no",
      "snap/__MACOSX/a.json": "no",
      "snap/__MACOSX_x.json": "no",
    },
    expect: succeeds([
      imported({
        ...ONE_SENT,
        "x/text.txt": "no newline",
        "x/page.html": "\ufeff<p>\r\n</p>\r\n",
        "x/p.png": LOGO,
        "x/p.jpg": base64("jpg"),
        "x/p.svg": base64("<svg/>"),
        "x/p.webp": base64("webp"),
      }),
    ]),
  },
  {
    id: "snapshot-import-numbers",
    argv: importing("-p", "snap"),
    files: { "snap/a.json": '{"big":9007199254740993,"huge":12345678901234567890}' },
    expect: succeeds([imported({ "a.json": { big: 9007199254740993n, huge: 12345678901234567890n } })]),
  },
  ...(
    [
      ["list", "[1]"],
      ["text", '"x"'],
      ["number", "7"],
      ["broken", '{"a":'],
      ["trailing", "{} x"],
      ["two", "{}{}"],
      ["empty", ""],
      ["byte-order-mark", "\ufeff{}"],
    ] as const
  ).map(([what, content]): DescribedCase => ({
    id: `snapshot-import-json-${what}`,
    argv: importing("-p", "snap", "-j"),
    files: { ...ONE, "snap/b.json": content },
    expect: failsInJson(),
  })),
  { id: "snapshot-import-no-folder", argv: importing("-p", "nowhere"), expect: fails() },
  { id: "snapshot-import-no-default-folder", argv: importing("-j"), expect: failsInJson() },
  { id: "snapshot-import-file", argv: importing("-p", "f"), files: { f: "x" }, expect: fails() },
  { id: "snapshot-import-below-file", argv: importing("-p", "f/x"), files: { f: "x" }, expect: fails() },
  {
    id: "snapshot-import-nothing-to-send",
    argv: importing("-p", "snap", "-j"),
    files: { "snap/README.md": "x", "snap/.hidden.json": {} },
    expect: failsInJson(),
  },
  {
    id: "snapshot-import-exclude-trimmed",
    argv: importing("-p", "snap", "--exclude", " lists ,,lists", "--exclude=lists"),
    files: ONE,
    expect: succeeds([imported(ONE_SENT, { excludes: ["lists", "lists", "lists"] })]),
  },
  {
    id: "snapshot-import-exclude-none",
    argv: importing("-p", "snap", "--exclude", ""),
    files: ONE,
    expect: succeeds([imported(ONE_SENT)]),
  },
  ...["users", "Lists", "lists,flows"].map((given, i): DescribedCase => ({
    id: `snapshot-import-exclude-bad-${i}`,
    argv: importing("-p", "snap", "--exclude", given, "-j"),
    files: ONE,
    expect: failsInJson(),
  })),
  secretsSent(
    "three-kinds",
    {
      "connector-CI-1": { name: "slack", secrets: { token: "t", signing: "s" }, extra: 1 },
      "oauthprovider-google": { name: "google", secrets: { clientSecret: "c" } },
      "outboundapp-": { name: "ob", secrets: { clientSecret: "" } },
    },
    {
      connectors: [
        { id: "CI-1", name: "slack", type: "token", value: "t" },
        { id: "CI-1", name: "slack", type: "signing", value: "s" },
      ],
      oauthProviders: [{ id: "google", name: "google", type: "clientSecret", value: "c" }],
      outboundApps: [{ id: "", name: "ob", type: "clientSecret" }],
    },
  ),
  secretsSent("none-inside", { "connector-CI1": { name: "slack" } }, {}),
  secretsSent("empty-object", "{}", {}),
  secretsSent("null", "null", {}),
  secretsSent("empty-list", "[]", {}),
  secretsRefused("other-prefix", { "Connector-CI1": { name: "x", secrets: { a: "b" } } }),
  secretsRefused("unknown-prefix", { "flow-CI1": { name: "x", secrets: { a: "b" } } }),
  secretsRefused("list", "[1]"),
  secretsRefused("null-entry", { "connector-CI1": null }),
  secretsRefused("number-value", { "connector-CI1": { name: "x", secrets: { a: 1 } } }),
  secretsRefused("broken", "{"),
  {
    id: "snapshot-import-secrets-missing",
    argv: importing("-p", "snap", "--secrets-input", "nowhere.json"),
    files: ONE,
    expect: fails(),
  },
  {
    id: "snapshot-import-server-error",
    argv: importing("-p", "snap", "-j"),
    files: ONE,
    replies: { [IMPORT]: { status: 400, body: { errorCode: "E1", errorDescription: "no" } } },
    expect: failsInJson([imported(ONE_SENT)]),
  },
  {
    id: "snapshot-import-empty-reply",
    argv: importing("-p", "snap"),
    files: ONE,
    replies: { [IMPORT]: { raw: "" } },
    expect: succeeds([imported(ONE_SENT)]),
  },
];

const FAILURES = ["first <b> & second", "two\nlines"];
const MISSING = {
  connectors: [
    { id: "CI1", name: "slack", type: "token" },
    { id: "CI1", name: "other name", type: "signing" },
  ],
};
const refusing = (body: Wire) => ({ [VALIDATE]: { body } });

const validateCases: DescribedCase[] = [
  {
    id: "snapshot-validate-json",
    argv: validating("-p", "snap", "-j"),
    files: ONE,
    expect: succeeds([validated(ONE_SENT)], { json: {} }),
  },
  {
    id: "snapshot-validate-default-folder",
    argv: validating(),
    files: { [`${HOME}/a.json`]: { b: 1 } },
    expect: succeeds([validated(ONE_SENT)]),
  },
  {
    id: "snapshot-validate-secrets",
    argv: validating("-p", "snap", "--secrets-input", "s.json"),
    files: { ...ONE, "s.json": { "connector-CI1": { name: "slack", secrets: { token: "t" } } } },
    expect: succeeds([
      validated(ONE_SENT, {
        inputSecrets: { connectors: [{ id: "CI1", name: "slack", type: "token", value: "t" }] },
      }),
    ]),
  },
  {
    id: "snapshot-validate-fails-json",
    argv: validating("-p", "snap", "--json"),
    files: ONE,
    replies: refusing({ ok: false, failures: FAILURES, missingSecrets: MISSING }),
    expect: saysNo([validated(ONE_SENT)], {
      json: { ok: false, failures: FAILURES, missingSecrets: MISSING },
    }),
  },
  {
    id: "snapshot-validate-ok-absent",
    argv: validating("-p", "snap", "-j"),
    files: ONE,
    replies: refusing({}),
    expect: saysNo([validated(ONE_SENT)], { json: { ok: false } }),
  },
  ...[{ ok: "true" }, { failures: [1] }, { missingSecrets: [] }].map((body, i): DescribedCase => ({
    id: `snapshot-validate-other-types-${i}`,
    argv: validating("-p", "snap", "-j"),
    files: ONE,
    replies: refusing(body),
    expect: failsInJson([validated(ONE_SENT)]),
  })),
  {
    id: "snapshot-validate-outputs",
    argv: validating("-p", "snap", "--secrets-output=m.json", "--failures-output=f.txt", "-j"),
    files: { ...ONE, "m.json": "old", "f.txt": "old" },
    replies: refusing({ ok: false, failures: FAILURES, missingSecrets: MISSING }),
    bytes: true,
    expect: saysNo([validated(ONE_SENT)], {
      json: { ok: false, failures: FAILURES, missingSecrets: MISSING },
      files: {
        "f.txt": "first <b> & second\ntwo\nlines\n",
        "m.json":
          '{\n  "connector-CI1": {\n    "name": "slack",\n    "secrets": {\n      "signing": "",\n      "token": ""\n    }\n  }\n}\n',
      },
    }),
  },
  {
    id: "snapshot-validate-no-failures",
    argv: validating("-p", "snap", "--secrets-output", "m.json", "--failures-output", "f.txt"),
    files: ONE,
    replies: refusing({ ok: false }),
    expect: saysNo([validated(ONE_SENT)], { files: { "f.txt": "" } }),
  },
  {
    id: "snapshot-validate-passes-without-files",
    argv: validating("-p", "snap", "--secrets-output", "m.json", "--failures-output", "f.txt"),
    files: { ...ONE, "m.json": "old" },
    expect: succeeds([validated(ONE_SENT)]),
  },
  {
    id: "snapshot-validate-output-is-a-folder",
    argv: validating("-p", "snap", "--failures-output", "snap", "-j"),
    files: ONE,
    expect: failsInJson(),
  },
  {
    id: "snapshot-validate-output-below-a-file",
    argv: validating("-p", "snap", "--secrets-output", "f/m.json", "-j"),
    files: { ...ONE, f: "x" },
    expect: failsInJson(),
  },
  {
    id: "snapshot-validate-exclude",
    argv: validating("-p", "snap", "--exclude", "lists"),
    files: ONE,
    expect: fails(),
  },
  { id: "snapshot-validate-no-folder", argv: validating("-p", "nowhere", "-j"), expect: failsInJson() },
  {
    id: "snapshot-validate-server-error",
    argv: validating("-p", "snap", "-j", "--failures-output", "f.txt"),
    files: ONE,
    replies: { [VALIDATE]: { status: 500, body: { errorCode: "E1", errorDescription: "no" } } },
    expect: failsInJson([validated(ONE_SENT)]),
  },
];

export const snapshotCases: readonly DescribedCase[] = [...exportCases, ...importCases, ...validateCases];
