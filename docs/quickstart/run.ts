/**
 * Walks a new user through the program's main job, offline: on an emulator with two sample projects, staging and production. Each step
 * is shown as the command that a user would type, and what that printed. It fails when a step fails.
 *
 *     npx --yes bun@1.4.5 run quickstart
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { hostTarget } from "../../build.ts";

const root = path.join(import.meta.dir, "../..");
const program = path.join(
  root,
  "dist",
  hostTarget(),
  process.platform === "win32" ? "descope.exe" : "descope",
);

interface Step {
  /** Why it is done. */
  readonly title: string;
  /** What a user would type behind `descope`, as words; `$NAME` stands for what an earlier step gave. */
  readonly words: readonly string[];
  /** The project that `DESCOPE_PROJECT_ID` names; staging where it is left out. */
  readonly project?: "P2production";
  /** Keeps a member of the JSON document that it printed, for later steps. */
  readonly keep?: { readonly name: string; readonly from: (document: Record<string, unknown>) => unknown };
  /** The exit status that is right. */
  readonly status?: number;
}

const steps: readonly Step[] = [
  { title: "The projects of this emulator", words: ["project", "list"] },
  { title: "Create a tenant", words: ["tenant", "create", "Acme", "--id", "acme", "--domains", "acme.com"] },
  {
    title: "Create a user in it",
    words: [
      "user",
      "create",
      "ann@acme.com",
      "--email",
      "ann@acme.com",
      "--name",
      "Ann Ash",
      "--tenants",
      "acme",
    ],
  },
  {
    title: "Give the user a role in the project",
    words: ["user", "roles", "add", "ann@acme.com", "--roles", "Editor"],
  },
  {
    title: "And another one in the tenant",
    words: ["user", "roles", "add", "ann@acme.com", "--roles", "Viewer", "--tenant", "acme"],
  },
  { title: "Look at the user", words: ["user", "load", "--login-id", "ann@acme.com", "--json"] },
  { title: "Create a test user", words: ["user", "test", "create", "tester", "--email", "tester@acme.com"] },
  {
    title: "Get the code that it would be sent",
    words: ["user", "test", "generate", "otp", "email", "tester", "--json"],
  },
  {
    title: "Create an access key for a program",
    words: ["access-key", "create", "ci", "--description", "for CI", "--tenants", "acme", "--json"],
    keep: { name: "KEY", from: (document) => (document.accessKey as { id?: unknown }).id },
  },
  { title: "And load it", words: ["access-key", "load", "$KEY"] },
  {
    title: "Export staging's settings to a folder, for git",
    words: ["project", "snapshot", "export", "P2staging", "--path", "config"],
  },
  {
    title: "Ask whether production could take them",
    words: ["project", "snapshot", "validate", "P2production", "--path", "config"],
  },
  {
    title: "Import them into production",
    words: ["project", "snapshot", "import", "P2production", "--path", "config"],
  },
  { title: "Production has staging's flows now", words: ["flow", "list"], project: "P2production" },
  {
    title: "Export one of its flows to a file",
    words: ["flow", "export", "sign-up-or-in", "sign-up-or-in.json"],
    project: "P2production",
  },
  { title: "See who did what in staging", words: ["audit", "search", "UserCreated"] },
];

/** Marks up headings where somebody is watching. */
const bold = (text: string) => (Bun.enableANSIColors ? `\u001b[1m${text}\u001b[22m` : text);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "descope-quickstart-"));
const emulator = Bun.spawn(
  [program, "emulator", "start", "--port", "0", "--seed", path.join(import.meta.dir, "seed.yaml"), "--json"],
  { env: { PATH: process.env.PATH ?? "" }, stdin: "ignore", stdout: "pipe", stderr: "inherit" },
);
try {
  const environment = await ready(emulator.stdout);
  console.log("An emulator is running; no account is needed, and nothing leaves this machine.\n");
  const kept = new Map<string, string>();
  for (const [index, step] of steps.entries()) await walk(index + 1, step, environment, kept);
  console.log(bold("That was it."));
  console.log(
    `The program is ${path.relative(process.cwd(), program)}. Put it on your PATH, and see what else there is:\n`,
  );
  console.log("  descope --help");
  console.log("  descope emulator exec -- npm test      your own tests, against a fresh emulator");
} finally {
  emulator.kill();
  await emulator.exited;
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Waits for the emulator's one line and gives back the variables to set. */
async function ready(output: ReadableStream<Uint8Array>): Promise<Record<string, string>> {
  const decoder = new TextDecoder();
  let line = "";
  for await (const chunk of output) {
    line += decoder.decode(chunk, { stream: true });
    if (line.includes("\n")) return (JSON.parse(line) as { env: Record<string, string> }).env;
  }
  throw new Error("the emulator did not start");
}

async function walk(
  number: number,
  step: Step,
  environment: Readonly<Record<string, string>>,
  kept: Map<string, string>,
): Promise<void> {
  const words = step.words.map((word) => (word.startsWith("$") ? (kept.get(word.slice(1)) ?? word) : word));
  const project = step.project ?? "P2staging";
  console.log(bold(`${number}. ${step.title}`));
  const prefix = step.project === undefined ? "" : `DESCOPE_PROJECT_ID=${project} `;
  console.log(`$ ${prefix}descope ${words.map(quoted).join(" ")}`);
  const child = Bun.spawn([program, ...words], {
    cwd: folder,
    env: { ...environment, DESCOPE_PROJECT_ID: project, PATH: process.env.PATH ?? "" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  const shown = `${out}${shortened(err)}`.trimEnd();
  console.log(shown === "" ? "" : `${shown}\n`);
  if (child.exitCode !== (step.status ?? 0)) throw new Error(`step ${number} ended with ${child.exitCode}`);
  if (step.keep !== undefined) {
    kept.set(step.keep.name, String(step.keep.from(JSON.parse(out) as Record<string, unknown>)));
  }
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@.,:/=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Long lists of files tell a new user little. */
function shortened(text: string): string {
  const lines = text.split("\n");
  const items = lines.filter((line) => line.startsWith("  - ")).length;
  if (items <= 4) return text;
  let seen = 0;
  return lines
    .flatMap((line) => {
      if (!line.startsWith("  - ")) return [line];
      seen++;
      return seen < 4 ? [line] : seen === 4 ? [`  … and ${items - 3} more`] : [];
    })
    .join("\n");
}
