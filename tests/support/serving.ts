import { binary } from "./binary.ts";
import type { Reply } from "./replies.ts";

/** What `emulator start --json` prints when it serves. */
export interface ReadyLine {
  readonly url: string;
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly managementKey: string;
  readonly env: Readonly<Record<string, string>>;
}

/** An emulator of the compiled program, in a process of its own. */
export interface Serving extends AsyncDisposable {
  readonly ready: ReadyLine;
  readonly process: Bun.Subprocess;
  /** A management call in the first project. */
  call(path: string, body?: unknown): Promise<{ status: number; body: Reply }>;
  /** Ends it without a word, as a crash of the machine would, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts `descope emulator start` on a free port. @throws what it said, when it does not serve. */
export async function startServing(...flags: readonly string[]): Promise<Serving> {
  const child = Bun.spawn([binary, "emulator", "start", "--json", "--port", "0", ...flags], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
  });
  const line = await firstLine(child.stdout);
  const ready = line === undefined ? undefined : (JSON.parse(line) as ReadyLine & { event?: string });
  if (ready?.event !== "ready")
    throw new Error(`the emulator did not start: ${line ?? ""}${await child.stderr.text()}`);
  const { url, projects, managementKey } = ready;
  const authorization = `Bearer ${projects[0]?.id}:${managementKey}`;
  const kill = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  return {
    ready,
    process: child,
    async call(path, body) {
      const response = await fetch(url + path, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Reply };
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

/** The first line of an output; undefined when it ends before one does. */
async function firstLine(output: ReadableStream<Uint8Array>): Promise<string | undefined> {
  let text = "";
  const decoder = new TextDecoder();
  const reader = output.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return undefined;
    text += decoder.decode(value, { stream: true });
    const end = text.indexOf("\n");
    if (end < 0) continue;
    reader.releaseLock();
    return text.slice(0, end);
  }
}
