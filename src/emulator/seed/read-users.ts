import * as v from "valibot";
import { counted } from "../../counted.ts";
import { fileFailure, type Failure } from "../../failure.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { isJsonObject, type JsonObject } from "../../json/value.ts";
import { CsvError, readCsv, type Field } from "./csv.ts";
import { seedUser, type SeedUser } from "./seed.ts";
import { issueText } from "./issue.ts";

/** Users of a file, with where each of them stands. */
export interface SeedUsers {
  readonly users: SeedUser[];
  /** "users.ndjson:12" */
  place(index: number): string;
}

/**
 * Reads users as lines of JSON, one object a line; empty lines say nothing.
 *
 * @throws {Failure} "file" naming file and line.
 */
export function readUserLines(file: string, content: string): SeedUsers {
  const users: SeedUser[] = [];
  const lines: number[] = [];
  for (const [index, line] of content
    .replace(/^\ufeff/, "")
    .split("\n")
    .entries()) {
    if (line.trim() === "") continue;
    const at = `${file}:${index + 1}`;
    users.push(checked(parseObject(line, at), (path) => (path === "" ? at : `${at}: ${path}`)));
    lines.push(index + 1);
  }
  return { users, place: (index) => `${file}:${lines[index]}` };
}

function parseObject(line: string, at: string): JsonObject {
  try {
    const value = parseJson(line);
    if (isJsonObject(value)) return value;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw fileFailure(`${at}: not JSON: ${error.message.replace(/^line 1, /, "")}`);
  }
  throw fileFailure(`${at}: it must be an object`);
}

/**
 * Reads users of a CSV file. Its first line names the columns, by the members of a user: `loginId`, `email`, `roleNames` (or `roles`),
 * `userTenants` (or `tenants`), `customAttributes.plan`. Lists are parted by semicolons; the roles that a user has in a tenant stand
 * behind it: `acme:Admin|Viewer;globex`. Empty fields say nothing.
 *
 * @throws {Failure} "file" naming file, line and column.
 */
export function readUserTable(file: string, content: string): SeedUsers {
  const [header, ...rows] = records(file, content);
  if (header === undefined) throw fileFailure(`${file} is empty: its first line must name the columns`);
  const columns = header.map((field) => columnOf(file, field));
  const paths = columns.map(({ path }) => path.join("."));
  const double = header.find((_, i) => paths.indexOf(paths[i] as string) !== i);
  if (double !== undefined) throw at(file, double, `the column ${double.text} is there twice`);
  const users = rows.map((row) => {
    const extra = row[columns.length];
    if (extra !== undefined || row.length < columns.length) {
      const count = `${counted(row.length, "field")}, and the first line names ${columns.length}`;
      throw at(file, extra ?? (row.at(-1) as Field), `this line has ${count}`);
    }
    return userOf(file, columns, row);
  });
  const lines = rows.map((row) => row[0]?.line ?? 0);
  return { users, place: (index) => `${file}:${lines[index]}` };
}

function records(file: string, content: string): Field[][] {
  try {
    return readCsv(content);
  } catch (error) {
    if (error instanceof CsvError) throw at(file, error, error.message);
    throw error;
  }
}

function at(
  file: string,
  { line, column }: { readonly line: number; readonly column: number },
  what: string,
): Failure {
  return fileFailure(`${file}:${line}:${column}: ${what}`);
}

interface Column {
  /** Where in a user its values go. */
  readonly path: readonly string[];
  readonly read: (field: string) => unknown;
}

const asText = (field: string) => field;
const asList = (field: string) => parts(field, ";");
const asFlag = (field: string) => ({ true: true, false: false })[field.trim().toLowerCase()] ?? field;
const asTime = (field: string) => (/^\d+$/.test(field.trim()) ? Number(field) : field);
const asJson = (field: string) => parseJson(field);
const asTenants = (field: string) =>
  parts(field, ";").map((item) => {
    const colon = item.indexOf(":");
    if (colon === -1) return { tenantId: item };
    return { tenantId: item.slice(0, colon).trim(), roleNames: parts(item.slice(colon + 1), "|") };
  });

function parts(field: string, by: string): string[] {
  return field
    .split(by)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** How the columns are read that are not texts, and names that stand for others. */
const COLUMNS: Readonly<Record<string, Column>> = {
  loginIds: { path: ["loginIds"], read: asList },
  additionalLoginIds: { path: ["additionalLoginIds"], read: asList },
  roleNames: { path: ["roleNames"], read: asList },
  roles: { path: ["roleNames"], read: asList },
  userTenants: { path: ["userTenants"], read: asTenants },
  tenants: { path: ["userTenants"], read: asTenants },
  ssoAppIds: { path: ["ssoAppIds"], read: asList },
  ssoAppIDs: { path: ["ssoAppIDs"], read: asList },
  verifiedEmail: { path: ["verifiedEmail"], read: asFlag },
  verifiedPhone: { path: ["verifiedPhone"], read: asFlag },
  verifiedRecoveryEmail: { path: ["verifiedRecoveryEmail"], read: asFlag },
  verifiedRecoveryPhone: { path: ["verifiedRecoveryPhone"], read: asFlag },
  scim: { path: ["scim"], read: asFlag },
  test: { path: ["test"], read: asFlag },
  createdTime: { path: ["createdTime"], read: asTime },
  customAttributes: { path: ["customAttributes"], read: asJson },
  hashedPassword: { path: ["hashedPassword"], read: asJson },
  familyAssociations: { path: ["familyAssociations"], read: asJson },
  userFamilies: { path: ["familyAssociations"], read: asJson },
};

function columnOf(file: string, field: Field): Column {
  const name = field.text.trim();
  const known = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
  if (known !== undefined) return known;
  const [first = "", ...below] = name.split(".");
  const isKnown = Object.hasOwn(seedUser().entries, first);
  const takesMore = first === "customAttributes" || first === "hashedPassword";
  if (name === "" || !isKnown || below.length > 0 !== takesMore || below.includes(""))
    throw at(file, field, name === "" ? "the column has no name" : `the column ${name} is not known`);
  // The name of an attribute may have dots of its own.
  const path = first === "customAttributes" ? [first, below.join(".")] : [first, ...below];
  return { path, read: asText };
}

function userOf(file: string, columns: readonly Column[], row: readonly Field[]): SeedUser {
  const user: Record<string, unknown> = {};
  const places = new Map<string, Field>();
  for (const [index, { path, read }] of columns.entries()) {
    const field = row[index] as Field;
    if (field.text === "") continue;
    put(user, path, readField(file, field, read));
    places.set(path[0] as string, field);
  }
  return checked(user, (path) => {
    const field = places.get(path.split(".")[0] as string) ?? (row[0] as Field);
    return `${file}:${field.line}:${field.column}: ${path}`;
  });
}

function readField(file: string, field: Field, read: Column["read"]): unknown {
  try {
    return read(field.text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw at(file, field, `not JSON: ${error.message}`);
    throw error;
  }
}

function put(
  target: Record<string, unknown>,
  [step = "", ...below]: readonly string[],
  value: unknown,
): void {
  if (below.length === 0) target[step] = value;
  else {
    const inner = target[step];
    if (isJsonObject(inner)) put(inner, below, value);
    else put((target[step] = {}) as Record<string, unknown>, below, value);
  }
}

/** @param place what stands in front of an error at a path of members. */
function checked(value: unknown, place: (path: string) => string): SeedUser {
  const found = v.safeParse(userSchema(), value);
  if (found.success) return found.output;
  const issue = found.issues[0];
  const { text, hint } = issueText(issue);
  throw fileFailure(
    `${place(v.getDotPath(issue) ?? "")} ${text}`.replace(/:(\d+) (must|is)/, ":$1: it $2"),
    hint,
  );
}

let made: ReturnType<typeof seedUser> | undefined;

/** Made once: it is asked for every line. */
function userSchema(): ReturnType<typeof seedUser> {
  return (made ??= seedUser());
}
