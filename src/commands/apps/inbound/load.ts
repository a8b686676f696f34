import { load } from "../../../api/operations/inbound-apps.ts";
import { decodeRecord, requireIdentity } from "../../../api/record.ts";
import { inboundApp } from "../../../api/records/inbound-app.ts";
import { command } from "../../../command/command.ts";
import { id } from "../../../command/flags.ts";
import { value } from "../../../command/result.ts";

export default command({
  operations: [load],
  args: { id: id("Id of the application") },
  examples: ["descope apps inbound load TPA2abc --json"],
  async run({ api }, { id: appId }) {
    const app = decodeRecord(inboundApp, await api.call(load, { id: appId }), "app");
    return value("app", requireIdentity(app, "id", "app"), "Loaded inbound app");
  },
});
