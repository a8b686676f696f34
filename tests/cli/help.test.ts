import { expect, test } from "bun:test";
import { root } from "../../src/cli/routes.ts";
import { listCommands } from "../../src/cli/tree.ts";
import { wrap } from "../../src/cli/wrap.ts";
import { cli } from "../support/cli.ts";

test("a command's page holds all that somebody new to it needs, in a steady order", async () => {
  const ran = await cli(["project", "clone", "--help"]);
  expect(ran.out).toBe(`Make a new project from an existing one.

The new project gets the settings and secrets of the old one, but none of its
users, tenants and access keys.

Usage
  descope project clone <existingProjectId> <newProjectName> [flags]

Arguments
  existingProjectId   Id of the project to copy
  newProjectName      Name of the new project

Flags
  -e, --environment string   The new project's environment: production, or
                             nothing
      --tags tags            Tags of the new project

Lists are separated by commas, and their flags may be given again; quotes hold
an item together: '"a,b",c' is two.

Flags of every command
  -j, --json           Print one JSON document
      --timeout time   How long a call may take, with its repeats (default 60s)
      --debug          Show requests and replies on stderr, secrets masked
      --color when     When to colour: auto, always or never (default auto)
  -h, --help           Show help

Examples
  descope project clone P2abc Staging
  descope project clone P2abc Shop --environment production --tags eu,shop

Needs DESCOPE_MANAGEMENT_KEY.
`);
});

test("flags stand in the order of their declaration, with their defaults", async () => {
  const { out } = await cli(["user", "load-all", "--help"]);
  expect(out).toMatch(/--limit int .*\(default 100\)\n.*--page int .*\(default 0\)\n.*--all /);
  expect(out).toContain("Numbers may be written in other bases: 0x10 is 16");
});

test("what asks says when", async () => {
  expect((await cli(["tenant", "delete", "-h"])).out).toContain("On a terminal it asks first;");
  expect((await cli(["tenant", "load", "-h"])).out).not.toContain("asks");
});

test("the help is the same on a terminal, but for its colour", async () => {
  for (const words of [[], ["user"], ["user", "create"]]) {
    const plain = await cli([...words, "--help"]);
    const painted = await cli([...words, "--help"], { tty: true, env: { NO_COLOR: "" } });
    expect(painted.out).toContain("\u001b[1mUsage\u001b[22m");
    expect(Bun.stripANSI(painted.out)).toBe(plain.out);
  }
});

test.each([
  ["", [""]],
  ["one two three", ["one two", "three"]],
  ["one\ntwo three", ["one two", "three"]],
  ["one\n\ntwo", ["one", "", "two"]],
  ["a:\n\n  indented and long\n\nb", ["a:", "", "  indented and long", "", "b"]],
  ["averyverylongword a", ["averyverylongword", "a"]],
])("%j is broken into lines", (text, lines) => {
  expect(wrap(text, 8)).toEqual(lines);
});

test("no page of help is wider than 80 columns", async () => {
  const groups = new Set<string>([""]);
  for (const { words } of await listCommands(root, []))
    for (let depth = 1; depth <= words.length; depth++) groups.add(words.slice(0, depth).join(" "));
  const wide: string[] = [];
  for (const page of groups) {
    const { out } = await cli([...page.split(" ").filter((word) => word !== ""), "--help"]);
    wide.push(...out.split("\n").filter((line) => line.length > 80));
  }
  expect(wide).toEqual([]);
});
