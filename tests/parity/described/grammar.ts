import { PROJECT, type DescribedCase, type SentRequest } from "../case.ts";
import { fails, failsInJson, sent, succeeds } from "./expected.ts";

const load = (id: string) => sent("GET /v1/mgmt/tenant", { query: { id } });
const loadUser = (loginId: string) => sent("GET /v1/mgmt/user", { query: { loginId, userId: "" } });
const userNamed = (loginId: string, displayName: string) =>
  sent("POST /v1/mgmt/user/create", { body: { loginId, displayName } });
const tenantWith = (...selfProvisioningDomains: string[]) =>
  sent("POST /v1/mgmt/tenant/create", { body: { name: "A", selfProvisioningDomains } });

const good = (id: string, argv: readonly string[], ...requests: SentRequest[]): DescribedCase => ({
  id: `flags-${id}`,
  argv,
  expect: succeeds(requests),
});
const goodJson = (id: string, argv: readonly string[], ...requests: SentRequest[]): DescribedCase => ({
  id: `flags-${id}`,
  argv,
  expect: succeeds(requests, { json: {} }),
});
const bad = (id: string, ...argv: string[]): DescribedCase => ({ id: `flags-${id}`, argv, expect: fails() });
const badJson = (id: string, ...argv: string[]): DescribedCase => ({
  id: `flags-${id}`,
  argv,
  expect: failsInJson(),
});

const flagCases: DescribedCase[] = [
  good("short-joined", ["user", "load", "-lann"], loadUser("ann")),
  good("short-equals", ["user", "load", "-l=ann"], loadUser("ann")),
  good("short-equals-twice", ["user", "load", "-l==ann"], loadUser("=ann")),
  good("short-equals-alone", ["user", "load", "-l="], loadUser("=")),
  good("short-equals-equals", ["user", "load", "-l=="], loadUser("=")),
  goodJson("group", ["user", "load", "-jl", "ann"], loadUser("ann")),
  goodJson("group-joined", ["user", "load", "-jlann"], loadUser("ann")),
  goodJson("group-equals", ["user", "load", "-jl=ann"], loadUser("ann")),
  good("long-equals", ["user", "load", "--login-id=a=b"], loadUser("a=b")),
  good("takes-json-as-value", ["user", "load", "-l", "--json"], loadUser("--json")),
  good("takes-dashes-as-value", ["user", "load", "-l", "--"], loadUser("--")),
  good("takes-dash-as-value", ["user", "load", "-l", "-"], loadUser("-")),
  good("last-wins", ["user", "load", "-l", "a", "--login-id", "b"], loadUser("b")),
  good("flag-first", ["user", "create", "-n", "Ann", "ann"], userNamed("ann", "Ann")),
  good("value-with-newline", ["user", "create", "ann", "-n", "a\nb"], userNamed("ann", "a\nb")),
  good(
    "value-empty",
    ["user", "create", "ann", "--name="],
    sent("POST /v1/mgmt/user/create", { body: { loginId: "ann" } }),
  ),
  good(
    "value-empty-word",
    ["user", "create", "ann", "--name", ""],
    sent("POST /v1/mgmt/user/create", { body: { loginId: "ann" } }),
  ),
  good("dash-argument", ["tenant", "load", "-"], load("-")),
  good("after-dashes", ["tenant", "load", "--", "-x"], load("-x")),
  good("after-dashes-dashes", ["tenant", "load", "--", "--"], load("--")),
  good("after-dashes-json", ["tenant", "load", "--", "-j"], load("-j")),
  goodJson("json-before-dashes", ["tenant", "load", "-j", "--", "x"], load("x")),
  good("argument-number", ["tenant", "load", "00123"], load("00123")),
  good("argument-exponent", ["tenant", "load", "1e3"], load("1e3")),
  good("argument-plus", ["tenant", "load", "+1555"], load("+1555")),
  good("argument-unicode", ["tenant", "load", "ü 你好 😀"], load("ü 你好 😀")),
  good("argument-equals", ["tenant", "load", "a=b"], load("a=b")),
  goodJson("json-first", ["--json", "tenant", "load", "x"], load("x")),
  goodJson("json-short-first", ["-j", "tenant", "load", "x"], load("x")),
  goodJson("json-between", ["tenant", "-j", "load", "x"], load("x")),
  goodJson("json-equals-first", ["--json=true", "tenant", "load", "x"], load("x")),
  goodJson("json-twice", ["tenant", "load", "x", "-j", "-j"], load("x")),
  ...["1", "t", "T", "TRUE", "true", "True"].map((given) =>
    goodJson(`json-${given}`, ["tenant", "load", "x", `--json=${given}`], load("x")),
  ),
  ...["0", "f", "F", "FALSE", "false", "False"].map((given) =>
    good(`json-${given}`, ["tenant", "load", "x", `--json=${given}`], load("x")),
  ),
  good("json-short-false", ["tenant", "load", "x", "-j=false"], load("x")),
  bad("json-yes", "tenant", "load", "x", "--json=yes"),
  bad("json-empty", "tenant", "load", "x", "--json="),
  badJson("json-false-apart", "tenant", "load", "x", "-j", "false"),
  bad("unknown-long", "tenant", "load", "x", "--nope"),
  badJson("unknown-long-json", "tenant", "load", "x", "--nope", "-j"),
  bad("unknown-short", "tenant", "load", "x", "-z"),
  bad("unknown-in-group", "tenant", "load", "x", "-jz"),
  bad("long-with-one-dash", "user", "load", "-login-id", "x"),
  bad("abbreviated", "user", "load", "--login", "x"),
  bad("no-negation", "tenant", "load", "x", "--no-json"),
  bad("three-dashes", "tenant", "load", "x", "---json"),
  bad("nameless", "tenant", "load", "x", "--=x"),
  bad("value-missing-long", "user", "load", "--login-id"),
  bad("value-missing-short", "user", "load", "-l"),
  badJson("value-missing-in-group", "user", "load", "-jl"),
  bad("case-matters", "user", "load", "--Login-Id", "x"),
  bad("other-leafs-flag", "tenant", "load", "x", "--login-id", "y"),
  good(
    "list-add-up",
    ["tenant", "create", "A", "-d", "a,b", "--domains=c", "-dd"],
    tenantWith("a", "b", "c", "d"),
  ),
  good("list-quoted", ["tenant", "create", "A", "-d", '"a,b",c'], tenantWith("a,b", "c")),
  good("list-doubled-quote", ["tenant", "create", "A", "-d", '"a""b"'], tenantWith('a"b')),
  good("list-spaces", ["tenant", "create", "A", "-d", "a, b"], tenantWith("a", " b")),
  good("list-comma", ["tenant", "create", "A", "-d", ","], tenantWith("", "")),
  good("list-comma-behind", ["tenant", "create", "A", "-d", "a,"], tenantWith("a", "")),
  good("list-quoted-empty", ["tenant", "create", "A", "-d", '""'], tenantWith("")),
  good("list-two-lines", ["tenant", "create", "A", "-d", "a\nb"], tenantWith("a")),
  good("list-quoted-lines", ["tenant", "create", "A", "-d", '"a\nb",c'], tenantWith("a\nb", "c")),
  good("list-numbers", ["tenant", "create", "A", "-d", "00123,1e3,+5"], tenantWith("00123", "1e3", "+5")),
  good("list-like-flags", ["tenant", "create", "A", "-d", "-j,--x"], tenantWith("-j", "--x")),
  good("list-equals", ["tenant", "create", "A", "-d=a,b"], tenantWith("a", "b")),
  good("list-set-empty-then-more", ["tenant", "create", "A", "-d", "", "-d", "a"], tenantWith("a")),
  bad("list-open-quote", "tenant", "create", "A", "-d", '"a'),
  bad("list-quote-inside", "tenant", "create", "A", "-d", 'a"b'),
  bad("list-text-behind-quote", "tenant", "create", "A", "-d", '"a"b'),
  bad("help-with-unknown-left", "tenant", "load", "--bogus", "--help"),
  bad("help-with-unknown-right", "tenant", "load", "-h", "--bogus"),
  {
    id: "flags-missing-key-before-value",
    argv: ["user", "load-all", "-l", "-1", "-j"],
    env: { DESCOPE_MANAGEMENT_KEY: null },
    expect: failsInJson(),
  },
];

const shown = (id: string, ...argv: string[]): DescribedCase => ({
  id: `tree-${id}`,
  argv,
  env: { DESCOPE_MANAGEMENT_KEY: null, DESCOPE_PROJECT_ID: null, DESCOPE_BASE_URL: null },
  expect: succeeds([]),
});
const wrong = (id: string, ...argv: string[]): DescribedCase => ({ id: `tree-${id}`, argv, expect: fails() });

const groups: readonly (readonly string[])[] = [
  ["access-key"],
  ["apps"],
  ["apps", "inbound"],
  ["apps", "inbound", "secret"],
  ["audit"],
  ["flow"],
  ["project"],
  ["project", "snapshot"],
  ["tenant"],
  ["theme"],
  ["user"],
  ["user", "password"],
  ["user", "roles"],
  ["user", "test"],
];

const treeCases: DescribedCase[] = [
  ...groups.flatMap((words) => [
    shown(words.join("-"), ...words),
    shown(`${words.join("-")}-help`, ...words, "--help"),
    shown(`help-${words.join("-")}`, "help", ...words),
    wrong(`${words.join("-")}-nope`, ...words, "nope"),
    wrong(`${words.join("-")}-nope-help`, ...words, "nope", "--help"),
    wrong(`help-${words.join("-")}-nope`, "help", ...words, "nope"),
  ]),
  shown("help-flag", "--help"),
  shown("help-short", "-h"),
  shown("version-short", "-v"),
  shown("version-and-help", "-v", "--help"),
  shown("version-before-group", "--version", "tenant"),
  shown("help-leaf", "help", "tenant", "load"),
  shown("help-help", "help", "help"),
  shown("leaf-help", "tenant", "load", "--help"),
  shown("leaf-help-short", "tenant", "load", "-h"),
  shown("leaf-help-too-many", "tenant", "load", "a", "b", "c", "--help"),
  shown("leaf-help-otp", "user", "test", "generate", "otp", "-h"),
  shown("leaf-help-deep", "apps", "inbound", "secret", "rotate", "--help"),
  shown("help-leaf-deep", "help", "user", "password", "set-active"),
  shown("completion", "completion"),
  ...["bash", "zsh", "fish", "powershell"].flatMap((shell) => [
    shown(`completion-${shell}-bare`, "completion", shell),
    shown(`completion-${shell}-bare-descriptions`, "completion", shell, "--no-descriptions"),
    shown(`completion-${shell}-help`, "completion", shell, "-h"),
  ]),
  wrong("completion-nope", "completion", "nope"),
  wrong("completion-argument", "completion", "bash", "x"),
  shown("complete-words", "__complete", ""),
  shown("complete-flags", "__complete", "tenant", "load", "-"),
  shown("complete-argument", "__complete", "tenant", "load", ""),
  shown("complete-without-descriptions", "__completeNoDesc", "us"),
  wrong("version-word", "version"),
  wrong("usr", "usr"),
  wrong("upper-case", "USER"),
  wrong("abbreviated", "acc"),
  wrong("tenant-list", "tenant", "list"),
  shown("user-help-word", "user", "help"),
  wrong("generate-sms", "user", "test", "generate", "sms"),
  wrong("help-nope", "help", "nope"),
  wrong("empty-word", ""),
  wrong("prototype", "constructor"),
  wrong("prototype-deep", "user", "__proto__"),
  wrong("unknown-flag-root", "--nope"),
  { id: "tree-nope-json", argv: ["nope", "--json"], expect: failsInJson() },
  { id: "tree-user-nope-json", argv: ["user", "nope", "-j"], expect: failsInJson() },
  { id: "tree-too-many-json", argv: ["tenant", "load", "a", "b", "--json"], expect: failsInJson() },
  {
    id: "tree-project-argument-json",
    argv: ["project", "delete", "X1", "--json", "-f"],
    expect: failsInJson(),
  },
  {
    id: "tree-project-from-argument",
    argv: ["project", "delete", PROJECT, "-f"],
    env: { DESCOPE_PROJECT_ID: null },
    expect: succeeds([sent("POST /v1/mgmt/projects/list"), sent("POST /v1/mgmt/project/delete")]),
  },
];

export const grammarCases: readonly DescribedCase[] = [...flagCases, ...treeCases];
