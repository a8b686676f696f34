import type { Api } from "../../api/client.ts";
import type { Operation } from "../../api/operation.ts";
import { decodeRecord, member } from "../../api/record.ts";
import { user } from "../../api/records/user.ts";
import { id, list, text } from "../../command/flags.ts";
import { value, type Value } from "../../command/result.ts";

/** The argument of the commands that create a user. */
export const newUserArgs = { loginId: id("Login id of the new user") };

/** The flags of the commands that create a user. */
export const newUserFlags = {
  email: text("E-mail address", { short: "e", value: "address" }),
  phone: text("Phone number, with its country code", { short: "p", value: "number" }),
  name: text("Display name", { short: "n" }),
  tenants: list("Ids of tenants that the user joins", { short: "t", value: "ids" }),
};

export interface NewUser {
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly name: string | undefined;
  readonly tenants: string[] | undefined;
}

/** Creates a user, or a test user, and shows it. */
export async function createUser(
  api: Api,
  operation: Operation,
  loginId: string,
  { email = "", phone = "", name = "", tenants = [] }: NewUser,
  more: { readonly test?: true } = {},
): Promise<Value> {
  const reply = await api.call(operation, {
    loginId,
    email,
    phone,
    displayName: name,
    userTenants: tenants.map((tenantId) => ({ tenantId })),
    invite: false,
    ...more,
  });
  return value("user", decodeRecord(user, member(reply, "user"), "user"), "Created user");
}
