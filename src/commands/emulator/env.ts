import { command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { choice, int } from "../../command/flags.ts";
import type { Report } from "../../command/result.ts";
import { DEFAULT_PORT } from "../../emulator/address.ts";
import type { Readiness } from "../../emulator/readiness.ts";
import { invalidInput, UsageFailure } from "../../failure.ts";
import { emulatorFlags, optionsFromFlags } from "./emulator-flags.ts";
import { readFromEmulator, runningUrl, urlFlag } from "./running.ts";
import { SHELLS, variableLines } from "./variable-lines.ts";

const { project, managementKey, state, seed } = emulatorFlags;

export default command({
  description:
    "Prints what sets DESCOPE_BASE_URL, DESCOPE_BASE_URI, DESCOPE_PROJECT_ID and DESCOPE_MANAGEMENT_KEY: as commands of a shell, as lines\n" +
    "for the file that $GITHUB_ENV names, or as a .env file. Asks the running emulator; with the flags of `descope emulator start`, says\n" +
    "what an emulator that is started with them will have, and asks nobody.\n" +
    'For sh and its kind: eval "$(descope emulator env)". On GitHub Actions: descope emulator env --shell github >> "$GITHUB_ENV".',
  flags: {
    shell: choice("For whom the lines are", SHELLS, { value: "sh|fish|powershell|github|dotenv" }),
    url: urlFlag,
    host: emulatorFlags.host,
    port: int("Port that it will listen on"),
    project,
    managementKey,
    state,
    seed,
  },
  examples: [
    "descope emulator env",
    "descope emulator env --shell fish | source",
    "descope emulator env --shell powershell | Out-String | Invoke-Expression",
    "descope emulator env --port 4400 --project P2staging --shell dotenv",
  ],
  async run(context, _args, { shell, url, host, port, ...given }): Promise<Report> {
    const planned =
      host !== undefined || port !== undefined || Object.values(given).some((flag) => flag?.length);
    if (url !== undefined && planned)
      throw new UsageFailure(
        "--url asks a running emulator: the flags of one that is yet to be started say nothing to it",
        ["emulator", "env"],
      );
    const found = planned
      ? await plan(context, portOf(port), { ...given, host, otp: undefined, signingKey: undefined })
      : await running(context, url);
    return {
      kind: "report",
      answer: "yes",
      document: {
        ok: true,
        ...found,
        projects: found.projects.map((one) => ({ ...one })),
        env: { ...found.env },
      },
      body: variableLines(found.env, shell ?? "sh"),
    };
  },
});

function portOf(given: bigint | undefined): number {
  if (given === undefined) return DEFAULT_PORT;
  if (given === 0n)
    throw invalidInput(
      "--port 0 means any that is free, which is known only once the emulator runs",
      "Ask it then, with --url.",
    );
  if (given < 0n || given > 65_535n) throw invalidInput("--port must be 1 to 65535");
  return Number(given);
}

async function plan(
  context: Context,
  port: number,
  flags: Parameters<typeof optionsFromFlags>[1],
): Promise<Readiness> {
  const { plannedReadiness } = await import("../../emulator/emulator.ts");
  return plannedReadiness(await optionsFromFlags(context, flags, port));
}

async function running(context: Context, url: string | undefined): Promise<Readiness> {
  const { environment } = await import("../../emulator/control/operations.ts");
  const address = runningUrl(context, url);
  const { projects, managementKey: key, env } = await readFromEmulator(context, address, environment);
  // Where the emulator listens for others too, it is reached by the address by which it was asked.
  return {
    url: address,
    projects: projects.map(({ id, name }) => ({ id, name })),
    managementKey: key,
    env: { ...env, DESCOPE_BASE_URL: address, DESCOPE_BASE_URI: address },
  };
}
