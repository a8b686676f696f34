/**
 * The closed set of ways in which a command fails. Each carries what a person needs (what happened, where, what to do) and
 * what a program needs (a stable `code`); words, JSON and exit status are made of them in one place, `src/cli/failure-text.ts`.
 * Anything else that is thrown is a bug of this program and is reported as one.
 */
export type FailureCode =
  /** The command line itself is wrong: unknown word or flag, wrong number of arguments, a value that does not parse. */
  | "usage"
  /** A setting is missing or malformed: an environment variable, the project id. */
  | "configuration"
  /** A value that the user gave is refused before any request. */
  | "invalid_input"
  /** A local file or folder cannot be read, written, or does not hold what it should. */
  | "file"
  /** No reply: refused, unresolved, cut, bad certificate. */
  | "network"
  /** The deadline passed. */
  | "timeout"
  /** The server answered with an error. */
  | "server"
  /** The server's reply is not what the operation promises. */
  | "bad_reply"
  /** Standard output cannot be written. */
  | "output"
  /** A fault in this program. */
  | "bug"
  /** Refused because it needs a yes that was not given. */
  | "not_confirmed";

export interface FailureDetails {
  readonly code: FailureCode;
  /** What to do next: one plain sentence. */
  readonly hint?: string | undefined;
  /** HTTP status of the reply. */
  readonly status?: number | undefined;
  /** Descope's own error code (`E011004`). */
  readonly errorCode?: string | undefined;
  /** The exit status, where it is another than that of all failures: what `env` and shells end with when a program cannot be run. */
  readonly exitStatus?: 126 | 127 | undefined;
  /** More members for the JSON document, such as an id that must not be lost although the command failed. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** A failure that is somebody's to mend other than this program's authors. */
export class Failure extends Error {
  readonly details: FailureDetails;

  constructor(message: string, details: FailureDetails) {
    super(message);
    this.name = "Failure";
    this.details = details;
  }
}

/** The command line is wrong; the usage of `words` is shown under the message. */
export class UsageFailure extends Failure {
  /** The words of the command or group whose usage helps. */
  readonly words: readonly string[];

  constructor(message: string, words: readonly string[], hint?: string) {
    super(message, { code: "usage", hint });
    this.name = "UsageFailure";
    this.words = words;
  }
}

/** A value that the user gave was refused before any request, with the code that Descope's own SDKs use for it. */
export function invalidInput(message: string, hint?: string): Failure {
  return new Failure(`[E011004] ${message}`, { code: "invalid_input", errorCode: "E011004", hint });
}

/** A local file or folder is in the way, missing, or not what it should be. `message` names it. */
export function fileFailure(message: string, hint?: string): Failure {
  return new Failure(message, { code: "file", hint });
}

/** The words for an error of the operating system, without its raw form (`ENOENT: no such file or directory, open …`). */
export function systemReason(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === "string" && code in SYSTEM_REASONS) return SYSTEM_REASONS[code] as string;
  return typeof code === "string" ? code : "unknown reason";
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  EEXIST: "it exists already",
  ENOTEMPTY: "the folder is not empty",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EROFS: "the file system is read-only",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  ENFILE: "too many open files on this machine",
  EFBIG: "the file is too large",
  EINVAL: "the name is not valid here",
  EIO: "the disk reports an error",
  EXDEV: "it lies on another file system",
  ETXTBSY: "it is a running program",
  EBUSY: "it is in use",
};
