import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { importPassword } from "./imported-password.ts";
import { storePassword } from "./password.ts";
import type { User } from "./user.ts";

/** How a request says that a new user proves who it is. */
export interface CredentialInput {
  /** In clear. */
  readonly password?: string | null | undefined;
  /** Made by another service. */
  readonly hashedPassword?: Readonly<Record<string, unknown>> | null | undefined;
  /** Base32 secret of an authenticator app. */
  readonly seed?: string | null | undefined;
}

/** What a new user can sign in by. @throws {EmulatorError} for a hash or seed that cannot be one. */
export function newCredentials(
  project: Project,
  { password, hashedPassword, seed }: CredentialInput,
): Pick<User, "password" | "totpSeed"> {
  const now = project.clock.now();
  if (password && hashedPassword != null && Object.keys(hashedPassword).length > 0)
    throw invalidArgument("Only one of the password and hashedPassword fields can be set");
  const stored = password
    ? storePassword(password, project.ids.text(16), now)
    : hashedPassword == null
      ? undefined
      : importPassword(hashedPassword, now);
  if (seed && !/^[A-Z2-7]+=*$/i.test(seed)) throw invalidArgument("The seed field must be base32");
  return {
    ...(stored === undefined ? {} : { password: stored }),
    ...(seed ? { totpSeed: seed } : {}),
  };
}
