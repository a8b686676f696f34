import { KEY, PROJECT, type DescribedCase, type Wire } from "../case.ts";
import { fails, failsInJson, sent, succeeds } from "./expected.ts";
import { recorded, replyMember } from "./shared.ts";

/** The first time of all, in milliseconds, which an open end of a search is sent as. */
const ZERO_DATE = -62135596800000;
const OTHER = "P2ZyXwVuTsRqPoNmLkJiHgFeDcBa";
const projects = replyMember("POST /v1/mgmt/projects/list", "projects");

const search = (text: string) =>
  sent("POST /v1/mgmt/audit/search", { body: { text, from: ZERO_DATE, to: ZERO_DATE } });
const audits = (...records: Wire[]) => ({ "POST /v1/mgmt/audit/search": { body: { audits: records } } });
const occurred = (TZ: string, time: string, printed: string): DescribedCase => ({
  id: `audit-search-time-${TZ}-${time}`,
  argv: ["audit", "search", "x", "-j"],
  env: { TZ },
  replies: audits({ occurred: time }),
  expect: succeeds([search("x")], { json: { count: 1, records: [{ occurred: printed, Tenants: [] }] } }),
});

const auditCases: DescribedCase[] = [
  {
    id: "audit-search-json",
    argv: ["audit", "search", "Mozilla", "-j"],
    env: { TZ: "UTC" },
    expect: succeeds([search("Mozilla")], {
      json: {
        count: 2,
        records: [
          {
            projectId: PROJECT,
            userId: "U2aa",
            action: "LoginSucceed",
            type: "info",
            actorId: "a1",
            occurred: "2024-04-02T15:03:25.123Z",
            device: "Desktop",
            method: "otp",
            geo: "US",
            remoteAddress: "10.0.0.1",
            loginIds: ["ann@example.com"],
            Tenants: ["t1"],
            data: { userAgent: "Mozilla/5.0", n: 1 },
          },
          { projectId: PROJECT, action: "UserCreated", occurred: "2024-04-02T15:00:00Z", Tenants: [] },
        ],
      },
    }),
  },
  { id: "audit-search-empty-text", argv: ["audit", "search", ""], expect: succeeds([search("")]) },
  { id: "audit-search-no-text", argv: ["audit", "search"], expect: fails() },
  { id: "audit-search-dash", argv: ["audit", "search", "-"], expect: succeeds([search("-")]) },
  {
    id: "audit-search-like-a-flag",
    argv: ["audit", "search", "--", "--json"],
    expect: succeeds([search("--json")]),
  },
  {
    id: "audit-search-none",
    argv: ["audit", "search", "x", "-j"],
    replies: { "POST /v1/mgmt/audit/search": { body: { audits: null, total: 0 } } },
    expect: succeeds([search("x")], { json: { count: 0, records: [] } }),
  },
  {
    id: "audit-search-null",
    argv: ["audit", "search", "x", "-j"],
    replies: { "POST /v1/mgmt/audit/search": { raw: "null" } },
    expect: failsInJson([search("x")]),
  },
  occurred("UTC", "1712070205120", "2024-04-02T15:03:25.12Z"),
  occurred("UTC", "0", "1970-01-01T00:00:00Z"),
  occurred("UTC", "-1", "1969-12-31T23:59:59.999Z"),
  occurred("America/New_York", "1712070205100", "2024-04-02T11:03:25.1-04:00"),
  occurred("America/New_York", "1704067200000", "2023-12-31T19:00:00-05:00"),
  occurred("Asia/Kathmandu", "1712070205123", "2024-04-02T20:48:25.123+05:45"),
  occurred("", "1712070205123", "2024-04-02T15:03:25.123Z"),
  ...([1712070205123, "", "soon", "1.5", null] as const).map((time, i): DescribedCase => ({
    id: `audit-search-time-bad-${i}`,
    argv: ["audit", "search", "x", "-j"],
    replies: audits({ occurred: time }),
    expect: failsInJson([search("x")]),
  })),
];

const LIST = sent("POST /v1/mgmt/projects/list");
const DELETE = sent("POST /v1/mgmt/project/delete");
const bearer = (project: string) => ({ as: `Bearer ${project}:${KEY}` });
const clone = (body: Wire) => sent("POST /v1/mgmt/project/clone", { body });
const failing = (status: number, errorCode: string) => ({
  "POST /v1/mgmt/projects/list": { status, body: { errorCode, errorDescription: "no" } },
});

const listCases: DescribedCase[] = [
  {
    id: "project-list-json",
    argv: ["project", "list", "-j"],
    expect: succeeds([LIST], { json: { count: 2, projects } }),
  },
  {
    id: "project-list-company-key",
    argv: ["project", "list", "-j"],
    env: { DESCOPE_PROJECT_ID: null },
    expect: succeeds([sent("POST /v1/mgmt/projects/list", { as: `Bearer ${KEY}` })], {
      json: { count: 2, projects },
    }),
  },
  {
    id: "project-list-empty-project",
    argv: ["project", "list"],
    env: { DESCOPE_PROJECT_ID: "" },
    expect: succeeds([sent("POST /v1/mgmt/projects/list", { as: `Bearer ${KEY}` })]),
  },
  {
    id: "project-list-unchecked-project",
    argv: ["project", "list"],
    env: { DESCOPE_PROJECT_ID: "garbage" },
    expect: succeeds([sent("POST /v1/mgmt/projects/list", bearer("garbage"))]),
  },
  { id: "project-list-argument", argv: ["project", "list", "x"], expect: fails() },
  {
    id: "project-list-no-key",
    argv: ["project", "list"],
    env: { DESCOPE_MANAGEMENT_KEY: null },
    expect: fails(),
  },
  {
    id: "project-list-none",
    argv: ["project", "list", "-j"],
    replies: { "POST /v1/mgmt/projects/list": { body: {} } },
    expect: succeeds([LIST], { json: { count: 0, projects: [] } }),
  },
];

const cloneCases: DescribedCase[] = [
  {
    id: "project-clone-json",
    argv: ["project", "clone", PROJECT, "Copy", "-j"],
    expect: succeeds([clone({ name: "Copy" })], {
      json: { result: recorded("project-clone-all", "result") },
    }),
  },
  {
    id: "project-clone-other-project",
    argv: ["project", "clone", OTHER, "Copy"],
    env: { DESCOPE_PROJECT_ID: null },
    expect: succeeds([sent("POST /v1/mgmt/project/clone", { body: { name: "Copy" }, ...bearer(OTHER) })]),
  },
  {
    id: "project-clone-wrong-variable",
    argv: ["project", "clone", OTHER, "Copy"],
    env: { DESCOPE_PROJECT_ID: "garbage" },
    expect: succeeds([sent("POST /v1/mgmt/project/clone", { body: { name: "Copy" }, ...bearer(OTHER) })]),
  },
  {
    id: "project-clone-deprecated-tag",
    argv: ["project", "clone", PROJECT, "Copy", "-t", "production"],
    expect: succeeds([clone({ name: "Copy", environment: "production" })]),
  },
  {
    id: "project-clone-deprecated-tag-long",
    argv: ["project", "clone", PROJECT, "Copy", "--tag=production", "--environment", ""],
    expect: succeeds([clone({ name: "Copy" })]),
  },
  {
    id: "project-clone-tag-last",
    argv: ["project", "clone", PROJECT, "Copy", "-e", "staging", "--tag", "production", "-j"],
    expect: succeeds([clone({ name: "Copy", environment: "production" })], { json: {} }),
  },
  { id: "project-clone-empty-name", argv: ["project", "clone", PROJECT, ""], expect: succeeds([clone({})]) },
  ...["staging", "Production", "production "].map((environment, i): DescribedCase => ({
    id: `project-clone-environment-bad-${i}`,
    argv: ["project", "clone", PROJECT, "Copy", "-e", environment, "-j"],
    expect: failsInJson(),
  })),
  ...["X2abc", "", "p2abc"].map((project, i): DescribedCase => ({
    id: `project-clone-project-bad-${i}`,
    argv: ["project", "clone", project, "Copy"],
    expect: fails(),
  })),
  { id: "project-clone-one-argument", argv: ["project", "clone", PROJECT], expect: fails() },
  {
    id: "project-clone-without-project",
    argv: ["project", "clone", PROJECT, "Copy", "-j"],
    replies: { "POST /v1/mgmt/project/clone": { body: {} } },
    expect: failsInJson([clone({ name: "Copy" })]),
  },
];

const deleteCase = (
  id: string,
  stdin: string,
  deleted: boolean,
  more: Partial<DescribedCase> = {},
): DescribedCase => ({
  id: `project-delete-${id}`,
  argv: ["project", "delete", PROJECT],
  stdin,
  expect: succeeds(deleted ? [LIST, DELETE] : [LIST]),
  ...more,
});

const deleteCases: DescribedCase[] = [
  deleteCase("wrong-name", "Production\n", false),
  deleteCase("wrong-case", "staging\n", false),
  deleteCase("end-of-input", "", false),
  deleteCase("bare-enter", "\n", false),
  deleteCase("spaces-around", "  Staging \r\n", true),
  deleteCase("no-newline", "Staging", true),
  deleteCase("id-in-place-of-name", `${PROJECT}\n`, false),
  deleteCase("first-line-counts", "no\nStaging\n", false),
  deleteCase("name-with-spaces", "Outer\n", true, {
    replies: { "POST /v1/mgmt/projects/list": { body: { projects: [{ id: PROJECT, name: " Outer " }] } } },
  }),
  deleteCase("nameless-bare-enter", "\n", false, {
    replies: { "POST /v1/mgmt/projects/list": { body: { projects: [{ id: PROJECT, name: "" }] } } },
  }),
  deleteCase("nameless-by-id", `${PROJECT}\n`, true, {
    replies: { "POST /v1/mgmt/projects/list": { body: { projects: [{ id: PROJECT, name: "" }] } } },
  }),
  deleteCase("unlisted-by-id", `${PROJECT}\n`, true, {
    replies: { "POST /v1/mgmt/projects/list": { body: { projects: [] } } },
  }),
  deleteCase("forbidden-list", `${PROJECT}\n`, true, { replies: failing(403, "E011003") }),
  deleteCase("forbidden-list-wrong", "Staging\n", false, { replies: failing(403, "E011003") }),
  deleteCase("no-such-project", "Staging\n", false, {
    replies: failing(400, "E011008"),
    expect: fails([LIST]),
  }),
  {
    id: "project-delete-force-long",
    argv: ["project", "delete", "--force", OTHER],
    env: { DESCOPE_PROJECT_ID: null },
    expect: succeeds([
      sent("POST /v1/mgmt/projects/list", bearer(OTHER)),
      sent("POST /v1/mgmt/project/delete", bearer(OTHER)),
    ]),
  },
  {
    id: "project-delete-force-json",
    argv: ["project", "delete", PROJECT, "-fj"],
    expect: succeeds([LIST, DELETE], { json: {} }),
  },
  {
    id: "project-delete-json",
    argv: ["project", "delete", PROJECT, "-j"],
    stdin: "Staging\n",
    expect: failsInJson([LIST]),
  },
  {
    id: "project-delete-force-false",
    argv: ["project", "delete", PROJECT, "--force=false"],
    stdin: "no\n",
    expect: succeeds([LIST]),
  },
  { id: "project-delete-project-bad", argv: ["project", "delete", "X2abc", "-f"], expect: fails() },
  { id: "project-delete-none", argv: ["project", "delete", "-f"], expect: fails() },
];

export const projectCases: readonly DescribedCase[] = [
  ...auditCases,
  ...listCases,
  ...cloneCases,
  ...deleteCases,
];
