import { expect, test } from "bun:test";
import { isInRange } from "../../src/emulator/ip-range.ts";

test("an address on IPv4 is the same where the server sees it on IPv6", () => {
  for (const [address, range, within] of [
    ["127.0.0.1", "127.0.0.0/8", true],
    ["::ffff:127.0.0.1", "127.0.0.0/8", true],
    ["::ffff:127.0.0.1", "127.0.0.1", true],
    ["127.0.0.1", "::ffff:127.0.0.0/104", true],
    ["::ffff:10.0.0.1", "127.0.0.0/8", false],
    ["::1", "127.0.0.0/8", false],
    ["fd00::1", "fd00::/8", true],
    ["fd00::1", "fe00::/8", false],
    ["somewhere", "10.0.0.0/8", undefined],
  ] as const)
    expect([address, range, isInRange(address, range)]).toEqual([address, range, within]);
});
