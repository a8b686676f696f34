import { command } from "../../command/command.ts";
import { boundedInt } from "../../command/flags.ts";
import { UsageFailure } from "../../failure.ts";
import { emulatorFlags, startFromFlags } from "./emulator-flags.ts";

const port = boundedInt("Port to listen on, 0 for any that is free", {
  default: 0,
  minimum: 0,
  maximum: 65_535,
});

export default command({
  description:
    "Starts an emulator on a free port, runs the command with DESCOPE_BASE_URL, DESCOPE_BASE_URI, DESCOPE_PROJECT_ID and DESCOPE_MANAGEMENT_KEY set, stops the emulator and ends as the command did.",
  flags: { ...emulatorFlags, port },
  rest: { name: "command", about: "The command to run, with its arguments" },
  examples: [
    "descope emulator exec -- npm test",
    "descope emulator exec --seed seed.yaml -- descope user load-all --json",
  ],
  async run(context, _args, { rest, ...given }) {
    if (rest.length === 0)
      throw new UsageFailure(
        "The command to run is missing",
        ["emulator", "exec"],
        "Write it behind --: descope emulator exec -- npm test",
      );
    const emulator = await startFromFlags(context, given, given.port);
    try {
      const how = await context.runProgram(rest, {
        ...inherited(context.environment),
        ...emulator.readiness().env,
      });
      return { kind: "ended", how };
    } finally {
      await emulator.stop();
    }
  },
});

function inherited(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
