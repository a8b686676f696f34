import { describe, expect, test } from "bun:test";
import { EmulatorClock } from "../../src/emulator/clock.ts";
import { Ids } from "../../src/emulator/ids.ts";

describe("ids", () => {
  let now = Date.parse("2026-11-25T00:00:00Z");
  const clock = new EmulatorClock(() => now);

  test("look like Descope's, and later ones sort behind earlier ones", () => {
    const ids = new Ids(clock);
    const made: string[] = [];
    for (let i = 0; i < 50; i++) {
      made.push(ids.next("U"));
      now += 1000;
    }
    for (const id of made) expect(id).toMatch(/^U3[0-9A-Za-z]{26}$/);
    expect([...made].sort()).toEqual(made);
  });

  test("of projects name no region and are obviously the emulator's", () => {
    expect(new Ids(clock).nextProject()).toMatch(/^PEmulator\w{19}$/);
  });

  test("are the same again with the same chance", () => {
    const chance = () => {
      let state = 1;
      return (bytes: Uint8Array) => bytes.map(() => (state = (state * 16807) % 2147483647) & 255);
    };
    expect(new Ids(clock, chance()).text(40)).toBe(new Ids(clock, chance()).text(40));
  });

  test("codes are digits of the wanted number", () => {
    const codes = Array.from({ length: 200 }, () => new Ids(clock).digits(6));
    for (const code of codes) expect(code).toMatch(/^\d{6}$/);
    expect(new Set(codes).size).toBeGreaterThan(190);
  });
});

describe("the clock", () => {
  let machine = 1000;
  const clock = new EmulatorClock(() => machine);

  test("runs with the machine's, from where it was set; stands still when frozen", () => {
    expect(clock.now()).toBe(1000);
    clock.set(5000);
    machine += 10;
    expect(clock.now()).toBe(5010);
    clock.advance(-10);
    clock.freeze();
    machine += 500;
    expect(clock.now()).toBe(5000);
    clock.advance(100);
    expect(clock.now()).toBe(5100);
    clock.unfreeze();
    machine += 1;
    expect(clock.now()).toBe(5101);
    clock.reset();
    expect(clock.now()).toBe(machine);
  });
});
