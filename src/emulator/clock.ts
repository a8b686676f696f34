/**
 * Time inside the emulator. It runs with the machine's, from a point that can be set, so that tokens expire and codes lapse when a
 * test says so.
 */
export class EmulatorClock {
  private readonly machine: () => number;
  private offset = 0;
  private frozenAt: number | undefined;
  private heldAt: number | undefined;

  /** @param machine gives the machine's milliseconds since 1970. */
  constructor(machine: () => number = () => Date.now()) {
    this.machine = machine;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.heldAt ?? this.frozenAt ?? this.machine() + this.offset;
  }

  /**
   * Does `work` at one moment: what it makes together has the same time, as a token's start and end have. `work` must not wait for
   * anything; where it sets the clock, the moment is the new one.
   */
  atOneMoment<T>(work: () => T): T {
    this.heldAt = this.now();
    try {
      return work();
    } finally {
      this.heldAt = undefined;
    }
  }

  /** True where time stands still. */
  get isFrozen(): boolean {
    return this.frozenAt !== undefined;
  }

  /** Whole seconds since 1970. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Makes it `milliseconds` now; time goes on from there unless it is frozen. */
  set(milliseconds: number): void {
    if (this.frozenAt === undefined) this.offset = milliseconds - this.machine();
    else this.frozenAt = milliseconds;
    if (this.heldAt !== undefined) this.heldAt = milliseconds;
  }

  /** Moves time by `milliseconds`, forwards or backwards. */
  advance(milliseconds: number): void {
    this.set(this.now() + milliseconds);
  }

  /** Stops time where it is. */
  freeze(): void {
    this.frozenAt = this.now();
  }

  /** Lets time run on from where it was stopped. */
  unfreeze(): void {
    if (this.frozenAt === undefined) return;
    const stopped = this.frozenAt;
    this.frozenAt = undefined;
    this.set(stopped);
  }

  /** Goes back to the machine's time. */
  reset(): void {
    this.frozenAt = undefined;
    this.offset = 0;
    if (this.heldAt !== undefined) this.heldAt = this.machine();
  }
}
