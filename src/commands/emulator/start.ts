import { command } from "../../command/command.ts";
import { emulatorFlags, startFromFlags } from "./emulator-flags.ts";
import { variableLines } from "./variable-lines.ts";

export default command({
  description:
    "Serves until it is interrupted. Prints one line when, and only when, it is ready; with --json that line is a JSON object with the address, the projects, the key and the variables to set.",
  flags: emulatorFlags,
  examples: [
    "descope emulator start",
    "descope emulator start --project P2abc=Staging --project P2xyz=Production",
    "descope emulator start --port 0 --state emulator.db --seed seed.yaml --json",
  ],
  async run(context, _args, flags) {
    const emulator = await startFromFlags(context, flags, flags.port);
    const { url, projects, managementKey, env } = emulator.readiness();
    if (context.json) {
      await context.print(JSON.stringify({ event: "ready", url, projects, managementKey, env }));
    } else {
      const named = projects.map(({ id, name }) => (name === id ? id : `${id} (${name})`)).join(", ");
      await context.print(`* Emulator ready at ${url} with ${named}`);
      context.note(variableLines(env, "sh").trimEnd().replaceAll(/^/gm, "  "));
    }
    return await new Promise<never>(() => {});
  },
});
