import { expect, test } from "bun:test";
import { exportSnapshot, importSnapshot } from "../../src/api/operations/projects.ts";
import { testClient } from "../support/client.ts";
import { scriptedServer } from "../support/server.ts";

/** Takes what an export's reply brings: what each attempt was given, and whether it was ended. */
async function receive(url: string, debug?: (line: string) => void) {
  const attempts: { text: string; ended: boolean }[] = [];
  await testClient(url, "destroy", debug).receive(exportSnapshot, "{}", () => {
    const decoder = new TextDecoder();
    const attempt = { text: "", ended: false };
    attempts.push(attempt);
    return {
      take: (part) => void (attempt.text += decoder.decode(part, { stream: true })),
      end: () => void (attempt.ended = true),
    };
  });
  return attempts;
}

/** A server that answers each request by the next of these lists of parts, a little apart, and then hangs up. */
function pieces(...answers: readonly (readonly string[])[]) {
  let asked = 0;
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      async data(socket) {
        for (const part of answers[asked++] ?? []) {
          socket.write(part);
          socket.flush();
          await Bun.sleep(5);
        }
        socket.end();
      },
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    asked: () => asked,
    [Symbol.dispose]: () => server.stop(true),
  };
}

const head = (length: number, type = "application/json") =>
  `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;

test("a reply is handed on as it comes", async () => {
  using server = pieces([head(14), '  {"fil', 'es":', "{} ", ""]);
  expect(await receive(server.url)).toEqual([{ text: '  {"files":{} ', ended: true }]);
});

test("one that is cut off is asked for anew, and taken from its beginning", async () => {
  using server = pieces([head(12), '{"files"'], [head(12), '{"files":', "{ }"]);
  expect(await receive(server.url)).toEqual([
    { text: '{"files"', ended: false },
    { text: '{"files":{ }', ended: true },
  ]);
  expect(server.asked()).toBe(2);
});

test("what is no object is never handed on, however it is cut", async () => {
  for (const parts of [["<html>hello"], ["\n\n", " ", "<ht", "ml>hello"], ["\ufeff", "<html>hello"]]) {
    const length = Buffer.byteLength(parts.join(""));
    using server = pieces([head(length, "text/html"), ...parts]);
    const failed = await receive(server.url).catch((error: Error) => error.message);
    expect(failed).toBe(
      'The server\'s reply cannot be used: status 200 with text/html that is not JSON: "<html>hello"',
    );
  }
  using nothing = pieces([head(0)]);
  expect(await receive(nothing.url).catch((error: Error) => error.message)).toContain("with an empty body");
  using spaces = pieces([head(3), " \n", " "]);
  expect(await receive(spaces.url).catch((error: Error) => error.message)).toContain("that is not JSON");
});

test("an error of who takes it ends the call, and nothing is asked for anew", async () => {
  using server = pieces([head(2), "{}"], [head(2), "{}"]);
  const api = testClient(server.url, "destroy");
  const failed = api.receive(exportSnapshot, "{}", () => ({
    take() {
      throw new Error("full");
    },
    end() {},
  }));
  await expect(failed).rejects.toThrow("full");
  expect(server.asked()).toBe(1);
});

test("an error's reply, and one that --debug shows, are read whole", async () => {
  using refused = scriptedServer({ "*": { status: 400, body: { errorCode: "E1", errorDescription: "no" } } });
  expect(await receive(refused.url).catch((error: Error) => error.message)).toBe("[E1] no [Status-Code:400]");
  using shown = scriptedServer({ "*": { body: { files: { "a.json": {} } } } });
  const lines: string[] = [];
  const attempts = await receive(shown.url, (line) => lines.push(line));
  expect(attempts).toEqual([{ text: '{"files":{"a.json":{}}}', ended: true }]);
  expect(lines.join("\n")).toContain('< {"files":{"a.json":{}}}');
});

test("a body of many megabytes arrives whole, with its length, each time that it is sent", async () => {
  const body = new TextEncoder().encode(JSON.stringify({ files: { "a.txt": "é".repeat(2_000_000) } }));
  using server = scriptedServer({ "*": [{ status: 503, headers: { "retry-after": "0" } }, { body: {} }] });
  await testClient(server.url, "destroy").exchange(importSnapshot, body);
  expect(server.seen.map(({ headers }) => headers.get("content-length"))).toEqual([
    String(body.length),
    String(body.length),
  ]);
  for (const { text, headers } of server.seen) {
    expect(headers.get("transfer-encoding")).toBeNull();
    expect(Buffer.from(text).equals(Buffer.from(body))).toBe(true);
  }
});
