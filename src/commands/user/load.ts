import { decodeRecord, member } from "../../api/record.ts";
import { user } from "../../api/records/user.ts";
import { load } from "../../api/operations/users.ts";
import { command } from "../../command/command.ts";
import { value } from "../../command/result.ts";
import { whichUser, whichUserFlags } from "./which-user.ts";

export default command({
  operations: [load],
  description: "Takes either --login-id or --user-id.",
  flags: whichUserFlags,
  examples: ["descope user load --login-id ann@example.com", "descope user load --user-id U2abc --json"],
  async run({ api }, _args, flags) {
    const reply = await api.call(load, whichUser(flags));
    return value("user", decodeRecord(user, member(reply, "user"), "user"), "Loaded user");
  },
});
