import { remove } from "../../api/operations/users.ts";
import { command } from "../../command/command.ts";
import { done } from "../../command/result.ts";
import { whichUser, whichUserFlags } from "./which-user.ts";

export default command({
  operations: [remove],
  description: "Takes either --login-id or --user-id.",
  flags: whichUserFlags,
  confirm(_args, flags) {
    const { loginId, userId } = whichUser(flags);
    return `Delete user ${loginId === "" ? userId : loginId}?`;
  },
  examples: ["descope user delete --login-id ann@example.com", "descope user delete --user-id U2abc"],
  async run({ api }, _args, flags) {
    await api.call(remove, whichUser(flags));
    return done();
  },
});
