import { setTemporaryPassword } from "../../../api/operations/users.ts";
import { command } from "../../../command/command.ts";
import { id } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";
import { newPassword, passwordArgument, passwordFlags } from "./new-password.ts";

export default command({
  description:
    "A password in an argument is visible to other processes of the machine; prefer the other ways.",
  operations: [setTemporaryPassword],
  args: { loginId: id("Login id of the user"), password: passwordArgument },
  flags: passwordFlags,
  examples: [
    "descope user password set-temporary ann@example.com",
    'printf %s "$PASSWORD" | descope user password set-temporary ann@example.com -',
  ],
  async run(context, { loginId, password: argument }, sources) {
    const password = await newPassword(context, { argument, ...sources });
    await context.api.call(setTemporaryPassword, { loginId, password, setActive: false });
    return done();
  },
});
