import { readPointer, writePointer, type Pointer } from "./pointer.ts";

/**
 * What a snapshot's entities are called: `project`, `auth/otp`, `connector/My HTTP`, `flow/sign-in`. Names are what is the same in
 * every environment, never ids or file names.
 */
export type Address = string;

/** An address, or a place within: `project#/inviteUrl`. */
export interface Place {
  readonly address: Address;
  readonly pointer: Pointer;
}

/** Puts an address together. A name that holds `#/` is escaped, because that starts a pointer. */
export function addressOf(kind: string, name: string): Address {
  return `${kind}/${name.replaceAll("#/", "~4/")}`;
}

/** The part before the first slash. */
export function kindOf(address: Address): string {
  const slash = address.indexOf("/");
  return slash === -1 ? address : address.slice(0, slash);
}

/** The part behind the first slash; empty where there is none. */
export function nameOf(address: Address): string {
  const slash = address.indexOf("/");
  return slash === -1 ? "" : address.slice(slash + 1).replaceAll("~4/", "#/");
}

export function writePlace({ address, pointer }: Place): string {
  return pointer.length === 0 ? address : `${address}#${writePointer(pointer)}`;
}

/** Reads an address with or without a place in it; undefined for what is neither. */
export function readPlace(text: string): Place | undefined {
  const hash = text.indexOf("#/");
  const address = hash === -1 ? text : text.slice(0, hash);
  const pointer = hash === -1 ? [] : readPointer(text.slice(hash + 1));
  if (address === "" || address.startsWith("/") || address.endsWith("/") || pointer === undefined)
    return undefined;
  return { address, pointer };
}

/** Says which places of `--only` and `--except` name none of the addresses: most often a slip of the keyboard. */
export function namingNothing(
  scope: { readonly only: readonly Place[]; readonly except: readonly Place[] },
  addresses: Iterable<Address>,
): string[] {
  const known = [...addresses];
  const idle = (flag: string, places: readonly Place[]) =>
    places
      .filter(({ address }) => !known.some((one) => matchesAddress(address, one)))
      .map((place) => `${flag} ${writePlace(place)} names nothing that is there`);
  return [...idle("--only", scope.only), ...idle("--except", scope.except)];
}

/** True when `pattern` names `address`: exactly, or with a `*` in place of all that follows a slash. Never by a part of a name. */
export function matchesAddress(pattern: Address, address: Address): boolean {
  if (pattern === address || pattern === "*") return true;
  return pattern.endsWith("/*") && address.startsWith(pattern.slice(0, -1));
}
