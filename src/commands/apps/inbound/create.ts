import { create, load } from "../../../api/operations/inbound-apps.ts";
import { decodeRecord, decodeText, given, member, requireIdentity } from "../../../api/record.ts";
import { inboundApp } from "../../../api/records/inbound-app.ts";
import { command } from "../../../command/command.ts";
import { id } from "../../../command/flags.ts";
import { Failure } from "../../../failure.ts";
import { appFlags, appSettings } from "./app-settings.ts";

export default command({
  operations: [create, load],
  args: { name: id("Name of the new application") },
  flags: appFlags,
  examples: [
    'descope apps inbound create Files -f https://a.io -p "write,Write,User|Writer"',
    'descope apps inbound create M -f https://a.io -p "m,Mail,-" -a "to,To,email"',
  ],
  async run({ api }, { name }, flags) {
    const reply = await api.call(create, { id: "", name, ...appSettings(flags) });
    const cleartext = member(reply, "cleartext");
    const created = member(reply, "id");
    try {
      const appId = decodeText(created, "id");
      const secret = decodeText(cleartext, "cleartext");
      const loaded = decodeRecord(inboundApp, await api.call(load, { id: appId }), "app");
      const app = requireIdentity(loaded, "id", "app");
      return { kind: "fields", fields: { app, secret }, label: "Created new inbound app" };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // The application exists; without its id and secret it would be lost.
      throw new Failure(`The application was created, but: ${error.message}`, {
        ...error.details,
        extra: given({ id: created, secret: cleartext }),
      });
    }
  },
});
