import { tmpdir } from "node:os";
import path from "node:path";
import { mkdtempSync, rmSync } from "node:fs";
import { binary } from "./binary.ts";

/** A shell at a pseudo-terminal, with the compiled program on its path, an empty home and no start-up files. */
export interface ShellAtTerminal extends AsyncDisposable {
  /** Types `keys` and waits until what the shell has written since then matches `wanted`; gives that back. */
  type(keys: string, wanted: RegExp): Promise<string>;
}

/** Where the home of the shells of one test is. */
export function emptyHome(): Disposable & { readonly path: string } {
  const home = mkdtempSync(path.join(tmpdir(), "descope-shell-"));
  return { path: home, [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }) };
}

/** The environment of a shell that finds the program, and nothing of whoever runs the tests. */
export function shellEnvironment(home: string): Record<string, string> {
  return {
    PATH: `${path.dirname(binary)}${path.delimiter}${process.env.PATH ?? ""}`,
    HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    TERM: "xterm",
    LANG: "C.UTF-8",
    PS1: "",
  };
}

/** Starts a shell. `begin` makes it ready; then its prompt is set. */
export async function shellAtTerminal(
  command: readonly string[],
  home: string,
  begin: string,
): Promise<ShellAtTerminal> {
  let written = "";
  let listener: (() => void) | undefined;
  const decoder = new TextDecoder();
  const child = Bun.spawn([...command], {
    cwd: home,
    env: shellEnvironment(home),
    terminal: {
      cols: 200,
      rows: 50,
      data(_terminal, chunk) {
        written += decoder.decode(chunk, { stream: true });
        listener?.();
      },
    },
  });
  const type = async (keys: string, wanted: RegExp): Promise<string> => {
    written = "";
    const { promise, resolve } = Promise.withResolvers<string>();
    listener = () => {
      const plain = asSeen(written);
      if (wanted.test(plain)) resolve(plain);
    };
    child.terminal?.write(keys);
    return promise;
  };
  await type(`${begin}; PS1="ready> "\r`, /ready> $/);
  return {
    type,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
      child.terminal?.close();
    },
  };
}

/** What somebody reads of what a shell wrote: without escapes, backspaces carried out. */
function asSeen(written: string): string {
  let out = "";
  for (const char of Bun.stripANSI(written)) out = char === "\b" ? out.slice(0, -1) : out + char;
  return out;
}
