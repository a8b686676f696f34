import { decodeText, member } from "../../api/record.ts";
import { create } from "../../api/operations/tenants.ts";
import { command } from "../../command/command.ts";
import { id, list, text } from "../../command/flags.ts";
import { value } from "../../command/result.ts";

export default command({
  operations: [create],
  args: { name: id("Name of the new tenant") },
  flags: {
    id: text("Id of the new tenant; without it the server makes one up", { short: "i", value: "id" }),
    domains: list("Domains whose users join the tenant by themselves", { short: "d", value: "domains" }),
  },
  examples: [
    "descope tenant create Acme",
    "descope tenant create Acme --id acme --domains acme.com,acme.org",
  ],
  async run({ api }, { name }, { id: wanted = "", domains }) {
    const reply = await api.call(create, { id: wanted, name, selfProvisioningDomains: domains });
    const tenantId = wanted === "" ? decodeText(member(reply, "id"), "id") : wanted;
    return value("tenantId", tenantId, "Created new tenant with id");
  },
});
