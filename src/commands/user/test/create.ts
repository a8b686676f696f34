import { createTest } from "../../../api/operations/users.ts";
import { command } from "../../../command/command.ts";
import { createUser, newUserArgs, newUserFlags } from "../new-user.ts";

export default command({
  description:
    'A test user gets no mail and no messages: codes and links come from "descope user test generate".',
  operations: [createTest],
  args: newUserArgs,
  flags: newUserFlags,
  examples: ["descope user test create tester --email tester@example.com"],
  run: ({ api }, { loginId }, flags) => createUser(api, createTest, loginId, flags, { test: true }),
});
