import { KEY, PROJECT, type Behaviour, type DescribedCase, type Reply } from "../case.ts";
import { fails, failsInJson, sent, succeeds } from "./expected.ts";

const LOAD = sent("GET /v1/mgmt/tenant", { query: { id: "x" } });
const CREATE = sent("POST /v1/mgmt/tenant/create", { body: { name: "Acme" } });
const DELETE = sent("POST /v1/mgmt/tenant/delete", { body: { id: "x" } });
const load = ["tenant", "load", "x", "-j"];

const variables = (
  id: string,
  env: Readonly<Record<string, string | null>>,
  expect: Behaviour,
  argv: readonly string[] = load,
): DescribedCase => ({ id: `auth-${id}`, argv, env, expect });

const loaded = (...requests: Behaviour["requests"]) => succeeds(requests, { json: {} });
const as = (bearer: string) => sent("GET /v1/mgmt/tenant", { query: { id: "x" }, as: bearer });

const variableCases: DescribedCase[] = [
  variables("key-missing-text", { DESCOPE_MANAGEMENT_KEY: null }, fails(), ["tenant", "load", "x"]),
  variables("key-missing-json", { DESCOPE_MANAGEMENT_KEY: null }, failsInJson()),
  variables("key-empty", { DESCOPE_MANAGEMENT_KEY: "" }, failsInJson()),
  variables("key-wrong", { DESCOPE_MANAGEMENT_KEY: "P123" }, failsInJson()),
  variables("key-lower-case", { DESCOPE_MANAGEMENT_KEY: "k123" }, failsInJson()),
  variables("key-one-letter", { DESCOPE_MANAGEMENT_KEY: "K" }, loaded(as(`Bearer ${PROJECT}:K`))),
  variables("key-newline-behind", { DESCOPE_MANAGEMENT_KEY: `${KEY}\n` }, loaded(LOAD)),
  variables("key-spaces-around", { DESCOPE_MANAGEMENT_KEY: ` ${KEY}  ` }, loaded(LOAD)),
  variables("key-newline-inside", { DESCOPE_MANAGEMENT_KEY: "K1\n2" }, failsInJson()),
  variables("project-missing-json", { DESCOPE_PROJECT_ID: null }, failsInJson()),
  variables("project-empty", { DESCOPE_PROJECT_ID: "" }, failsInJson()),
  variables("project-wrong", { DESCOPE_PROJECT_ID: "X123" }, failsInJson()),
  variables("project-one-letter", { DESCOPE_PROJECT_ID: "P" }, loaded(as(`Bearer P:${KEY}`))),
  variables("project-newline-behind", { DESCOPE_PROJECT_ID: `${PROJECT} \n` }, loaded(LOAD)),
  variables("both-missing", { DESCOPE_MANAGEMENT_KEY: null, DESCOPE_PROJECT_ID: null }, failsInJson()),
  variables(
    "other-keys-ignored",
    { DESCOPE_PUBLIC_KEY: "junk", DESCOPE_AUTH_MANAGEMENT_KEY: "junk\n" },
    loaded(LOAD),
  ),
  variables("arguments-before-key", { DESCOPE_MANAGEMENT_KEY: null }, failsInJson(), [
    "tenant",
    "load",
    "-j",
  ]),
  variables("base-url-slash", { DESCOPE_BASE_URL: "{url}/" }, loaded(LOAD)),
  variables("base-url-slashes", { DESCOPE_BASE_URL: "{url}///" }, loaded(LOAD)),
  variables("base-url-spaces", { DESCOPE_BASE_URL: " {url}\n" }, loaded(LOAD)),
  variables(
    "base-url-prefix",
    { DESCOPE_BASE_URL: "{url}/a/b" },
    loaded(sent("GET /a/b/v1/mgmt/tenant", { query: { id: "x" } })),
  ),
  variables(
    "base-url-prefix-slash",
    { DESCOPE_BASE_URL: "{url}/a%20b/" },
    loaded(sent("GET /a%20b/v1/mgmt/tenant", { query: { id: "x" } })),
  ),
  variables("base-url-no-scheme", { DESCOPE_BASE_URL: "127.0.0.1:1" }, failsInJson()),
  variables("base-url-other-scheme", { DESCOPE_BASE_URL: "ftp://127.0.0.1:1" }, failsInJson()),
  variables("base-url-junk", { DESCOPE_BASE_URL: "http://" }, failsInJson()),
  variables("base-url-refused", { DESCOPE_BASE_URL: "http://127.0.0.1:1" }, failsInJson(), [
    "tenant",
    "load",
    "x",
    "-j",
    "--timeout",
    "300ms",
  ]),
].map((given) =>
  // A prefix reaches a path that no reply was written for.
  given.id.startsWith("auth-base-url-prefix")
    ? { ...given, replies: { "*": { body: { id: "x", name: "X" } } } }
    : given,
);

const server = (
  id: string,
  to: string,
  replies: Reply | readonly Reply[],
  argv: readonly string[],
  expect: Behaviour,
): DescribedCase => ({ id: `server-${id}`, argv, replies: { [to]: replies }, expect });

const GET = "GET /v1/mgmt/tenant";
const POST = "POST /v1/mgmt/tenant/create";
const FOUND: Reply = { body: { id: "x", name: "X" } };
const create = ["tenant", "create", "Acme", "-j"];
const error = (errorCode: string) => ({ errorCode, errorDescription: "It failed", errorMessage: "because" });

const errorCases: DescribedCase[] = [
  ...[400, 401, 402, 403, 404, 405, 408, 409, 413, 422, 425, 500, 501, 505].flatMap((status) => [
    server(`${status}-get`, GET, { status, body: error("E1") }, load, failsInJson([LOAD])),
    server(`${status}-create`, POST, { status, body: error("E1") }, create, failsInJson([CREATE])),
  ]),
  ...[301, 302, 303, 304, 307, 308].flatMap((status) => [
    server(
      `${status}-get`,
      GET,
      { status, headers: { location: "/v1/mgmt/tenant/all" }, body: FOUND.body ?? {} },
      load,
      failsInJson([LOAD]),
    ),
    server(
      `${status}-delete`,
      "POST /v1/mgmt/tenant/delete",
      { status, headers: { location: "/elsewhere" } },
      ["tenant", "delete", "x", "-j"],
      failsInJson([DELETE]),
    ),
  ]),
  ...["<html>no</html>", "", "{}", "[]", "null", '"text"', "7", '{"errorCode":7}', "{"].map((raw, i) =>
    server(`400-body-${i}`, GET, { status: 400, raw }, load, failsInJson([LOAD])),
  ),
  ...["[]", "7", '"text"', "{", "{}x", "null"].map((raw, i) =>
    server(`200-body-${i}`, GET, { raw }, load, failsInJson([LOAD])),
  ),
  server("201-get", GET, { ...FOUND, status: 201 }, load, loaded(LOAD)),
  server("200-bom", GET, { raw: '\ufeff{"id":"x","name":"X"}' }, load, loaded(LOAD)),
  server("200-other-type", GET, { ...FOUND, type: "text/plain" }, load, loaded(LOAD)),
];

const away = (status: number): Reply => ({ status, body: error("E9") });
const busy = (headers: Readonly<Record<string, string>>): Reply => ({
  status: 429,
  body: error("E130429"),
  headers,
});

const retryCases: DescribedCase[] = [
  ...[503, 521, 522, 524, 530].map((status) =>
    server(`${status}-then-fine`, GET, [away(status), FOUND], load, loaded(LOAD, LOAD)),
  ),
  server("503-twice-then-fine", GET, [away(503), away(503), FOUND], load, loaded(LOAD, LOAD, LOAD)),
  server("503-for-ever", GET, away(503), load, failsInJson([LOAD, LOAD, LOAD, LOAD])),
  server("503-then-404", GET, [away(503), away(404)], load, failsInJson([LOAD, LOAD])),
  server("503-create-not-repeated", POST, [away(503), { body: { id: "T1" } }], create, failsInJson([CREATE])),
  server(
    "503-rotate-not-repeated",
    "POST /v1/mgmt/thirdparty/app/rotate",
    [away(503), { body: { cleartext: "s" } }],
    ["apps", "inbound", "secret", "rotate", "x", "-j"],
    failsInJson([sent("POST /v1/mgmt/thirdparty/app/rotate", { body: { id: "x" } })]),
  ),
  server("429-then-fine", GET, [busy({ "retry-after": "0" }), FOUND], load, loaded(LOAD, LOAD)),
  server(
    "429-date-then-fine",
    GET,
    [busy({ "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }), FOUND],
    load,
    loaded(LOAD, LOAD),
  ),
  server("429-unsaid-then-fine", GET, [busy({}), FOUND], load, loaded(LOAD, LOAD)),
  server(
    "429-create-repeated",
    POST,
    [busy({ "retry-after": "0" }), { body: { id: "T1" } }],
    create,
    succeeds([CREATE, CREATE], { json: { tenantId: "T1" } }),
  ),
  server("429-too-long", GET, busy({ "retry-after": "86400" }), load, failsInJson([LOAD])),
];

export const connectionCases: readonly DescribedCase[] = [...variableCases, ...errorCases, ...retryCases];
