import { expect, test } from "bun:test";
import { EmulatorClock } from "../../src/emulator/clock.ts";

test("what is done at one moment has one time, also when it fails; time goes on behind it", () => {
  let machine = 999;
  const clock = new EmulatorClock(() => machine++);
  const times = clock.atOneMoment(() => [clock.now(), clock.seconds(), clock.now()]);
  expect(times).toEqual([999, 0, 999]);
  expect(clock.now()).toBe(1000);
  expect(() =>
    clock.atOneMoment(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(clock.now()).toBeLessThan(clock.now());
});
