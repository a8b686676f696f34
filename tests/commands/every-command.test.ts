import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { listCommands } from "../../src/cli/tree.ts";
import { root } from "../../src/cli/routes.ts";
import { cli } from "../support/cli.ts";
import { testEmulator, type TestEmulator } from "../support/emulator.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/folder.ts";

const STAGING = "P2staging";
const PRODUCTION = "P2production";

/** What a command line needs around it. */
interface World {
  readonly emulator: TestEmulator;
  readonly folder: TemporaryFolder;
  /** Runs a command that has to work, in a script, and gives back its JSON document. */
  readonly prepare: (...words: string[]) => Promise<Record<string, never>>;
}

interface Line {
  /** What stands behind the command's words. */
  readonly args: (world: World) => string[] | Promise<string[]>;
  /** Answers to what is asked on a terminal. */
  readonly answers?: readonly (string | boolean)[];
  /** Standard input in a script. */
  readonly stdin?: string;
  /** The exit status that is right; 0 where it is left out. */
  readonly status?: number;
}

const fixed = (...args: string[]): Line => ({ args: () => args });

/** A name that nothing else has. */
const unique = (start: string) => `${start}${Math.random().toString(36).slice(2)}`;

const user = async ({ prepare }: World) => {
  const loginId = unique("user");
  await prepare("user", "create", loginId);
  return loginId;
};
const tester = async ({ prepare }: World) => {
  const loginId = unique("tester");
  await prepare("user", "test", "create", loginId);
  return loginId;
};
const key = async ({ prepare }: World) => {
  const { accessKey } = await prepare("access-key", "create", "ci");
  return (accessKey as unknown as { id: string }).id;
};
const app = async ({ prepare }: World) => {
  const made = await prepare("apps", "inbound", "create", unique("app"), ...APP);
  return (made.app as unknown as { id: string }).id;
};
const tenant = async ({ prepare }: World) => String((await prepare("tenant", "create", "T")).tenantId);
const APP = ["-f", "https://flow.example.com/", "-p", "write,Allow writing,-"];

/** A folder with staging's snapshot in it. */
const snapshot = async ({ prepare, folder }: World) => {
  await prepare("project", "snapshot", "export", STAGING, "-p", folder.at("snap"));
  return folder.at("snap");
};
const flowFile = async ({ prepare, folder }: World) => {
  await prepare("flow", "export", "sign-up-or-in", folder.at("flow.json"));
  return folder.at("flow.json");
};
const planFile = async (world: World) => {
  const folder = await snapshot(world);
  await world.prepare(
    "project",
    "snapshot",
    "plan",
    PRODUCTION,
    "--path",
    folder,
    "--out",
    world.folder.at("plan.json"),
  );
  return world.folder.at("plan.json");
};

/** A line for every command of the tree: the test fails for one that has none. */
const lines: Readonly<Record<string, Line>> = {
  "access-key create": fixed("ci", "-t", "acme"),
  "access-key delete": { args: async (world) => [await key(world)], answers: [true] },
  "access-key load": { args: async (world) => [await key(world)] },
  "access-key load-all": fixed(),
  "access-key activate": { args: async (world) => [await key(world)] },
  "access-key deactivate": { args: async (world) => [await key(world)] },
  "apps inbound create": { args: () => [unique("app"), ...APP] },
  "apps inbound update": { args: async (world) => [await app(world), unique("app"), ...APP] },
  "apps inbound delete": { args: async (world) => [await app(world)], answers: [true] },
  "apps inbound load": { args: async (world) => [await app(world)] },
  "apps inbound load-all": fixed("--all"),
  "apps inbound secret load": { args: async (world) => [await app(world)] },
  "apps inbound secret rotate": { args: async (world) => [await app(world)], answers: [true] },
  "tenant create": { args: () => [unique("tenant")] },
  "tenant delete": { args: async (world) => [await tenant(world)], answers: [true] },
  "tenant load": fixed("acme"),
  "tenant load-all": fixed(),
  "user create": { args: () => [unique("user"), "-t", "acme"] },
  "user delete": { args: async (world) => ["-l", await user(world)], answers: [true] },
  "user load": { args: async (world) => ["-l", await user(world)] },
  "user load-all": fixed("--all"),
  "user activate": { args: async (world) => [await user(world)] },
  "user deactivate": { args: async (world) => [await user(world)] },
  "user password set-temporary": { args: async (world) => [await user(world), "Pa55-word!"] },
  "user password set-active": { args: async (world) => [await user(world), "Pa55-word!"] },
  "user password expire": {
    args: async (world) => {
      const loginId = await user(world);
      await world.prepare("user", "password", "set-active", loginId, "Pa55-word!");
      return [loginId];
    },
  },
  "user roles set": { args: async (world) => [await user(world), "-r", "Editor"] },
  "user roles add": { args: async (world) => [await user(world), "-r", "Editor"] },
  "user roles remove": { args: async (world) => [await user(world), "-r", "Editor"] },
  "user test create": { args: () => [unique("tester")] },
  "user test delete-all": { args: () => [], answers: [true] },
  "user test generate otp": { args: async (world) => ["email", await tester(world)] },
  "user test generate magic-link": { args: async (world) => ["email", await tester(world)] },
  "user test generate enchanted-link": { args: async (world) => [await tester(world)] },
  "audit search": fixed("", "--all"),
  // It would serve until it is interrupted; what it says of a port that is taken is the end of it in both.
  "emulator start": { args: ({ emulator }) => ["--port", new URL(emulator.url).port], status: 1 },
  "emulator exec": fixed("--", process.execPath, "-e", "0"),
  "emulator env": fixed(),
  "emulator coverage": fixed("--noun", "tenant"),
  "emulator export": { args: ({ folder }) => [folder.at("saved")] },
  "flow list": fixed(),
  "flow export": fixed("sign-up-or-in"),
  "flow import": { args: async (world) => ["copied", await flowFile(world)] },
  "flow convert": { args: async (world) => [await flowFile(world), world.folder.at("converted")] },
  "flow diff": { args: async (world) => [await flowFile(world), `project:${PRODUCTION}/sign-up-or-in`] },
  "flow draw": { args: async (world) => [await flowFile(world)] },
  "flow lint": { args: async (world) => [await flowFile(world), "--fail-on", "error"] },
  "project list": fixed(),
  "project clone": fixed(STAGING, "Copy"),
  "project delete": {
    args: async ({ prepare }) => {
      const { result } = await prepare("project", "clone", STAGING, "Gone");
      return [(result as unknown as { projectId: string }).projectId];
    },
    answers: ["Gone"],
    stdin: "Gone\n",
  },
  "project snapshot export": { args: ({ folder }) => [STAGING, "-p", folder.at("out"), "--prune"] },
  "project snapshot import": { args: async (world) => [PRODUCTION, "-p", await snapshot(world)] },
  "project snapshot validate": { args: async (world) => [PRODUCTION, "-p", await snapshot(world)] },
  "project snapshot plan": { args: async (world) => [PRODUCTION, "--path", await snapshot(world)] },
  "project snapshot apply": {
    args: async (world) => {
      const at = (name: string) => world.folder.at(name);
      return [
        PRODUCTION,
        "--plan",
        await planFile(world),
        "--yes",
        "--backup",
        at("backup"),
        "--receipt",
        at("receipt"),
      ];
    },
  },
  "project snapshot diff": { args: async (world) => [await snapshot(world), `project:${PRODUCTION}`] },
  "project snapshot show": { args: async (world) => [await planFile(world)] },
  "project snapshot drift": { args: async (world) => [STAGING, "--against", await snapshot(world)] },
  "project snapshot record": { args: async (world) => [STAGING, "--path", await snapshot(world), "--yes"] },
  "project snapshot lint": { args: async (world) => [await snapshot(world), "--fail-on", "error"] },
  "theme export": fixed(),
  "theme import": {
    args: async ({ prepare, folder }) => {
      await prepare("theme", "export", folder.at("theme.json"));
      return [folder.at("theme.json")];
    },
  },
  commands: fixed(),
  "completion bash": fixed(),
  "completion zsh": fixed(),
  "completion fish": fixed(),
  "completion powershell": fixed(),
};

const commands = (await listCommands(root, [])).map(({ words }) => words.join(" "));

describe("every command works at a terminal and in a script", () => {
  let emulator: TestEmulator;
  beforeAll(() => {
    emulator = testEmulator({
      seed: {
        projects: [
          { id: STAGING, roles: [{ name: "Editor" }], tenants: [{ id: "acme", name: "Acme" }] },
          { id: PRODUCTION, name: "production" },
        ],
      },
    });
  });
  afterAll(() => emulator.stop());

  test("there is a line for each", () => {
    expect(commands.filter((words) => !(words in lines))).toEqual([]);
  });

  for (const words of commands) {
    const line = lines[words];
    if (line === undefined) continue;
    for (const tty of [true, false]) {
      test(`${words}, ${tty ? "tty" : "no tty"}`, async () => {
        using folder = temporaryFolder();
        const env = { ...emulator.env, DESCOPE_PROJECT_ID: STAGING };
        const prepare = async (...args: string[]) => {
          const ran = await cli([...args, "--json"], { env });
          if (ran.status !== 0) throw new Error(`${args.join(" ")} ended with ${ran.status}: ${ran.out}`);
          return ran.json() as Record<string, never>;
        };
        const args = await line.args({ emulator, folder, prepare });
        const ran = await cli([...words.split(" "), ...args], {
          env,
          tty,
          ...(tty ? { answers: line.answers ?? [] } : { stdin: line.stdin ?? "" }),
        });
        const status = line.status ?? 0;
        const error = /\* Error: .*/.exec(ran.err)?.[0];
        expect({ status: ran.status, error }).toEqual({
          status,
          error: status === 0 ? undefined : expect.any(String),
        });
        // Nothing but line breaks moves the cursor where no colour is wanted.
        expect(ran.out + ran.err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      });
    }
  }
});
