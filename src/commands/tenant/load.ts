import { decodeRecord, requireIdentity } from "../../api/record.ts";
import { tenant } from "../../api/records/tenant.ts";
import { load } from "../../api/operations/tenants.ts";
import { command } from "../../command/command.ts";
import { id } from "../../command/flags.ts";
import { value } from "../../command/result.ts";

export default command({
  operations: [load],
  args: { id: id("Id of the tenant") },
  examples: ["descope tenant load acme", "descope tenant load acme --json"],
  async run({ api }, { id: wanted }) {
    const reply = await api.call(load, { id: wanted });
    return value(
      "tenant",
      requireIdentity(decodeRecord(tenant, reply, "tenant"), "id", "tenant"),
      "Loaded tenant",
    );
  },
});
