const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

/**
 * Reads a whole number as Go's `strconv.ParseInt(text, 0, 64)` does: `0x`, `0o` and `0b` prefixes, a leading zero for octal, and
 * underscores between digits. Gives undefined for anything else, also for what does not fit 64 bits.
 */
export function parseGoInt(text: string): bigint | undefined {
  const found = /^([+-]?)(0[xX]|0[oO]|0[bB]|0(?=[_0-9]))?(_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)$/.exec(text);
  if (found === null) return undefined;
  const [, sign, prefix = "", spelled = ""] = found;
  if (prefix === "" && spelled.startsWith("_")) return undefined;
  const digits = spelled.replaceAll("_", "");
  const base = prefix.toLowerCase();
  const allowed =
    base === "0x" ? /^[0-9a-fA-F]+$/ : base === "0b" ? /^[01]+$/ : base === "" ? /^[0-9]+$/ : /^[0-7]+$/;
  if (!allowed.test(digits)) return undefined;
  const magnitude = BigInt((base === "0" ? "0o" : base) + digits);
  const number = sign === "-" ? -magnitude : magnitude;
  return number < MIN || number > MAX ? undefined : number;
}
