import { describe, expect, test } from "bun:test";
import { connected } from "../support/binary.ts";
import { temporaryFolder } from "../support/folder.ts";
import { atTerminal } from "../support/pseudo-terminal.ts";

/** A server whose list of users has two pages, the second of which comes only when the test lets it. */
function slowServer() {
  const gate = Promise.withResolvers<void>();
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const { page } = (await request.json()) as { page: number };
      if (page === 0) {
        const users = Array.from({ length: 100 }, (_, i) => ({ userId: `U${i}` }));
        return Response.json({ total: 101, users });
      }
      await gate.promise;
      return Response.json({ total: 101, users: [{ userId: "U100" }] });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    go: () => gate.resolve(),
    [Symbol.dispose]: () => void server.stop(true),
  };
}

/** What is left on the screen. */
function screen(text: string): string {
  return text.replace(/[^\n]*\r\u001b\[2K/g, "").replaceAll("\r\n", "\n");
}

describe.skipIf(process.platform === "win32")("progress", () => {
  test("shows at a terminal how far a long list is, and leaves no trace", async () => {
    using server = slowServer();
    await using session = atTerminal(["user", "load-all", "--all"], {
      env: { ...connected(server.url), NO_COLOR: "1" },
    });
    await session.see("Loading users: 100");
    server.go();
    expect(await session.ended).toBe(0);
    expect(screen(session.shown)).toStartWith("Loaded 101 users\n\nUSER ID\nU0\n");
    expect(screen(session.shown)).toEndWith("U100\n");
  });

  test("shows while the result goes to a file, and never in it", async () => {
    using server = slowServer();
    using folder = temporaryFolder();
    await using session = atTerminal(["user", "load-all", "--all"], {
      env: { ...connected(server.url), NO_COLOR: "1" },
      cwd: folder.path,
      line: '"$0" "$@" >out',
    });
    await session.see("Loading users: 100");
    server.go();
    expect(await session.ended).toBe(0);
    expect(screen(session.shown)).toBe("");
    expect(folder.contents().out).toStartWith("* Loaded 101 users\n  - User 0: ");
  });

  test("makes way for what is said in between, each line whole", async () => {
    using server = slowServer();
    await using session = atTerminal(["user", "load-all", "--all", "--debug"], {
      env: { ...connected(server.url), NO_COLOR: "1" },
    });
    await session.see("Loading users: 100");
    server.go();
    expect(await session.ended).toBe(0);
    const lines = screen(session.shown).split("\n");
    expect(lines.filter((line) => line.startsWith("> POST "))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith("< 200 in "))).toHaveLength(2);
    expect(lines.indexOf("Loaded 101 users")).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith("< ")),
    );
  });
});
