import { afterAll, test } from "bun:test";
import descope from "@descope/node-sdk";
import type { SdkResponse, ResponseData } from "@descope/node-sdk";
import type { Claims } from "../../support/replies.ts";
import { emulatorHere, type RunningEmulator } from "../emulator.ts";
import { isPending, notServed } from "../pending.ts";

export type Sdk = ReturnType<typeof descope>;

/** A client of the SDK as its users make it, and the emulator that it talks to. */
export interface Suite {
  readonly emulator: RunningEmulator;
  readonly sdk: Sdk;
  /** What the tests that follow need: it is done once, before the first of them that runs. */
  readonly prepare: (run: () => Promise<void>) => void;
  /** Declares a test; it waits, and passes, only while what it needs is known not to be served. */
  readonly check: (what: string, run: () => Promise<void> | void) => void;
}

/** Starts an emulator for the tests of one file, which stops with them. */
export function suite(): Suite {
  const emulator = emulatorHere();
  afterAll(() => emulator[Symbol.asyncDispose]());
  const { url, projectId, managementKey } = emulator;
  let prepared: readonly (() => Promise<void>)[] = [];
  return {
    emulator,
    sdk: descope({ projectId, managementKey, baseUrl: url }),
    prepare(run) {
      let done: Promise<void> | undefined;
      prepared = [...prepared, () => (done ??= run())];
    },
    check(what, run) {
      const needed = prepared;
      test(what, async () => {
        try {
          for (const one of needed) await one();
          await run();
        } catch (error) {
          const operation = notServed(error);
          if (operation === undefined || !isPending(operation)) throw error;
        }
      });
    },
  };
}

type Reply = SdkResponse<ResponseData>;

/** The data of a reply that must be a success. */
export async function ok<T extends ResponseData>(reply: Promise<SdkResponse<T>>): Promise<T> {
  const { ok: good, code, error, data } = await reply;
  if (!good) throw new Error(`refused with ${code}: ${JSON.stringify(error)}`);
  return data as T;
}

/** The error of a reply that must be a refusal with this status, and with this code where one is given. */
export async function refused(
  reply: Promise<Reply>,
  status: number | readonly number[],
  errorCode?: string,
): Promise<{ errorCode: string; errorDescription: string; errorMessage?: string; retryAfter?: string }> {
  const { ok: good, code, error, data } = await reply;
  if (good) throw new Error(`not refused: ${JSON.stringify(data)}`);
  const wanted = [status].flat();
  if (!wanted.includes(code ?? 0) || (errorCode !== undefined && error?.errorCode !== errorCode)) {
    throw new Error(
      `refused with ${code} ${JSON.stringify(error)} where ${wanted.join(" or ")} ${errorCode ?? ""} is right`,
    );
  }
  if (error === undefined || typeof error.errorCode !== "string") {
    throw new Error(`an error without errorCode: ${JSON.stringify(error)}`);
  }
  return error;
}

let count = 0;

/** A name that nothing else in this run has. */
export function fresh(prefix: string): string {
  return `${prefix}${++count}x${process.pid}`;
}

/** An e-mail address that nobody else in this run has. */
export function address(name = "user"): string {
  return `${fresh(name)}@example.com`;
}

/** A phone number that nobody else in this run has. */
export function phoneNumber(): string {
  return `+1555${String(1_000_000 + ++count)}`;
}

/** What comes behind `t=` in a link. */
export function linkToken(link: string | undefined): string {
  const token = new URL(link ?? "").searchParams.get("t");
  if (token === null) throw new Error(`no token in ${link}`);
  return token;
}

/** The claims of a token, unchecked. */
export function claimsOf(jwt: string | undefined): Claims {
  const payload = (jwt ?? "").split(".")[1] ?? "";
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
}

/** Sorted, to compare what has no order. */
export function sorted(items: readonly string[] | undefined): string[] {
  return [...(items ?? [])].sort();
}
