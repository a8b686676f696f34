import { expect, test } from "bun:test";
import { root } from "../../src/cli/routes.ts";
import { listCommands } from "../../src/cli/tree.ts";
import { cli } from "../support/cli.ts";

interface Tree {
  readonly ok: boolean;
  readonly commands: readonly { readonly words: readonly string[] }[];
  readonly groups: readonly { readonly words: readonly string[]; readonly summary: string }[];
}

const all = (await listCommands(root, [])).map(({ words }) => words);

test("commands --json is one document with every command and group, and needs no variable", async () => {
  const ran = await cli(["commands", "--json"]);
  expect(ran).toMatchObject({ status: 0, err: "" });
  const tree = ran.json() as Tree;
  expect(tree).toMatchObject({ ok: true, name: "descope", version: expect.any(String) });
  expect(tree.commands.map(({ words }) => words)).toEqual(all);
  expect(tree.groups[0]).toEqual({ words: [], summary: root.summary });
  expect(tree.groups).toContainEqual({
    words: ["apps", "inbound", "secret"],
    summary: "Work with an inbound application's secret",
  });
});

test("a command is told with arguments, flags, calls, variables and examples, in a steady order", async () => {
  const tree = (await cli(["user", "load-all", "--help", "--json"])).json() as Tree;
  expect(Object.keys(tree)).toEqual(["commands", "flags", "groups", "name", "ok", "version"]);
  expect(JSON.stringify(tree.commands)).toBe(
    JSON.stringify([
      {
        words: ["user", "load-all"],
        summary: "Load a page of users, or all of them",
        description: "Loads one page, or with --all every page. Test users are not among them.",
        usage: "descope user load-all [flags]",
        arguments: [],
        flags: [
          { name: "limit", short: "l", type: "int", default: 100, about: "Users on a page, 100 at most" },
          { name: "page", short: "p", type: "int", default: 0, about: "Number of the page, from 0" },
          { name: "all", type: "bool", default: false, about: "Load every page" },
        ],
        json: true,
        effect: "read",
        asks: false,
        operations: [
          { name: "User.SearchAll", method: "POST", path: "/v2/mgmt/user/search", effect: "read" },
        ],
        connection: "project",
        variables: ["DESCOPE_MANAGEMENT_KEY", "DESCOPE_PROJECT_ID"],
        examples: [
          "descope user load-all --limit 20",
          "descope user load-all --limit 20 --page 2 --json",
          "descope user load-all --all --json",
        ],
      },
    ]),
  );
});

test.each([
  [
    ["user", "test", "generate", "otp"],
    {
      arguments: [
        { name: "method", choices: ["email", "sms", "voice"], required: true },
        { name: "loginId" },
      ],
    },
  ],
  [
    ["user", "password", "set-active"],
    {
      arguments: [
        { name: "loginId", required: true },
        { name: "password", required: false },
      ],
    },
  ],
  [
    ["project", "clone"],
    {
      connection: "argument",
      variables: ["DESCOPE_MANAGEMENT_KEY"],
      flags: [
        { name: "environment" },
        { name: "tag", deprecated: "use --environment" },
        { name: "tags", type: "list", default: null },
      ],
    },
  ],
  [
    ["tenant", "delete"],
    { effect: "destroy", asks: true, flags: [{ name: "force", short: "f", type: "bool", default: false }] },
  ],
  [
    ["completion", "bash"],
    { effect: "none", json: false, connection: "none", variables: [], operations: [] },
  ],
] as const)("help %p --json", async (words, wanted) => {
  const tree = (await cli(["help", ...words, "--json"])).json() as Tree;
  expect(tree.commands).toHaveLength(1);
  expect(tree.commands[0]).toMatchObject({ words: [...words], ...wanted } as object);
});

test("help of a group with --json tells of what is below it", async () => {
  const tree = (await cli(["user", "test", "-j"])).json() as Tree;
  expect(tree.commands.map(({ words }) => words.join(" "))).toEqual(
    all.map((words) => words.join(" ")).filter((name) => name.startsWith("user test ")),
  );
  expect(tree.groups.map(({ words }) => words.join(" "))).toEqual(["user test", "user test generate"]);
});

test("for people each command stands on a line, in columns", async () => {
  const ran = await cli(["commands"]);
  expect(ran).toMatchObject({ status: 0, err: "" });
  const lines = ran.out.trimEnd().split("\n");
  expect(lines).toHaveLength(all.length);
  const column = lines[0]?.indexOf("write    Create an access key") ?? -1;
  expect(column).toBeGreaterThan(0);
  for (const line of lines)
    expect(line.slice(column)).toMatch(/^(read {5}|write {4}|destroy {2}|local {4})\S/);
  expect(ran.out).toMatch(/^user password set-active <loginId> \[password\] +write +Set a password/m);
});

test("with colour the words are the same", async () => {
  const painted = await cli(["commands"], { tty: true, env: { NO_COLOR: "", FORCE_COLOR: "1" } });
  expect(painted.out).toContain("\u001b[31mdestroy\u001b[39m");
  expect(Bun.stripANSI(painted.out)).toBe((await cli(["commands"])).out);
});
