import { connect, Redactor, type Api } from "../../src/api/client.ts";
import type { Effect } from "../../src/api/operation.ts";
import { systemClock } from "../../src/clock.ts";

/** An API client with a key that no server of tests asks for. */
export function testClient(url: string, limit: Effect, debug?: (line: string) => void): Api {
  return connect(
    {
      baseUrl: url,
      credentials: { key: "K1", project: "P1" },
      timeout: 5000,
      insecure: false,
      userAgent: "test",
      clock: systemClock,
      redactor: new Redactor(),
      debug,
    },
    limit,
  );
}
