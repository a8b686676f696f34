import type { Json, JsonObject } from "../../src/json/value.ts";
import { copy, everyKind, inline, largeFlow, screen, to, type Invented } from "./flows.ts";
import { randomFrom, type Random } from "./random.ts";
import { connector, generatedId } from "./snapshot.ts";

/**
 * Snapshots as projects of several years export them: layouts of each year, long flows, names that people give, keys that nobody
 * documented. All of it is invented.
 */

/** What the exports of a year look like. */
export interface Year {
  readonly year: number;
  readonly version: number;
  readonly componentsVersion: string;
  /** Names of screen files: by the step's name, or by the screen's id. */
  readonly screenFiles: "name" | "id";
  /** Empty values are written out (`value: null`, `interactionId: ""`), or left out. */
  readonly writesEmpty: boolean;
  /** Screen steps hold copies of their screens. */
  readonly copies: boolean;
  /** Long texts are assets, or stand inline. */
  readonly assets: boolean;
  /** Files that this year has beside those of all years. */
  readonly files: Readonly<Record<string, Json>>;
}

export const YEARS: readonly Year[] = [
  {
    year: 2023,
    version: 3,
    componentsVersion: "2.0.231",
    screenFiles: "id",
    writesEmpty: true,
    copies: false,
    assets: false,
    files: {},
  },
  {
    year: 2024,
    version: 4,
    componentsVersion: "2.0.489",
    screenFiles: "name",
    writesEmpty: true,
    copies: false,
    assets: false,
    files: {
      "resources.json": { resources: [{ id: "", name: "api", description: "", logo: "" }] },
    },
  },
  {
    year: 2025,
    version: 5,
    componentsVersion: "2.1.13",
    screenFiles: "name",
    writesEmpty: false,
    copies: false,
    assets: true,
    files: {
      "outboundapps.json": {
        apps: [
          {
            id: "OA2calendarcalendarcalendarca",
            name: "Calendar / Kalender",
            clientId: "cal-1",
            clientSecret: "PLACEHOLDER_VALUE",
            scopes: ["events.read", "events.write"],
          },
        ],
      },
    },
  },
  {
    year: 2026,
    version: 7,
    componentsVersion: "3.18.2",
    screenFiles: "name",
    writesEmpty: false,
    copies: true,
    assets: true,
    files: {
      "jwttemplates.json": {
        templates: [
          { id: "t1", name: "Claims of users", template: { "dn.with.dots": "{{user.name}}" }, type: "user" },
        ],
      },
      "lists/lists.json": { lists: ["blocked-ips", "vip"] },
      "lists/blocked-ips.json": { name: "Blocked IPs", type: "ips", data: ["203.0.113.7", "2001:db8::/32"] },
      "lists/vip.json": {
        name: "VIP",
        type: "texts",
        data: ["ann@example.com"],
        "": "an empty key",
        "a/b~c": 1,
      },
      "fga/schema.json": { dsl: "model AuthZ 1.0\n\ntype user\n", big: 9007199254740991 },
      "policies/passkeys.json": { enabled: true, 10: "ten", 2: "two", "2.end": "two, again" },
    },
  },
];

/** Names of connectors, with the trouble that names give. */
const CONNECTORS = [
  ["CRM API", "http"],
  ['Segment (EU) | "main"', "segment"],
  ["smtp connector", "smtp"],
  ["HIBP", "hibp"],
  ["Größe & Maße <b>", "http"],
  ["@here #12 `tick`", "http"],
] as const;

const ROLES = ["Admin", "Read / Write", "*", "Tenant Admin", "rôle [name=x]", "a#b"];

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** One environment's id of a thing that has a name. */
const idOf = (prefix: string, environment: string, name: string) =>
  generatedId(prefix, `${environment}/${name}`);

/** A snapshot of one environment in one year. Environments of one seed mean the same but for ids. */
export function snapshotOf(year: Year, environment: string, { seed = 1, flows = 6 } = {}): Map<string, Json> {
  const random = randomFrom(seed);
  const files: Record<string, Json> = {
    "snapshot.json": { version: year.version },
    "project.json": project(year),
    "applications.json": applications(year, environment),
    "attributes.json": attributes(year),
    ...auth(year, environment),
    ...connectors(environment),
    ...styles(year),
    ...widgets(year, flows),
    ...year.files,
  };
  if (year.year >= 2024)
    files["roles.json"] = {
      roles: ROLES.map((name) => ({
        id: name === "Tenant Admin" ? "" : idOf("ROL", environment, name),
        name,
        description: `What ${name} may`,
        permissionNames: ["Read", "Write – schreiben", "a,b"].slice(0, 1 + (name.length % 3)),
        ...(year.year >= 2026 ? { default: false, private: name === "*" } : {}),
      })),
      permissions: ["Read", "Write – schreiben", "a,b"].map((name) => ({ name, description: "" })),
    };
  const ids: string[] = [];
  for (let i = 0; i < flows; i++) {
    const flow = flowOf(i, random);
    ids.push(flow.id);
    Object.assign(files, flowFiles(flow, year, environment, ids[i - 1]));
  }
  files["flows/flows.json"] = { flows: [...ids].sort() };
  return year.assets ? withAssets(files) : new Map(Object.entries(files));
}

function project(year: Year): JsonObject {
  const template = (name: string) => ({
    id: "System",
    name,
    emailSubject: "You are invited",
    emailBody: `<p>Welcome, <a href="{{inviteUrl}}">join</a></p>`,
    emailBodyPlainText: "Welcome: {{inviteUrl}}\r\n",
    useEmailBodyPlainText: false,
  });
  return {
    domain: "",
    trustedDomains: "example.com,*.example.org",
    tokenResponseMethod: "onBody",
    cookiePolicy: 3,
    rotateJwt: true,
    userTemplateId: "",
    keyTemplateId: "",
    sessionTokenExpiration: 10,
    sessionTokenExpirationUnit: "minutes",
    refreshTokenExpiration: 4,
    refreshTokenExpirationUnit: "weeks",
    stepupTokenExpiration: 10,
    stepupTokenExpirationUnit: "minutes",
    keySessionTokenExpiration: 3,
    keySessionTokenExpirationUnit: "minutes",
    enableInactivity: false,
    inactivityTime: 12,
    inactivityTimeUnit: "days",
    projectSelfProvisioning: true,
    inviteUrl: "https://app.example.com/invite?next=%2F&a=1",
    inviteSendEmail: true,
    inviteSendSms: false,
    inviteMagicLink: false,
    inviteExpirationTime: 1,
    inviteExpirationTimeUnit: "weeks",
    inviteEmailProviderId: "",
    inviteEmailTemplateId: "System",
    inviteEmailTemplates: [template("System"), template("Für Gäste")],
    inviteSmsTemplates: [{ id: "System", name: "System", textMessageBody: "{{inviteUrl}}" }],
    testUserRegex: "",
    testUserAllowFixedAuth: false,
    testUserFixedAuthVerifierRegex: "",
    testUserFixedAuthToken: "",
    ...(year.year >= 2026 ? { conformance: { fapi: [], dpop: null }, jwtBearer: { issuers: [] } } : {}),
  };
}

function applications(year: Year, environment: string): JsonObject {
  return {
    applications: [
      {
        id: "descope-default-oidc",
        name: "OIDC default application",
        description: "",
        enabled: true,
        logo: "",
        oidc: {
          claims: ["email", "name"],
          forceAuthentication: false,
          loginPageUrl: "https://app.example.com/login",
        },
      },
      ...(year.year >= 2025
        ? [
            {
              id: idOf("SA", environment, "wiki"),
              name: "Wiki (SAML)",
              description: "",
              enabled: true,
              logo: "",
              saml: {
                entityId: "https://wiki.example.com",
                acsUrl: "https://wiki.example.com/acs",
                attributeMapping: [],
              },
            },
          ]
        : []),
    ],
  };
}

function attributes(year: Year): JsonObject {
  const attribute = (name: string, type: string, options: readonly string[] = []) => ({
    name,
    displayName: `${name}?`,
    type,
    options: [...options],
    viewPermissions: [],
    editPermissions: ["Read"],
  });
  return {
    user: [
      attribute("plan", "singleselect", ["free", "pro"]),
      attribute("preferredMfa", "string"),
      attribute("alter", "number"),
    ],
    ...(year.year >= 2025 ? { tenant: [attribute("region", "singleselect", ["eu", "us"])] } : {}),
  };
}

const LONG_MAIL = `<html>\n${Array.from({ length: 90 }, (_, i) => `  <p>Line ${i} of a mail with {{.code}}</p>`).join("\n")}\n</html>`;

function auth(year: Year, environment: string): Record<string, Json> {
  const time = { expirationTime: 3, expirationTimeUnit: "minutes" };
  const rate = { rateLimitRetries: 0, rateLimitTimeframe: "" };
  const mail = (body: string) => ({
    active: true,
    subject: "Your code is {{.code}}",
    body,
    bodyPlainText: "",
    useBodyPlainText: false,
  });
  const text = { active: false, body: "Your code is {{.code}}" };
  const provider = (name: string, custom = false): JsonObject => ({
    allowedGrantTypes: ["authorization_code", "implicit"],
    authUrl: custom ? "https://id.example.com/auth" : "",
    callbackDomain: "",
    clientId: name === "Google" ? "123.apps.example.com" : "",
    clientSecret: name === "Google" ? "PLACEHOLDER_VALUE" : "",
    custom,
    defaultScopes: ["openid", "email"],
    description: "",
    enabled: name === "Google",
    grantType: "authorization_code",
    issuer: "",
    jwksUrl: "",
    logo: "",
    manageProviderTokens: false,
    name,
    prompts: [],
    redirectUrl: "",
    responseMode: "",
    scopes: ["email", "profile"],
    signAlgorithm: "",
    trustProvidedEmails: name === "Google",
    userDataClaimsMapping: { "https://example.com/claim": "email", name: "name" },
    userDataHeaders: {},
    userDataQueryParams: {},
  });
  return {
    "auth/embeddedlink.json": { enabled: true, ...time },
    "auth/enchantedlink.json": {
      enabled: false,
      redirectUrl: "",
      ...time,
      ...rate,
      emailServiceProvider: "Descope",
      emailTemplates: [mail("short")],
    },
    "auth/magiclink.json": {
      enabled: true,
      redirectUrl: "https://app.example.com/verify",
      ...time,
      ...rate,
      emailServiceProvider: "Descope",
      textServiceProvider: "Descope",
      emailTemplates: [mail(LONG_MAIL), mail("<p>second</p>")],
      textTemplates: [text],
    },
    "auth/otp.json": {
      enabled: true,
      domain: "",
      ...time,
      ...rate,
      emailServiceProvider: "Descope",
      textServiceProvider: "Descope",
      voiceServiceProvider: "Descope",
      emailTemplates: [mail("Your code is {{.code}}")],
      textTemplates: [text],
      voiceTemplates: [text],
    },
    "auth/notp.json": {
      enabled: false,
      ...time,
      whatsappChatbotProvider: "",
      whatsappVerifyTemplateId: "System",
    },
    "auth/oauth.json": {
      enabled: true,
      redirectUrl: "",
      providerSettings: {
        apple: provider("Apple"),
        google: provider("Google"),
        microsoft: provider("Microsoft"),
        ...(year.year >= 2025 ? { "my-idp_2": provider("Our own", true) } : {}),
      },
    },
    "auth/password.json": {
      enabled: true,
      minLength: 8,
      lowercase: true,
      uppercase: true,
      number: true,
      nonAlphanumeric: true,
      expiration: false,
      expirationWeeks: 26,
      reuse: false,
      reuseAmount: 3,
      lock: true,
      lockAttempts: 5,
      ...(year.year >= 2024
        ? { enablePasswordStrength: false, passwordStrengthScore: 0, maskError: false }
        : {}),
      emailServiceProvider: "Descope",
      emailTemplates: [mail("Reset")],
    },
    "auth/securityquestions.json": {
      enabled: false,
      lock: true,
      lockAttempts: 5,
      securityQuestions: ["First pet?", "First school?", "Wie heißt die Straße?"].map((question) => ({
        id: idOf("SQ", environment, question),
        text: question,
      })),
    },
    "auth/sso.json": { enabled: true, mergeUsers: false },
    "auth/totp.json": { enabled: true },
    "auth/webauthn.json": { enabled: true, relyingPartyId: "" },
  };
}

function connectors(environment: string): Record<string, Json> {
  const entries = CONNECTORS.map(([name, type]): [string, Json] => {
    const http = connector(environment, name, "https://crm.example.com/v1?a=1&b=2");
    const content: Record<string, Json> = {
      http,
      segment: { ...http, configuration: { writeKey: "PLACEHOLDER_VALUE", host: "" } },
      smtp: {
        ...http,
        configuration: {
          authMethod: "basic",
          fromEmail: "no-reply@example.com",
          fromName: "",
          host: "smtp.example.com",
          password: "PLACEHOLDER_VALUE",
          port: 587,
          username: "mailer",
        },
      },
      hibp: { ...http, configuration: null },
    };
    return [slug(name), { ...(content[type] as JsonObject), type }];
  });
  return {
    "connectors/connectors.json": { connectors: entries.map(([name]) => name).sort() },
    ...Object.fromEntries(entries.map(([name, content]) => [`connectors/${name}.json`, content])),
  };
}

function styles(year: Year): Record<string, Json> {
  const style = (main: string): JsonObject => ({
    globals: {
      colors: { primary: { main, dark: "#004bad", light: "#66a6f9", contrast: "#ffffff" } },
      fonts: { font1: { family: ["Roboto", "sans-serif"], label: "Roboto" } },
    },
    components: { button: { mode: { primary: { "--descope-button-radius": "8px" } } }, logo: {} },
  });
  const all: [string, Json][] = [
    ["dark", style("#3b8bf7")],
    ["light", style("#006af5")],
    ...(year.year >= 2025
      ? [
          ["sso-suite-default-dark", { ...style("#111111"), name: "SSO Suite Dark", type: "ssoSuite" }] as [
            string,
            Json,
          ],
        ]
      : []),
  ];
  return {
    "styles/styles.json": { componentsVersion: year.componentsVersion, styles: all.map(([id]) => id) },
    ...Object.fromEntries(all.map(([id, content]) => [`styles/${id}.json`, content])),
  };
}

function widgets(year: Year, flows: number): Record<string, Json> {
  if (year.year < 2024) return {};
  const root = { ROOT: { type: { resolvedName: "Container" }, nodes: [], linkedNodes: {}, props: {} } };
  return {
    "widgets/widgets.json": { widgets: ["user-management", "user-profile"] },
    ...Object.fromEntries(
      ["user-management", "user-profile"].flatMap((id) => [
        [
          `widgets/${id}/metadata.json`,
          {
            name: id,
            description: "",
            type: "user",
            screens: ["create-user-modal", "root"],
            flowsIds: flows > 0 ? ["flow-0"] : [],
            ...(year.year >= 2026 ? { components: [] } : {}),
          },
        ],
        [`widgets/${id}/screen-root.json`, { screenId: "root", contents: root }],
        [`widgets/${id}/screen-create-user-modal.json`, { screenId: "create-user-modal", contents: root }],
      ]),
    ),
  };
}

/** A flow of a project: some with a step of every kind, some long ones, some of a few steps. */
function flowOf(i: number, random: Random): Invented {
  const kind = i % 3;
  const flow = copy(kind === 0 ? everyKind() : kind === 1 ? largeFlow(20 + random.below(33)) : small());
  return { ...flow, id: `flow-${i}`, metadata: { ...flow.metadata, name: `Flow ${i}: "sign in" | <up>` } };
}

function small(): Invented {
  const id = "SC2smallsmallsmallsmallsmalls";
  const flow = everyKind();
  return {
    ...flow,
    metadata: { ...flow.metadata, disabled: true },
    references: {},
    contents: {
      startTask: "0",
      tasks: {
        // The start of some flows leads nowhere by itself.
        start: { id: "start", view: { x: -200, y: 0 }, next: {} },
        "0": {
          id: "0",
          type: "screen",
          name: "New Screen",
          screenId: id,
          view: { x: 0.333333333333336, y: -12.5 },
          ...to(["ok", "1"], ["polling", "1"]),
        },
        "1": {
          id: "1",
          type: "automated",
          action: "logged-in",
          name: "DONE",
          view: { x: 300, y: 0 },
          next: {},
        },
      },
    },
    screens: [
      screen(id, {
        ok: ["Button", { children: "Weiter" }],
        t: ["Text", { children: "مرحبا {{form.email}}" }],
      }),
    ],
  };
}

function flowFiles(
  flow: Invented,
  year: Year,
  environment: string,
  parent: string | undefined,
): Record<string, Json> {
  const called = CONNECTORS[flow.id.length % CONNECTORS.length] ?? CONNECTORS[0];
  const screens = new Map(flow.screens.map((one) => [String(one.screenId), one]));
  const names = screenNames(flow, year);
  const tasks = Object.fromEntries(
    Object.entries(flow.contents.tasks).map(([id, task]): [string, Json] => {
      const changed = JSON.parse(
        JSON.stringify(task).replaceAll("CI2exampleexampleexampleexamp", idOf("CI", environment, called[0])),
      ) as JsonObject;
      if (changed.type === "flow" && parent !== undefined)
        changed.arguments = { ...(changed.arguments as JsonObject), flowId: inline(parent) };
      if (year.writesEmpty) {
        if (changed.type === "screen") changed.action = "";
        if (changed.type === "automated") changed.errorHandlingV2 ??= {};
        if (changed.arguments === undefined && changed.type === "automated") changed.arguments = {};
      }
      if (year.copies && changed.type === "screen") {
        changed.htmlTemplate = screens.get(String(changed.screenId))?.contents ?? {};
        changed.interactions = screens.get(String(changed.screenId))?.interactions ?? [];
        changed.componentsConditions = [];
        changed.allInputKeys = ["email"];
        changed.calculatedInputKeys = true;
      }
      if (changed.type === "condition") changed.screenId = "new-4";
      return [id, changed];
    }),
  );
  const usesConnector = JSON.stringify(tasks).includes(idOf("CI", environment, called[0]));
  return {
    [`flows/${flow.id}/metadata.json`]: {
      ...flow.metadata,
      componentsVersion: year.componentsVersion,
      screens: [...names.values()].sort(),
      ...(usesConnector
        ? { references: { connectors: { [called[0]]: idOf("CI", environment, called[0]) } } }
        : {}),
      ...(year.year >= 2025
        ? {
            translation: {
              enabled: false,
              connectorId: "manual",
              sourceLanguage: "en",
              targetLanguages: ["fr", "de"],
            },
          }
        : {}),
    },
    [`flows/${flow.id}/contents.json`]: { startTask: flow.contents.startTask, tasks },
    ...Object.fromEntries(
      flow.screens.map((one) => [`flows/${flow.id}/screen-${names.get(String(one.screenId))}.json`, one]),
    ),
  };
}

/** File names of screens by screen id: the step's name, with the end of the id where two are alike. */
function screenNames(flow: Invented, year: Year): Map<string, string> {
  const out = new Map<string, string>();
  const titles = new Map(
    Object.values(flow.contents.tasks).flatMap((task) =>
      task.type === "screen" ? [[String(task.screenId), String(task.name)] as const] : [],
    ),
  );
  for (const { screenId } of flow.screens) {
    const id = String(screenId);
    const title = titles.get(id) ?? "New Screen";
    const name = year.screenFiles === "id" || title === "New Screen" ? id.slice(2) : slug(title);
    out.set(id, [...out.values()].includes(name) ? `${name}-${id.slice(-4)}` : name);
  }
  return out;
}

/** The same with its long texts as assets, as exports of later years have them. */
function withAssets(files: Readonly<Record<string, Json>>): Map<string, Json> {
  const out = new Map<string, Json>();
  const mapping: JsonObject = {};
  const assets = new Map<string, string>();
  const place = (value: Json): [Json, Json | undefined] => {
    if (typeof value === "string" && value.length > 1000) {
      const name = `body-${new Bun.CryptoHasher("sha256").update(value).digest("hex")}.html`;
      assets.set(`assets/${name}`, value);
      return [`asset:${name}`, name];
    }
    if (Array.isArray(value)) {
      const parts = value.map(place);
      const named = parts.map(([, name]) => name ?? null);
      return [parts.map(([kept]) => kept), named.some((one) => one !== null) ? named : undefined];
    }
    if (typeof value !== "object" || value === null) return [value, undefined];
    const parts = Object.entries(value).map(([key, member]) => [key, ...place(member as Json)] as const);
    const named = parts
      .filter(([, , name]) => name !== undefined)
      .map(([key, , name]) => [key, name as Json]);
    return [
      Object.fromEntries(parts.map(([key, kept]) => [key, kept])),
      named.length === 0 ? undefined : (Object.fromEntries(named) as Json),
    ];
  };
  for (const [path, value] of Object.entries(files)) {
    const [kept, named] = place(value);
    out.set(path, kept);
    if (named !== undefined) mapping[path] = named;
  }
  for (const [path, text] of assets) out.set(path, text);
  return assets.size === 0 ? out : out.set("assets/assets.json", { mapping });
}
