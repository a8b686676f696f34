import { cli, credentials, type Ran, type RunOptions } from "./cli.ts";
import type { ScriptedServer } from "./server.ts";

/** Runs a command line against a scripted server, with the variables that it needs. */
export function against(
  server: ScriptedServer,
  line: readonly string[],
  options: RunOptions = {},
): Promise<Ran> {
  return cli(line, { ...options, env: { ...credentials, DESCOPE_BASE_URL: server.url, ...options.env } });
}
