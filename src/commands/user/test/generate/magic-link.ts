import { generateMagicLink } from "../../../../api/operations/users.ts";
import { command } from "../../../../command/command.ts";
import { id, oneOf } from "../../../../command/flags.ts";
import { value } from "../../../../command/result.ts";
import { linkFlags, usableLink } from "./test-link.ts";

export default command({
  operations: [generateMagicLink],
  args: {
    method: oneOf("How the link would be sent: email or sms", ["email", "sms"]),
    loginId: id("Login id of the test user"),
  },
  flags: linkFlags,
  examples: ["descope user test generate magic-link email tester -u https://a.example/ok"],
  async run({ api }, { method, loginId }, { redirectUrl }) {
    const reply = await api.call(generateMagicLink, { loginId, deliveryMethod: method, URI: redirectUrl });
    return value("link", usableLink(reply), "Generated magic link for test user");
  },
});
