import { create } from "../../api/operations/users.ts";
import { command } from "../../command/command.ts";
import { createUser, newUserArgs, newUserFlags } from "./new-user.ts";

export default command({
  operations: [create],
  args: newUserArgs,
  flags: newUserFlags,
  examples: [
    "descope user create ann@example.com --email ann@example.com",
    'descope user create ann@example.com -n "Ann Ash" --tenants acme,globex --json',
  ],
  run: ({ api }, { loginId }, flags) => createUser(api, create, loginId, flags),
});
