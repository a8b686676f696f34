import { clone } from "../../api/operations/projects.ts";
import { decodeRecord, requireIdentity } from "../../api/record.ts";
import { clonedProject } from "../../api/records/project.ts";
import { command } from "../../command/command.ts";
import { list, text, words } from "../../command/flags.ts";
import { value } from "../../command/result.ts";
import { invalidInput } from "../../failure.ts";

export default command({
  description:
    "The new project gets the settings and secrets of the old one, but none of its users, tenants and access keys.",
  operations: [clone],
  connection: "argument",
  args: {
    existingProjectId: words("Id of the project to copy"),
    newProjectName: words("Name of the new project"),
  },
  flags: {
    environment: text("The new project's environment: production, or nothing", { short: "e" }),
    tag: text("The new project's environment", {
      short: "t",
      aliasOf: "environment",
      deprecated: "use --environment",
    }),
    tags: list("Tags of the new project", { value: "tags" }),
  },
  examples: [
    "descope project clone P2abc Staging",
    "descope project clone P2abc Shop --environment production --tags eu,shop",
  ],
  async run({ api }, { newProjectName }, { environment = "", tags }) {
    if (environment !== "" && environment !== "production") {
      throw invalidInput("--environment must be production, or be left out");
    }
    const reply = await api.call(clone, { name: newProjectName, environment, tags });
    const cloned = decodeRecord(clonedProject, reply, "project");
    return value("result", requireIdentity(cloned, "projectId", "project"), "Cloned project");
  },
});
