import type { Context } from "../../command/context.ts";
import { boundedInt, list, text } from "../../command/flags.ts";
import { DEFAULT_PORT } from "../../emulator/address.ts";
import type { Seed } from "../../emulator/seed/seed.ts";
import type { Emulator, EmulatorOptions } from "../../emulator/emulator.ts";
import { fileFailure, invalidInput } from "../../failure.ts";

/** The flags of the commands that start an emulator. */
export const emulatorFlags = {
  host: text("Address to listen on; the default is reached from this machine alone", {
    value: "address",
  }),
  port: boundedInt("Port to listen on, 0 for any that is free", {
    default: DEFAULT_PORT,
    minimum: 0,
    maximum: 65_535,
  }),
  project: list("A project to make, ID or ID=Name; may be given again", { value: "id" }),
  managementKey: text("The management key that it takes; starts with K", { value: "key" }),
  state: text("File that keeps everything from one start to the next", { value: "path" }),
  seed: list(
    "What to begin with: a .json or .yaml file, users as .ndjson or .csv, a snapshot's folder or an export's; may be given again",
    { value: "path" },
  ),
  otp: text("The one code that every one-time code is", { value: "code" }),
  signingKey: text("File with the private key (PEM) that tokens are signed with", { value: "path" }),
};

/** What the flags say. */
export interface EmulatorFlagValues {
  readonly host: string | undefined;
  readonly project: string[] | undefined;
  readonly managementKey: string | undefined;
  readonly state: string | undefined;
  readonly seed: string[] | undefined;
  readonly otp: string | undefined;
  readonly signingKey: string | undefined;
}

/**
 * Starts the emulator that the flags describe; it is stopped when the program is interrupted.
 *
 * @throws {Failure} when it cannot be started; nothing serves then.
 */
export async function startFromFlags(
  context: Context,
  flags: EmulatorFlagValues,
  port: number,
): Promise<Emulator> {
  const { startEmulator } = await import("../../emulator/emulator.ts");
  const emulator = startEmulator(await optionsFromFlags(context, flags, port));
  context.onInterrupt(() => void emulator.stop());
  return emulator;
}

/** What the flags say, with the files read that they name. @throws {Failure} naming the flag or file that is wrong. */
export async function optionsFromFlags(
  context: Context,
  flags: EmulatorFlagValues,
  port: number,
): Promise<EmulatorOptions> {
  const { host, managementKey, state, otp, signingKey } = flags;
  if (otp !== undefined && !/^\d{4,10}$/.test(otp)) throw invalidInput("--otp must be 4 to 10 digits");
  return {
    port,
    projects: (flags.project ?? []).map(projectOf),
    seeds: await readSeeds(flags.seed ?? []),
    warn: (line) => context.note(`* ${line}`),
    ...(host === undefined ? {} : { host }),
    ...(managementKey === undefined ? {} : { managementKey }),
    ...(state === undefined ? {} : { stateFile: state }),
    ...(otp === undefined ? {} : { otp }),
    ...(signingKey === undefined ? {} : { signingKey: await readSigningKey(context, signingKey) }),
  };
}

/** The key of a file. @throws {Failure} naming the file where it is none that signs. */
async function readSigningKey(context: Context, file: string): Promise<string> {
  const pem = (await context.files()).readText(file);
  const { faultOfKey, MAKE_A_KEY } = await import("../../emulator/auth/signing-keys.ts");
  const fault = faultOfKey(pem);
  if (fault === undefined) return pem;
  throw fileFailure(`The signing key ${file} cannot be used: ${fault}`, MAKE_A_KEY);
}

async function readSeeds(paths: readonly string[]): Promise<readonly Seed[]> {
  if (paths.length === 0) return [];
  const { readSeed } = await import("../../emulator/seed/read-seed.ts");
  return paths.map(readSeed);
}

function projectOf(given: string): { id: string; name: string } {
  const equals = given.indexOf("=");
  const id = equals === -1 ? given : given.slice(0, equals);
  const name = equals === -1 ? id : given.slice(equals + 1);
  return { id, name: name === "" ? id : name };
}
