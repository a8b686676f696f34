import type { Call } from "../service.ts";

/**
 * The address at which the caller reached the emulator, without a slash at the end. Clients compare it with the issuer that they
 * looked for, which in a container or behind a proxy is another one than the emulator's own.
 */
export function addressOf(call: Call): string {
  const host = call.header("x-forwarded-host") ?? call.header("host") ?? "";
  if (!/^(?:[\w.-]+|\[[\da-f:]+\])(?::\d+)?$/i.test(host)) return call.world.settings.url;
  const scheme = call.header("x-forwarded-proto") === "https" ? "https" : "http";
  return `${scheme}://${host}`;
}
