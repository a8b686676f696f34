import * as v from "valibot";
import { operation } from "../../api/operation.ts";
import { count, flag, number, text } from "../../api/operations/schemas.ts";

/** What the emulator says of itself and lets tests do with it; none of it is Descope's. All lies below this path. */
export const CONTROL_PATH = "/_emulator/";

const noun = "Emulator";
const shared = { noun, open: true } as const;

export const health = operation({
  ...shared,
  verb: "Health",
  method: "GET",
  path: "/_emulator/health",
  effect: "read",
});

/** What somebody who wants to use this emulator has to know: the ready line of `emulator start`. */
export const environment = operation({
  ...shared,
  verb: "Environment",
  method: "GET",
  path: "/_emulator/environment",
  effect: "read",
  output: () =>
    v.looseObject({
      url: v.string(),
      projects: v.array(v.looseObject({ id: v.string(), name: v.string() })),
      managementKey: v.string(),
      env: v.record(v.string(), v.string()),
    }),
});

/** The whole state, as the bytes of a state file. */
export const state = operation({
  ...shared,
  verb: "State",
  method: "GET",
  path: "/_emulator/state",
  effect: "read",
});

/** Goes back to how the emulator began: the seeds, and nothing else. */
export const reset = operation({
  ...shared,
  verb: "Reset",
  method: "POST",
  path: "/_emulator/reset",
  effect: "destroy",
});

export const readClock = operation({
  ...shared,
  verb: "ReadClock",
  method: "GET",
  path: "/_emulator/clock",
  effect: "read",
});

/** A length of time: seconds, or a text such as "10m" or "1h30m". */
const lengthOfTime = () => v.union([number(), v.string()], 'a number of seconds or a text such as "10m"');

export const setClock = operation({
  ...shared,
  verb: "SetClock",
  method: "POST",
  path: "/_emulator/clock",
  effect: "write",
  input: () =>
    v.strictObject({
      /** Milliseconds since 1970, or ISO 8601. */
      set: v.nullish(v.union([number(), v.string()], "milliseconds since 1970 or a time in ISO 8601")),
      advance: v.nullish(lengthOfTime()),
      freeze: flag(),
      reset: flag(),
    }),
});

const fault = () =>
  v.pipe(
    v.strictObject({
      id: text(),
      method: text(),
      /** `*` stands for anything. */
      path: text(),
      status: v.nullish(
        v.pipe(
          number(),
          v.integer("a whole number"),
          v.minValue(200, "200 to 599"),
          v.maxValue(599, "200 to 599"),
        ),
      ),
      /** An object is sent as JSON, a text as it is. */
      body: v.nullish(v.unknown()),
      headers: v.nullish(v.record(v.string(), v.string())),
      /** Milliseconds before the reply. */
      delay: v.nullish(v.pipe(number(), v.minValue(0, "0 or more"), v.maxValue(600_000, "at most 600000"))),
      /** How often; without it until it is taken away. */
      count: v.nullish(v.pipe(number(), v.integer("a whole number"), v.minValue(1, "1 or more"))),
      /** Whether the connection is cut in place of a reply. */
      drop: flag(),
      /** Whether the request is handled first, so that only its reply is lost. */
      after: flag(),
      /** Seconds for `Retry-After`. */
      retryAfter: count(),
    }),
    v.check(
      ({ status, delay, drop }) => status != null || delay != null || drop === true,
      "a fault that does something: it needs a status, a delay or drop",
    ),
    v.check(
      ({ status, body, headers, retryAfter }) =>
        status != null || (body == null && headers == null && retryAfter == null),
      "a fault with a status: body, headers and retryAfter are of the reply that it gives",
    ),
  );

export type FaultInput = v.InferOutput<ReturnType<typeof fault>>;

export const addFault = operation({
  ...shared,
  verb: "AddFault",
  method: "POST",
  path: "/_emulator/faults",
  effect: "write",
  input: fault,
});

export const listFaults = operation({
  ...shared,
  verb: "ListFaults",
  method: "GET",
  path: "/_emulator/faults",
  effect: "read",
});

export const clearFaults = operation({
  ...shared,
  verb: "ClearFaults",
  method: "DELETE",
  path: "/_emulator/faults",
  effect: "write",
});

export const removeFault = operation({
  ...shared,
  verb: "RemoveFault",
  method: "DELETE",
  path: "/_emulator/faults/{id}",
  effect: "write",
  input: () => v.looseObject({ id: v.string() }),
});

/** A whole number in a query. */
const digits = () => v.nullish(v.pipe(v.string(), v.regex(/^\d*$/, "a whole number")));

export const requests = operation({
  ...shared,
  verb: "Requests",
  method: "GET",
  path: "/_emulator/requests",
  effect: "read",
  input: () =>
    v.looseObject({ method: text(), path: text(), status: digits(), project: text(), since: digits() }),
});

export const clearRequests = operation({
  ...shared,
  verb: "ClearRequests",
  method: "DELETE",
  path: "/_emulator/requests",
  effect: "write",
});

export const messages = operation({
  ...shared,
  verb: "Messages",
  method: "GET",
  path: "/_emulator/messages",
  effect: "read",
  input: () => v.looseObject({ loginId: text(), project: text(), kind: text() }),
});

export const clearMessages = operation({
  ...shared,
  verb: "ClearMessages",
  method: "DELETE",
  path: "/_emulator/messages",
  effect: "write",
});

export const keys = operation({
  ...shared,
  verb: "Keys",
  method: "GET",
  path: "/_emulator/keys",
  effect: "read",
  input: () => v.looseObject({ project: text() }),
});

export const rotateKeys = operation({
  ...shared,
  verb: "RotateKeys",
  method: "POST",
  path: "/_emulator/keys/rotate",
  effect: "write",
  input: () => v.strictObject({ project: text() }),
});

export const revokeKey = operation({
  ...shared,
  verb: "RevokeKey",
  method: "POST",
  path: "/_emulator/keys/revoke",
  effect: "destroy",
  input: () => v.strictObject({ project: text(), kid: v.string() }),
});

export const coverage = operation({
  ...shared,
  verb: "Coverage",
  method: "GET",
  path: "/_emulator/coverage",
  effect: "read",
});

/** The page on which a user agrees to what a device, or a client elsewhere, waits for. */
export const devicePage = operation({
  ...shared,
  verb: "DevicePage",
  method: "GET",
  path: "/_emulator/device",
  effect: "read",
  input: () => v.looseObject({ user_code: text() }),
});

/** What the user answers, from the page or from a test. */
export const answerDevice = operation({
  ...shared,
  verb: "AnswerDevice",
  method: "POST",
  path: "/_emulator/device",
  form: true,
  effect: "write",
  input: () =>
    v.strictObject({
      user_code: v.string(),
      /** A login id, or the id of a user. */
      login_id: text(),
      /** A login id that somebody typed, who may be new. */
      typed_login_id: text(),
      action: v.nullish(v.picklist(["allow", "deny"])),
    }),
});

/** Stands in for the message that a user sends by WhatsApp. */
export const notp = operation({
  ...shared,
  verb: "SendNotpMessage",
  method: "GET",
  path: "/_emulator/notp",
  effect: "write",
  input: () => v.looseObject({ project: v.string(), t: v.string() }),
});
