import { list as listProjects, remove } from "../../api/operations/projects.ts";
import { decodeRecords, member } from "../../api/record.ts";
import { project } from "../../api/records/project.ts";
import { command } from "../../command/command.ts";
import type { Context } from "../../command/context.ts";
import { bool, words } from "../../command/flags.ts";
import { done } from "../../command/result.ts";
import { Failure } from "../../failure.ts";
import { visible } from "../../output/terminal-text.ts";

export default command({
  description: "Asks for the project's name before it deletes, in scripts too; --force does not ask.",
  operations: [listProjects, remove],
  connection: "argument",
  args: { projectId: words("Id of the project") },
  flags: { force: bool("Delete without a question", { short: "f" }) },
  examples: ["descope project delete P2abc", "descope project delete P2abc --force"],
  async run(context, _args, { force }) {
    const name = await projectName(context);
    if (context.json && !force) {
      throw new Failure("Deleting a project needs a yes: with --json, give --force", {
        code: "not_confirmed",
      });
    }
    if (!force && !(await confirmedByName(context, name))) return done("Cancelled");
    await context.api.call(remove);
    return done(`Deleted project "${name}"`);
  },
});

/** The project's name, or its id when the name cannot be found or is blank, so that it takes more than Enter to confirm it. @throws {Failure} when there is no such project. */
async function projectName(context: Context): Promise<string> {
  try {
    const reply = await context.api.call(listProjects);
    const projects = decodeRecords(project, member(reply, "projects"), "projects");
    const found = projects.find((one) => one.get("id") === context.project)?.get("name");
    return typeof found === "string" && found.trim() !== "" ? found : context.project;
  } catch (error) {
    if (!(error instanceof Failure) || error.details.errorCode === "E011008") throw error;
    context.note(
      `* The project's name could not be looked up (${visible(error.message)}): its id stands in its place`,
    );
    return context.project;
  }
}

async function confirmedByName(context: Context, name: string): Promise<boolean> {
  const answer = await context.terminal.ask(
    `This deletes the project for good. Type its name, ${visible(name)}, to go on: `,
  );
  return answer?.trim() === name.trim();
}
