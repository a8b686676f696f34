import type { DescribedCase, Wire } from "../case.ts";
import { fails, failsInJson, sent, succeeds } from "./expected.ts";
import { recorded, reply, replyMember } from "./shared.ts";

const ANN = "ann@example.com";
const KEY_ID = "AK2aaaaaaaaaaaaaaaaaaaaaaaaa";
const user = recorded("user-create-all", "user");
const users = recorded("user-load-all-page", "users");
const app = recorded("apps-create-all", "app");
const accessKey = replyMember("GET /v1/mgmt/accesskey", "key");
const tenant = reply("GET /v1/mgmt/tenant");

const userSearch = (limit: number, page: number) =>
  sent("POST /v2/mgmt/user/search", { body: { limit, page } });
const loadUser = (loginId: string, userId: string) =>
  sent("GET /v1/mgmt/user", { query: { loginId, userId } });
const createUser = (body: Wire) => sent("POST /v1/mgmt/user/create", { body });
const createTenant = (body: Wire) => sent("POST /v1/mgmt/tenant/create", { body });
const createKey = (body: Wire) => sent("POST /v1/mgmt/accesskey/create", { body });
const tenants = (...ids: string[]) => ids.map((tenantId) => ({ tenantId }));

const accessKeyCases: DescribedCase[] = [
  {
    id: "access-key-create-json",
    argv: ["access-key", "create", "ci", "--json"],
    expect: succeeds([createKey({ name: "ci" })], {
      json: { accessKey: recorded("access-key-create-all", "accessKey") },
    }),
  },
  {
    id: "access-key-create-long",
    argv: [
      "access-key",
      "create",
      "ci",
      "--description=d",
      "--expires=0x10",
      "--tenants=t1",
      "--tenants",
      "t2",
      "--userId",
      "U1",
    ],
    expect: succeeds([
      createKey({
        name: "ci",
        description: "d",
        expireTime: 16,
        userId: "U1",
        keyTenants: tenants("t1", "t2"),
      }),
    ]),
  },
  {
    id: "access-key-create-expired-before-1970",
    argv: ["access-key", "create", "ci", "-e", "-5"],
    expect: succeeds([createKey({ name: "ci", expireTime: -5 })]),
  },
  {
    id: "access-key-create-expires-2100",
    argv: ["access-key", "create", "ci", "-e", "4102444800", "-j"],
    replies: {
      "POST /v1/mgmt/accesskey/create": {
        body: { cleartext: "c", key: { id: "K9", expireTime: 4102444800 } },
      },
    },
    expect: succeeds([createKey({ name: "ci", expireTime: 4102444800 })], {
      json: { accessKey: { cleartext: "c", id: "K9", expireTime: 4102444800 } },
    }),
  },
  {
    id: "access-key-create-beyond-64-bits",
    argv: ["access-key", "create", "ci", "-e", "9223372036854775808"],
    expect: fails(),
  },
  {
    id: "access-key-create-largest-64-bits",
    argv: ["access-key", "create", "ci", "-e", "9223372036854775807"],
    expect: succeeds([createKey({ name: "ci", expireTime: 9223372036854775807n })]),
  },
  { id: "access-key-create-empty-name", argv: ["access-key", "create", ""], expect: fails() },
  {
    id: "access-key-create-empty-name-json",
    argv: ["access-key", "create", "", "-j"],
    expect: failsInJson(),
  },
  { id: "access-key-create-no-name", argv: ["access-key", "create"], expect: fails() },
  {
    id: "access-key-create-without-key",
    argv: ["access-key", "create", "ci", "-j"],
    replies: { "POST /v1/mgmt/accesskey/create": { body: {} } },
    expect: failsInJson([createKey({ name: "ci" })]),
  },
  {
    id: "access-key-load-json",
    argv: ["access-key", "load", KEY_ID, "-j"],
    expect: succeeds([sent("GET /v1/mgmt/accesskey", { query: { id: KEY_ID } })], { json: { accessKey } }),
  },
  { id: "access-key-load-empty", argv: ["access-key", "load", "", "-j"], expect: failsInJson() },
  {
    id: "access-key-load-id-encoded",
    argv: ["access-key", "load", "a b&c=d/ü%"],
    expect: succeeds([sent("GET /v1/mgmt/accesskey", { query: { id: "a b&c=d/ü%" } })]),
  },
  {
    id: "access-key-load-all-json",
    argv: ["access-key", "load-all", "-j"],
    expect: succeeds([sent("POST /v1/mgmt/accesskey/search")], {
      json: { count: 2, accessKeys: replyMember("POST /v1/mgmt/accesskey/search", "keys") },
    }),
  },
  {
    id: "access-key-load-all-none",
    argv: ["access-key", "load-all", "-j"],
    replies: { "POST /v1/mgmt/accesskey/search": { body: { keys: [] } } },
    expect: succeeds([sent("POST /v1/mgmt/accesskey/search")], { json: { count: 0, accessKeys: [] } }),
  },
  ...["delete", "activate", "deactivate"].flatMap((verb): DescribedCase[] => [
    {
      id: `access-key-${verb}-json`,
      argv: ["access-key", verb, KEY_ID, "-j"],
      expect: succeeds([sent(`POST /v1/mgmt/accesskey/${verb}`, { body: { id: KEY_ID } })], { json: {} }),
    },
    { id: `access-key-${verb}-empty`, argv: ["access-key", verb, ""], expect: fails() },
    { id: `access-key-${verb}-none`, argv: ["access-key", verb], expect: fails() },
    { id: `access-key-${verb}-two`, argv: ["access-key", verb, "a", "b"], expect: fails() },
  ]),
];

const roleVersions = { set: "v1", add: "v2", remove: "v1" } as const;

const userCases: DescribedCase[] = [
  {
    id: "user-create-json",
    argv: ["user", "create", ANN, "-j"],
    expect: succeeds([createUser({ loginId: ANN })], { json: { user } }),
  },
  {
    id: "user-create-long",
    argv: [
      "user",
      "create",
      "--name=Ann Ash",
      "--email=a@b.co",
      "--phone",
      "+15550001111",
      "--tenants=t1",
      ANN,
    ],
    expect: succeeds([
      createUser({
        loginId: ANN,
        displayName: "Ann Ash",
        email: "a@b.co",
        phone: "+15550001111",
        userTenants: tenants("t1"),
      }),
    ]),
  },
  ...["+15550001111", "00123", "1e3", "0x10", "12345678901234567890", "true", "null", " ", "ü 你好 😀"].map(
    (given, i): DescribedCase => ({
      id: `user-create-exact-text-${i}`,
      argv: ["user", "create", given, "-n", given, "-p", given],
      expect: succeeds([createUser({ loginId: given, displayName: given, phone: given })]),
    }),
  ),
  { id: "user-create-empty", argv: ["user", "create", ""], expect: fails() },
  { id: "user-create-none", argv: ["user", "create", "-j"], expect: failsInJson() },
  { id: "user-create-two", argv: ["user", "create", "a", "b"], expect: fails() },
  {
    id: "user-create-without-user",
    argv: ["user", "create", ANN, "-j"],
    replies: { "POST /v1/mgmt/user/create": { body: {} } },
    expect: failsInJson([createUser({ loginId: ANN })]),
  },
  {
    id: "user-create-html",
    argv: ["user", "create", ANN, "-j"],
    replies: { "POST /v1/mgmt/user/create": { raw: "<html>hello</html>", type: "text/html" } },
    expect: failsInJson([createUser({ loginId: ANN })]),
  },
  {
    id: "user-load-login-json",
    argv: ["user", "load", "--login-id", ANN, "--json"],
    expect: succeeds([loadUser(ANN, "")], { json: { user } }),
  },
  {
    id: "user-load-user-short",
    argv: ["user", "load", "-u", "U2aa"],
    expect: succeeds([loadUser("", "U2aa")]),
  },
  {
    id: "user-load-flag-as-value",
    argv: ["user", "load", "-l", "-u"],
    expect: succeeds([loadUser("-u", "")]),
  },
  {
    id: "user-load-plus",
    argv: ["user", "load", "-l", "+1 555&x=1"],
    expect: succeeds([loadUser("+1 555&x=1", "")]),
  },
  ...["load", "delete"].flatMap((verb): DescribedCase[] => [
    { id: `user-${verb}-neither`, argv: ["user", verb], expect: fails() },
    { id: `user-${verb}-neither-json`, argv: ["user", verb, "-j"], expect: failsInJson() },
    { id: `user-${verb}-both`, argv: ["user", verb, "-l", "a", "-u", "b"], expect: fails() },
    { id: `user-${verb}-both-empty`, argv: ["user", verb, "-l", "", "-u", ""], expect: fails() },
    { id: `user-${verb}-argument`, argv: ["user", verb, "ann"], expect: fails() },
  ]),
  {
    id: "user-load-one-empty",
    argv: ["user", "load", "-l", "", "-u", "U1"],
    expect: succeeds([loadUser("", "U1")]),
  },
  {
    id: "user-load-unknown-members",
    argv: ["user", "load", "-l", "x", "-j"],
    replies: {
      "GET /v1/mgmt/user": {
        body: { USER: { LoginIds: ["x"], userid: "U1", more: 1, customAttributes: { z: 1, A: [] } } },
      },
    },
    expect: succeeds([loadUser("x", "")], {
      json: { user: { loginIds: ["x"], userId: "U1", customAttributes: { z: 1, A: [] } } },
    }),
  },
  {
    id: "user-load-wrong-type",
    argv: ["user", "load", "-l", "x", "-j"],
    replies: { "GET /v1/mgmt/user": { body: { user: { name: 7 } } } },
    expect: failsInJson([loadUser("x", "")]),
  },
  {
    id: "user-load-null",
    argv: ["user", "load", "-l", "x", "-j"],
    replies: { "GET /v1/mgmt/user": { body: { user: null } } },
    expect: failsInJson([loadUser("x", "")]),
  },
  {
    id: "user-delete-login-json",
    argv: ["user", "delete", "--login-id", ANN, "-j"],
    expect: succeeds([sent("POST /v1/mgmt/user/delete", { body: { loginId: ANN } })], { json: {} }),
  },
  {
    id: "user-delete-user-short",
    argv: ["user", "delete", "-u", "U2aa"],
    expect: succeeds([sent("POST /v1/mgmt/user/delete", { body: { userId: "U2aa" } })]),
  },
  {
    id: "user-load-all-json",
    argv: ["user", "load-all", "--json"],
    expect: succeeds([userSearch(100, 0)], { json: { count: 2, users } }),
  },
  {
    id: "user-load-all-long",
    argv: ["user", "load-all", "--limit=20", "--page", "3"],
    expect: succeeds([userSearch(20, 3)]),
  },
  ...(
    [
      ["010", 8],
      ["0x10", 16],
      ["0b11", 3],
      ["0o17", 15],
      ["+5", 5],
      ["1_0", 10],
      ["0", 0],
      ["100", 100],
    ] as const
  ).map(([given, limit]): DescribedCase => ({
    id: `user-load-all-limit-${given.replace("+", "plus-")}`,
    argv: ["user", "load-all", "--limit", given],
    expect: succeeds([userSearch(limit, 0)]),
  })),
  ...["08", "1.5", "", " 5", "abc", "0x", "1__0", "_1", "1_", "5 ", "١", "9223372036854775808"].map(
    (given, i): DescribedCase => ({
      id: `user-load-all-limit-bad-${i}`,
      argv: ["user", "load-all", "-l", given],
      expect: fails(),
    }),
  ),
  ...(
    [
      ["limit", "-1"],
      ["page", "-1"],
      ["limit", "4294967297"],
      ["page", "4294967296"],
    ] as const
  ).map(([flag, given]): DescribedCase => ({
    id: `user-load-all-${flag}-out-of-range-${given}`,
    argv: ["user", "load-all", `--${flag}=${given}`, "-j"],
    expect: failsInJson(),
  })),
  {
    id: "user-load-all-last-wins",
    argv: ["user", "load-all", "-l", "5", "-l7", "-p=1", "--page=2"],
    expect: succeeds([userSearch(7, 2)]),
  },
  {
    id: "user-load-all-null",
    argv: ["user", "load-all", "-j"],
    replies: { "POST /v2/mgmt/user/search": { body: { users: null, total: 0 } } },
    expect: succeeds([userSearch(100, 0)], { json: { count: 0, users: [] } }),
  },
  {
    id: "user-load-all-absent",
    argv: ["user", "load-all", "-j"],
    replies: { "POST /v2/mgmt/user/search": { body: {} } },
    expect: succeeds([userSearch(100, 0)], { json: { count: 0, users: [] } }),
  },
  {
    id: "user-load-all-pages",
    argv: ["user", "load-all", "--all", "--limit", "2", "-j"],
    replies: {
      "POST /v2/mgmt/user/search": [
        { body: { users: [{ userId: "U1" }, { userId: "U2" }], total: 3 } },
        { body: { users: [{ userId: "U3" }], total: 3 } },
      ],
    },
    compare: ["exit", "json"],
    expect: succeeds([], {
      json: { count: 3, users: [{ userId: "U1" }, { userId: "U2" }, { userId: "U3" }] },
    }),
  },
  ...(["activate", "deactivate"] as const).flatMap((verb): DescribedCase[] => [
    {
      id: `user-${verb}-json`,
      argv: ["user", verb, ANN, "-j"],
      expect: succeeds(
        [
          sent("POST /v1/mgmt/user/update/status", {
            body: { loginId: ANN, status: verb === "activate" ? "enabled" : "disabled" },
          }),
        ],
        { json: {} },
      ),
    },
    { id: `user-${verb}-empty`, argv: ["user", verb, ""], expect: fails() },
    { id: `user-${verb}-none`, argv: ["user", verb], expect: fails() },
  ]),
  ...(["temporary", "active"] as const).flatMap((kind): DescribedCase[] => {
    const to = `POST /v1/mgmt/user/password/set/${kind}`;
    const active = kind === "active" ? { setActive: true } : {};
    return [
      {
        id: `user-password-set-${kind}-json`,
        argv: ["user", "password", `set-${kind}`, ANN, "Pa$$ w0rd", "-j"],
        expect: succeeds([sent(to, { body: { loginId: ANN, password: "Pa$$ w0rd", ...active } })], {
          json: {},
        }),
      },
      {
        id: `user-password-set-${kind}-dashes`,
        argv: ["user", "password", `set-${kind}`, ANN, "--", "-secret-"],
        expect: succeeds([sent(to, { body: { loginId: ANN, password: "-secret-", ...active } })]),
      },
      {
        id: `user-password-set-${kind}-number`,
        argv: ["user", "password", `set-${kind}`, "00123", "1e3"],
        expect: succeeds([sent(to, { body: { loginId: "00123", password: "1e3", ...active } })]),
      },
      {
        id: `user-password-set-${kind}-stdin`,
        argv: ["user", "password", `set-${kind}`, ANN, "-"],
        stdin: "from the pipe\r\nnot this\n",
        expect: succeeds([sent(to, { body: { loginId: ANN, password: "from the pipe", ...active } })]),
      },
      {
        id: `user-password-set-${kind}-empty-stdin`,
        argv: ["user", "password", `set-${kind}`, ANN, "-"],
        expect: fails(),
      },
      {
        id: `user-password-set-${kind}-empty`,
        argv: ["user", "password", `set-${kind}`, ANN, ""],
        expect: fails(),
      },
      {
        id: `user-password-set-${kind}-empty-login`,
        argv: ["user", "password", `set-${kind}`, "", "p", "-j"],
        expect: failsInJson(),
      },
      {
        id: `user-password-set-${kind}-missing`,
        argv: ["user", "password", `set-${kind}`, ANN],
        expect: fails(),
      },
    ];
  }),
  {
    id: "user-password-expire-json",
    argv: ["user", "password", "expire", ANN, "-j"],
    expect: succeeds([sent("POST /v1/mgmt/user/password/expire", { body: { loginId: ANN } })], { json: {} }),
  },
  { id: "user-password-expire-empty", argv: ["user", "password", "expire", ""], expect: fails() },
  ...(["set", "add", "remove"] as const).flatMap((verb): DescribedCase[] => {
    const to = `POST /${roleVersions[verb]}/mgmt/user/update/role/${verb}`;
    return [
      {
        id: `user-roles-${verb}-json`,
        argv: ["user", "roles", verb, ANN, "--roles=Editor", "-r", "Viewer", "-j"],
        expect: succeeds([sent(to, { body: { loginId: ANN, roleNames: ["Editor", "Viewer"] } })], {
          json: {},
        }),
      },
      {
        id: `user-roles-${verb}-long`,
        argv: ["user", "roles", verb, "--tenant", "t1", "--roles", '"a,b", c', ANN],
        expect: succeeds([sent(to, { body: { loginId: ANN, tenantId: "t1", roleNames: ["a,b", " c"] } })]),
      },
      {
        id: `user-roles-${verb}-two-empty`,
        argv: ["user", "roles", verb, ANN, "-r", ","],
        expect: succeeds([sent(to, { body: { loginId: ANN, roleNames: ["", ""] } })]),
      },
      { id: `user-roles-${verb}-empty-login`, argv: ["user", "roles", verb, "", "-r", "a"], expect: fails() },
    ];
  }),
  {
    id: "user-roles-set-none",
    argv: ["user", "roles", "set", ANN],
    expect: succeeds([sent("POST /v1/mgmt/user/update/role/set", { body: { loginId: ANN } })]),
  },
  {
    id: "user-roles-set-none-in-tenant",
    argv: ["user", "roles", "set", ANN, "-t", "t1", "-r", ""],
    expect: succeeds([
      sent("POST /v1/mgmt/user/update/role/set", { body: { loginId: ANN, tenantId: "t1" } }),
    ]),
  },
  ...(["add", "remove"] as const).flatMap((verb): DescribedCase[] => [
    { id: `user-roles-${verb}-no-role`, argv: ["user", "roles", verb, ANN], expect: fails() },
    {
      id: `user-roles-${verb}-no-role-json`,
      argv: ["user", "roles", verb, ANN, "-j"],
      expect: failsInJson(),
    },
    { id: `user-roles-${verb}-empty-role`, argv: ["user", "roles", verb, ANN, "-r", ""], expect: fails() },
  ]),
  {
    id: "user-test-create-json",
    argv: ["user", "test", "create", "tester", "-n", "T", "-p", "00123", "-j"],
    expect: succeeds(
      [
        sent("POST /v1/mgmt/user/create/test", {
          body: { loginId: "tester", displayName: "T", phone: "00123", test: true },
        }),
      ],
      { json: { user: { userId: "U2aaaaaaaaaaaaaaaaaaaaaaaaaa", test: true } } },
    ),
  },
  { id: "user-test-create-empty", argv: ["user", "test", "create", ""], expect: fails() },
  {
    id: "user-test-delete-all-json",
    argv: ["user", "test", "delete-all", "-j"],
    expect: succeeds([sent("DELETE /v1/mgmt/user/test/delete/all")], { json: {} }),
  },
  { id: "user-test-delete-all-argument", argv: ["user", "test", "delete-all", "x"], expect: fails() },
  ...["email", "sms", "voice"].map((method): DescribedCase => ({
    id: `user-test-otp-${method}-json`,
    argv: ["user", "test", "generate", "otp", method, "ann", "--json"],
    expect: succeeds(
      [sent("POST /v1/mgmt/tests/generate/otp", { body: { loginId: "ann", deliveryMethod: method } })],
      {
        json: { code: "012345" },
      },
    ),
  })),
  ...["SMS", "whatsapp", ""].map((method): DescribedCase => ({
    id: `user-test-otp-method-bad-${method}`,
    argv: ["user", "test", "generate", "otp", method, "ann"],
    expect: fails(),
  })),
  {
    id: "user-test-otp-empty",
    argv: ["user", "test", "generate", "otp", "sms", "", "-j"],
    expect: failsInJson(),
  },
  {
    id: "user-test-otp-null",
    argv: ["user", "test", "generate", "otp", "sms", "ann", "-j"],
    replies: { "POST /v1/mgmt/tests/generate/otp": { raw: "null" } },
    expect: failsInJson([
      sent("POST /v1/mgmt/tests/generate/otp", { body: { loginId: "ann", deliveryMethod: "sms" } }),
    ]),
  },
  {
    id: "user-test-magic-sms",
    argv: ["user", "test", "generate", "magic-link", "sms", "ann", "-j"],
    expect: succeeds(
      [sent("POST /v1/mgmt/tests/generate/magiclink", { body: { loginId: "ann", deliveryMethod: "sms" } })],
      { json: { link: "https://app.example.com/verify?t=abc" } },
    ),
  },
  {
    id: "user-test-magic-voice",
    argv: ["user", "test", "generate", "magic-link", "voice", "ann"],
    expect: fails(),
  },
  ...["", "abc", "?t=1"].map((link, i): DescribedCase => ({
    id: `user-test-magic-link-bad-${i}`,
    argv: ["user", "test", "generate", "magic-link", "email", "ann", "-j"],
    replies: { "POST /v1/mgmt/tests/generate/magiclink": { body: { link } } },
    expect: failsInJson([
      sent("POST /v1/mgmt/tests/generate/magiclink", { body: { loginId: "ann", deliveryMethod: "email" } }),
    ]),
  })),
  {
    id: "user-test-magic-link-path",
    argv: ["user", "test", "generate", "magic-link", "email", "ann", "-j"],
    replies: { "POST /v1/mgmt/tests/generate/magiclink": { body: { link: "/verify?t=1" } } },
    expect: succeeds(
      [sent("POST /v1/mgmt/tests/generate/magiclink", { body: { loginId: "ann", deliveryMethod: "email" } })],
      { json: { link: "/verify?t=1" } },
    ),
  },
  {
    id: "user-test-enchanted-json",
    argv: ["user", "test", "generate", "enchanted-link", "ann", "-u", "https://a.example/v", "-j"],
    expect: succeeds(
      [
        sent("POST /v1/mgmt/tests/generate/enchantedlink", {
          body: { loginId: "ann", URI: "https://a.example/v" },
        }),
      ],
      { json: { result: { link: "https://app.example.com/verify?t=def", pendingRef: "ref-1" } } },
    ),
  },
  {
    id: "user-test-enchanted-link-bad",
    argv: ["user", "test", "generate", "enchanted-link", "ann"],
    replies: { "POST /v1/mgmt/tests/generate/enchantedlink": { body: { link: "abc", pendingRef: "r" } } },
    expect: fails([sent("POST /v1/mgmt/tests/generate/enchantedlink", { body: { loginId: "ann" } })]),
  },
];

const tenantCases: DescribedCase[] = [
  {
    id: "tenant-create-json",
    argv: ["tenant", "create", "AcmeCorp", "-j"],
    expect: succeeds([createTenant({ name: "AcmeCorp" })], { json: { tenantId: "T2new" } }),
  },
  {
    id: "tenant-create-own-id",
    argv: ["tenant", "create", "Acme", "-i", "mine", "-d", "a.com", "-d", "b.com,c.com", "-j"],
    expect: succeeds(
      [createTenant({ id: "mine", name: "Acme", selfProvisioningDomains: ["a.com", "b.com", "c.com"] })],
      { json: { tenantId: "mine" } },
    ),
  },
  {
    id: "tenant-create-empty-id",
    argv: ["tenant", "create", "Acme", "--id=", "-j"],
    expect: succeeds([createTenant({ name: "Acme" })], { json: { tenantId: "T2new" } }),
  },
  {
    id: "tenant-create-empty-domains",
    argv: ["tenant", "create", "Acme", "-d", ""],
    expect: succeeds([createTenant({ name: "Acme" })]),
  },
  { id: "tenant-create-empty", argv: ["tenant", "create", ""], expect: fails() },
  { id: "tenant-create-none", argv: ["tenant", "create"], expect: fails() },
  {
    id: "tenant-create-without-id",
    argv: ["tenant", "create", "Acme", "-j"],
    replies: { "POST /v1/mgmt/tenant/create": { body: {} } },
    expect: failsInJson([createTenant({ name: "Acme" })]),
  },
  {
    id: "tenant-load-json",
    argv: ["tenant", "load", "acmecorp", "-j"],
    expect: succeeds([sent("GET /v1/mgmt/tenant", { query: { id: "acmecorp" } })], { json: { tenant } }),
  },
  { id: "tenant-load-empty", argv: ["tenant", "load", ""], expect: fails() },
  { id: "tenant-load-none", argv: ["tenant", "load"], expect: fails() },
  { id: "tenant-load-two", argv: ["tenant", "load", "a", "b", "-j"], expect: failsInJson() },
  {
    id: "tenant-load-empty-body",
    argv: ["tenant", "load", "a", "-j"],
    replies: { "GET /v1/mgmt/tenant": { raw: "" } },
    expect: failsInJson([sent("GET /v1/mgmt/tenant", { query: { id: "a" } })]),
  },
  {
    id: "tenant-load-html",
    argv: ["tenant", "load", "a", "-j"],
    replies: { "GET /v1/mgmt/tenant": { raw: "<html></html>", type: "text/html" } },
    expect: failsInJson([sent("GET /v1/mgmt/tenant", { query: { id: "a" } })]),
  },
  {
    id: "tenant-delete-json",
    argv: ["tenant", "delete", "acmecorp", "-j"],
    expect: succeeds([sent("POST /v1/mgmt/tenant/delete", { body: { id: "acmecorp" } })], { json: {} }),
  },
  {
    id: "tenant-delete-empty-reply",
    argv: ["tenant", "delete", "acmecorp"],
    replies: { "POST /v1/mgmt/tenant/delete": { status: 204 } },
    expect: succeeds([sent("POST /v1/mgmt/tenant/delete", { body: { id: "acmecorp" } })]),
  },
  {
    id: "tenant-delete-html",
    argv: ["tenant", "delete", "acmecorp"],
    replies: { "POST /v1/mgmt/tenant/delete": { raw: "<html></html>", type: "text/html" } },
    expect: fails([sent("POST /v1/mgmt/tenant/delete", { body: { id: "acmecorp" } })]),
  },
  { id: "tenant-delete-empty", argv: ["tenant", "delete", ""], expect: fails() },
  {
    id: "tenant-load-all-json",
    argv: ["tenant", "load-all", "-j"],
    expect: succeeds([sent("GET /v1/mgmt/tenant/all")], {
      json: { count: 2, tenants: replyMember("GET /v1/mgmt/tenant/all", "tenants") },
    }),
  },
  {
    id: "tenant-load-all-none",
    argv: ["tenant", "load-all", "-j"],
    replies: { "GET /v1/mgmt/tenant/all": { body: {} } },
    expect: succeeds([sent("GET /v1/mgmt/tenant/all")], { json: { count: 0, tenants: [] } }),
  },
  { id: "tenant-load-all-argument", argv: ["tenant", "load-all", "x"], expect: fails() },
];

const F = ["-f", "https://flow.example.com/"];
const LOAD_APP = sent("GET /v1/mgmt/thirdparty/app/load", { query: { id: "TPA1" } });
const createApp = (scopes: Wire, more: { readonly [key: string]: Wire } = {}) =>
  sent("POST /v1/mgmt/thirdparty/app/create", {
    body: { name: "Files", loginPageUrl: "https://flow.example.com/", permissionsScopes: scopes, ...more },
  });
const appCreate = (...rest: string[]) => ["apps", "inbound", "create", "Files", ...F, ...rest];

const appCases: DescribedCase[] = [
  {
    id: "apps-create-json",
    argv: appCreate("-p", "write,Allow writing files,User", "-j"),
    expect: succeeds(
      [createApp([{ name: "write", description: "Allow writing files", values: ["User"] }]), LOAD_APP],
      {
        json: { app, secret: "appsecret" },
      },
    ),
  },
  {
    id: "apps-create-scopes-in-one",
    argv: appCreate("-p", "a,b,c,d,e,-"),
    expect: succeeds([
      createApp([
        { name: "a", description: "b", values: ["c"] },
        { name: "d", description: "e" },
      ]),
      LOAD_APP,
    ]),
  },
  {
    id: "apps-create-scopes-apart",
    argv: appCreate("-p", "a", "-p", "b", "--permission-scope", "c"),
    expect: succeeds([createApp([{ name: "a", description: "b", values: ["c"] }]), LOAD_APP]),
  },
  {
    id: "apps-create-scope-comma",
    argv: appCreate("-p", 'a,"b, with comma",x|y|z'),
    expect: succeeds([
      createApp([{ name: "a", description: "b, with comma", values: ["x", "y", "z"] }]),
      LOAD_APP,
    ]),
  },
  {
    id: "apps-create-scope-no-values",
    argv: appCreate("-p", "a,b,"),
    expect: succeeds([createApp([{ name: "a", description: "b" }]), LOAD_APP]),
  },
  {
    id: "apps-create-scope-spaces-kept",
    argv: appCreate("-p", " a , b , c "),
    expect: succeeds([createApp([{ name: " a ", description: " b ", values: [" c "] }]), LOAD_APP]),
  },
  {
    id: "apps-create-attributes",
    argv: appCreate("-p", "a,b,c", "--attribute-scope", "n,d,-", "--callback-url=https://a.example/cb"),
    expect: succeeds([
      createApp([{ name: "a", description: "b", values: ["c"] }], {
        attributesScopes: [{ name: "n", description: "d" }],
        approvedCallbackUrls: ["https://a.example/cb"],
      }),
      LOAD_APP,
    ]),
  },
  ...["a,b", "a,b,c,d", ",b,c", "a,,c", "a,b,c||d", "a,b,|", "-", '"a,b,c'].map(
    (scope, i): DescribedCase => ({
      id: `apps-create-permission-bad-${i}`,
      argv: appCreate("-p", scope),
      expect: fails(),
    }),
  ),
  { id: "apps-create-attribute-bad", argv: appCreate("-p", "a,b,c", "-a", "n,d"), expect: fails() },
  { id: "apps-create-no-flow", argv: ["apps", "inbound", "create", "Files", "-p", "a,b,c"], expect: fails() },
  { id: "apps-create-no-permission", argv: appCreate("-j"), expect: failsInJson() },
  {
    id: "apps-create-empty-name",
    argv: ["apps", "inbound", "create", "", ...F, "-p", "a,b,c"],
    expect: fails(),
  },
  {
    id: "apps-update-json",
    argv: ["apps", "inbound", "update", "TPA1", "Files 2", ...F, "-p", "a,b,c", "--description", "d", "-j"],
    expect: succeeds(
      [
        sent("POST /v1/mgmt/thirdparty/app/update", {
          body: {
            id: "TPA1",
            name: "Files 2",
            description: "d",
            loginPageUrl: "https://flow.example.com/",
            permissionsScopes: [{ name: "a", description: "b", values: ["c"] }],
          },
        }),
        LOAD_APP,
      ],
      { json: { app } },
    ),
  },
  {
    id: "apps-update-empty-id",
    argv: ["apps", "inbound", "update", "", "Files", ...F, "-p", "a,b,c"],
    expect: fails(),
  },
  {
    id: "apps-update-no-permission",
    argv: ["apps", "inbound", "update", "TPA1", "Files", ...F],
    expect: fails(),
  },
  {
    id: "apps-update-one-argument",
    argv: ["apps", "inbound", "update", "TPA1", ...F, "-p", "a,b,c"],
    expect: fails(),
  },
  {
    id: "apps-delete-json",
    argv: ["apps", "inbound", "delete", "TPA1", "-j"],
    expect: succeeds([sent("POST /v1/mgmt/thirdparty/app/delete", { body: { id: "TPA1" } })], { json: {} }),
  },
  { id: "apps-delete-empty", argv: ["apps", "inbound", "delete", ""], expect: fails() },
  {
    id: "apps-load-json",
    argv: ["apps", "inbound", "load", "TPA1", "-j"],
    expect: succeeds([LOAD_APP], { json: { app } }),
  },
  { id: "apps-load-empty", argv: ["apps", "inbound", "load", "", "-j"], expect: failsInJson() },
  {
    id: "apps-load-all-json",
    argv: ["apps", "inbound", "load-all", "-j"],
    expect: succeeds([sent("GET /v1/mgmt/thirdparty/apps/load", { query: { limit: "0", page: "0" } })], {
      json: { count: 1, apps: [app] },
    }),
  },
  {
    id: "apps-secret-load-json",
    argv: ["apps", "inbound", "secret", "load", "TPA1", "-j"],
    expect: succeeds([sent("GET /v1/mgmt/thirdparty/app/secret", { query: { id: "TPA1" } })], {
      json: { secret: "appsecret" },
    }),
  },
  { id: "apps-secret-load-empty", argv: ["apps", "inbound", "secret", "load", ""], expect: fails() },
  {
    id: "apps-secret-rotate-json",
    argv: ["apps", "inbound", "secret", "rotate", "TPA1", "-j"],
    expect: succeeds([sent("POST /v1/mgmt/thirdparty/app/rotate", { body: { id: "TPA1" } })], {
      json: { secret: "newsecret" },
    }),
  },
  { id: "apps-secret-rotate-empty", argv: ["apps", "inbound", "secret", "rotate", ""], expect: fails() },
];

export const entityCases: readonly DescribedCase[] = [
  ...accessKeyCases,
  ...userCases,
  ...tenantCases,
  ...appCases,
];
