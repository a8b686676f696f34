import type { Path } from "../../json/locate.ts";
import type { Json } from "../../json/value.ts";
import type { Address, Place } from "../model/address.ts";

/** Where a rule is written, for messages. */
export interface Origin {
  readonly file: string;
  /** Keys and positions from the file's root. */
  readonly path: Path;
  readonly line: number;
  readonly column: number;
}

export interface Rule {
  readonly at: Place;
  readonly origin: Origin;
}

/** Where a secret's value comes from, and whether it is to be written. */
export interface SecretRule {
  readonly address: Address;
  /** The place in the entity whose secrets these are: `/providerSettings/google` of `auth/oauth`; empty for the entity itself. */
  readonly at: Place;
  /** The secret's type, in lower case: "bearertoken". */
  readonly name: string;
  /** `env:NAME` or `file:path`. */
  readonly from: string | undefined;
  readonly version: number | undefined;
  readonly clear: boolean;
  readonly origin: Origin;
}

/** What is special about one environment. */
export interface Environment {
  readonly name: string;
  readonly files: readonly string[];
  readonly project: string | undefined;
  readonly isProtected: boolean | undefined;
  readonly allowDelete: number | undefined;
  readonly only: readonly Rule[];
  readonly keep: readonly Rule[];
  readonly set: readonly (Rule & { readonly value: Json; readonly variable: string | undefined })[];
  readonly unset: readonly Rule[];
  readonly ignore: readonly (Rule & { readonly why: string })[];
  readonly protect: readonly Rule[];
  readonly delete: readonly Rule[];
  readonly secrets: readonly SecretRule[];
}
