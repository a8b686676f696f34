import { activate } from "../../api/operations/access-keys.ts";
import { command } from "../../command/command.ts";
import { id } from "../../command/flags.ts";
import { done } from "../../command/result.ts";

export default command({
  operations: [activate],
  args: { id: id("Id of the key") },
  examples: ["descope access-key activate AK2abc"],
  async run({ api }, { id: key }) {
    await api.call(activate, { id: key });
    return done();
  },
});
