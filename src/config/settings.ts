import { defaultBaseUrl, type Credentials } from "../api/credentials.ts";
import { Failure } from "../failure.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Connected {
  readonly credentials: Credentials;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly insecure: boolean;
}

/** Where a project's id is looked for. */
export type ProjectSource =
  /** `DESCOPE_PROJECT_ID`. */
  | "project"
  /** The command's first argument; the variable is not looked at. */
  | "argument"
  /** Nowhere: the management key goes alone, and a project id in the environment is passed on unchecked. */
  | "company";

/**
 * The project, key and address for a command, out of the environment and, where the command names its project itself, `argument`.
 *
 * @throws {Failure} "configuration", naming the variable and what is wrong with it, never its value.
 */
export function connection(
  kind: ProjectSource,
  environment: Environment,
  argument: string | undefined,
): Connected {
  const key = managementKey(environment);
  const project = projectId(kind, environment, argument);
  return {
    credentials: { key, project },
    baseUrl: baseUrl(environment, project),
    insecure: environment.DESCOPE_INSECURE_SKIP_VERIFY === "1",
  };
}

function managementKey(environment: Environment): string {
  const key = (environment.DESCOPE_MANAGEMENT_KEY ?? "").trim();
  if (key === "") {
    throw configuration(
      "The management key is missing: DESCOPE_MANAGEMENT_KEY is not set",
      "Make a key under Company > Management keys in the Descope console, then: export DESCOPE_MANAGEMENT_KEY=K…",
    );
  }
  if (!key.startsWith("K")) {
    throw configuration("DESCOPE_MANAGEMENT_KEY does not hold a management key: those start with K");
  }
  if (!HEADER_TEXT.test(key)) throw configuration("DESCOPE_MANAGEMENT_KEY holds characters that no key has");
  return key;
}

const HEADER_TEXT = /^[\x21-\x7e]+$/;

function projectId(kind: ProjectSource, environment: Environment, argument: string | undefined): string {
  const given = (kind === "argument" ? argument : environment.DESCOPE_PROJECT_ID) ?? "";
  const project = given.trim();
  const where = kind === "argument" ? "The project argument" : "DESCOPE_PROJECT_ID";
  if (kind !== "company" && project === "") {
    throw kind === "argument"
      ? configuration("The project argument is empty")
      : configuration(
          "The project is missing: DESCOPE_PROJECT_ID is not set",
          "Its id is under Settings > Project in the Descope console: export DESCOPE_PROJECT_ID=P…",
        );
  }
  if (kind !== "company" && !project.startsWith("P")) {
    throw configuration(`${where} is not the id of a project: those start with P`);
  }
  if (project !== "" && !HEADER_TEXT.test(project))
    throw configuration(`${where} holds characters that no project id has`);
  return project;
}

function baseUrl(environment: Environment, project: string): string {
  const given = (environment.DESCOPE_BASE_URL ?? "").trim();
  if (given === "") {
    const address = defaultBaseUrl(project);
    if (!URL.canParse(address))
      throw configuration("The project's id names no region: characters 2 to 5 must be letters and digits");
    return address;
  }
  return addressOf("DESCOPE_BASE_URL", given, "https://api.descope.com");
}

/**
 * An API's address as it was given, without slashes at its end.
 *
 * @param name the variable or flag that held it, for errors.
 * @throws {Failure} "configuration" when it is none, or holds what no such address has.
 */
export function addressOf(name: string, given: string, example: string): string {
  if (!URL.canParse(given) || !/^https?:\/\//i.test(given))
    throw configuration(`${name} is not an address`, `Write it whole: ${example}`);
  const url = new URL(given);
  if (url.username !== "" || url.password !== "")
    throw configuration(`${name} holds a user name or password, which the API has no use for`);
  if (url.search !== "" || url.hash !== "")
    throw configuration(`${name} holds a "?" or "#": it takes an address with at most a path`);
  let end = given.length;
  while (given[end - 1] === "/") end--;
  return given.slice(0, end);
}

function configuration(message: string, hint?: string): Failure {
  return new Failure(message, { code: "configuration", hint });
}

/** The default time for a call with its repeats, in milliseconds. */
export const DEFAULT_TIMEOUT = 60_000;

/**
 * Reads a duration (`30`, `1.5s`, `500ms`, `2m`) as milliseconds; a bare number is in seconds. Gives undefined for anything else, for
 * less than a millisecond and for more than a day.
 */
export function parseTimeout(given: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(given.trim());
  const milliseconds =
    found === null
      ? 0
      : Number(found[1]) * { ms: 1, s: 1000, m: 60_000 }[(found[2] ?? "s") as "ms" | "s" | "m"];
  return milliseconds < 1 || milliseconds > 86_400_000 ? undefined : milliseconds;
}
