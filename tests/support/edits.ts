import fc from "fast-check";
import type { Json, JsonObject } from "../../src/json/value.ts";
import { connector, flow, generatedId, withFile } from "./snapshot.ts";

/** A change of a snapshot that means something, with the entity that it changes. */
export interface Edit {
  readonly address: string;
  readonly describe: string;
  /** `environment` is whose ids new things get. */
  apply(content: ReadonlyMap<string, Json>, environment: string): Map<string, Json>;
}

const setting = (file: string, address: string, key: string, values: readonly Json[]): fc.Arbitrary<Edit> =>
  fc.constantFrom(...values).map((value) => ({
    address,
    describe: `${file} ${key} = ${JSON.stringify(value)}`,
    apply: (content) => withFile(content, file, (document) => ({ ...document, [key]: value })),
  }));

const flowId = fc.constantFrom("sign-in", "step-up");

const taskName: fc.Arbitrary<Edit> = fc
  .record({ id: flowId, name: fc.constantFrom("Ask", "Verify", "Prüfen") })
  .map(({ id, name }) => ({
    address: `flow/${id}`,
    describe: `flow ${id} step 1 is called ${name}`,
    apply: (content) =>
      withFile(content, `flows/${id}/contents.json`, (document) => {
        const tasks = document.tasks as JsonObject;
        return { ...document, tasks: { ...tasks, "1": { ...(tasks["1"] as JsonObject), name } } };
      }),
  }));

const screenText: fc.Arbitrary<Edit> = fc
  .record({ id: flowId, text: fc.constantFrom("Hello", "Hi there", "Bonjour\n") })
  .map(({ id, text }) => ({
    address: `flow/${id}`,
    describe: `flow ${id} says ${text}`,
    apply: (content) =>
      withFile(content, `flows/${id}/screen-welcome.json`, (document) => {
        const nodes = document.contents as JsonObject;
        return {
          ...document,
          contents: { ...nodes, title: { ...(nodes.title as JsonObject), props: { children: text } } },
        };
      }),
  }));

const provider: fc.Arbitrary<Edit> = fc
  .constantFrom<[string, Json][]>(["clientId", "g-2"], ["scopes", ["email"]], ["enabled", false])
  .map(([key, value]) => ({
    address: "auth/oauth",
    describe: `google ${key}`,
    apply: (content) =>
      withFile(content, "auth/oauth.json", (document) => {
        const all = document.providerSettings as JsonObject;
        return {
          ...document,
          providerSettings: { ...all, google: { ...(all.google as JsonObject), [key]: value } },
        };
      }),
  }));

const mail: fc.Arbitrary<Edit> = fc.constantFrom("<p>one</p>", "<p>two</p>\n<p>lines</p>").map((text) => ({
  address: "auth/magiclink",
  describe: `mail ${text}`,
  apply: (content) => {
    const name = `body-${new Bun.CryptoHasher("sha256").update(text).digest("hex")}.html`;
    const changed = withFile(content, "auth/magiclink.json", (document) => ({
      ...document,
      emailTemplates: [{ active: true, subject: "Link", body: `asset:${name}` }],
    }));
    for (const file of [...changed.keys()]) if (file.startsWith("assets/body-")) changed.delete(file);
    changed.set(`assets/${name}`, text);
    return changed.set("assets/assets.json", {
      mapping: { "auth/magiclink.json": { emailTemplates: [{ body: name }] } },
    });
  },
}));

const role: fc.Arbitrary<Edit> = fc.constantFrom<string[][]>(["read"], ["write"]).map((permissionNames) => ({
  address: "role/Admin",
  describe: `Admin may ${permissionNames.join()}`,
  apply: (content) =>
    withFile(content, "roles.json", (document) => {
      const [admin, ...rest] = document.roles as JsonObject[];
      return { ...document, roles: [{ ...admin, permissionNames }, ...rest] };
    }),
}));

const newRole: fc.Arbitrary<Edit> = fc.constantFrom("Auditor", "Gast").map((name) => ({
  address: `role/${name}`,
  describe: `new role ${name}`,
  apply: (content, environment) =>
    withFile(content, "roles.json", (document) => ({
      ...document,
      roles: [
        ...(document.roles as Json[]).filter((one) => (one as JsonObject).name !== name),
        {
          id: generatedId("ROL", `${environment}/${name}`),
          name,
          description: "",
          permissionNames: ["read"],
          default: false,
          private: false,
        },
      ],
    })),
}));

const newConnector: fc.Arbitrary<Edit> = fc.constantFrom("Audit HTTP", "CRM-API").map((name) => ({
  address: `connector/${name}`,
  describe: `new connector ${name}`,
  apply: (content, environment) => {
    const slug = `new-${name.toLowerCase().replace(/[^a-z]+/g, "-")}`;
    const listed = withFile(content, "connectors/connectors.json", (document) => ({
      connectors: [...new Set([...(document.connectors as string[]), slug])].sort(),
    }));
    return listed.set(`connectors/${slug}.json`, connector(environment, name, "https://audit.example.com"));
  },
}));

const newFlow: fc.Arbitrary<Edit> = fc.constantFrom("beta", "gamma").map((id) => ({
  address: `flow/${id}`,
  describe: `new flow ${id}`,
  apply: (content, environment) => {
    const listed = withFile(content, "flows/flows.json", (document) => ({
      flows: [...new Set([...(document.flows as string[]), id])].sort(),
    }));
    for (const [file, value] of Object.entries(flow(id, { environment, connectors: ["My HTTP"] })))
      listed.set(file, value);
    return listed;
  },
}));

const future: fc.Arbitrary<Edit> = fc.integer({ min: 1, max: 3 }).map((value) => ({
  address: "file/future.json",
  describe: `future ${value}`,
  apply: (content) => new Map(content).set("future.json", { list: [{ name: "a", value }], more: { value } }),
}));

/** Any change that the comparison must see. */
export const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
  setting("project.json", "project", "refreshTokenExpiration", [5, 52]),
  setting("project.json", "project", "trustedDomains", ["example.com, other.example.com"]),
  setting("project.json", "project", "later", [{ deep: [1, { a: 2 }] }]),
  setting("auth/otp.json", "auth/otp", "expirationTime", [4, 5]),
  setting("auth/password.json", "auth/password", "minLength", [8, 16]),
  setting("connectors/crm-api.json", "connector/CRM API", "description", ["a", "b"]),
  setting("styles/light.json", "style/light", "components", [{ button: { x: "1" } }]),
  setting("widgets/user-management/metadata.json", "widget/user-management", "name", ["People"]),
  taskName,
  screenText,
  provider,
  mail,
  role,
  newRole,
  newConnector,
  newFlow,
  future,
);

export function applyAll(
  content: ReadonlyMap<string, Json>,
  edits: readonly Edit[],
  environment: string,
): Map<string, Json> {
  return edits.reduce((changed, edit) => edit.apply(changed, environment), new Map(content));
}
