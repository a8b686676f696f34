import { describe, expect, test } from "bun:test";
import path from "node:path";
import { codeOf } from "./code-of.ts";

const root = path.join(import.meta.dir, "../..");

/** How a room knows another: what it may do with it. */
type How = "freely" | "lazily" | "types";

/** An import of one file by another. */
interface Arrow {
  readonly from: string;
  /** A file of the project, or the name of a module that is none of it. */
  readonly to: string;
  readonly how: How;
}

const IMPORT = /^(?:import|export)\b(?<type>\s+type\b)?[^;"]*?(?:\bfrom\s*)?"(?<module>[^"\n]+)";/gm;
const LAZY = /(?:\b(?:import|require)\(\s*)"(?<module>[^"\n]+)"/g;

async function arrows(): Promise<Arrow[]> {
  const out: Arrow[] = [];
  for (const from of [...new Bun.Glob("src/**/*.ts").scanSync({ cwd: root })].sort()) {
    const source = await Bun.file(path.join(root, from)).text();
    const toOf = (module: string) =>
      module.startsWith(".") ? path.posix.join(path.posix.dirname(from), module) : module;
    for (const { groups } of source.matchAll(IMPORT))
      out.push({
        from,
        to: toOf(groups?.module ?? ""),
        how: groups?.type === undefined ? "freely" : "types",
      });
    for (const { groups, index } of source.matchAll(LAZY)) {
      const isType = /\btypeof\s*$/.test(source.slice(0, index));
      out.push({ from, to: toOf(groups?.module ?? ""), how: isType ? "types" : "lazily" });
    }
  }
  return out;
}

/** The room of a file: the name of its folder in `src`, or "main"; undefined for the files that all may know. */
function roomOf(file: string): string | undefined {
  const [, first = "", second] = file.split("/");
  return second !== undefined ? first : first === "main.ts" ? "main" : undefined;
}

/** The rooms as the document states them, from the top down, with what each may know. */
async function stated(): Promise<Map<string, Map<string, How>>> {
  const text = await Bun.file(path.join(root, "docs/architecture.md")).text();
  const rows = text.matchAll(/^\| `src\/(\w+)(?:\.ts|\/)` *\|[^|]*\|([^|]*)\|$/gm);
  return new Map(
    [...rows].map(([, room = "", cell = ""]) => {
      const known = cell.split(",").map((word) => /^\s*(\w+)(?: \((types|lazily)\))?\s*$/.exec(word));
      return [
        room,
        new Map(known.flatMap((one) => (one === null ? [] : [[one[1] ?? "", (one[2] ?? "freely") as How]]))),
      ];
    }),
  );
}

const found = await arrows();
const rooms = await stated();

describe("the rooms of docs/architecture.md", () => {
  test("are those that there are, and point down", () => {
    const there = new Set(found.map(({ from }) => roomOf(from)).filter((room) => room !== undefined));
    expect([...rooms.keys()].sort()).toEqual([...there].sort());
    const order = [...rooms.keys()];
    for (const [room, known] of rooms)
      for (const other of known.keys())
        expect([room, other, order.indexOf(other) > order.indexOf(room)]).toEqual([room, other, true]);
  });

  test("know what is stated, no more and no less", () => {
    const seen = new Map<string, Set<How>>();
    for (const { from, to, how } of found) {
      const [room, other] = [roomOf(from), to.startsWith("src/") ? roomOf(to) : undefined];
      if (room === undefined) expect([from, to]).toEqual([from, ""]);
      if (room === undefined || other === undefined || room === other) continue;
      const arrow = `${room} -> ${other}`;
      seen.set(arrow, (seen.get(arrow) ?? new Set()).add(how));
      const allowed = rooms.get(room)?.get(other);
      const isAllowed = allowed === "freely" || how === "types" || allowed === how;
      expect([from, to, allowed !== undefined && isAllowed]).toEqual([from, to, true]);
    }
    const wanted = [...rooms].flatMap(([room, known]) =>
      [...known.keys()].map((other) => `${room} -> ${other}`),
    );
    expect([...seen.keys()].sort()).toEqual(wanted.sort());
  });

  test("leave commands to themselves", () => {
    const commands = new Set(
      found.flatMap(({ from, to, how }) => (from === "src/cli/routes.ts" && how === "lazily" ? [to] : [])),
    );
    expect(commands.size).toBeGreaterThan(50);
    const between = found.filter(({ from, to }) => from.startsWith("src/commands/") && commands.has(to));
    expect(between).toEqual([]);
  });

  test("touch the disk in one place", () => {
    const touching = found.filter(({ to }) => /^(?:node:)?fs(?:\/promises)?$/.test(to));
    const elsewhere = touching.map(({ from }) => from).filter((from) => !from.startsWith("src/files/"));
    expect([...new Set(elsewhere)].sort()).toEqual([
      "src/cli/interruption.ts",
      "src/cli/terminal.ts",
      "src/emulator/store/store.ts",
    ]);
  });

  test("are followed by those within the emulator", async () => {
    const text = await Bun.file(path.join(root, "docs/architecture.md")).text();
    const table = text.slice(text.indexOf("| In `src/emulator/`"), text.indexOf("## The emulator's state"));
    const named = [...table.matchAll(/`([\w-]+)\/`/g)].map(([, folder]) => folder);
    const there = found.map(({ from }) => /^src\/emulator\/([\w-]+)\//.exec(from)?.[1]).filter(Boolean);
    expect(named.sort()).toEqual([...new Set(there)].sort());
  });

  test("hold no files that need each other in a circle, types aside", () => {
    const needs = Map.groupBy(
      found.filter(({ how }) => how === "freely"),
      ({ from }) => from,
    );
    const done = new Set<string>();
    const circles: string[][] = [];
    const visit = (file: string, way: readonly string[]) => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file]);
      if (way.includes(file) || done.has(file)) return;
      for (const { to } of needs.get(file) ?? []) visit(to, [...way, file]);
      done.add(file);
    };
    for (const file of needs.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  test("open no file past the modules", async () => {
    const opening: string[] = [];
    for (const file of new Set(found.map(({ from }) => from)))
      if (/\bBun\s*\.\s*file\b/.test(codeOf(await Bun.file(path.join(root, file)).text())))
        opening.push(file);
    expect(opening).toEqual([]);
  });
});
