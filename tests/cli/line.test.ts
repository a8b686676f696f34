import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cli, credentials } from "../support/cli.ts";
import { scriptedServer } from "../support/server.ts";

const tenant = { "GET /v1/mgmt/tenant": { body: { id: "acme", name: "Acme" } } };

test.each([
  ["tenant load acme --json"],
  ["tenant load acme -j"],
  ["tenant load -j acme"],
  ["tenant -j load acme"],
  ["-j tenant load acme"],
  ["--json tenant load acme"],
  ["--json=true tenant load acme"],
  ["tenant --json=1 load acme"],
  ["--debug=false --json tenant load acme"],
  ["--timeout 5s --json tenant load acme"],
  ["--color never tenant --timeout=5s load -j acme"],
  ["--json=false tenant load acme --json"],
])("%s prints JSON", async (line) => {
  using server = scriptedServer(tenant);
  const ran = await cli(line.split(" "), { env: { ...credentials, DESCOPE_BASE_URL: server.url } });
  expect(ran).toMatchObject({ status: 0, err: "" });
  expect(ran.json()).toMatchObject({ ok: true, tenant: { id: "acme" } });
});

test.each([["tenant load acme"], ["tenant load acme --json=false"], ["--json tenant load acme --json=F"]])(
  "%s does not",
  async (line) => {
    using server = scriptedServer(tenant);
    const ran = await cli(line.split(" "), { env: { ...credentials, DESCOPE_BASE_URL: server.url } });
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(ran.out).toStartWith("* Loaded tenant: {");
  },
);

test("behind -- it is an argument like any other", async () => {
  using server = scriptedServer(tenant);
  const ran = await cli(["tenant", "load", "--", "--json"], {
    env: { ...credentials, DESCOPE_BASE_URL: server.url },
  });
  expect(ran.out).toStartWith("* Loaded tenant");
  expect(server.seen[0]?.query).toEqual({ id: "--json" });
});

describe("an error of the line is text with usage, or one JSON document where JSON is asked for", () => {
  const noKey = { DESCOPE_MANAGEMENT_KEY: undefined };
  const noProject = { DESCOPE_PROJECT_ID: undefined };
  test.each<[string, string, string, Record<string, string | undefined>?]>([
    ["nope", "usage", 'Unknown command "nope" for "descope"'],
    ["user nope", "usage", 'Unknown command "nope" for "descope user"'],
    ["user test generate sms", "usage", 'Unknown command "sms" for "descope user test generate"'],
    ["help nope", "usage", 'Unknown command "nope" for "descope"'],
    ["help user nope", "usage", 'Unknown command "nope" for "descope user"'],
    ["user nope --help", "usage", 'Unknown command "nope" for "descope user"'],
    ["version", "usage", 'Unknown command "version" for "descope"'],
    ["-- tenant", "usage", 'Unknown command "tenant" for "descope"'],
    ["--nope", "usage", "Unknown flag: --nope"],
    ["help --nope", "usage", "Unknown flag: --nope"],
    ["user --nope", "usage", "Unknown flag: --nope"],
    ["user --version", "usage", "Unknown flag: --version"],
    ["-h --nope", "usage", "Unknown flag: --nope"],
    ["tenant load acme --nope", "usage", "Unknown flag: --nope"],
    ["tenant load acme --help --nope", "usage", "Unknown flag: --nope"],
    ["tenant load", "usage", "The argument <id> is missing"],
    ["tenant load a b", "usage", '"descope tenant load" takes 1 argument, not 2'],
    ["tenant load-all a", "usage", '"descope tenant load-all" takes no arguments, not 1'],
    ["project list a", "usage", '"descope project list" takes no arguments, not 1'],
    ["apps inbound update a b c", "usage", '"descope apps inbound update" takes 2 arguments, not 3'],
    ["user create ann --email", "usage", "The flag --email needs a value"],
    ["user load-all --limit many", "usage", "The flag --limit takes a whole number of at most 64 bits"],
    [
      "tenant load acme --debug=perhaps",
      "usage",
      "The flag --debug is a switch: give it alone, or with =true or =false",
    ],
    ["tenant load acme --color blue", "usage", "--color takes auto, always or never"],
    ["user --color blue", "usage", "--color takes auto, always or never"],
    ["tenant load acme --timeout soon", "usage", "The flag --timeout takes a time"],
    [
      "tenant load acme",
      "configuration",
      "The management key is missing: DESCOPE_MANAGEMENT_KEY is not set",
      noKey,
    ],
    ["tenant load acme", "configuration", "The project is missing: DESCOPE_PROJECT_ID is not set", noProject],
    [
      "tenant load acme",
      "configuration",
      "DESCOPE_TIMEOUT does not hold a time",
      { DESCOPE_TIMEOUT: "soon" },
    ],
    [
      "tenant load acme",
      "configuration",
      "DESCOPE_MANAGEMENT_KEY does not hold a management key: those start with K",
      { DESCOPE_MANAGEMENT_KEY: "abc" },
    ],
    [
      "tenant load acme",
      "configuration",
      "DESCOPE_PROJECT_ID is not the id of a project: those start with P",
      { DESCOPE_PROJECT_ID: "abc" },
    ],
    [
      "tenant load acme",
      "configuration",
      "DESCOPE_BASE_URL is not an address",
      { DESCOPE_BASE_URL: "api.example.com" },
    ],
    [
      "project delete X1 -f",
      "configuration",
      "The project argument is not the id of a project: those start with P",
    ],
    ["user load-all --limit 101", "invalid_input", "[E011004] --limit must be 100 or less"],
    ["user load-all --page -1", "invalid_input", "[E011004] --page must be 0 or more"],
    ["user test generate otp fax ann", "invalid_input", "[E011004] <method> must be email, sms or voice"],
  ])("%s", async (line, code, message, env = {}) => {
    const tokens = line.split(" ");
    const settings = { env: { ...credentials, DESCOPE_BASE_URL: "http://127.0.0.1:1", ...env } };
    const text = await cli(tokens, settings);
    expect(text).toMatchObject({ status: 1, out: "" });
    expect(text.err).toStartWith(`* Error: ${message}\n`);
    expect(/\n\n(Usage\n {2}descope |Run "descope)/.test(text.err)).toBe(code === "usage");
    const flag = tokens.includes("--") ? ["-j", ...tokens] : [...tokens, "-j"];
    // A flag that lacks its value would take the next word for it.
    if (line.endsWith("--email")) flag.unshift(flag.pop() as string);
    const json = await cli(flag, settings);
    expect(json).toMatchObject({ status: 1, err: "" });
    const document = json.json() as Record<string, unknown>;
    expect(document).toMatchObject({ ok: false, code, error: message });
    expect(Object.keys(document)).toEqual(Object.keys(document).toSorted());
    if (document.hint !== undefined) expect(text.err).toContain(`\n  ${String(document.hint)}\n`);
    for (const said of [text.err, json.out]) expect(said).not.toContain(credentials.DESCOPE_MANAGEMENT_KEY);
  });
});

test.each([
  ["usr", ['"user"']],
  ["users", ['"user"']],
  ["USER", ['"user"']],
  ["acc", ['"access-key"']],
  ["accesskey", ['"access-key"']],
  ["user lod", ['"user load"']],
  ["tenant list", ['"tenant load-all"']],
  ["tenant ls", ['"tenant load-all"']],
  ["tenant get", ['"tenant load"']],
  ["tenant rm", ['"tenant delete"']],
  ["user add", ['"user create"']],
  ["user roles delete", ['"user roles remove"']],
  ["hlep", ['"help"']],
])("%s is not known, and what may have been meant is named", async (line, wanted) => {
  const ran = await cli(line.split(" "));
  expect(ran).toMatchObject({ status: 1, out: "" });
  expect(ran.err).toMatch(new RegExp(`\\n  Did you mean ${wanted.join(".*")}.*\\?\\n`));
});

test("where nothing is near, what there is is named", async () => {
  expect((await cli(["user", "roles", "qqqqqq"])).err).toContain("  Its commands are set, add and remove.\n");
  expect((await cli(["audit", "qqqqqq"])).err).toContain("  Its only command is search.\n");
});

test.each([
  ["--version"],
  ["-v"],
  ["--version=true"],
  ["--version tenant"],
  ["-v tenant load acme"],
  ["--version nope"],
  ["--debug -v"],
])("%s shows the version", async (line) => {
  const ran = await cli(line.split(" "), { env: {} });
  if (line === "--version=true" || line === "--debug -v") expect(ran.status).toBe(0);
  expect(ran).toMatchObject({ status: 0, err: "" });
  expect(ran.out).toMatch(/^descope version \S+\n$/);
});

test("the version comes as JSON too", async () => {
  expect((await cli(["--version", "--json"])).json()).toEqual({ ok: true, version: expect.any(String) });
});

test.each([
  [[]],
  [["-h"]],
  [["--help"]],
  [["help"]],
  [["help", "-h"]],
  [["help", "help"]],
  [["-v", "--help"]],
  [["-hv"]],
  [["--"]],
  [["--debug"]],
])("%j shows the root's help", async (tokens) => {
  const ran = await cli(tokens);
  expect(ran).toMatchObject({ status: 0, err: "" });
  expect(ran.out).toStartWith(
    "Work with Descope from the command line.\n\nUsage\n  descope <command> [flags]\n",
  );
});

test.each([
  ["user help password expire", "Make a user choose a new password.\n"],
  ["help user password expire", "Make a user choose a new password.\n"],
  ["help --color never user password expire", "Make a user choose a new password.\n"],
  ["user password help", "Set and expire passwords.\n"],
])("%s shows help", async (line, head) => {
  const ran = await cli(line.split(" "));
  expect(ran).toMatchObject({ status: 0, err: "" });
  expect(ran.out).toStartWith(head);
});

test("an argument may be the word help", async () => {
  using server = scriptedServer(tenant);
  const ran = await cli(["tenant", "load", "help"], {
    env: { ...credentials, DESCOPE_BASE_URL: server.url },
  });
  expect(ran.status).toBe(0);
  expect(server.seen[0]?.query).toEqual({ id: "help" });
});

test("--color decides over the help and the error too", async () => {
  expect((await cli(["user", "--color", "always"])).out).toContain("\u001b[1mUsage");
  expect((await cli(["tenant", "load", "--color=always", "-h"])).out).toContain("\u001b[1mUsage");
  expect((await cli(["tenant", "load", "--color=always"])).err).toContain("\u001b[31mError\u001b[39m");
  const never = await cli(["tenant", "load", "--color=never"], { tty: true, env: { NO_COLOR: "" } });
  expect(never.err).not.toContain("\u001b");
});

test("a line break or an escape in a wrong word does not reach the terminal", async () => {
  const ran = await cli(["tenant\n\u001b[31m"]);
  expect(ran.err).toContain('Unknown command "tenant\\u000a\\u001b[31m"');
});

test("whatever is given to a command reaches the server as it was given", async () => {
  const texts = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary-ascii" }),
    fc.constantFrom(
      "+15550001111",
      "00123",
      "1e3",
      "-secret-",
      "0x10",
      "-",
      "--",
      "--json",
      "\u0001",
      "true",
      " ",
    ),
  );
  using server = scriptedServer({ "POST /v1/mgmt/user/create": { body: { user: {} } } });
  await fc.assert(
    fc.asyncProperty(
      texts.filter((text) => text !== ""),
      texts,
      texts,
      texts,
      async (loginId, email, phone, name) => {
        const ran = await cli(
          ["user", "create", "--email", email, `--phone=${phone}`, "-jn", name, "--", loginId],
          { env: { ...credentials, DESCOPE_BASE_URL: server.url } },
        );
        expect(ran.status).toBe(0);
        expect(server.seen.pop()?.body).toMatchObject({ loginId, email, phone, displayName: name });
      },
    ),
    { seed: 6, numRuns: 150 },
  );
});

test("no line of words and flags does anything but succeed, fail or say no", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "tenant",
      "user",
      "load",
      "create",
      "password",
      "help",
      "roles",
      "--",
      "-",
      "-h",
      "-v",
      "--json",
      "-j",
      "--json=",
      "-jh",
      "--color",
      "--version",
      "--email",
      "-n=",
    ),
    fc.string({ unit: "binary", maxLength: 5 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 7 }), async (tokens) => {
      const ran = await cli(tokens, { env: { DESCOPE_MANAGEMENT_KEY: "" } });
      expect([0, 1]).toContain(ran.status);
      expect(ran.out + ran.err).not.toContain("fault in descope itself");
      if (ran.status === 1) expect((ran.out === "") !== (ran.err === "")).toBe(true);
      if (ran.status === 1 && ran.out !== "")
        expect(ran.json()).toMatchObject({ ok: false, error: expect.any(String) });
    }),
    { seed: 7, numRuns: 1500 },
  );
});
