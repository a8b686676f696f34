import type { EmulatorClock } from "./clock.ts";
import type { Outbox } from "./control/outbox.ts";
import type { Ids } from "./ids.ts";
import type { Store } from "./store/store.ts";

/** What everything in the emulator stands on: the state, the time, chance, and how it was started. */
export interface World {
  readonly store: Store;
  readonly clock: EmulatorClock;
  readonly ids: Ids;
  readonly settings: Settings;
  /** Where codes and links go that would be sent. */
  readonly outbox: Outbox;
  /** Says something to whoever runs the emulator, on one line. */
  warn(line: string): void;
}

/** How the emulator was started, as far as services care. */
export interface Settings {
  /** The one code that every one-time code is; random ones where absent. */
  readonly otp?: string | undefined;
  /** The private key, as PEM, that tokens are signed with; a published one where absent. */
  readonly signingKey?: string | undefined;
  /** The address at which it is reached, without a slash at the end. Known once it serves. */
  url: string;
}
