import { rotateSecret } from "../../../../api/operations/inbound-apps.ts";
import { decodeText, member } from "../../../../api/record.ts";
import { command } from "../../../../command/command.ts";
import { id } from "../../../../command/flags.ts";
import { value } from "../../../../command/result.ts";

export default command({
  description: "The old secret stops working at once.",
  operations: [rotateSecret],
  args: { id: id("Id of the application") },
  confirm: (args) =>
    `Replace the secret of inbound application ${args.id}? The old one stops working at once.`,
  examples: ["descope apps inbound secret rotate TPA2abc --json"],
  async run({ api }, { id: appId }) {
    const reply = await api.call(rotateSecret, { id: appId });
    return value(
      "secret",
      decodeText(member(reply, "cleartext"), "cleartext"),
      "Rotated secret for inbound app",
    );
  },
});
