import { audit } from "../audit.ts";
import { accessKeyOf, isExpired, type AccessKey } from "../entities/access-key.ts";
import { EmulatorError } from "../error.ts";
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
          : key.permittedIps.length > 0 && !key.permittedIps.some((range) => isWithin(remoteAddress, range))
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

/** Whether an address is the one that is given, or in its range (`10.0.0.0/8`). */
function isWithin(address: string, range: string): boolean {
  const [base = "", bits] = range.split("/");
  const plain = address.replace(/^::ffff:/, "");
  if (bits === undefined) return base === plain;
  const [from, to] = [ipv4(base), ipv4(plain)];
  if (from === undefined || to === undefined) return base === plain;
  const shift = 32 - Number(bits);
  return shift >= 32 || from >>> shift === to >>> shift;
}

function ipv4(text: string): number | undefined {
  const parts = text.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((number, part) => number * 256 + part, 0) >>> 0;
}
