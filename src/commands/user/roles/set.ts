import { setRoles } from "../../../api/operations/users.ts";
import { command } from "../../../command/command.ts";
import { done } from "../../../command/result.ts";
import { roleArgs, roleFlags } from "./role-change.ts";

export default command({
  description:
    "Without --roles all roles are removed: in the tenant where one is given, else in the project.",
  operations: [setRoles],
  args: roleArgs,
  flags: roleFlags,
  examples: [
    "descope user roles set ann@example.com --roles Editor,Viewer",
    "descope user roles set ann@example.com --roles Admin --tenant acme",
  ],
  async run({ api }, { loginId }, { roles, tenant = "" }) {
    await api.call(setRoles, { loginId, tenantId: tenant, roleNames: roles });
    return done();
  },
});
