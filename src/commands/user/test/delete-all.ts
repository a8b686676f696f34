import { deleteAllTest } from "../../../api/operations/users.ts";
import { command } from "../../../command/command.ts";
import { done } from "../../../command/result.ts";

export default command({
  operations: [deleteAllTest],
  confirm: () => "Delete all test users of this project?",
  examples: ["descope user test delete-all"],
  async run({ api }) {
    await api.call(deleteAllTest);
    return done();
  },
});
