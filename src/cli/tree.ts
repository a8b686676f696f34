import { connectionOf, effectOf, type Command, type Connection } from "../command/command.ts";
import { Ordered, type Json } from "../json/value.ts";
import type { FlagSpec } from "./argv.ts";
import { commandArguments, commandFlags, usageLine } from "./describe.ts";
import { globalFlags, versionFlag } from "./globals.ts";
import type { Group, Leaf } from "./routes.ts";
import { version } from "../version.ts";

/** A command with the words that lead to it. */
export interface Listed {
  readonly words: readonly string[];
  readonly leaf: Leaf;
  readonly declared: Command;
}

/** Every command at and below a place of the route table, in its order. All their modules are loaded. */
export async function listCommands(route: Group | Leaf, words: readonly string[]): Promise<Listed[]> {
  if (route.kind === "leaf") return [{ words, leaf: route, declared: (await route.load()).default }];
  const found: Listed[] = [];
  for (const [word, child] of Object.entries(route.children))
    found.push(...(await listCommands(child, [...words, word])));
  return found;
}

/** What can be typed at and below a place of the route table, for programs: members of a JSON document. */
export async function describeTree(
  route: Group | Leaf,
  words: readonly string[],
): Promise<Record<string, Json>> {
  return {
    name: "descope",
    version,
    flags: [...globalFlags, versionFlag].map(describeFlag),
    groups: listGroups(route, words),
    commands: (await listCommands(route, words)).map(describeCommand),
  };
}

function listGroups(route: Group | Leaf, words: readonly string[]): Json[] {
  if (route.kind === "leaf") return [];
  const own = new Ordered([
    ["words", [...words]],
    ["summary", route.summary],
  ]);
  return [
    own,
    ...Object.entries(route.children).flatMap(([word, child]) => listGroups(child, [...words, word])),
  ];
}

/** A command without its optional members where they are not set. */
function describeCommand({ words, leaf, declared }: Listed): Json {
  const { description, rest, operations } = declared;
  const connection = connectionOf(declared);
  const entries: (readonly [string, Json | undefined])[] = [
    ["words", [...words]],
    ["summary", leaf.summary],
    ["description", description],
    ["usage", usageLine(words, declared)],
    ["arguments", commandArguments(declared).map(describeArgument)],
    ["rest", rest === undefined ? undefined : { ...rest }],
    ["flags", commandFlags(declared).map(describeFlag)],
    ["json", declared.json !== false],
    ["effect", operations === undefined ? "none" : effectOf(declared)],
    ["asks", declared.confirm !== undefined],
    [
      "operations",
      (operations ?? []).map(
        ({ noun, verb, method, path, effect }) =>
          new Ordered([
            ["name", `${noun}.${verb}`],
            ["method", method],
            ["path", path],
            ["effect", effect],
          ]),
      ),
    ],
    ["connection", connection],
    ["variables", [...VARIABLES[connection]]],
    ["examples", [...declared.examples]],
  ];
  return given(entries);
}

/** The environment variables that a kind of connection cannot do without. */
const VARIABLES: Readonly<Record<Connection, readonly string[]>> = {
  project: ["DESCOPE_MANAGEMENT_KEY", "DESCOPE_PROJECT_ID"],
  argument: ["DESCOPE_MANAGEMENT_KEY"],
  company: ["DESCOPE_MANAGEMENT_KEY"],
  named: [],
  none: [],
};

function describeArgument({
  key,
  about,
  optional,
  choices,
}: ReturnType<typeof commandArguments>[number]): Json {
  return given([
    ["name", key],
    ["about", about],
    ["required", !optional],
    ["choices", choices === undefined ? undefined : [...choices]],
  ]);
}

function describeFlag(flag: FlagSpec): Json {
  return given([
    ["name", flag.long],
    ["short", flag.short],
    ["type", flag.kind],
    ["value", flag.value],
    ["default", flag.default ?? (flag.kind === "bool" ? false : null)],
    ["about", flag.about],
    ["choices", flag.choices === undefined ? undefined : [...flag.choices]],
    ["deprecated", flag.deprecated],
  ]);
}

function given(entries: readonly (readonly [string, Json | undefined])[]): Ordered {
  return new Ordered(entries.filter((entry): entry is readonly [string, Json] => entry[1] !== undefined));
}
