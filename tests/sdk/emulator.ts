import { testEmulator } from "../support/emulator.ts";
import type { Message, Reply } from "../support/replies.ts";
import { startServing, type ReadyLine } from "../support/serving.ts";

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
  ): Promise<{ status: number; body: Reply }>;
  /** What was sent to a login id, the latest last. */
  messages(loginId: string): Promise<Message[]>;
  /** The latest that was sent to a login id; throws when there is none. */
  lastMessage(loginId: string): Promise<Message>;
  /** Moves the emulator's clock. */
  advance(seconds: number): Promise<void>;
}

const PROJECT = "PSdkSuite";

/** Starts the emulator in this process; `seed` is what a seed file would hold. */
export function emulatorHere(seed?: unknown): RunningEmulator {
  const emulator = testEmulator({ projects: [{ id: PROJECT, name: PROJECT }], seed });
  return connectTo(emulator, () => emulator.stop());
}

/** Starts the emulator of the compiled program, as its users do. */
export async function emulatorOfBinary(): Promise<RunningEmulator> {
  const serving = await startServing("--project", PROJECT);
  return connectTo(serving.ready, () => serving.kill());
}

function connectTo(
  ready: Pick<ReadyLine, "url" | "managementKey" | "env">,
  stop: () => Promise<void>,
): RunningEmulator {
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
    return { status: response.status, body: JSON.parse(text === "" ? "null" : text) as Reply };
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
