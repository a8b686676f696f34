import { remove } from "../../api/operations/access-keys.ts";
import { command } from "../../command/command.ts";
import { id } from "../../command/flags.ts";
import { done } from "../../command/result.ts";

export default command({
  operations: [remove],
  args: { id: id("Id of the key") },
  confirm: (args) => `Delete access key ${args.id}? What uses it stops working.`,
  examples: ["descope access-key delete AK2abc"],
  async run({ api }, { id: key }) {
    await api.call(remove, { id: key });
    return done();
  },
});
