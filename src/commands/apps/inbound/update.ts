import { load, update } from "../../../api/operations/inbound-apps.ts";
import { decodeRecord, requireIdentity } from "../../../api/record.ts";
import { inboundApp } from "../../../api/records/inbound-app.ts";
import { command } from "../../../command/command.ts";
import { id } from "../../../command/flags.ts";
import { value } from "../../../command/result.ts";
import { appFlags, appSettings } from "./app-settings.ts";

export default command({
  description: "Replaces the whole application: what is left out here is cleared there.",
  operations: [update, load],
  args: { id: id("Id of the application"), name: id("Name of the application") },
  flags: appFlags,
  examples: ['descope apps inbound update TPA2abc Files -f https://a.io -p "read,Read,-"'],
  async run({ api }, { id: appId, name }, flags) {
    await api.call(update, { id: appId, name, ...appSettings(flags) });
    const app = decodeRecord(inboundApp, await api.call(load, { id: appId }), "app");
    return value("app", requireIdentity(app, "id", "app"), "Updated inbound app");
  },
});
