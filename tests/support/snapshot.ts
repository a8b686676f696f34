import fs from "node:fs";
import path from "node:path";
import { printJson } from "../../src/json/print.ts";
import type { Json, JsonObject } from "../../src/json/value.ts";
import type { SnapshotContent } from "../../src/snapshot/content.ts";

/** An id as an environment makes them, from a short seed. */
export function generatedId(prefix: string, seed: string): string {
  const hash = new Bun.CryptoHasher("sha256").update(`${prefix}${seed}`).digest("hex");
  return `${prefix}2${hash.slice(0, 26)}`;
}

/** A connector of one environment. */
export function connector(environment: string, name: string, baseUrl: string): JsonObject {
  return {
    id: generatedId("CI", `${environment}/${name}`),
    name,
    description: "",
    type: "http",
    configuration: {
      authentication: { method: "bearerToken", bearerToken: "PLACEHOLDER_VALUE" },
      baseUrl,
      headers: [],
      insecure: false,
    },
  };
}

export interface FlowParts {
  readonly name?: string;
  readonly connectors?: readonly string[];
  readonly environment?: string;
  readonly subflow?: string;
  readonly welcome?: string;
  readonly shift?: number;
  readonly componentsVersion?: string;
}

/** The files of a small sign-in flow: a screen, a code, a condition, an end. */
export function flow(id: string, parts: FlowParts = {}): Record<string, Json> {
  const { environment = "staging", connectors = [], shift = 0, welcome = "Welcome" } = parts;
  const screenId = generatedId("SC", id);
  const view = (x: number, y: number) => ({ x: x + shift, y: y + shift * 0.5 });
  const tasks: JsonObject = {
    start: { id: "start", next: { rules: [{ taskId: "0" }] }, view: view(0, 0) },
    "0": {
      id: "0",
      name: "Welcome",
      type: "screen",
      screenId,
      view: view(250, 0),
      inputKeys: ["email"],
      next: { rules: [{ interactionId: "submit", taskId: "1" }] },
    },
    "1": {
      id: "1",
      name: "Send code",
      type: "automated",
      action: "sign-up-or-in-otp-email",
      arguments: { templateId: { type: "inline" } },
      errorHandlingV2: { OTPSignUpOrInEmailFailed: { errorHandlingType: "automatic" } },
      view: view(500, 0),
      next: { rules: [{ interactionId: "success", taskId: "2" }] },
    },
    "2": {
      id: "2",
      name: "Verify code",
      type: "automated",
      action: "verify-code-otp-email",
      view: view(750, 0),
      next: { rules: [{ interactionId: "success", taskId: "10" }] },
    },
    "10": { id: "10", name: "End", type: "automated", action: "logged-in", view: view(1000, 0), next: {} },
  };
  for (const [index, name] of connectors.entries()) {
    tasks[`2${index}`] = {
      id: `2${index}`,
      name: `Call ${name}`,
      type: "automated",
      action: "connector",
      arguments: {
        connectorId: { type: "inline", value: generatedId("CI", `${environment}/${name}`) },
        command: { type: "inline", value: "get" },
      },
      view: view(500, 200),
      next: {},
    };
  }
  if (parts.subflow !== undefined)
    tasks["30"] = {
      id: "30",
      name: "Step up",
      type: "flow",
      arguments: { flowId: { type: "inline", value: parts.subflow } },
      view: view(750, 200),
      next: {},
    };
  const references =
    connectors.length === 0
      ? {}
      : {
          references: {
            connectors: Object.fromEntries(
              connectors.map((name) => [name, generatedId("CI", `${environment}/${name}`)]),
            ),
          },
        };
  return {
    [`flows/${id}/metadata.json`]: {
      name: parts.name ?? id,
      description: "",
      disabled: false,
      fingerprint: false,
      componentsVersion: parts.componentsVersion ?? "3.18.2",
      screens: ["welcome"],
      sharedInteractions: [{ id: "10.success", type: "success" }],
      ...references,
    },
    [`flows/${id}/contents.json`]: { startTask: "0", tasks },
    [`flows/${id}/screen-welcome.json`]: {
      screenId,
      interactions: [{ id: "submit", label: "Continue", type: "button", subType: "", icon: "" }],
      contents: {
        ROOT: {
          type: { resolvedName: "Container" },
          nodes: ["title", "submit"],
          linkedNodes: {},
          isCanvas: true,
          hidden: false,
          custom: {},
          displayName: "Container",
          props: { id: "ROOT" },
        },
        title: {
          type: { resolvedName: "Text" },
          parent: "ROOT",
          nodes: [],
          linkedNodes: {},
          isCanvas: false,
          hidden: false,
          custom: {},
          displayName: "Text",
          props: { children: welcome },
        },
        submit: {
          type: { resolvedName: "Button" },
          parent: "ROOT",
          nodes: [],
          linkedNodes: {},
          isCanvas: false,
          hidden: false,
          custom: {},
          displayName: "Button",
          props: { children: "Continue" },
        },
      },
    },
  };
}

export interface SnapshotParts {
  readonly environment?: string;
  readonly project?: JsonObject;
  readonly files?: Readonly<Record<string, Json>>;
  /** Left out of what is there by default. */
  readonly without?: readonly string[];
}

const MAIL = "<html>\n<body>Your code is {{.code}}</body>\n</html>";

/** A small whole snapshot, as one environment exports it. */
export function snapshot(parts: SnapshotParts = {}): Map<string, Json> {
  const { environment = "staging" } = parts;
  const mail = `body-${new Bun.CryptoHasher("sha256").update(MAIL).digest("hex")}.html`;
  const files: Record<string, Json> = {
    "snapshot.json": { version: 5 },
    "project.json": {
      domain: `${environment}.example.com`,
      trustedDomains: "example.com",
      inviteUrl: `https://${environment}.example.com/invite`,
      sessionTokenExpiration: 10,
      sessionTokenExpirationUnit: "minutes",
      refreshTokenExpiration: 4,
      refreshTokenExpirationUnit: "weeks",
      rotateJwt: true,
      enableInactivity: false,
      inviteEmailTemplates: [{ id: "System", name: "System", emailSubject: "", emailBody: "" }],
      ...parts.project,
    },
    "applications.json": {
      applications: [
        {
          id: "descope-default-oidc",
          name: "OIDC default application",
          enabled: true,
          oidc: { claims: ["email"], loginPageUrl: "" },
        },
      ],
    },
    "attributes.json": {
      user: [
        {
          name: "plan",
          displayName: "Plan",
          type: "singleselect",
          options: ["free", "pro"],
          viewPermissions: [],
          editPermissions: [],
        },
      ],
    },
    "roles.json": {
      roles: [
        {
          id: generatedId("ROL", `${environment}/Admin`),
          name: "Admin",
          description: "",
          permissionNames: ["read", "write"],
          default: false,
          private: false,
        },
      ],
      permissions: [
        { name: "read", description: "" },
        { name: "write", description: "" },
      ],
    },
    "auth/otp.json": {
      enabled: true,
      expirationTime: 3,
      expirationTimeUnit: "minutes",
      emailTemplates: [{ active: true, subject: "Code", body: "Your code is {{.code}}" }],
    },
    "auth/magiclink.json": {
      enabled: true,
      redirectUrl: "",
      emailTemplates: [{ active: true, subject: "Link", body: `asset:${mail}` }],
    },
    "auth/password.json": {
      enabled: true,
      minLength: 12,
      lowercase: true,
      uppercase: true,
      number: true,
      nonAlphanumeric: false,
      lock: true,
      lockAttempts: 5,
    },
    "auth/oauth.json": {
      enabled: true,
      redirectUrl: "",
      providerSettings: {
        google: {
          name: "Google",
          enabled: true,
          clientId: "g-1",
          clientSecret: "PLACEHOLDER_VALUE",
          scopes: ["email", "profile"],
          custom: false,
        },
        github: { name: "GitHub", enabled: false, clientId: "", clientSecret: "", scopes: [], custom: false },
      },
    },
    "auth/securityquestions.json": {
      enabled: false,
      securityQuestions: [
        { id: generatedId("SQ", `${environment}/1`), text: "First pet?" },
        { id: generatedId("SQ", `${environment}/2`), text: "First school?" },
      ],
    },
    "connectors/connectors.json": { connectors: ["crm-api", "my-http"] },
    "connectors/crm-api.json": connector(environment, "CRM API", "https://crm.example.com"),
    "connectors/my-http.json": connector(environment, "My HTTP", `https://hook.${environment}.example.com`),
    "flows/flows.json": { flows: ["sign-in", "step-up"] },
    ...flow("sign-in", { environment, connectors: ["CRM API"], subflow: "step-up" }),
    ...flow("step-up", { environment }),
    "styles/styles.json": { componentsVersion: "2.0.516", styles: ["dark", "light"] },
    "styles/light.json": { globals: { colors: { primary: { main: "#006af5" } } }, components: {} },
    "styles/dark.json": { globals: { colors: { primary: { main: "#3b8bf7" } } }, components: {} },
    "widgets/widgets.json": { widgets: ["user-management"] },
    "widgets/user-management/metadata.json": {
      name: "Users",
      description: "",
      type: "user",
      screens: ["root"],
      flowsIds: ["step-up"],
    },
    "widgets/user-management/screen-root.json": {
      screenId: "root",
      contents: { ROOT: { type: { resolvedName: "Container" }, nodes: [], props: {} } },
    },
    [`assets/${mail}`]: MAIL,
    "assets/assets.json": { mapping: { "auth/magiclink.json": { emailTemplates: [{ body: mail }] } } },
    ...parts.files,
  };
  for (const path of parts.without ?? []) delete files[path];
  return new Map(Object.entries(files));
}

/** The same with one file changed. */
export function withFile(
  content: SnapshotContent,
  file: string,
  change: (document: JsonObject) => Json,
): Map<string, Json> {
  const out = new Map(content);
  out.set(file, change(structuredCopy(content.get(file) ?? {}) as JsonObject));
  return out;
}

/** A copy that shares nothing. Of plain JSON without kept numbers. */
export function structuredCopy(value: Json): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Writes a snapshot as an export does. */
export function writeSnapshot(folder: string, content: SnapshotContent): void {
  for (const [file, value] of content) {
    const place = path.join(folder, file);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    if (typeof value !== "string") fs.writeFileSync(place, `${printJson(value)}\n`);
    else if (/\.(?:txt|html)$/.test(file))
      fs.writeFileSync(place, value.endsWith("\n") ? value : `${value}\n`);
    else fs.writeFileSync(place, Buffer.from(value, "base64"));
  }
}
