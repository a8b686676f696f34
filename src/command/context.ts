import type { Api } from "../api/client.ts";
import type { Clock } from "../clock.ts";
import type { Files } from "../files/files.ts";
import type { Ending } from "./result.ts";

/**
 * All that a command may touch. Commands reach nothing of the process but through it, so that they run in tests without one.
 */
export interface Context {
  /** The API, with the project and key that the command's connection asked for. */
  readonly api: Api;
  /**
   * Connects to the project `id` that the command's values name, with the management key of the environment; nothing is sent yet. The
   * variables are looked at only now, so that a command whose values name no project needs none. `limit` "read" makes a client
   * that refuses whatever else the command may do, for dry runs.
   *
   * @throws {Failure} "configuration" for a missing key or an id that is not a project's.
   */
  connect(id: string, limit?: "read"): Promise<Api>;
  /** The id of the project that requests go to; empty for company commands without one. */
  readonly project: string;
  /** How long a request may take, in milliseconds. */
  readonly timeout: number;
  /** Local files; loaded when they are first needed. */
  files(): Promise<Files>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** True when `--json` was given: progress is silent and nothing is asked. */
  readonly json: boolean;
  /** Says a line to people on standard error: progress, warnings. Silent with `--json` unless `always`. */
  note(line: string, always?: "always"): void;
  /** Writes a line of data to standard output now, for commands that go on after it (a server that is ready). */
  print(line: string): Promise<void>;
  /**
   * Runs another program on this one's standard streams and waits for its end. Signals that would end this program go to it instead.
   *
   * @throws {Failure} when it cannot be run.
   */
  runProgram(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ending>;
  /**
   * Says that something takes a while; shown on standard error of a terminal after half a second, wiped by `stop`. `update` says how
   * far it is, behind the label.
   */
  progress(label: string): { update(detail: string): void; stop(): void };
  /** Runs when the process is interrupted, before it dies of the signal. Gives back how to forget it. */
  onInterrupt(cleanUp: () => void): () => void;
}

/** What the program is connected to. */
export interface Terminal {
  readonly inputIsTerminal: boolean;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /** One line of standard input without its end; undefined at the end of input. */
  readLine(): Promise<string | undefined>;
  /** Asks on standard error and reads one line; undefined at the end of input. */
  ask(question: string): Promise<string | undefined>;
  /** Asks yes or no on a terminal; anything but a yes is a no. `coloured` is for whoever makes the terminal known to a command. */
  confirm(question: string, coloured?: boolean): Promise<boolean>;
  /** Asks for a secret without showing it; undefined when cancelled. */
  askSecret(question: string, coloured?: boolean): Promise<string | undefined>;
}
