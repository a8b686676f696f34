/**
 * Operations that the emulator does not serve yet, as "METHOD /path". Each is asserted to answer 501 EMULATOR_NOT_IMPLEMENTED, so
 * that an entry goes as soon as it is served; what the SDK suites find broken for any other reason fails.
 */
export const pending: readonly string[] = ["POST /v1/flow/next", "POST /v1/flow/start"];

/** The operation that an error says is not served; undefined for any other error. */
export function notServed(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : String(error);
  // Some methods of the SDKs give on the message alone.
  if (!/EMULATOR_NOT_IMPLEMENTED|; the nearest that is served is | is not served: /.test(text))
    return undefined;
  return /\b(GET|POST|PUT|PATCH|DELETE) \/[^\s;,"\\]*/.exec(text)?.[0];
}

/** True when `operation` ("METHOD /path") is one that is known not to be served yet. */
export function isPending(operation: string): boolean {
  return pending.some((one) =>
    new RegExp(`^${one.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`).test(operation),
  );
}
