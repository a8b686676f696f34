import type { ConsolaInstance } from "consola/core";
import type { ErrorStream } from "./error-stream.ts";

/** What a message is: how a run goes, something that should not be missed, or what helps to find a fault. */
export type MessageKind = "info" | "warn" | "debug";

/** Which messages are wanted: with `--json` only those that should not be missed, with `--debug` all of them. */
export interface Wanted {
  readonly json: boolean;
  readonly debug: boolean;
}

/**
 * Messages of a run, on standard error. The logger is loaded when the first message comes, which for most runs is never; its
 * reporter is our own, since those that it brings write to standard output too and touch the process's streams, which is slow.
 */
export class Messages {
  private readonly errors: ErrorStream;
  private readonly level: number;
  private logger: ConsolaInstance | undefined;
  private text = "";

  constructor(errors: ErrorStream, wanted: Wanted) {
    this.errors = errors;
    this.level = wanted.debug ? 4 : wanted.json ? 1 : 3;
  }

  /** Says one or more lines. They are written in their turn; {@link ErrorStream.settle} waits for them. */
  say(kind: MessageKind, lines: string): void {
    void this.errors.write(async () => {
      this.logger ??= await this.load();
      this.text = "";
      this.logger[kind](lines);
      return this.text;
    });
  }

  private async load(): Promise<ConsolaInstance> {
    const { createConsola } = await import("consola/core");
    return createConsola({
      level: this.level,
      // Every message counts, also one that was said before.
      throttle: 0,
      reporters: [{ log: ({ args }) => void (this.text += `${args.join(" ")}\n`) }],
    });
  }
}
