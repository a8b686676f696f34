import { remove } from "../../../api/operations/inbound-apps.ts";
import { command } from "../../../command/command.ts";
import { id } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";

export default command({
  operations: [remove],
  args: { id: id("Id of the application") },
  confirm: (args) => `Delete inbound application ${args.id}? Whoever signs in through it is locked out.`,
  examples: ["descope apps inbound delete TPA2abc"],
  async run({ api }, { id: appId }) {
    await api.call(remove, { id: appId });
    return done();
  },
});
