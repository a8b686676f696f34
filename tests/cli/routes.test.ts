import { describe, expect, test } from "bun:test";
import { flagValue, parseArgv } from "../../src/cli/argv.ts";
import { allFlags, commandArguments } from "../../src/cli/describe.ts";
import { resolve } from "../../src/cli/resolve.ts";
import { groupExamples, headings, root, type Group, type Route } from "../../src/cli/routes.ts";
import { listCommands } from "../../src/cli/tree.ts";
import { cli } from "../support/cli.ts";
import { shellCommands } from "../support/shell-words.ts";

const commands = await listCommands(root, []);

function groupsBelow(group: Group, words: readonly string[] = []): [string[], Group][] {
  return Object.entries(group.children).flatMap(([word, child]: [string, Route]) => {
    return child.kind === "leaf"
      ? []
      : [[[...words, word], child] as [string[], Group], ...groupsBelow(child, [...words, word])];
  });
}

test("every word of the root stands under exactly one heading of its help", () => {
  const listed = headings.flatMap(([, words]) => words);
  expect(listed.toSorted()).toEqual([...Object.keys(root.children), "help"].toSorted());
  expect(new Set(listed).size).toBe(listed.length);
});

test("words are plain: lower-case letters and dashes, none of them help", () => {
  for (const { words } of commands)
    for (const word of words) {
      expect(word).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(word).not.toBe("help");
    }
});

test("the root has examples of its commands", () => {
  const examples = groupExamples[""] ?? [];
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) {
    const [[program, ...tokens] = []] = shellCommands(example);
    expect(program).toBe("descope");
    expect(resolve(tokens).route.kind).toBe("leaf");
  }
});

describe.each(groupsBelow(root).map(([words, group]) => [words.join(" "), words, group] as const))(
  "the group %s",
  (name, words, group) => {
    test("shows its commands with what they do, alone, with --help and by help", async () => {
      const ran = await cli(words);
      expect(ran).toMatchObject({ status: 0, err: "" });
      for (const [word, { summary }] of Object.entries(group.children))
        expect(ran.out).toMatch(new RegExp(`^  ${word} +${RegExp.escape(summary)}$`, "m"));
      expect(await cli([...words, "--help"])).toEqual(expect.objectContaining({ status: 0, out: ran.out }));
      expect(await cli([...words, "help"])).toEqual(expect.objectContaining({ status: 0, out: ran.out }));
      expect(await cli(["help", ...words])).toEqual(expect.objectContaining({ status: 0, out: ran.out }));
    });

    test("has examples of commands below it", () => {
      const examples = groupExamples[name] ?? [];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples) {
        const [[program, ...tokens] = []] = shellCommands(example);
        expect(program).toBe("descope");
        const led = resolve(tokens);
        expect(led.route.kind).toBe("leaf");
        expect(led.words.slice(0, words.length)).toEqual(words);
      }
    });

    test("refuses a word that it does not have, also for --help", async () => {
      for (const tokens of [
        [...words, "qqqqqq"],
        [...words, "qqqqqq", "--help"],
        ["help", ...words, "qqqqqq"],
      ]) {
        const ran = await cli(tokens);
        expect(ran).toMatchObject({ status: 1, out: "" });
        expect(ran.err).toContain(`Unknown command "qqqqqq" for "descope ${name}"`);
        expect(ran.err).toContain(`Run "descope ${name} --help" for usage.`);
      }
    });

    test("suggests the command that is one letter away", async () => {
      for (const word of Object.keys(group.children)) {
        const ran = await cli([...words, `${word}x`]);
        expect(ran.status).toBe(1);
        expect(ran.err).toContain(`"${name} ${word}"`);
      }
    });
  },
);

describe.each(commands.map((one) => [one.words.join(" "), one] as const))("descope %s", (name, one) => {
  const { words, leaf, declared } = one;
  const flags = allFlags(declared);

  test("names no flag twice", () => {
    const longs = flags.map(({ long }) => long);
    const shorts = flags.flatMap(({ short }) => (short === undefined ? [] : [short]));
    expect(longs).toEqual([...new Set(longs)]);
    expect(shorts).toEqual([...new Set(shorts)]);
    for (const long of longs) expect(long).toMatch(/^[a-z][A-Za-z]*(-[a-z]+)*$/);
    for (const short of shorts) expect(short).toMatch(/^[a-z]$/);
  });

  test("takes its optional arguments last", () => {
    const optional = commandArguments(declared).map((argument) => argument.optional);
    expect(optional).toEqual(optional.toSorted((a, b) => Number(a) - Number(b)));
  });

  test("has examples that its own parser takes", () => {
    for (const example of declared.examples) {
      const called = shellCommands(example)
        .map((command) => command.slice(command.indexOf("descope")))
        .filter(([program]) => program === "descope");
      expect(called).toHaveLength(1);
      const led = resolve(called[0]?.slice(1) ?? []);
      expect(led.words.join(" ")).toBe(name);
      const parsed = parseArgv(led.rest, flags, words);
      for (const occurrence of parsed.occurrences) flagValue(occurrence, words);
      const specs = commandArguments(declared);
      expect(parsed.args.length).toBeGreaterThanOrEqual(specs.filter(({ optional }) => !optional).length);
      if (declared.rest === undefined) expect(parsed.args.length).toBeLessThanOrEqual(specs.length);
    }
  });

  test("has a help page with all of it, the same by every way to ask", async () => {
    const ran = await cli([...words, "--help"]);
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(ran.out).toStartWith(`${leaf.summary}.\n`);
    for (const example of declared.examples) expect(ran.out).toContain(`  ${example}\n`);
    for (const { long, deprecated } of flags)
      expect(ran.out.includes(`--${long} `)).toBe(deprecated === undefined);
    expect((await cli(["help", ...words])).out).toBe(ran.out);
    expect((await cli([...words, "x", "y", "z", "w", "-h"])).out).toBe(ran.out);
    expect((await cli(["-h", ...words])).out).toBe(ran.out);
    for (const line of ran.out.split("\n")) {
      const isExample = declared.examples.includes(line.trim());
      if (!isExample) expect(line.length).toBeLessThanOrEqual(100);
    }
  });

  test("refuses a flag that it does not have, with its usage under the message", async () => {
    for (const tokens of [
      [...words, "--qqqqqq"],
      ["--qqqqqq=1", ...words],
      [...words, "-h", "--qqqqqq"],
    ]) {
      const ran = await cli(tokens);
      expect(ran).toMatchObject({ status: 1, out: "" });
      expect(ran.err).toStartWith("* Error: Unknown flag: --qqqqqq\n");
      expect(ran.err).toContain(`\nUsage\n  descope ${name}`);
    }
  });
});
