import { invalidInput } from "../../../failure.ts";

/**
 * True when a fingerprint is the one that was given, whole or by at least its first 12 digits.
 *
 * @throws {Failure} "invalid_input" for what is no fingerprint.
 */
export function expects(given: string, fingerprint: string): boolean {
  if (!/^dp1-[0-9a-f]{12,64}$/.test(given))
    throw invalidInput("--expect takes a plan's fingerprint: dp1- and at least 12 hexadecimal digits");
  return fingerprint.startsWith(given);
}
