import { text } from "../../command/flags.ts";
import { Failure } from "../../failure.ts";

/** The flags of the commands that find a user by one of two ids. */
export const whichUserFlags = {
  loginId: text("Login id of the user", { short: "l", value: "id" }),
  userId: text("User id of the user", { short: "u", value: "id" }),
};

/**
 * The two ids as they go into a request, the one that was not given empty.
 *
 * @throws {Failure} unless exactly one is given.
 */
export function whichUser({
  loginId = "",
  userId = "",
}: {
  loginId: string | undefined;
  userId: string | undefined;
}) {
  if ((loginId === "") === (userId === "")) {
    throw new Failure(loginId === "" ? "No user is named" : "Two users are named", {
      code: "invalid_input",
      hint: "Give either --login-id or --user-id.",
    });
  }
  return { loginId, userId };
}
