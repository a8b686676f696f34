import { updateStatus } from "../../api/operations/users.ts";
import { command } from "../../command/command.ts";
import { id } from "../../command/flags.ts";
import { done } from "../../command/result.ts";

export default command({
  operations: [updateStatus],
  args: { loginId: id("Login id of the user") },
  examples: ["descope user deactivate ann@example.com"],
  async run({ api }, { loginId }) {
    await api.call(updateStatus, { loginId, status: "disabled" });
    return done();
  },
});
