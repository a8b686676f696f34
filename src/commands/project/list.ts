import { list as listProjects } from "../../api/operations/projects.ts";
import { decodeRecords, member } from "../../api/record.ts";
import { project } from "../../api/records/project.ts";
import { command } from "../../command/command.ts";
import { list } from "../../command/result.ts";

export default command({
  operations: [listProjects],
  connection: "company",
  examples: ["descope project list", "descope project list --json"],
  async run({ api }) {
    const reply = await api.call(listProjects);
    return list("projects", decodeRecords(project, member(reply, "projects"), "projects"), {
      verb: "Loaded",
      noun: ["project", "projects"],
      item: "Project",
    });
  },
});
