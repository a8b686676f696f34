import { expirePassword } from "../../../api/operations/users.ts";
import { command } from "../../../command/command.ts";
import { id } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";

export default command({
  operations: [expirePassword],
  args: { loginId: id("Login id of the user") },
  examples: ["descope user password expire ann@example.com"],
  async run({ api }, { loginId }) {
    await api.call(expirePassword, { loginId });
    return done();
  },
});
