import { matchesImported } from "../users/imported-password.ts";
import { matchesStored, type StoredPassword } from "../users/password.ts";

/** Whether a password is the one that is kept, whoever made its hash. */
export function matchesPassword(password: string, stored: StoredPassword): boolean {
  if (stored.algorithm === "sha256") return matchesStored(password, stored.hash, stored.salt ?? "");
  return matchesImported(password, stored);
}
