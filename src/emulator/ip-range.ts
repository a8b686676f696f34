import { invalidArgument } from "./error.ts";

/** An address, or a range of addresses in CIDR form: the bits that count, and how many there are. */
interface Bits {
  readonly number: bigint;
  /** 32 or 128. */
  readonly width: number;
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** True for an IPv4 or IPv6 address. */
export function isAddress(text: string): boolean {
  return bitsOf(text) !== undefined;
}

/** True for an address, or a range such as `10.0.0.0/8`. */
export function isAddressOrRange(text: string): boolean {
  return rangeOf(text) !== undefined;
}

/** The texts of a field, none where it is not sent. @throws {EmulatorError} for one that is neither an address nor a range. */
export function addressesOrRanges(
  field: string,
  texts: readonly string[] | null | undefined,
): readonly string[] {
  const wrong = texts?.find((text) => !isAddressOrRange(text));
  if (wrong !== undefined)
    throw invalidArgument(`The ${field} field holds ${wrong}, which is no address and no range`);
  return texts ?? [];
}

/** Whether an address lies in a range, or is the address that stands in its place; undefined when one of them is neither. */
export function isInRange(address: string, range: string): boolean | undefined {
  const asked = bitsOf(address);
  const given = rangeOf(range);
  if (asked === undefined || given === undefined) return undefined;
  const bits = unmapped({ ...asked, prefix: asked.width });
  const wanted = unmapped(given);
  if (bits.width !== wanted.width) return false;
  const free = BigInt(wanted.width - wanted.prefix);
  return bits.number >> free === wanted.number >> free;
}

/** One spelling for each address and range, so that equal ones are equal. Text that is neither stays as it is. */
export function canonicalAddress(text: string): string {
  const range = rangeOf(text);
  return range === undefined ? text : `${range.width}:${range.number.toString(16)}/${range.prefix}`;
}

interface Range extends Bits {
  readonly prefix: number;
}

/** The IPv4 form of `::ffff:a.b.c.d`, which is how a server that listens on IPv6 sees a client on IPv4. */
function unmapped(range: Range): Range {
  const { number, width, prefix } = range;
  if (width !== 128 || prefix < 96 || number >> 32n !== 0xffffn) return range;
  return { number: number & 0xffffffffn, width: 32, prefix: prefix - 96 };
}

function rangeOf(text: string): Range | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = bitsOf(address);
  if (bits === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { ...bits, prefix: bits.width };
  const length = Number(prefix);
  return /^\d{1,3}$/.test(prefix) && length <= bits.width ? { ...bits, prefix: length } : undefined;
}

function bitsOf(text: string): Bits | undefined {
  const v4 = V4.exec(text)?.slice(1).map(Number);
  if (v4 !== undefined) {
    if (v4.some((part) => part > 255)) return undefined;
    return { number: v4.reduce((number, part) => (number << 8n) | BigInt(part), 0n), width: 32 };
  }
  return v6(text);
}

function v6(text: string): Bits | undefined {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = embedded === null ? undefined : bitsOf(embedded[2] as string);
  if (embedded !== null && tail === undefined) return undefined;
  const whole =
    tail === undefined
      ? text
      : `${embedded?.[1]}${(tail.number >> 16n).toString(16)}:${(tail.number & 0xffffn).toString(16)}`;
  const halves = whole.split("::");
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const count = groups.flat().length;
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined;
  const filled = [...(groups[0] ?? []), ...Array<string>(8 - count).fill("0"), ...(groups[1] ?? [])];
  if (!filled.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  const number = filled.reduce((sum, group) => (sum << 16n) | BigInt(Number.parseInt(group, 16)), 0n);
  return { number, width: 128 };
}
