import { decodeRecords, member } from "../../api/record.ts";
import { tenant } from "../../api/records/tenant.ts";
import { loadAll } from "../../api/operations/tenants.ts";
import { command } from "../../command/command.ts";
import { list } from "../../command/result.ts";

export default command({
  operations: [loadAll],
  examples: ["descope tenant load-all", "descope tenant load-all --json"],
  async run({ api }) {
    const reply = await api.call(loadAll);
    return list("tenants", decodeRecords(tenant, member(reply, "tenants"), "tenants"), {
      verb: "Loaded",
      noun: ["tenant", "tenants"],
      item: "Tenant",
      columns: ["id", "name", "selfProvisioningDomains", "authType", "disabled", "createdTime"],
    });
  },
});
