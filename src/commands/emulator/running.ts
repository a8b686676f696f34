import * as v from "valibot";
import type { Operation } from "../../api/operation.ts";
import { Redactor } from "../../api/redact.ts";
import { send, type Request } from "../../api/transport.ts";
import type { Context } from "../../command/context.ts";
import { text } from "../../command/flags.ts";
import { addressOf } from "../../config/settings.ts";
import { DEFAULT_URL } from "../../emulator/address.ts";
import { Failure } from "../../failure.ts";
import { version } from "../../version.ts";

export const urlFlag = text(`Address of a running emulator; default: DESCOPE_BASE_URL, else ${DEFAULT_URL}`, {
  value: "url",
});

/**
 * The address of the emulator that is meant: the flag's, else that of the environment, else where one listens that was told nothing
 * else.
 *
 * @throws {Failure} "configuration" when it is none.
 */
export function runningUrl(context: Context, flag: string | undefined): string {
  if (flag !== undefined) return addressOf("--url", flag, DEFAULT_URL);
  const variable = (context.environment.DESCOPE_BASE_URL ?? "").trim();
  return variable === "" ? DEFAULT_URL : addressOf("DESCOPE_BASE_URL", variable, DEFAULT_URL);
}

/**
 * Makes one of the emulator's own calls. No key goes with it: what answers may be something else than an emulator.
 *
 * @param sink takes the body of the reply, in place of what this gives back.
 *
 * @throws {Failure} "network" and "timeout" when nobody answers, "bad_reply" when it is no emulator, "server" when it refuses.
 */
export async function askEmulator(
  context: Context,
  url: string,
  operation: Operation,
  sink?: Request["sink"],
): Promise<Uint8Array> {
  const { status, bytes, contentType } = await send(
    {
      baseUrl: url,
      credentials: { key: "", project: "" },
      timeout: context.timeout,
      insecure: false,
      userAgent: `descope/${version}`,
      clock: context.clock,
      redactor: new Redactor(),
    },
    {
      method: operation.method,
      path: operation.path,
      idempotent: operation.idempotent,
      secretOutput: [],
      sink,
    },
  ).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.details.code !== "network") throw error;
    throw new Failure(error.message, {
      ...error.details,
      hint: "Start an emulator with `descope emulator start`, or name the address of one that runs with --url.",
    });
  });
  if (status === 403) {
    throw new Failure(`The emulator at ${url} keeps this to its own machine`, {
      code: "server",
      status,
      hint: "Run the command where the emulator runs, or start it with --host.",
    });
  }
  const wanted = operation.output === undefined ? "application/vnd.sqlite3" : "application/json";
  if (status === 200 && contentType.startsWith(wanted)) return bytes;
  throw notAnEmulator(url, status);
}

/** The same for a reply of JSON. */
export async function readFromEmulator<S extends v.GenericSchema>(
  context: Context,
  url: string,
  operation: Operation & { readonly output?: () => S },
): Promise<v.InferOutput<S>> {
  const bytes = await askEmulator(context, url, operation);
  const schema = operation.output?.();
  if (schema === undefined) throw new Error(`${operation.verb} declares no reply`);
  const checked = v.safeParse(schema, parse(bytes));
  if (checked.success) return checked.output;
  throw notAnEmulator(url, 200);
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function notAnEmulator(url: string, status: number): Failure {
  return new Failure(`What answers at ${url} is no emulator of this version (status ${status})`, {
    code: "bad_reply",
    status,
    hint: "Check the address: `descope emulator start` prints it.",
  });
}
