import { binary } from "../support/binary.ts";
import { testEmulator } from "../support/emulator.ts";

/** Something that the emulator would have sent by mail or text message. */
export interface Message {
  readonly kind: string;
  readonly method: string;
  readonly to: string;
  readonly loginId: string;
  readonly code?: string;
  readonly link?: string;
  readonly linkId?: string;
}

export interface RunningEmulator extends AsyncDisposable {
  readonly url: string;
  readonly projectId: string;
  readonly managementKey: string;
  /** What the ready line says a program's environment should hold. */
  readonly env: Readonly<Record<string, string>>;
  /** A request as it is, with the management key unless `authorization` says otherwise. */
  call(
    method: string,
    path: string,
    body?: unknown,
    authorization?: string,
  ): Promise<{ status: number; body: any }>;
  /** What was sent to a login id, the latest last. */
  messages(loginId: string): Promise<Message[]>;
  /** The latest that was sent to a login id; throws when there is none. */
  lastMessage(loginId: string): Promise<Message>;
  /** Moves the emulator's clock. */
  advance(seconds: number): Promise<void>;
}

interface ReadyLine {
  readonly url: string;
  readonly managementKey: string;
  readonly env: Readonly<Record<string, string>>;
}

const PROJECT = "PSdkSuite";

/** Starts the emulator in this process. */
export function emulatorHere(): RunningEmulator {
  const emulator = testEmulator({ projects: [{ id: PROJECT, name: PROJECT }] });
  return connectTo(emulator, () => emulator.stop());
}

/** Starts the emulator of the compiled program, as its users do. */
export async function emulatorOfBinary(): Promise<RunningEmulator> {
  const child = Bun.spawn([binary, "emulator", "start", "--json", "--port", "0", "--project", PROJECT], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env.PATH ?? "", NO_COLOR: "1" },
  });
  const ready = await readyLine(child.stdout);
  if (ready === undefined) throw new Error(`the emulator did not start: ${await child.stderr.text()}`);
  return connectTo(ready, async () => {
    child.kill();
    await child.exited;
  });
}

async function readyLine(output: ReadableStream<Uint8Array>): Promise<ReadyLine | undefined> {
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
    return JSON.parse(text.slice(0, end)) as ReadyLine;
  }
}

function connectTo(ready: ReadyLine, stop: () => Promise<void>): RunningEmulator {
  const { url, managementKey, env } = ready;
  const projectId = PROJECT;
  const call: RunningEmulator["call"] = async (method, target, body, authorization) => {
    const response = await fetch(url + target, {
      method,
      headers: {
        "content-type": "application/json",
        authorization: authorization ?? `Bearer ${projectId}:${managementKey}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  };
  const control = async (method: string, target: string, body?: unknown) => {
    const reply = await call(method, `/_emulator/${target}`, body);
    if (reply.status !== 200) throw new Error(`the emulator's own path: ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const messages = async (loginId: string): Promise<Message[]> =>
    (await control("GET", `messages?loginId=${encodeURIComponent(loginId)}`)).messages;
  return {
    url,
    projectId,
    managementKey,
    env,
    call,
    messages,
    async lastMessage(loginId) {
      const last = (await messages(loginId)).at(-1);
      if (last === undefined) throw new Error(`nothing was sent to ${loginId}`);
      return last;
    },
    async advance(seconds) {
      await control("POST", "clock", { advance: seconds });
    },
    [Symbol.asyncDispose]: stop,
  };
}
