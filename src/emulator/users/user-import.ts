import { isJsonObject, isRawNumber, type Json, type JsonObject } from "../../json/value.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { EmulatorError, invalidArgument, missingArgument } from "../error.ts";
import { number, text } from "../project-settings.ts";
import type { Project } from "../project.ts";
import { newCredentials, type CredentialInput } from "./credentials.ts";
import { auditUser, createUser, type NewUser } from "./user-changes.ts";
import { UserReplies } from "./user-reply.ts";
import { putUser, userByLoginId } from "./user-store.ts";

/** What another service exports, in base64. */
export interface ImportInput {
  readonly source: string;
  readonly users?: string | null | undefined;
  readonly hashes?: string | null | undefined;
  /** Says what would happen, and changes nothing. */
  readonly dryrun?: boolean | null | undefined;
}

export interface ImportReply {
  readonly users: Record<string, unknown>[];
  readonly failures: { readonly user: string; readonly reason: string }[];
}

type ImportedUser = NewUser & CredentialInput;

/** How a source writes its users, and the hashes of their passwords where those come apart from them. */
interface Source {
  users(content: Json[], hashes: string | undefined): ImportedUser[];
  /** Passwords by login id; only for sources that export them apart. */
  hashes?(content: Json[]): Map<string, CredentialInput>;
}

/**
 * Creates the users that another service exported. Each stands for itself: one that cannot be created is named with the reason.
 * Hashes without users set the passwords of users that are there.
 *
 * @throws {EmulatorError} for a source that is not known, or content that is not in its form.
 */
export function importUsers(project: Project, input: ImportInput, actorId: string): ImportReply {
  const name = input.source.toLowerCase();
  const source = Object.hasOwn(SOURCES, name) ? SOURCES[name] : undefined;
  if (source === undefined)
    throw invalidArgument(`The source field must be one of ${Object.keys(SOURCES).join(", ")}`);
  const users = decoded("users", input.users);
  const hashes = decoded("hashes", input.hashes);
  if (users === undefined && hashes === undefined)
    throw missingArgument("One of the users and hashes fields is required");
  const work = () =>
    users === undefined
      ? setPasswords(project, source, hashes ?? "", actorId)
      : createAll(project, source.users(documents("users", users), hashes), actorId);
  if (input.dryrun !== true) return work();
  let reply: ImportReply | undefined;
  try {
    project.store.transaction(() => {
      reply = work();
      throw new DryRun();
    });
  } catch (error) {
    if (!(error instanceof DryRun)) throw error;
  }
  return reply as unknown as ImportReply;
}

/** Undoes what a dry run did. */
class DryRun extends Error {}

function createAll(project: Project, rows: readonly ImportedUser[], actorId: string): ImportReply {
  const replies = new UserReplies(project);
  const reply: ImportReply = { users: [], failures: [] };
  for (const row of rows) {
    attempt(project, reply, row.loginId, () => {
      const user = createUser(project, row, { test: false, actorId, more: newCredentials(project, row) });
      return replies.of(user);
    });
  }
  return reply;
}

function setPasswords(project: Project, source: Source, hashes: string, actorId: string): ImportReply {
  const passwords = source.hashes?.(documents("hashes", hashes));
  if (passwords === undefined) throw missingArgument("The users field is required for this source");
  const replies = new UserReplies(project);
  const reply: ImportReply = { users: [], failures: [] };
  for (const [loginId, credentials] of passwords) {
    attempt(project, reply, loginId, () => {
      const user = userByLoginId(project, loginId);
      if (user === undefined) throw invalidArgument("There is no such user");
      const changed = putUser(project, { ...user, ...newCredentials(project, credentials) });
      auditUser(project, "PasswordSet", changed, actorId);
      return replies.of(changed);
    });
  }
  return reply;
}

function attempt(
  project: Project,
  reply: ImportReply,
  user: string,
  work: () => Record<string, unknown>,
): void {
  try {
    reply.users.push(project.store.transaction(work));
  } catch (error) {
    if (!(error instanceof EmulatorError)) throw error;
    reply.failures.push({ user, reason: error.message });
  }
}

function decoded(field: string, base64: string | null | undefined): string | undefined {
  if (!base64) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.fromBase64(base64));
  } catch {
    throw invalidArgument(`The ${field} field is not the base64 of a text`);
  }
}

/** The documents of a JSON list, of an object that holds one under "users", or of lines of JSON. */
function documents(field: string, content: string): Json[] {
  try {
    const whole = parseJson(content);
    if (Array.isArray(whole)) return whole;
    if (isJsonObject(whole)) return Array.isArray(whole.users) ? whole.users : [whole];
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const lines = content.split("\n").filter((line) => line.trim() !== "");
    try {
      if (lines.length > 1) return lines.map(parseJson);
    } catch (inner) {
      if (!(inner instanceof JsonSyntaxError)) throw inner;
    }
  }
  throw invalidArgument(`The ${field} field must hold a list of JSON objects, or one object on each line`);
}

const SOURCES: Readonly<Record<string, Source>> = {
  /** Rows as `user/create/batch` takes them. */
  descope: {
    users: (content) =>
      objects(content).map((row) => ({ ...row, loginId: text(row.loginId) }) as ImportedUser),
  },
  auth0: {
    users(content, hashes) {
      const passwords = hashes === undefined ? undefined : auth0Hashes(documents("hashes", hashes));
      return objects(content).map((row) => {
        const email = text(row.email);
        const phone = text(row.phone_number);
        const id = text(row.user_id) || text(row.id);
        const names = [email, phone, text(row.username)].filter((name) => name !== "");
        const [loginId = id, ...more] = names;
        return {
          loginId,
          additionalLoginIds: more,
          email,
          phone,
          verifiedEmail: row.email_verified === true,
          verifiedPhone: row.phone_verified === true,
          name: text(row.name),
          givenName: text(row.given_name),
          familyName: text(row.family_name),
          picture: text(row.picture),
          status: row.blocked === true ? "disabled" : "enabled",
          ...(isJsonObject(row.user_metadata) ? { customAttributes: row.user_metadata } : {}),
          ...passwords?.get(email),
        };
      });
    },
    hashes: auth0Hashes,
  },
  firebase: {
    users(content, hashes) {
      const settings = hashes === undefined ? undefined : firebaseSettings(hashes);
      return objects(content).map((row) => {
        const email = text(row.email);
        const phone = text(row.phoneNumber);
        const [loginId = text(row.localId), ...more] = [email, phone].filter((name) => name !== "");
        return {
          loginId,
          additionalLoginIds: more,
          email,
          phone,
          verifiedEmail: row.emailVerified === true,
          verifiedPhone: phone !== "",
          name: text(row.displayName),
          picture: text(row.photoUrl),
          status: row.disabled === true ? "disabled" : "enabled",
          ...firebaseClaims(row),
          ...firebasePassword(row, settings),
        };
      });
    },
  },
};

function objects(content: Json[]): JsonObject[] {
  if (content.every(isJsonObject)) return content.filter(isJsonObject);
  throw invalidArgument("The users field must hold objects alone");
}

function auth0Hashes(content: Json[]): Map<string, CredentialInput> {
  return new Map(
    objects(content).map((row) => [
      text(row.email),
      { hashedPassword: { bcrypt: { hash: text(row.passwordHash) || text(row.password_hash) } } },
    ]),
  );
}

function firebaseClaims(row: JsonObject): { customAttributes?: JsonObject } {
  const given = row.customAttributes;
  const claims = typeof given === "string" && given !== "" ? documents("users", given)[0] : given;
  return isJsonObject(claims) ? { customAttributes: claims } : {};
}

/** The settings of a project's hashes, as JSON or in the form in which Firebase's console shows them. */
function firebaseSettings(content: string): Readonly<Record<string, string | number>> {
  const found: Record<string, string | number> = {};
  for (const [, name = "", value = ""] of content.matchAll(/"?(\w+)"?\s*:\s*"?([\w+/=-]+)"?/g)) {
    const key = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    found[key.replace("base64SignerKey", "signerKey").replace("base64SaltSeparator", "saltSeparator")] =
      value;
  }
  return found;
}

function firebasePassword(
  row: JsonObject,
  settings: Readonly<Record<string, string | number>> | undefined,
): CredentialInput {
  const hash = standard(text(row.passwordHash));
  if (hash === "" || settings === undefined) return {};
  return {
    hashedPassword: {
      firebase: {
        hash,
        salt: standard(text(row.salt)),
        saltSeparator: settings.saltSeparator,
        signerKey: settings.signerKey,
        memory: numeric(row.memCost) ?? Number(settings.memCost ?? settings.memory ?? 14),
        rounds: Number(settings.rounds ?? 8),
      },
    },
  };
}

function numeric(content: Json | undefined): number | undefined {
  return isRawNumber(content) || typeof content === "number" ? number(content) : undefined;
}

/** Base64 of the form for addresses as that of the usual form. */
function standard(base64: string): string {
  return base64.replaceAll("-", "+").replaceAll("_", "/");
}
