import { describe, expect, test } from "bun:test";
import { pathsOf } from "../../../src/emulator/requests/router.ts";
import { served } from "../../../src/emulator/services.ts";
import { testEmulator, type Answer } from "../../support/emulator.ts";
import type { ErrorReply } from "../../support/replies.ts";
import { exchange, requestOf, type WireRequest } from "./call.ts";
import { fieldsOf, withField } from "./declared-fields.ts";
import { isRefusal, statusOf, type Example, type Sent } from "./example.ts";
import { examples } from "./examples.ts";
import { Scene } from "./scene.ts";
import { seed } from "./seed.ts";

/** One wrong request, and what the answer must be. */
interface Wrong {
  readonly what: string;
  readonly request: WireRequest;
  readonly status: number | readonly number[];
  readonly errorCode?: string;
  /** What the error's message must say, where it must say something. */
  readonly names?: string;
}

describe("what is wrong with a request is said, and the right request succeeds after it", () => {
  for (const example of examples) {
    const { operation } = example;
    test(`${operation.method} ${operation.path}`, async () => {
      await using emulator = testEmulator({ seed });
      const scene = new Scene(emulator);
      const sent = await example.prepare(scene);
      const problems: string[] = [];
      const wrongs = [...wrongRequests(scene, example, sent), ...strangeReferences(scene, example, sent)];
      for (const wrong of wrongs) {
        const answer = await send(scene, wrong.request);
        problems.push(...problemsOf(wrong, answer));
      }
      expect(problems).toEqual([]);
      const { status, reply } = await exchange(scene, operation, operation.path, sent);
      if (status !== statusOf(example)) throw new Error(`${status} ${JSON.stringify(reply)}`);
    });
  }
});

describe("no text breaks the emulator, wherever it stands", () => {
  const strange = ["__proto__", "constructor", "\u0000", "a'b\"c;--", "🦊".repeat(2000)];
  for (const example of examples) {
    const { operation } = example;
    test(`${operation.method} ${operation.path}`, async () => {
      await using emulator = testEmulator({ seed });
      const scene = new Scene(emulator);
      const sent = await example.prepare(scene);
      const problems: string[] = [];
      // Flows and snapshots have hundreds of texts, checked by their formats.
      for (const path of leavesOf(sent.input ?? {}).slice(0, 40)) {
        for (const text of strange) {
          const input = replaced(sent.input, path, text);
          const { status, body } = await send(
            scene,
            requestOf(scene, operation, operation.path, { ...sent, input }),
          );
          if (status >= 500)
            problems.push(`${path.join(".")} = ${text.slice(0, 20)}: ${status} ${JSON.stringify(body)}`);
        }
      }
      expect(problems).toEqual([]);
    });
  }
});

describe("what is not served says so, and names the nearest that is", () => {
  test("another version of every path, and every path by another method", async () => {
    await using emulator = testEmulator();
    const problems: string[] = [];
    const known = new Set(
      served.flatMap(({ operation }) => pathsOf(operation).map((path) => `${operation.method} ${path}`)),
    );
    const patterns = [...known]
      .filter((one) => one.includes("{"))
      .map((one) => one.replaceAll(/\{\w+\}/g, "[^/]+"));
    const isServed = (line: string) =>
      known.has(line) || patterns.some((one) => new RegExp(`^${one}$`).test(line));
    // Looking for the nearest takes a while: other prefixes and methods are tried on some of the paths.
    for (const [index, line] of [...known].entries()) {
      const [method, path] = line.split(" ") as [string, string];
      if (path.includes("{")) continue;
      const others = [
        [method, path.replace(/^\/v\d/, "/v9")],
        [method, `/v1${path}`],
        [method === "GET" ? "POST" : "GET", path],
      ] as const;
      for (const [otherMethod, otherPath] of others.slice(0, index % 7 === 0 ? 3 : 1)) {
        if (isServed(`${otherMethod} ${otherPath}`)) continue;
        const { status, body } = await emulator.call(otherPath, undefined, { method: otherMethod });
        const nearest = / the nearest that is served is (\S+ \S+)$/.exec(body.errorMessage)?.[1] ?? "";
        const isNear = otherPath.startsWith("/v9")
          ? nearest.replace(/\/v\d/, "") === line.replace(/\/v\d/, "")
          : known.has(nearest);
        if (status !== 501 || body.errorCode !== "EMULATOR_NOT_IMPLEMENTED" || !isNear)
          problems.push(`${otherMethod} ${otherPath}: ${status} ${JSON.stringify(body)}`);
      }
    }
    expect(problems).toEqual([]);
  });
});

function problemsOf({ what, status, errorCode, names }: Wrong, { status: got, body }: Answer): string[] {
  const said = `${what}: ${got} ${JSON.stringify(body).slice(0, 300)}`;
  const statuses = typeof status === "number" ? [status] : status;
  const isShaped =
    isOAuthShaped(body) ||
    (typeof body?.errorCode === "string" &&
      typeof body.errorDescription === "string" &&
      (body.errorMessage === undefined || typeof body.errorMessage === "string") &&
      Object.keys(body).every((key) => ERROR_MEMBERS.includes(key) || isScimMember(body, key, got)));
  const isRight =
    isShaped &&
    statuses.includes(got) &&
    (errorCode === undefined ||
      (isOAuthShaped(body) ? body.error === "invalid_request" : body.errorCode === errorCode)) &&
    (names === undefined || String(body.errorMessage ?? body.error_description).includes(names)) &&
    !/\bat .*:\d+:\d+|node_modules|TypeError|undefined is not/.test(JSON.stringify(body));
  return isRight ? [] : [said];
}

const ERROR_MEMBERS = ["errorCode", "errorDescription", "errorMessage"];

/** What a directory is told. */
interface Refusal extends ErrorReply {
  readonly schemas?: readonly string[];
  readonly status?: string;
  readonly detail?: string;
}

/** Errors that directories are told have the members of RFC 7644 beside, which say the same. */
function isScimMember(body: Refusal, key: string, status: number): boolean {
  if (body.schemas?.[0] !== "urn:ietf:params:scim:api:messages:2.0:Error") return false;
  if (key === "status") return body.status === String(status);
  if (key === "detail") return body.detail === (body.errorMessage ?? body.errorDescription);
  return key === "schemas";
}

/** Errors of OAuth's endpoints have its form, and never both. */
function isOAuthShaped(body: ErrorReply | undefined): boolean {
  return (
    typeof body?.error === "string" &&
    typeof body.error_description === "string" &&
    Object.keys(body).length === 2
  );
}

/** What answers whoever asks, with a token or without. */
const NEVER_FAILS = new Set(["/v1/auth/try-refresh"]);

function wrongRequests(scene: Scene, example: Example, sent: Sent): Wrong[] {
  const { operation } = example;
  const route = operation.path;
  const right = requestOf(scene, operation, route, sent);
  const wrong: Wrong[] = [];
  const isManagement = route.includes("/mgmt/") || route.startsWith("/scim/");
  if (operation.open !== true) {
    for (const [what, authorization] of [
      ["no authorization", ""],
      ["another scheme", "Basic YTpi"],
      ["too many parts", "Bearer a:b:c:d"],
    ] as const)
      wrong.push({ what, request: { ...right, authorization }, status: 401, errorCode: "E061005" });
    const { managementKey, project } = scene.emulator;
    if (operation.company !== true) {
      const second = sent.token ?? (isManagement ? managementKey : undefined);
      const authorization = `Bearer PNone${second === undefined ? "" : `:${second}`}`;
      wrong.push({
        what: "no such project",
        request: { ...right, authorization },
        status: 404,
        errorCode: "E011008",
      });
    }
    if (isManagement) {
      const authorization = `Bearer ${project}:KWrong`;
      wrong.push({
        what: "a wrong key",
        request: { ...right, authorization },
        status: 401,
        errorCode: "E061005",
      });
      wrong.push({ what: "no key", request: { ...right, authorization: `Bearer ${project}` }, status: 401 });
    }
  }
  if (sent.token !== undefined && !isManagement && !NEVER_FAILS.has(route)) {
    const { project } = scene.emulator;
    for (const [what, authorization] of [
      ["no token", `Bearer ${project}`],
      ["no JWT", `Bearer ${project}:a.b.c`],
      ["a token of nobody", `Bearer ${project}:KNobody`],
      ["a token that was changed", `Bearer ${project}:${sent.token.slice(0, -2)}`],
    ] as const)
      wrong.push({ what, request: { ...right, authorization }, status: 401 });
  }
  const schema = operation.input?.();
  const hasBody = operation.method !== "GET" && operation.method !== "DELETE";
  if (hasBody) {
    for (const body of ["{", '{"a":1}}', "nonsense", '{"a":"\u0001"}'])
      wrong.push({
        what: `the body ${body}`,
        request: { ...right, body },
        status: 400,
        errorCode: "E011001",
        names: "JSON",
      });
  }
  if (schema === undefined) return wrong;
  const input = Array.isArray(sent.input) ? sent.input : { ...sent.query, ...(sent.input as object) };
  if (hasBody) {
    for (const body of ["7", '"text"', "true", ...(schema.type === "array" ? ['{"a":1}'] : ["[]"])])
      wrong.push({
        what: `the body ${body}`,
        request: { ...right, body },
        status: 400,
        errorCode: "E011003",
      });
  }
  for (const { path, required, wrong: values } of fieldsOf(schema)) {
    const inPath = route.includes(`{${path[0]}}`);
    const place = path.join(".");
    // The query stands above the body: what is wrong must not be in both.
    const { [path[0] as string]: _above, ...query } = sent.query ?? {};
    const given = (value: unknown): WireRequest =>
      requestOf(scene, operation, route, { ...sent, query, input: withField(schema, input, path, value) });
    if (required && path.at(-1) !== "0" && !inPath)
      wrong.push({
        what: `without ${place}`,
        request: given(undefined),
        status: 400,
        errorCode: "E011003",
        names: `The ${place} field is required`,
      });
    for (const value of values) {
      // Of a query and a path everything is a text.
      if (!hasBody || inPath) if (typeof value !== "string") continue;
      wrong.push({
        what: `${place} = ${JSON.stringify(value)}`,
        request: given(value),
        status: 400,
        errorCode: "E011003",
        names: `The ${place}`,
      });
    }
  }
  return wrong;
}

/** Members that name something which must be there. */
const REFERENCE =
  /(?:^|\.)(?:id|ids\.\d+|(?:login|user|tenant|app|flow|backup|execution|process|project|family|ssoApp|impersonator|credential|libraryEntry|template)Ids?(?:\.\d+)?|roleNames?(?:\.\d+)?|tenant|token|code|jwt|pendingRef|selectedTenant)$/;

/** References that may name nothing, by the operation's path, and why. */
const FREE_REFERENCES: readonly (readonly [RegExp, RegExp, string])[] = [
  [
    /\/(?:signup|signup-in)\b|\/user\/create|\/auth\/totp\/signup|\/signup\/embeddedlink/,
    /(?:^|\.)loginId$/,
    "it is a new user",
  ],
  [/\/dependent\/create$/, /^loginId$/, "it is a new user"],
  [/\/descoper$/, /^descopers\.0\.loginId$/, "it is a new descoper"],
  [/\/(?:user|patch)\/batch$|\/patch\/batch$|\/create\/batch$/, /^users\./, "each row is answered by itself"],
  [
    /\/user\/delete\/batch$|\/managementkey\/delete$/,
    /^(?:userIds|ids)\./,
    "what is gone already is as it should be",
  ],
  [/\/oauthtoken\/batch\/upload$/, /^tokens\./, "what is wrong with each item stands in the reply"],
  [/\/outbound\/scim\/create$/, /^configuration\./, "it is a secret of the provider"],
  [/\/consents\/delete/, /^consentIds\./, "what is gone already is as it should be"],
  [/\/(?:ssoapp|role|family)\/remove$/, /./, "what is gone already is as it should be"],
  [/\/passkeys\/import$/, /credentialId$/, "it is a new passkey"],
  [/\/sso\/oidc$/, /^settings\.userAttrMapping\./, "it names a claim of the provider"],
  [/\/audit\/web\/set$/, /token$/i, "it is what the webhook is called with"],
  [/\/audit\/event$/, /^userId$/, "the trail may tell of other systems' users"],
  [/\/user\/history$/, /./, "of somebody who is not there nothing is known"],
  [/\/(?:role|tenant)\/search$/, /./, "nothing fits a search, which is an answer"],
  [/\/(?:users\/load|v2\/mgmt\/user\/history)$/, /^userIds\./, "those that are there come back"],
  [/\/me\/tenants$/, /^ids\./, "those that are the user's come back"],
  [/\/flow\/import$/, /./, "the whole flow is what is new"],
  [/\/theme\/import$|\/snapshot\/|\/list\/import$/, /./, "the whole is what is new"],
  [
    /openid-configuration$/,
    /^ssoAppId$/,
    "this path has no application; the one that has names it in its place",
  ],
  [
    /\/oauth2\/v1\/(?:apps\/)?revoke$/,
    /^(?:token|ssoAppId)$/,
    "what is worth nothing already is as it should be",
  ],
  [/\/try-refresh$/, /./, "it never fails"],
  [/\/mappable\/resources$/, /^tenantId$/, "a query without a tenant is of the whole project"],
  [/\/sso\/settings\/new$/, /^ssoId$/, "it is a new configuration"],
];

/** Requests that name what does not exist, or nothing where something must be named. */
function strangeReferences(scene: Scene, { operation, reply }: Example, sent: Sent): Wrong[] {
  if (isRefusal(reply)) return [];
  const schema = operation.input?.();
  const required = schema === undefined ? [] : fieldsOf(schema).filter((field) => field.required);
  return leavesOf(sent.input ?? {}).flatMap((path) => {
    const place = path.join(".");
    if (!REFERENCE.test(place)) return [];
    const isFree = FREE_REFERENCES.some(([route, field]) => route.test(operation.path) && field.test(place));
    if (isFree) return [];
    const mustBe =
      !/\d/.test(place) &&
      required.some((field) => field.path.join(".") === place) &&
      !operation.path.includes(`{${place}}`);
    return ["no-such", ...(mustBe ? [""] : [])].map((value) => ({
      what: `${place} = ${JSON.stringify(value)}`,
      request: requestOf(scene, operation, operation.path, {
        ...sent,
        input: replaced(sent.input, path, value),
      }),
      status: [400, 401, 403, 404],
      ...(value === "" && path.length === 1 ? { names: place } : {}),
    }));
  });
}

/** The places of all texts. */
function leavesOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, [...path, name]));
}

function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  const inner = replaced((value as Record<string, unknown>)[name], rest, by);
  if (Array.isArray(value)) return value.with(Number(name), inner);
  return { ...(value as object), [name]: inner };
}

async function send(
  scene: Scene,
  { method, target, body, authorization, headers }: WireRequest,
): Promise<Answer> {
  return scene.emulator.call(target, body, {
    method,
    authorization,
    ...(headers === undefined ? {} : { headers }),
  });
}
