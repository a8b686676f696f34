import { command, type Command } from "../../command/command.ts";
import { bool } from "../../command/flags.ts";

/**
 * A command that prints the completion of a shell. The scripts know nothing of the commands: they ask the program itself, by its hidden
 * `__complete`, so that they need no update when it gets new ones.
 *
 * @param install how to put the script in place, for the command's help.
 */
export function shellScript(script: string, install: string, examples: Command["examples"]): Command {
  return command({
    description: install,
    json: false,
    flags: { noDescriptions: bool("Complete without descriptions") },
    examples,
    async run(_context, _args, { noDescriptions }) {
      const body = noDescriptions ? script.replace(/\b__complete\b/g, "__completeNoDesc") : script;
      return { kind: "report", answer: "yes", document: { script: body, ok: true }, body };
    },
  });
}
