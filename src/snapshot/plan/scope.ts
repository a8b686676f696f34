import { isFromOverlay } from "../environment/overlay.ts";
import { matchesAddress, readPlace, type Address, type Place } from "../model/address.ts";
import { covers, type Pointer } from "../model/pointer.ts";
import type { PlanInput } from "./input.ts";

/** What a plan looks at, what it leaves as the target has it, and what was chosen where both sides moved. */
export class Scope {
  private readonly input: PlanInput;
  private readonly resolved = new Set<string>();

  constructor(input: PlanInput) {
    this.input = input;
  }

  /** True for an entity that the plan looks at. */
  has(address: Address): boolean {
    const { only, except } = this.input;
    const wanted = only.length === 0 || only.some((place) => matchesAddress(place.address, address));
    return (
      wanted && !except.some((place) => place.pointer.length === 0 && matchesAddress(place.address, address))
    );
  }

  /** Places of an entity that the target's values are kept at, with the reason. */
  keptPatterns(address: Address): { pattern: Pointer; why: string }[] {
    const { keep, except, touched } = this.input;
    const of = (places: readonly Place[]) => places.filter((place) => matchesAddress(place.address, address));
    const domain: Pointer = ["domain"];
    const identity =
      address === "project" && !isFromOverlay(touched, address, domain)
        ? [{ pattern: domain, why: "the target's own domain" }]
        : [];
    return [
      ...identity,
      ...of(keep).map(({ pointer }) => ({ pattern: pointer, why: "kept by the environment" })),
      ...of(except)
        .filter(({ pointer }) => pointer.length > 0)
        .map(({ pointer }) => ({ pattern: pointer, why: "left out by --except" })),
    ];
  }

  /** True for a place that `--only` leaves out. */
  isBeyond(address: Address, pointer: Pointer): boolean {
    const here = this.input.only.filter((place) => matchesAddress(place.address, address));
    return here.length > 0 && !here.some((place) => covers(place.pointer, pointer));
  }

  /** What was chosen for a place. */
  choice(address: Address, pointer: Pointer): "ours" | "theirs" | undefined {
    for (const [written, choice] of this.input.resolve) {
      const place = readPlace(written);
      if (place === undefined || place.address !== address || !covers(place.pointer, pointer)) continue;
      this.resolved.add(written);
      return choice;
    }
    return undefined;
  }

  /** Choices that nothing asked for, in words. */
  unusedChoices(): string[] {
    return [...this.input.resolve.keys()]
      .filter((written) => !this.resolved.has(written))
      .map((written) => `--resolve ${written} names nothing that both sides or the target changed`);
  }
}
