import type { Context } from "../../../command/context.ts";
import { optionalWords, text } from "../../../command/flags.ts";
import { Failure, fileFailure, invalidInput } from "../../../failure.ts";

/** The argument that a password may be given in. */
export const passwordArgument = optionalWords(
  "The password; - reads a line from standard input, and a terminal asks for it",
);

/** Where a password may come from instead, out of sight of other processes. */
export const passwordFlags = {
  passwordFile: text("Read the password from this file", { value: "path" }),
  passwordEnv: text("Read the password from this environment variable", { value: "name" }),
};

interface Sources {
  readonly argument: string | undefined;
  readonly passwordFile: string | undefined;
  readonly passwordEnv: string | undefined;
}

/**
 * Gets a password from where the user says: the argument, standard input, a file, a variable, or a question on a terminal.
 *
 * @throws {Failure} when there is none, it is empty, or more than one source is named.
 */
export async function newPassword(
  context: Context,
  { argument, passwordFile, passwordEnv }: Sources,
): Promise<string> {
  const named = [argument, passwordFile, passwordEnv].filter((source) => source !== undefined);
  if (named.length > 1) {
    throw new Failure("The password is given in more than one way", {
      code: "invalid_input",
      hint: "Keep one of them.",
    });
  }
  const password = await read(context, { argument, passwordFile, passwordEnv });
  if (password === "") throw invalidInput("The password must not be empty");
  context.api.keepSecret(password);
  return password;
}

async function read(context: Context, { argument, passwordFile, passwordEnv }: Sources): Promise<string> {
  const { terminal, environment } = context;
  if (passwordFile !== undefined) return firstLine((await context.files()).readText(passwordFile));
  if (passwordEnv !== undefined) {
    const content = environment[passwordEnv];
    if (content === undefined) throw fileFailure(`The environment variable ${passwordEnv} is not set`);
    return content;
  }
  if (argument === "-") return (await terminal.readLine()) ?? "";
  if (argument !== undefined) return argument;
  if (terminal.inputIsTerminal && terminal.errorIsTerminal && !context.json) {
    return (await terminal.askSecret("New password")) ?? "";
  }
  throw new Failure("The password is missing", {
    code: "usage",
    hint: "Give it as an argument, as - on standard input, with --password-file or with --password-env.",
  });
}

function firstLine(text: string): string {
  return (text.split("\n", 1)[0] ?? "").replace(/\r$/, "");
}
