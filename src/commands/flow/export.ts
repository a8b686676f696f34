import { exportFlow } from "../../api/operations/flows.ts";
import { decodeFree, member } from "../../api/record.ts";
import { command } from "../../command/command.ts";
import { id, optionalWords } from "../../command/flags.ts";
import { document, done } from "../../command/result.ts";
import { jsonFileText } from "../../files/json-file.ts";
import { cleanFlow } from "../../flow/clean.ts";

export default command({
  description:
    "Without a file the flow goes to standard output. Empty values of its metadata, references and interactions are left out.",
  operations: [exportFlow],
  args: { flowId: id("Id of the flow"), targetPath: optionalWords("The file to write") },
  examples: ["descope flow export sign-in", "descope flow export sign-in flows/sign-in.json"],
  async run(context, { flowId, targetPath }) {
    if (targetPath !== undefined) (await context.files()).checkWritable(targetPath);
    const working = context.progress("Exporting the flow");
    const reply = await context.api.call(exportFlow, { flowId }).finally(() => working.stop());
    const flow = cleanFlow(decodeFree(member(reply, "flow"), "flow"));
    if (targetPath === undefined) return document("flow", flow);
    (await context.files()).write(targetPath, jsonFileText(flow));
    return done();
  },
});
