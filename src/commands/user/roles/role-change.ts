import { id, list, text } from "../../../command/flags.ts";
import { invalidInput } from "../../../failure.ts";

/** The argument of the commands that change a user's roles. */
export const roleArgs = { loginId: id("Login id of the user") };

/** The flags of the commands that change a user's roles. */
export const roleFlags = {
  roles: list("Names of the roles", { short: "r", value: "names" }),
  tenant: text("Id of the tenant that the roles are for; without it they are for the whole project", {
    short: "t",
    value: "id",
  }),
};

/** The roles to add or remove. @throws when none is given. */
export function someRoles(roles: string[] | undefined): string[] {
  if (roles === undefined || roles.length === 0)
    throw invalidInput("No role is named", "Name them with --roles.");
  return roles;
}
