import { expect, test } from "bun:test";
import { ErrorStream } from "../../src/output/error-stream.ts";
import { Messages } from "../../src/output/messages.ts";

/** Standard error whose writes take as long as the test says, and whose time passes when it says so. */
function fakeOutput(options: { redraw?: boolean; width?: number; slow?: boolean } = {}) {
  const written: string[] = [];
  const ticks: { readonly due: number; tick: () => void }[] = [];
  let now = 0;
  let writing = false;
  const stream = new ErrorStream({
    async write(text) {
      // Two writes at once would mix their bytes.
      expect(writing).toBe(false);
      writing = true;
      for (let i = 0; i < (options.slow === true ? 20 : 1); i++) await Promise.resolve();
      written.push(text);
      writing = false;
    },
    canRedraw: () => options.redraw ?? true,
    width: () => options.width ?? 80,
    after(milliseconds, tick) {
      const one = { due: now + milliseconds, tick };
      ticks.push(one);
      return () => void (ticks.includes(one) && ticks.splice(ticks.indexOf(one), 1));
    },
  });
  return {
    stream,
    written,
    pending: () => ticks.length,
    /** What a terminal shows. */
    screen: () => written.join("").replace(/[^\n]*\r\u001b\[2K/g, ""),
    async pass(milliseconds: number) {
      const until = now + milliseconds;
      for (;;) {
        ticks.sort((a, b) => a.due - b.due);
        const [next] = ticks;
        if (next === undefined || next.due > until) break;
        ticks.shift();
        now = next.due;
        next.tick();
        await settled();
      }
      now = until;
      await settled();
    },
  };
}

async function settled(): Promise<void> {
  for (let i = 0; i < 100; i++) await Promise.resolve();
}

test("texts are written one after another in the order in which they were given, and none is lost", async () => {
  const { stream, written } = fakeOutput({ slow: true });
  const texts = Array.from({ length: 200 }, (_, i) => `line ${i}\n`);
  for (const text of texts) void stream.write(text);
  await stream.settle();
  expect(written).toEqual(texts);
});

test("a text that has to be made first keeps its place", async () => {
  const { stream, written } = fakeOutput();
  const { promise, resolve } = Promise.withResolvers<string>();
  void stream.write(() => promise);
  void stream.write("second\n");
  resolve("first\n");
  await stream.settle();
  expect(written).toEqual(["first\n", "second\n"]);
});

test("a progress line appears after half a second, and not before", async () => {
  const { stream, written, screen, pass } = fakeOutput();
  stream.progress("Loading users");
  await pass(499);
  expect(written).toEqual([]);
  await pass(1);
  expect(screen()).toMatch(/^\S Loading users$/);
});

test("what is over sooner leaves no trace", async () => {
  const { stream, written, pending, pass } = fakeOutput();
  stream.progress("Loading users").stop();
  await pass(5000);
  expect(written).toEqual([]);
  expect(pending()).toBe(0);
});

test("it is drawn ten times a second at most, turns, and tells how far the work is", async () => {
  const { stream, written, screen, pass } = fakeOutput();
  const progress = stream.progress("Loading users");
  await pass(500);
  for (let i = 1; i <= 1000; i++) {
    progress.update(String(i));
    await pass(1);
  }
  expect(written).toHaveLength(11);
  expect(screen()).toMatch(/^\S Loading users: 1000$/);
  expect(new Set(written.map((text) => Bun.stripANSI(text).trim()[0])).size).toBeGreaterThan(3);
});

test("it is wiped at the end, and nothing is drawn any more", async () => {
  const { stream, written, screen, pending, pass } = fakeOutput();
  const progress = stream.progress("Loading users");
  await pass(700);
  progress.stop();
  progress.stop();
  await settled();
  expect(screen()).toBe("");
  const count = written.length;
  await pass(5000);
  expect(written).toHaveLength(count);
  expect(pending()).toBe(0);
});

test("it makes way for every text and comes back below it", async () => {
  const { stream, screen, pass } = fakeOutput();
  stream.progress("Importing");
  await pass(600);
  await stream.write("* A note\n");
  expect(screen()).toBe("* A note\n");
  await pass(100);
  expect(screen()).toMatch(/^\* A note\n\S Importing$/);
});

test("settling wipes it, for a result or a question", async () => {
  const { stream, screen, pass } = fakeOutput();
  stream.progress("Importing");
  await pass(600);
  await stream.settle();
  expect(screen()).toBe("");
});

test("where nothing can be redrawn it never shows", async () => {
  const { stream, written, pass } = fakeOutput({ redraw: false });
  const progress = stream.progress("Importing");
  await pass(3000);
  progress.stop();
  await settled();
  expect(written).toEqual([]);
});

test("it stays on its line, whatever it is told", async () => {
  const { stream, screen, pass } = fakeOutput({ width: 20 });
  stream.progress("Importing").update("a\nb\u001b[31m 界界界界界界界界界");
  await pass(500);
  expect(screen()).not.toContain("\n");
  expect(screen()).not.toContain("\u001b");
  expect(Bun.stringWidth(screen())).toBeLessThan(20);
});

test("of two at once the later one shows, until it is over", async () => {
  const { stream, screen, pass } = fakeOutput();
  const outer = stream.progress("Outer");
  await pass(600);
  const inner = stream.progress("Inner");
  await pass(100);
  expect(screen()).toContain("Inner");
  inner.stop();
  await pass(100);
  expect(screen()).toContain("Outer");
  outer.stop();
  await settled();
  expect(screen()).toBe("");
});

test("the end of a run wipes what nobody stopped, and stops it", async () => {
  const { stream, written, screen, pending, pass } = fakeOutput();
  stream.progress("Importing");
  await pass(600);
  void stream.write("* Error: no\n");
  await stream.close();
  expect(screen()).toBe("* Error: no\n");
  const count = written.length;
  await pass(5000);
  expect(written).toHaveLength(count);
  expect(pending()).toBe(0);
});

test.each([
  [{ json: false, debug: false }, "* info\n* warn\n"],
  [{ json: true, debug: false }, "* warn\n"],
  [{ json: false, debug: true }, "* info\n* warn\n> debug\n"],
  [{ json: true, debug: true }, "* info\n* warn\n> debug\n"],
])("with %j messages come as wanted, in order, also among other texts", async (wanted, shown) => {
  const { stream, written } = fakeOutput();
  const messages = new Messages(stream, wanted);
  messages.say("info", "* info");
  messages.say("warn", "* warn");
  messages.say("debug", "> debug");
  void stream.write("end\n");
  await stream.settle();
  expect(written.join("")).toBe(`${shown}end\n`);
});

test("a message that comes again is said again", async () => {
  const { stream, written } = fakeOutput();
  const messages = new Messages(stream, { json: false, debug: false });
  for (let i = 0; i < 20; i++) messages.say("info", "* the same %s %d");
  await stream.settle();
  expect(written).toEqual(Array.from({ length: 20 }, () => "* the same %s %d\n"));
});
