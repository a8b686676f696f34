/** Thrown when standard output is closed by its reader (`| head`): the program ends quietly. */
export class OutputClosed extends Error {
  constructor() {
    super("standard output was closed");
    this.name = "OutputClosed";
  }
}

/** Thrown when standard output cannot take what is written, as on a full disk. */
export class OutputFailed extends Error {
  constructor(reason: unknown) {
    super("standard output cannot be written");
    this.name = "OutputFailed";
    this.cause = reason;
  }
}

/**
 * Writes all of `text` to standard output before it resolves, through slow and full pipes. It does not go through the process's
 * own stream, which costs start-up time and drops what is not written when the process ends.
 */
export async function writeOutput(text: string): Promise<void> {
  if (text === "") return;
  try {
    await Bun.write(Bun.stdout, text);
  } catch (error) {
    if ((error as { code?: unknown }).code === "EPIPE") throw new OutputClosed();
    throw new OutputFailed(error);
  }
}

/** Writes to standard error. Nothing is owed to a reader who is gone. */
export async function writeError(text: string): Promise<void> {
  try {
    await Bun.write(Bun.stderr, text);
  } catch {
    // There is nowhere left to say so.
  }
}
