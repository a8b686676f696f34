import { list as listFlows } from "../../api/operations/flows.ts";
import { decodeRecords, member } from "../../api/record.ts";
import { flowEntry } from "../../api/records/flow.ts";
import { command } from "../../command/command.ts";
import { list } from "../../command/result.ts";

export default command({
  operations: [listFlows],
  examples: ["descope flow list", "descope flow list --json"],
  async run({ api }) {
    const reply = await api.call(listFlows);
    return list("flows", decodeRecords(flowEntry, member(reply, "flows"), "flows"), {
      verb: "Loaded",
      noun: ["flow", "flows"],
      item: "Flow",
    });
  },
});
