import { expect, test } from "bun:test";
import type { JsonFile } from "../../../src/json/source.ts";
import type { Json } from "../../../src/json/value.ts";
import { DEFAULT_LIMITS } from "../../../src/lint/settings.ts";
import { lintSettings, SETTINGS_RULES } from "../../../src/snapshot/lint/settings-rules.ts";

const SOUND: Record<string, Json> = {
  "project.json": {
    trustedDomains: "example.com",
    sessionTokenExpiration: 10,
    sessionTokenExpirationUnit: "minutes",
    refreshTokenExpiration: 4,
    refreshTokenExpirationUnit: "weeks",
    tokenResponseMethod: "onCookie",
    rotateJwt: true,
    testUserAllowFixedAuth: false,
  },
  "auth/oauth.json": {
    redirectUrl: "",
    providerSettings: {
      google: { enabled: true, clientSecret: "PLACEHOLDER_VALUE", trustProvidedEmails: false },
    },
  },
  "auth/password.json": { enabled: true, lock: true, minLength: 8, maskError: true },
  "auth/otp.json": { enabled: true, expirationTime: 5, expirationTimeUnit: "minutes" },
  "auth/sso.json": { mergeUsers: false },
  "auth/magiclink.json": {
    enabled: true,
    redirectUrl: "https://app.example.com/login",
    expirationTime: 10,
    expirationTimeUnit: "minutes",
  },
  "connectors/connectors.json": { connectors: ["crm"] },
  "connectors/crm.json": {
    name: "CRM",
    configuration: { baseUrl: "https://crm.example.com", insecure: false, headers: [] },
  },
};

function found(edit: Record<string, Record<string, Json>>): string[] {
  const files = new Map<string, JsonFile>();
  for (const path of new Set([...Object.keys(SOUND), ...Object.keys(edit)])) {
    files.set(path, {
      path,
      content: { ...(SOUND[path] as Record<string, Json> | undefined), ...edit[path] },
    });
  }
  return lintSettings({ files, limits: DEFAULT_LIMITS }).map(
    ({ rule, level, address, message }) => `${rule.code} ${level ?? rule.level} ${address}: ${message}`,
  );
}

const provider = (name: string, more: Record<string, Json>) => ({
  "auth/oauth.json": { providerSettings: { [name]: { enabled: true, clientSecret: "", ...more } } },
});

const table: [Record<string, Record<string, Json>>, string[]][] = [
  [{}, []],
  [
    provider("microsoft", { trustProvidedEmails: true }),
    [
      "oauth-trust-unverified-email error auth/oauth#/providerSettings/microsoft/trustProvidedEmails: microsoft is trusted to deliver verified e-mail addresses (merge user accounts)",
    ],
  ],
  [
    provider("google", { trustProvidedEmails: true }),
    [
      "oauth-trust-unverified-email note auth/oauth#/providerSettings/google/trustProvidedEmails: google is trusted to deliver verified e-mail addresses (merge user accounts)",
    ],
  ],
  [
    provider("google", { clientSecret: "abc" }),
    [
      "secret-in-file error auth/oauth#/providerSettings/google/clientSecret: The client secret of google stands here in clear",
    ],
  ],
  [
    {
      "connectors/crm.json": {
        configuration: {
          baseUrl: "http://crm.example.com",
          insecure: true,
          headers: [{ key: "X-Api-Key", value: "hJ82kfoaQ93kfpXz71" }],
        },
      },
    },
    [
      "secret-in-file error connector/CRM#/configuration/headers/0/value: configuration.headers.0.value looks like a secret in clear",
      'connector-tls-off error connector/CRM#/configuration/insecure: The connector "CRM" ignores certificate errors',
      "cleartext-url error connector/CRM#/configuration/baseUrl: configuration.baseUrl leads to crm.example.com by http://",
    ],
  ],
  [
    {
      "project.json": {
        testUserAllowFixedAuth: true,
        testUserRegex: ".*",
        testUserFixedAuthVerifierRegex: "^test",
      },
    },
    [
      "static-test-otp error project#/testUserAllowFixedAuth: A fixed code signs anybody in: the pattern for test users is empty or takes every address",
    ],
  ],
  [
    {
      "project.json": {
        testUserAllowFixedAuth: true,
        testUserRegex: "^test.*@tests.example.com$",
        testUserFixedAuthVerifierRegex: "^test",
      },
    },
    ["static-test-otp warning project#/testUserAllowFixedAuth: A fixed code signs test users in"],
  ],
  [
    { "auth/sso.json": { mergeUsers: true } },
    [
      "merge-users warning auth/sso#/mergeUsers: Single sign-on merges users by their e-mail address, whatever its domain",
    ],
  ],
  [{ "auth/sso.json": { mergeUsers: true, blockIfEmailDomainMismatch: true } }, []],
  [
    { "auth/password.json": { maskError: false, lock: false, minLength: 6 } },
    [
      "user-enumeration warning auth/password#/maskError: A wrong password and an unknown user give different errors",
      "no-lockout-weak-password warning auth/password#/lock: Passwords can be tried without end: no lock is set",
      "no-lockout-weak-password warning auth/password#/minLength: Passwords of 6 characters are taken, without a check of their strength",
    ],
  ],
  [{ "auth/password.json": { enabled: false, maskError: false, lock: false, minLength: 4 } }, []],
  [
    {
      "project.json": {
        sessionTokenExpiration: 2,
        sessionTokenExpirationUnit: "hours",
        refreshTokenExpiration: 52,
        refreshTokenExpirationUnit: "weeks",
      },
      "auth/otp.json": { expirationTime: 1, expirationTimeUnit: "days" },
    },
    [
      "lifetime-too-long warning project#/sessionTokenExpiration: A session token lives 2 hours",
      "lifetime-too-long warning project#/refreshTokenExpiration: A refresh token lives 52 weeks",
      "lifetime-too-long warning auth/otp#/expirationTime: A one-time code lives 1 day",
    ],
  ],
  [
    { "project.json": { trustedDomains: "" } },
    [
      "redirect-domains warning project#/trustedDomains: No trusted domains are set: users may be sent back anywhere",
    ],
  ],
  [
    {
      "project.json": { trustedDomains: "*.example.com, localhost" },
      "auth/magiclink.json": { redirectUrl: "https://other.example.org/x" },
    },
    [
      "redirect-domains warning project#/trustedDomains: The trusted domain *.example.com is a wildcard",
      "redirect-domains warning project#/trustedDomains: The trusted domain localhost is the user's own machine",
      "redirect-domains warning auth/magiclink#/redirectUrl: auth/magiclink.json sends users to other.example.org, which is no trusted domain",
    ],
  ],
  [
    { "project.json": { tokenResponseMethod: "onBody", rotateJwt: false } },
    [
      "refresh-in-body note project#/tokenResponseMethod: Refresh tokens are sent in the body, where scripts of the page can read them",
      "refresh-in-body note project#/rotateJwt: A refresh token stays the same as long as it lives",
    ],
  ],
  [
    {
      "connectors/connectors.json": { connectors: ["crm", "two"] },
      "connectors/two.json": { name: "CRM", configuration: {} },
      "connectors/left-over.json": { name: "CRM", configuration: {} },
    },
    ['duplicate-connector-name error connector/CRM#/name: 2 connectors are called "CRM"'],
  ],
  [
    { "flows/a/metadata.json": { description: "Copied from P2abcdefghijklmnopqrstuvwxyzA" } },
    ["project-id-in-text note flow/a#/description: description names the id of a project"],
  ],
];

for (const [edit, expected] of table) {
  test(`${JSON.stringify(edit).slice(0, 70)} raises ${expected.length}`, () =>
    expect(found(edit)).toEqual(expected));
}

test("every rule about settings is in the table", () => {
  const broken = new Set(table.flatMap(([, expected]) => expected.map((line) => line.split(" ")[0])));
  expect(SETTINGS_RULES.map(({ code }) => code).filter((code) => !broken.has(code))).toEqual([]);
});
