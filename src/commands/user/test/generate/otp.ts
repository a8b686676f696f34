import { generateOtp } from "../../../../api/operations/users.ts";
import { decodeText, member } from "../../../../api/record.ts";
import { command } from "../../../../command/command.ts";
import { id, oneOf } from "../../../../command/flags.ts";
import { value } from "../../../../command/result.ts";

export default command({
  operations: [generateOtp],
  args: {
    method: oneOf("How the code would be sent: email, sms or voice", ["email", "sms", "voice"]),
    loginId: id("Login id of the test user"),
  },
  examples: ["descope user test generate otp email tester --json"],
  async run({ api }, { method, loginId }) {
    const reply = await api.call(generateOtp, { loginId, deliveryMethod: method });
    return value("code", decodeText(member(reply, "code"), "code"), "Generated OTP for test user");
  },
});
