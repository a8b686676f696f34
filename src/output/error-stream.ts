import { cut, visible } from "./terminal-text.ts";

/** What standard error needs of the process. */
export interface ErrorOutput {
  /** Writes to standard error. */
  write(text: string): Promise<void>;
  /** Whether a progress line can be drawn there; asked only when one is due. */
  canRedraw(): boolean;
  /** Columns of its terminal. */
  width(): number;
  /** Calls `tick` after some milliseconds, once; gives back how to call it off. */
  after(milliseconds: number, tick: () => void): () => void;
}

/** A thing that takes a while. */
export interface Progress {
  /** Says how far it is. */
  update(detail: string): void;
  /** It is over; the line is wiped. */
  stop(): void;
}

/** A progress line appears when its work has taken this long, in milliseconds. */
const PATIENCE = 500;
/** And is drawn again no sooner than this. */
const PAUSE = 100;

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const WIPE = "\r\u001b[2K";

/**
 * Standard error, shared by everything that speaks to people. Texts are written whole and in the order in which they were given, and
 * none is lost as long as {@link close} is awaited before the process ends. At the foot stands a progress line, which makes way for
 * every text.
 */
export class ErrorStream {
  private readonly output: ErrorOutput;
  private last: Promise<void> = Promise.resolve();
  private readonly running: { readonly label: string; detail: string }[] = [];
  private frame = 0;
  private isDrawn = false;
  private callOff: (() => void) | undefined;

  constructor(output: ErrorOutput) {
    this.output = output;
  }

  /** Writes a text, or what a maker of texts gives when its turn has come. */
  write(text: string | (() => Promise<string>)): Promise<void> {
    return this.enqueue(async () => {
      const ready = typeof text === "string" ? text : await text();
      if (ready !== "") await this.output.write(this.takeDown() + ready);
    });
  }

  /** Resolves when all that was given is written and no progress line stands there: before a question, a result or the end. */
  settle(): Promise<void> {
    return this.enqueue(async () => {
      const wipe = this.takeDown();
      if (wipe !== "") await this.output.write(wipe);
    });
  }

  /** Shows a line while something is under way, when that takes long enough to be worth a word. */
  progress(label: string): Progress {
    const one = { label, detail: "" };
    this.running.push(one);
    this.callOff ??= this.output.after(PATIENCE, () => this.begin());
    return {
      update: (detail) => void (one.detail = detail),
      stop: () => {
        const index = this.running.indexOf(one);
        if (index === -1) return;
        this.running.splice(index, 1);
        if (this.running.length > 0) return;
        this.callOff?.();
        this.callOff = undefined;
        if (this.isDrawn) void this.settle();
      },
    };
  }

  /** Ends what is still under way and settles: the last call of a run. */
  close(): Promise<void> {
    this.running.length = 0;
    this.callOff?.();
    this.callOff = undefined;
    return this.settle();
  }

  private enqueue(job: () => Promise<void>): Promise<void> {
    this.last = this.last.then(job);
    return this.last;
  }

  private takeDown(): string {
    if (!this.isDrawn) return "";
    this.isDrawn = false;
    return WIPE;
  }

  private begin(): void {
    if (this.output.canRedraw()) this.draw();
  }

  private draw(): void {
    void this.enqueue(async () => {
      const one = this.running.at(-1);
      if (one === undefined) return;
      const frame = FRAMES[this.frame++ % FRAMES.length];
      const words = one.detail === "" ? one.label : `${one.label}: ${one.detail}`;
      this.isDrawn = true;
      // A line that reaches the last column would wrap, and could not be wiped.
      await this.output.write(`${WIPE}${cut(`${frame} ${visible(words)}`, this.output.width() - 1)}`);
    });
    this.callOff = this.output.after(PAUSE, () => this.draw());
  }
}
