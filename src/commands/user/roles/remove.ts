import { removeRoles } from "../../../api/operations/users.ts";
import { command } from "../../../command/command.ts";
import { done } from "../../../command/result.ts";
import { roleArgs, roleFlags, someRoles } from "./role-change.ts";

export default command({
  operations: [removeRoles],
  args: roleArgs,
  flags: roleFlags,
  examples: [
    "descope user roles remove ann@example.com --roles Editor,Viewer",
    "descope user roles remove ann@example.com --roles Admin --tenant acme",
  ],
  async run({ api }, { loginId }, { roles, tenant = "" }) {
    await api.call(removeRoles, { loginId, tenantId: tenant, roleNames: someRoles(roles) });
    return done();
  },
});
