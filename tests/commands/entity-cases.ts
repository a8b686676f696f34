import type { Answer } from "../support/server.ts";

/** A request as a command is to send it. Members of the body that a client may leave out when they are empty are left out. */
export interface Request {
  readonly call: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One command line with what the server says to it, and all that it is to do with that. */
export interface EntityCase {
  readonly line: readonly string[];
  readonly answers: Readonly<Record<string, Answer>>;
  readonly requests: readonly Request[];
  /** Standard output with --json, as a document. */
  readonly json: string;
  /** Standard output in a pipe. */
  readonly pipe: string;
  /** Standard output on a terminal of 100 columns without colour; the same as in a pipe where absent. */
  readonly terminal?: string;
  /** True for commands that ask on a terminal. */
  readonly asks?: true;
  /** True for commands that do not read their reply: any success will do. */
  readonly ignoresReply?: true;
}

const OK = '{\n  "ok": true\n}\n';

/** A command without a result. */
function quiet(
  line: readonly string[],
  call: string,
  body: unknown,
  more: { asks?: true; ignoresReply?: true; query?: Record<string, string> } = {},
): EntityCase {
  const { query, ...flags } = more;
  return {
    line,
    answers: { [call]: { body: {} } },
    requests: [{ call, ...(body === undefined ? {} : { body }), ...(query === undefined ? {} : { query }) }],
    json: OK,
    pipe: "",
    ...flags,
  };
}

/** A user as a server may send it: keys in any order and case, unknown ones, numbers of any size, text that a terminal would obey. */
const wireUser = {
  status: "enabled",
  LoginIds: ["ann@example.com", "+15550001111"],
  userId: "U2ann",
  name: "Ann <Ash> & \u001b[31mCo",
  email: "ann@example.com",
  phone: "",
  verifiedEmail: true,
  verifiedPhone: false,
  roleNames: ["Editor", "Viewer"],
  userTenants: [{ tenantName: "Acme", tenantId: "acme", roleNames: ["Admin"], more: 1 }],
  customAttributes: { "9": 1, "10": "é", Z: null, a: { y: [], x: 1 }, "😀": true, "\uffff": 2 },
  createdTime: 1700000000,
  TOTP: null,
  oauth: { google: true, apple: false },
  unknown: "dropped",
};

const jsonUser = `{
    "name": "Ann \\u003cAsh\\u003e \\u0026 \\u001b[31mCo",
    "email": "ann@example.com",
    "userId": "U2ann",
    "loginIds": [
      "ann@example.com",
      "+15550001111"
    ],
    "verifiedEmail": true,
    "roleNames": [
      "Editor",
      "Viewer"
    ],
    "userTenants": [
      {
        "tenantId": "acme",
        "tenantName": "Acme",
        "roleNames": [
          "Admin"
        ]
      }
    ],
    "status": "enabled",
    "customAttributes": {
      "10": "é",
      "9": 1,
      "Z": null,
      "a": {
        "x": 1,
        "y": []
      },
      "\uffff": 2,
      "😀": true
    },
    "createdTime": 1700000000,
    "oauth": {
      "apple": false,
      "google": true
    }
  }`;

const pipeUser = `{"name":"Ann \\u003cAsh\\u003e \\u0026 \\u001b[31mCo","email":"ann@example.com","userId":"U2ann","loginIds":["ann@example.com","+15550001111"],"verifiedEmail":true,"roleNames":["Editor","Viewer"],"userTenants":[{"tenantId":"acme","tenantName":"Acme","roleNames":["Admin"]}],"status":"enabled","customAttributes":{"10":"é","9":1,"Z":null,"a":{"x":1,"y":[]},"￿":2,"😀":true},"createdTime":1700000000,"oauth":{"apple":false,"google":true}}`;

const terminalUser = `  name              Ann <Ash> & \\u001b[31mCo
  email             ann@example.com
  userId            U2ann
  loginIds          ann@example.com, +15550001111
  verifiedEmail     yes
  roleNames         Editor, Viewer
  userTenants       acme (Admin)
  status            enabled
  customAttributes  {"10":"é","9":1,"Z":null,"a":{"x":1,"y":[]},"￿":2,"😀":true}
  createdTime       2023-11-14 22:13:20Z
  oauth             {"apple":false,"google":true}
`;

function shownUser(
  line: readonly string[],
  label: string,
  call: string,
  request: Omit<Request, "call">,
): EntityCase {
  return {
    line,
    answers: { [call]: { body: { USER: wireUser } } },
    requests: [{ call, ...request }],
    json: `{\n  "ok": true,\n  "user": ${jsonUser}\n}\n`,
    pipe: `* ${label}: ${pipeUser}\n`,
    terminal: `${label}\n${terminalUser}`,
  };
}

/** An access key that ends after 2038, with a number that no float carries. */
const wireKey = {
  id: "AK2ci",
  name: "ci",
  keyTenants: [{ tenantId: "acme", tenantName: "Acme", roleNames: ["Admin"] }],
  status: "active",
  createdTime: 1700000000,
  expireTime: 4102444800,
  createdBy: "U2ann",
  customClaims: { big: 1 },
};

/** The reply as text, with a number in it that the language cannot hold. */
function withBigNumber(body: unknown): Answer {
  return { raw: JSON.stringify(body).replace('"big":1', '"big":9007199254740993') };
}

const jsonKey = (indent: string) =>
  `{
  "id": "AK2ci",
  "name": "ci",
  "keyTenants": [
    {
      "tenantId": "acme",
      "tenantName": "Acme",
      "roleNames": [
        "Admin"
      ]
    }
  ],
  "status": "active",
  "createdTime": 1700000000,
  "expireTime": 4102444800,
  "createdBy": "U2ann",
  "customClaims": {
    "big": 9007199254740993
  }
}`.replaceAll("\n", `\n${indent}`);

const pipeKey =
  '{"id":"AK2ci","name":"ci","keyTenants":[{"tenantId":"acme","tenantName":"Acme","roleNames":["Admin"]}],"status":"active","createdTime":1700000000,"expireTime":4102444800,"createdBy":"U2ann","customClaims":{"big":9007199254740993}}';

const wireApp = {
  id: "TPA2files",
  name: "Files",
  loginPageUrl: "https://flow.example.com/",
  clientId: "client",
  permissionsScopes: [
    { name: "write", description: "Allow writing", values: ["User", "Writer"], optional: true },
    { name: "guest", description: "Guest" },
  ],
  jwtBearerSettings: { issuers: { b: { jwksUri: "https://b" }, a: { signAlgorithm: "RS256" } } },
};

const jsonApp = (indent: string) =>
  `{
  "id": "TPA2files",
  "name": "Files",
  "description": "",
  "logo": "",
  "loginPageUrl": "https://flow.example.com/",
  "clientId": "client",
  "approvedCallbackUrls": [],
  "permissionsScopes": [
    {
      "name": "write",
      "description": "Allow writing",
      "values": [
        "User",
        "Writer"
      ]
    },
    {
      "name": "guest",
      "description": "Guest",
      "values": []
    }
  ],
  "attributesScopes": [],
  "jwtBearerSettings": {
    "issuers": {
      "a": {
        "signAlgorithm": "RS256"
      },
      "b": {
        "jwksUri": "https://b"
      }
    }
  }
}`.replaceAll("\n", `\n${indent}`);

const pipeApp =
  '{"id":"TPA2files","name":"Files","description":"","logo":"","loginPageUrl":"https://flow.example.com/","clientId":"client","approvedCallbackUrls":[],"permissionsScopes":[{"name":"write","description":"Allow writing","values":["User","Writer"]},{"name":"guest","description":"Guest","values":[]}],"attributesScopes":[],"jwtBearerSettings":{"issuers":{"a":{"signAlgorithm":"RS256"},"b":{"jwksUri":"https://b"}}}}';

const terminalApp = (indent: string) =>
  `id                 TPA2files
name               Files
loginPageUrl       https://flow.example.com/
clientId           client
permissionsScopes  write, guest
jwtBearerSettings  {"issuers":{"a":{"signAlgorithm":"RS256"},"b":{"jwksUri":"https://b"}}}
`.replace(/^(?=.)/gm, indent);

const appBody = {
  name: "Files",
  loginPageUrl: "https://flow.example.com/",
  approvedCallbackUrls: ["https://a.example/cb", "https://b.example/cb"],
  permissionsScopes: [
    { name: "write", description: "Allow writing, too", values: ["User", "Writer"] },
    { name: "guest", description: "Guest" },
  ],
  attributesScopes: [{ name: "contact", description: "Contact", values: ["email"] }],
};
const appFlags = [
  "-f",
  "https://flow.example.com/",
  "-c",
  "https://a.example/cb",
  "--callback-url=https://b.example/cb",
  "-p",
  'write,"Allow writing, too",User|Writer',
  "-p",
  "guest,Guest,-",
  "-a",
  "contact,Contact,email",
];

const CREATE_KEY = "POST /v1/mgmt/accesskey/create";
const SEARCH_USERS = "POST /v2/mgmt/user/search";
const CREATE_APP = "POST /v1/mgmt/thirdparty/app/create";
const UPDATE_APP = "POST /v1/mgmt/thirdparty/app/update";
const LOAD_APP = "GET /v1/mgmt/thirdparty/app/load";
const LIST_PROJECTS = "POST /v1/mgmt/projects/list";
const NO_TIME = -62135596800000;

const newUser = {
  loginId: "ann@example.com",
  email: "a@b.c",
  phone: "+15550001111",
  displayName: "Ann Ash",
  userTenants: [{ tenantId: "acme" }, { tenantId: "globex" }],
};
const newUserFlags = ["-e", "a@b.c", "-p", "+15550001111", "-nAnn Ash", "-t", "acme,globex"];

export const entityCases: readonly EntityCase[] = [
  {
    line: ["access-key", "create", "ci", "-d", "for ci", "-e", "4102444800", "-t", "acme", "-u", "U2ann"],
    answers: { [CREATE_KEY]: withBigNumber({ cleartext: "secret+/=", key: wireKey }) },
    requests: [
      {
        call: CREATE_KEY,
        body: {
          name: "ci",
          description: "for ci",
          expireTime: 4102444800,
          userId: "U2ann",
          keyTenants: [{ tenantId: "acme" }],
        },
      },
    ],
    json: `{
  "accessKey": {
    "cleartext": "secret+/=",
    "createdBy": "U2ann",
    "createdTime": 1700000000,
    "customClaims": {
      "big": 9007199254740993
    },
    "expireTime": 4102444800,
    "id": "AK2ci",
    "keyTenants": [
      {
        "roleNames": [
          "Admin"
        ],
        "tenantId": "acme",
        "tenantName": "Acme"
      }
    ],
    "name": "ci",
    "status": "active"
  },
  "ok": true
}
`,
    pipe: '* Created access key: {"cleartext":"secret+/=","createdBy":"U2ann","createdTime":1700000000,"customClaims":{"big":9007199254740993},"expireTime":4102444800,"id":"AK2ci","keyTenants":[{"roleNames":["Admin"],"tenantId":"acme","tenantName":"Acme"}],"name":"ci","status":"active"}\n',
    terminal: `Created access key
  cleartext     secret+/=
  createdBy     U2ann
  createdTime   2023-11-14 22:13:20Z
  customClaims  {"big":9007199254740993}
  expireTime    2100-01-01 00:00:00Z
  id            AK2ci
  keyTenants    acme (Admin)
  name          ci
  status        active
`,
  },
  {
    line: ["access-key", "load", "AK2ci"],
    answers: { "GET /v1/mgmt/accesskey": withBigNumber({ key: wireKey }) },
    requests: [{ call: "GET /v1/mgmt/accesskey", query: { id: "AK2ci" } }],
    json: `{\n  "accessKey": ${jsonKey("  ")},\n  "ok": true\n}\n`,
    pipe: `* Loaded access key: ${pipeKey}\n`,
    terminal: `Loaded access key
  id            AK2ci
  name          ci
  keyTenants    acme (Admin)
  status        active
  createdTime   2023-11-14 22:13:20Z
  expireTime    2100-01-01 00:00:00Z
  createdBy     U2ann
  customClaims  {"big":9007199254740993}
`,
  },
  {
    line: ["access-key", "load-all"],
    answers: { "POST /v1/mgmt/accesskey/search": withBigNumber({ Keys: [wireKey, { id: "AK2b" }] }) },
    requests: [{ call: "POST /v1/mgmt/accesskey/search" }],
    json: `{
  "accessKeys": [
    ${jsonKey("    ")},
    {
      "id": "AK2b"
    }
  ],
  "count": 2,
  "ok": true
}
`,
    pipe: `* Loaded 2 access keys\n  - Access key 0: ${pipeKey}\n  - Access key 1: {"id":"AK2b"}\n`,
    terminal: `Loaded 2 access keys

ID     NAME  STATUS  KEY TENANTS   EXPIRE TIME
AK2ci  ci    active  acme (Admin)  2100-01-01 00:00:00Z
AK2b
`,
  },
  quiet(
    ["access-key", "delete", "AK2ci"],
    "POST /v1/mgmt/accesskey/delete",
    { id: "AK2ci" },
    { asks: true, ignoresReply: true },
  ),
  quiet(
    ["access-key", "activate", "AK2ci"],
    "POST /v1/mgmt/accesskey/activate",
    { id: "AK2ci" },
    { ignoresReply: true },
  ),
  quiet(
    ["access-key", "deactivate", "AK2ci"],
    "POST /v1/mgmt/accesskey/deactivate",
    { id: "AK2ci" },
    { ignoresReply: true },
  ),

  shownUser(
    ["user", "create", "ann@example.com", ...newUserFlags],
    "Created user",
    "POST /v1/mgmt/user/create",
    { body: newUser },
  ),
  shownUser(
    ["user", "test", "create", "ann@example.com", ...newUserFlags],
    "Created user",
    "POST /v1/mgmt/user/create/test",
    { body: { ...newUser, test: true } },
  ),
  shownUser(["user", "load", "-l", "ann@example.com"], "Loaded user", "GET /v1/mgmt/user", {
    query: { loginId: "ann@example.com", userId: "" },
  }),
  {
    line: ["user", "load-all", "-l", "0x10", "--page=010"],
    answers: { [SEARCH_USERS]: { body: { users: [wireUser, {}], total: 130 } } },
    requests: [{ call: SEARCH_USERS, body: { limit: 16, page: 8 } }],
    json: `{\n  "count": 2,\n  "ok": true,\n  "users": [\n    ${jsonUser.replaceAll("\n", "\n  ")},\n    {}\n  ]\n}\n`,
    pipe: `* Loaded 2 users\n  - User 0: ${pipeUser}\n  - User 1: {}\n`,
    terminal: `Loaded 2 users

USER ID  LOGIN IDS                      NAME                      EMAIL            STATUS
U2ann    ann@example.com, +15550001111  Ann <Ash> & \\u001b[31mCo  ann@example.com  enabled

`,
  },
  quiet(
    ["user", "delete", "-u", "U2ann"],
    "POST /v1/mgmt/user/delete",
    { userId: "U2ann" },
    { asks: true, ignoresReply: true },
  ),
  quiet(["user", "activate", "ann"], "POST /v1/mgmt/user/update/status", {
    loginId: "ann",
    status: "enabled",
  }),
  quiet(["user", "deactivate", "ann"], "POST /v1/mgmt/user/update/status", {
    loginId: "ann",
    status: "disabled",
  }),
  quiet(
    ["user", "password", "set-temporary", "ann", "-secret-"].toSpliced(4, 0, "--"),
    "POST /v1/mgmt/user/password/set/temporary",
    { loginId: "ann", password: "-secret-" },
    { ignoresReply: true },
  ),
  quiet(
    ["user", "password", "set-active", "ann", "00123"],
    "POST /v1/mgmt/user/password/set/active",
    { loginId: "ann", password: "00123", setActive: true },
    { ignoresReply: true },
  ),
  quiet(
    ["user", "password", "expire", "ann"],
    "POST /v1/mgmt/user/password/expire",
    { loginId: "ann" },
    { ignoresReply: true },
  ),
  quiet(["user", "roles", "set", "ann", "-r", "A,B", "-t", "acme"], "POST /v1/mgmt/user/update/role/set", {
    loginId: "ann",
    tenantId: "acme",
    roleNames: ["A", "B"],
  }),
  quiet(["user", "roles", "add", "ann", "-r", "A"], "POST /v2/mgmt/user/update/role/add", {
    loginId: "ann",
    roleNames: ["A"],
  }),
  quiet(
    ["user", "roles", "remove", "ann", "-r", "A", "-r", '"B,C"'],
    "POST /v1/mgmt/user/update/role/remove",
    { loginId: "ann", roleNames: ["A", "B,C"] },
  ),
  quiet(["user", "test", "delete-all"], "DELETE /v1/mgmt/user/test/delete/all", undefined, {
    asks: true,
    ignoresReply: true,
  }),
  {
    line: ["user", "test", "generate", "otp", "sms", "tester"],
    answers: { "POST /v1/mgmt/tests/generate/otp": { body: { Code: "012345", loginId: "tester" } } },
    requests: [
      { call: "POST /v1/mgmt/tests/generate/otp", body: { loginId: "tester", deliveryMethod: "sms" } },
    ],
    json: '{\n  "code": "012345",\n  "ok": true\n}\n',
    pipe: '* Generated OTP for test user: "012345"\n',
    terminal: "Generated OTP for test user: 012345\n",
  },
  {
    line: [
      "user",
      "test",
      "generate",
      "magic-link",
      "email",
      "tester",
      "-u",
      "https://app.example.com/v?a=1&b=2",
    ],
    answers: {
      "POST /v1/mgmt/tests/generate/magiclink": { body: { link: "https://app.example.com/v?a=1&b=2&t=x" } },
    },
    requests: [
      {
        call: "POST /v1/mgmt/tests/generate/magiclink",
        body: { loginId: "tester", deliveryMethod: "email", URI: "https://app.example.com/v?a=1&b=2" },
      },
    ],
    json: '{\n  "link": "https://app.example.com/v?a=1\\u0026b=2\\u0026t=x",\n  "ok": true\n}\n',
    pipe: '* Generated magic link for test user: "https://app.example.com/v?a=1\\u0026b=2\\u0026t=x"\n',
    terminal: "Generated magic link for test user: https://app.example.com/v?a=1&b=2&t=x\n",
  },
  {
    line: ["user", "test", "generate", "enchanted-link", "tester"],
    answers: {
      "POST /v1/mgmt/tests/generate/enchantedlink": { body: { pendingRef: "ref", link: "/verify?t=x" } },
    },
    requests: [{ call: "POST /v1/mgmt/tests/generate/enchantedlink", body: { loginId: "tester" } }],
    json: '{\n  "ok": true,\n  "result": {\n    "link": "/verify?t=x",\n    "pendingRef": "ref"\n  }\n}\n',
    pipe: '* Generated enchanted link for test user: {"link":"/verify?t=x","pendingRef":"ref"}\n',
    terminal: "Generated enchanted link for test user\n  link        /verify?t=x\n  pendingRef  ref\n",
  },

  {
    line: ["tenant", "create", "Acme", "-d", "acme.com,acme.org"],
    answers: { "POST /v1/mgmt/tenant/create": { body: { id: "T2acme" } } },
    requests: [
      {
        call: "POST /v1/mgmt/tenant/create",
        body: { name: "Acme", selfProvisioningDomains: ["acme.com", "acme.org"] },
      },
    ],
    json: '{\n  "ok": true,\n  "tenantId": "T2acme"\n}\n',
    pipe: '* Created new tenant with id: "T2acme"\n',
    terminal: "Created new tenant with id: T2acme\n",
  },
  quiet(
    ["tenant", "delete", "acme"],
    "POST /v1/mgmt/tenant/delete",
    { id: "acme" },
    { asks: true, ignoresReply: true },
  ),
  {
    line: ["tenant", "load", "acme"],
    answers: {
      "GET /v1/mgmt/tenant": {
        body: {
          authType: "saml",
          id: "acme",
          name: "Acme",
          ENFORCESSO: true,
          disabled: false,
          domains: ["a.com"],
        },
      },
    },
    requests: [{ call: "GET /v1/mgmt/tenant", query: { id: "acme" } }],
    json: `{
  "ok": true,
  "tenant": {
    "id": "acme",
    "name": "Acme",
    "selfProvisioningDomains": [],
    "authType": "saml",
    "domains": [
      "a.com"
    ],
    "enforceSSO": true
  }
}
`,
    pipe: '* Loaded tenant: {"id":"acme","name":"Acme","selfProvisioningDomains":[],"authType":"saml","domains":["a.com"],"enforceSSO":true}\n',
    terminal: `Loaded tenant
  id          acme
  name        Acme
  authType    saml
  domains     a.com
  enforceSSO  yes
`,
  },
  {
    line: ["tenant", "load-all"],
    answers: {
      "GET /v1/mgmt/tenant/all": {
        body: {
          tenants: [
            { id: "a", name: "界" },
            { id: "long-identifier", name: "B", selfProvisioningDomains: ["b.com", "c.com"] },
          ],
        },
      },
    },
    requests: [{ call: "GET /v1/mgmt/tenant/all" }],
    json: `{
  "count": 2,
  "ok": true,
  "tenants": [
    {
      "id": "a",
      "name": "界",
      "selfProvisioningDomains": []
    },
    {
      "id": "long-identifier",
      "name": "B",
      "selfProvisioningDomains": [
        "b.com",
        "c.com"
      ]
    }
  ]
}
`,
    pipe: `* Loaded 2 tenants
  - Tenant 0: {"id":"a","name":"界","selfProvisioningDomains":[]}
  - Tenant 1: {"id":"long-identifier","name":"B","selfProvisioningDomains":["b.com","c.com"]}
`,
    terminal: `Loaded 2 tenants

ID               NAME  SELF PROVISIONING DOMAINS
a                界
long-identifier  B     b.com, c.com
`,
  },

  {
    line: ["apps", "inbound", "create", "Files", ...appFlags],
    answers: {
      [CREATE_APP]: { body: { id: "TPA2files", cleartext: "app-secret" } },
      [LOAD_APP]: { body: wireApp },
    },
    requests: [
      { call: CREATE_APP, body: appBody },
      { call: LOAD_APP, query: { id: "TPA2files" } },
    ],
    json: `{\n  "app": ${jsonApp("  ")},\n  "ok": true,\n  "secret": "app-secret"\n}\n`,
    pipe: `* Created new inbound app: {"app":${pipeApp},"secret":"app-secret"}\n`,
    terminal: `Created new inbound app\n  app\n${terminalApp("    ")}  secret  app-secret\n`,
  },
  {
    line: ["apps", "inbound", "update", "TPA2files", "Files", ...appFlags, "--description", "All files"],
    answers: { [UPDATE_APP]: { body: {} }, [LOAD_APP]: { body: wireApp } },
    requests: [
      { call: UPDATE_APP, body: { id: "TPA2files", ...appBody, description: "All files" } },
      { call: LOAD_APP, query: { id: "TPA2files" } },
    ],
    json: `{\n  "app": ${jsonApp("  ")},\n  "ok": true\n}\n`,
    pipe: `* Updated inbound app: ${pipeApp}\n`,
    terminal: `Updated inbound app\n${terminalApp("  ")}`,
    ignoresReply: true,
  },
  quiet(
    ["apps", "inbound", "delete", "TPA2files"],
    "POST /v1/mgmt/thirdparty/app/delete",
    { id: "TPA2files" },
    { asks: true, ignoresReply: true },
  ),
  {
    line: ["apps", "inbound", "load", "TPA2files"],
    answers: { [LOAD_APP]: { body: wireApp } },
    requests: [{ call: LOAD_APP, query: { id: "TPA2files" } }],
    json: `{\n  "app": ${jsonApp("  ")},\n  "ok": true\n}\n`,
    pipe: `* Loaded inbound app: ${pipeApp}\n`,
    terminal: `Loaded inbound app\n${terminalApp("  ")}`,
  },
  {
    line: ["apps", "inbound", "load-all"],
    answers: { "GET /v1/mgmt/thirdparty/apps/load": { body: { apps: [wireApp] } } },
    requests: [{ call: "GET /v1/mgmt/thirdparty/apps/load", query: { limit: "0", page: "0" } }],
    json: `{\n  "apps": [\n    ${jsonApp("    ")}\n  ],\n  "count": 1,\n  "ok": true\n}\n`,
    pipe: `* Loaded 1 inbound app\n  - App 0: ${pipeApp}\n`,
    terminal: `Loaded 1 inbound app

ID         NAME   CLIENT ID  LOGIN PAGE URL             PERMISSIONS SCOPES
TPA2files  Files  client     https://flow.example.com/  write, guest
`,
  },
  {
    line: ["apps", "inbound", "secret", "load", "TPA2files"],
    answers: { "GET /v1/mgmt/thirdparty/app/secret": { body: { cleartext: "app-secret" } } },
    requests: [{ call: "GET /v1/mgmt/thirdparty/app/secret", query: { id: "TPA2files" } }],
    json: '{\n  "ok": true,\n  "secret": "app-secret"\n}\n',
    pipe: '* Loaded secret for inbound app: "app-secret"\n',
    terminal: "Loaded secret for inbound app: app-secret\n",
  },
  {
    line: ["apps", "inbound", "secret", "rotate", "TPA2files"],
    answers: { "POST /v1/mgmt/thirdparty/app/rotate": { body: { cleartext: "new-secret" } } },
    requests: [{ call: "POST /v1/mgmt/thirdparty/app/rotate", body: { id: "TPA2files" } }],
    json: '{\n  "ok": true,\n  "secret": "new-secret"\n}\n',
    pipe: '* Rotated secret for inbound app: "new-secret"\n',
    terminal: "Rotated secret for inbound app: new-secret\n",
    asks: true,
  },

  {
    line: ["audit", "search", ""],
    answers: {
      "POST /v1/mgmt/audit/search": {
        body: {
          audits: [
            {
              projectId: "P2",
              userId: "U2",
              action: "LoginSucceed",
              occurred: "1712070205120",
              device: "Desktop",
              method: "otp",
              geo: "NZ",
              remoteAddress: "203.0.113.1",
              externalIds: ["ann"],
              tenants: ["acme"],
              data: { z: 1, a: 2 },
            },
            { occurred: "0" },
          ],
          total: 1,
        },
      },
    },
    requests: [{ call: "POST /v1/mgmt/audit/search", body: { from: NO_TIME, to: NO_TIME } }],
    json: `{
  "count": 2,
  "ok": true,
  "records": [
    {
      "projectId": "P2",
      "userId": "U2",
      "action": "LoginSucceed",
      "occurred": "2024-04-02T15:03:25.12Z",
      "device": "Desktop",
      "method": "otp",
      "geo": "NZ",
      "remoteAddress": "203.0.113.1",
      "loginIds": [
        "ann"
      ],
      "Tenants": [
        "acme"
      ],
      "data": {
        "a": 2,
        "z": 1
      }
    },
    {
      "occurred": "1970-01-01T00:00:00Z",
      "Tenants": []
    }
  ]
}
`,
    pipe: `* Found 2 records
  - Record 0: {"projectId":"P2","userId":"U2","action":"LoginSucceed","occurred":"2024-04-02T15:03:25.12Z","device":"Desktop","method":"otp","geo":"NZ","remoteAddress":"203.0.113.1","loginIds":["ann"],"Tenants":["acme"],"data":{"a":2,"z":1}}
  - Record 1: {"occurred":"1970-01-01T00:00:00Z","Tenants":[]}
`,
    terminal: `Found 2 records

OCCURRED                 ACTION        LOGIN IDS  USER ID  METHOD  DEVICE   GEO  REMOTE ADDRESS
2024-04-02T15:03:25.12Z  LoginSucceed  ann        U2       otp     Desktop  NZ   203.0.113.1
1970-01-01T00:00:00Z
`,
  },

  {
    line: ["flow", "list"],
    answers: {
      "POST /v1/mgmt/flow/list": {
        body: { flows: [{ id: "sign-in", name: "Sign in", disabled: true }, { id: "x" }] },
      },
    },
    requests: [{ call: "POST /v1/mgmt/flow/list" }],
    json: `{
  "count": 2,
  "flows": [
    {
      "id": "sign-in",
      "name": "Sign in",
      "disabled": true
    },
    {
      "id": "x",
      "name": ""
    }
  ],
  "ok": true
}
`,
    pipe: `* Loaded 2 flows\n  - Flow 0: {"id":"sign-in","name":"Sign in","disabled":true}\n  - Flow 1: {"id":"x","name":""}\n`,
    terminal: `Loaded 2 flows

ID       NAME     DISABLED
sign-in  Sign in  yes
x
`,
  },

  {
    line: ["project", "list"],
    answers: {
      [LIST_PROJECTS]: {
        body: {
          projects: [
            { id: "P2a", name: "Staging", tags: ["eu"] },
            { id: "P2b", name: "Shop", environment: "production" },
          ],
        },
      },
    },
    requests: [{ call: LIST_PROJECTS }],
    json: `{
  "count": 2,
  "ok": true,
  "projects": [
    {
      "id": "P2a",
      "name": "Staging",
      "environment": "",
      "tags": [
        "eu"
      ]
    },
    {
      "id": "P2b",
      "name": "Shop",
      "environment": "production",
      "tags": []
    }
  ]
}
`,
    pipe: `* Loaded 2 projects
  - Project 0: {"id":"P2a","name":"Staging","environment":"","tags":["eu"]}
  - Project 1: {"id":"P2b","name":"Shop","environment":"production","tags":[]}
`,
    terminal: `Loaded 2 projects

ID   NAME     ENVIRONMENT  TAGS
P2a  Staging               eu
P2b  Shop     production
`,
  },
  {
    line: ["project", "clone", "P2a", "Copy", "-e", "production", "--tags", "eu,shop"],
    answers: {
      "POST /v1/mgmt/project/clone": {
        body: { projectId: "P2c", projectName: "Copy", environment: "production" },
      },
    },
    requests: [
      {
        call: "POST /v1/mgmt/project/clone",
        body: { name: "Copy", environment: "production", tags: ["eu", "shop"] },
      },
    ],
    json: '{\n  "ok": true,\n  "result": {\n    "projectId": "P2c",\n    "projectName": "Copy",\n    "environment": "production",\n    "tags": []\n  }\n}\n',
    pipe: '* Cloned project: {"projectId":"P2c","projectName":"Copy","environment":"production","tags":[]}\n',
    terminal: "Cloned project\n  projectId    P2c\n  projectName  Copy\n  environment  production\n",
  },
  {
    line: ["project", "delete", "P2a", "-f"],
    answers: {
      [LIST_PROJECTS]: { body: { projects: [{ id: "P2a", name: "Stag\u001bing" }] } },
      "POST /v1/mgmt/project/delete": { body: {} },
    },
    requests: [{ call: LIST_PROJECTS }, { call: "POST /v1/mgmt/project/delete" }],
    json: OK,
    pipe: '* Deleted project "Stag\\u001bing"\n',
  },
];
