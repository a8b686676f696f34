import { remove } from "../../api/operations/tenants.ts";
import { command } from "../../command/command.ts";
import { id } from "../../command/flags.ts";
import { done } from "../../command/result.ts";

export default command({
  operations: [remove],
  args: { id: id("Id of the tenant") },
  confirm: (args) => `Delete tenant ${args.id}?`,
  examples: ["descope tenant delete acme"],
  async run({ api }, { id: tenant }) {
    await api.call(remove, { id: tenant, cascade: false });
    return done();
  },
});
