import { loadSecret } from "../../../../api/operations/inbound-apps.ts";
import { decodeText, member } from "../../../../api/record.ts";
import { command } from "../../../../command/command.ts";
import { id } from "../../../../command/flags.ts";
import { value } from "../../../../command/result.ts";

export default command({
  operations: [loadSecret],
  args: { id: id("Id of the application") },
  examples: ["descope apps inbound secret load TPA2abc --json"],
  async run({ api }, { id: appId }) {
    const reply = await api.call(loadSecret, { id: appId });
    return value(
      "secret",
      decodeText(member(reply, "cleartext"), "cleartext"),
      "Loaded secret for inbound app",
    );
  },
});
