import { EmulatorError } from "../error.ts";
import type { Emulator } from "../emulator.ts";
import { failureResponse, type Interceptor } from "../server.ts";

/** What the emulator says of itself and lets tests do with it, below this path. */
const PREFIX = "/_emulator/";

/** Answers the emulator's own paths; all others go on. */
export function control(emulator: Pick<Emulator, "world">): Interceptor {
  return async ({ method, path }, next) => {
    if (!path.startsWith(PREFIX)) return next();
    const endpoint = `${method} ${path.slice(PREFIX.length)}`;
    if (endpoint === "GET health") return Response.json({ status: "ok", time: emulator.world.clock.now() });
    return failureResponse(
      new EmulatorError(
        501,
        "EMULATOR_NOT_IMPLEMENTED",
        "The emulator does not serve this",
        `There is no ${method} ${path}; the nearest that is served is GET ${PREFIX}health`,
      ),
    );
  };
}
