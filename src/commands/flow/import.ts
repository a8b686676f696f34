import { importFlow } from "../../api/operations/flows.ts";
import { command } from "../../command/command.ts";
import { id, words } from "../../command/flags.ts";
import { done } from "../../command/result.ts";
import { readJsonObject } from "../../files/json-file.ts";

export default command({
  description: "The flow is replaced by the file's, or made. Its id is the argument, whatever the file says.",
  operations: [importFlow],
  args: { flowId: id("Id of the flow"), sourcePath: words("A file that flow export wrote") },
  examples: ["descope flow import sign-in flows/sign-in.json"],
  async run(context, { flowId, sourcePath }) {
    const flow = readJsonObject(await context.files(), sourcePath);
    const working = context.progress("Importing the flow");
    await context.api.call(importFlow, { flow: { ...flow, flowId } }).finally(() => working.stop());
    return done();
  },
});
