import { audit } from "../audit.ts";
import { accessKeyOf, isExpired, type AccessKey } from "../entities/access-key.ts";
import { EmulatorError } from "../error.ts";
import { isInRange } from "../ip-range.ts";
import type { Call } from "../service.ts";
import { userById } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

/**
 * The access key that was given out as `cleartext`.
 *
 * @throws {EmulatorError} 401 for one that does not exist, is not active, has expired or may not be used from the caller's address.
 */
export function goodAccessKey(call: Call, cleartext: string): AccessKey {
  const key = usableAccessKey(call, cleartext);
  const { project, remoteAddress } = call;
  audit(project, { action: "AccessKeyExchanged", actorId: key.id, remoteAddress, data: { keyId: key.id } });
  return key;
}

/** The same for a key that is not exchanged for a token, but used as it is. */
export function usableAccessKey(call: Call, cleartext: string): AccessKey {
  const { project, remoteAddress } = call;
  const key = accessKeyOf(project, cleartext);
  const fault =
    key === undefined
      ? "The access key is not known"
      : key.status !== "active"
        ? "The access key is not active"
        : isExpired(project, key)
          ? "The access key has expired"
          : key.permittedIps.length > 0 &&
              !key.permittedIps.some((range) => isInRange(remoteAddress, range) === true)
            ? "The access key may not be used from this address"
            : key.boundUserId !== undefined && !isActive(userById(project, key.boundUserId))
              ? "The access key's user is disabled or gone"
              : undefined;
  if (key === undefined || fault !== undefined) {
    audit(project, {
      action: "AccessKeyExchangeFailed",
      type: "warn",
      ...(key === undefined ? {} : { actorId: key.id }),
      remoteAddress,
      data: { error: fault },
    });
    throw new EmulatorError(401, "E061005", "Invalid token", fault, { keeps: true });
  }
  return key;
}

function isActive(user: User | undefined): boolean {
  return user !== undefined && user.status !== "disabled";
}
