import { startEmulator, type Emulator, type EmulatorOptions } from "../../src/emulator/emulator.ts";
import { seedOf } from "../../src/emulator/seed/read-seed.ts";
import type { Reply } from "./replies.ts";

/** An emulator in this process, with the ways to reach it. */
export interface TestEmulator extends AsyncDisposable, Emulator {
  /** Id of its first project. */
  readonly project: string;
  /** The variables by which commands reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** Sends a management call and gives back status and body. */
  call<R = Reply>(path: string, body?: unknown, options?: CallOptions): Promise<Answer<R>>;
  /** The same, and the body alone. @throws when the status is another than 200. */
  ok<R = Reply>(path: string, body?: unknown, options?: CallOptions): Promise<R>;
}

export interface CallOptions {
  /** Default: POST with a body, else GET. */
  readonly method?: string;
  readonly project?: string;
  /** The whole of the header; by default the project's and the key's. */
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer<R = Reply> {
  readonly status: number;
  /** The text of a page, where one was answered. */
  readonly body: R;
  readonly headers: Headers;
}

/** Starts an emulator on a free port; `seed` is what a seed file would hold. */
export function testEmulator(options: EmulatorOptions & { readonly seed?: unknown } = {}): TestEmulator {
  const { seed, ...rest } = options;
  const emulator = startEmulator({ ...rest, ...(seed === undefined ? {} : { seeds: [seedOf(seed)] }) });
  const project = emulator.projects[0]?.id ?? "";
  async function call<R>(path: string, body?: unknown, given: CallOptions = {}): Promise<Answer<R>> {
    const method = given.method ?? (body === undefined ? "GET" : "POST");
    const response = await fetch(emulator.url + path, {
      method,
      redirect: "manual",
      headers: {
        authorization: given.authorization ?? `Bearer ${given.project ?? project}:${emulator.managementKey}`,
        "content-type": "application/json",
        ...given.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const { status, headers } = response;
    // Redirects and pages are for browsers; all else must be JSON.
    const isForBrowsers =
      headers.has("location") || headers.get("content-type")?.startsWith("text/html") === true;
    const content: unknown = isForBrowsers ? await response.text() : await response.json();
    return { status, headers, body: content as R };
  }
  const added = {
    project,
    env: {
      DESCOPE_BASE_URL: emulator.url,
      DESCOPE_PROJECT_ID: project,
      DESCOPE_MANAGEMENT_KEY: emulator.managementKey,
    },
    call,
    async ok<R>(path: string, body?: unknown, given?: CallOptions) {
      const answer = await call<R>(path, body, given);
      if (answer.status !== 200)
        throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    },
    [Symbol.asyncDispose]: () => emulator.stop(),
  };
  return Object.defineProperties(
    added,
    Object.getOwnPropertyDescriptors(emulator),
  ) as unknown as TestEmulator;
}
