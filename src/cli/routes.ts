import type { Command } from "../command/command.ts";

/** A word that leads to other words. */
export interface Group {
  readonly kind: "group";
  readonly summary: string;
  readonly children: Readonly<Record<string, Route>>;
}

/** A word that does something; its module is loaded only when it is called for. */
export interface Leaf {
  readonly kind: "leaf";
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: Command }>;
}

export type Route = Group | Leaf;

const group = (summary: string, children: Readonly<Record<string, Route>>): Group => ({
  kind: "group",
  summary,
  children,
});
const leaf = (summary: string, load: Leaf["load"]): Leaf => ({ kind: "leaf", summary, load });

/** Everything that can be typed. The path of a module is the command. */
export const root: Group = group("Work with Descope from the command line", {
  "access-key": group("Create, load, activate, deactivate and delete access keys", {
    create: leaf("Create an access key", () => import("../commands/access-key/create.ts")),
    delete: leaf("Delete an access key", () => import("../commands/access-key/delete.ts")),
    load: leaf("Load an access key by its id", () => import("../commands/access-key/load.ts")),
    "load-all": leaf("Load all access keys", () => import("../commands/access-key/load-all.ts")),
    activate: leaf("Activate an access key", () => import("../commands/access-key/activate.ts")),
    deactivate: leaf("Deactivate an access key", () => import("../commands/access-key/deactivate.ts")),
  }),
  apps: group("Work with applications", {
    inbound: group("Work with inbound applications", {
      create: leaf("Create an inbound application", () => import("../commands/apps/inbound/create.ts")),
      update: leaf("Update an inbound application", () => import("../commands/apps/inbound/update.ts")),
      delete: leaf("Delete an inbound application", () => import("../commands/apps/inbound/delete.ts")),
      load: leaf("Load an inbound application by its id", () => import("../commands/apps/inbound/load.ts")),
      "load-all": leaf(
        "Load a page of inbound applications, or all of them",
        () => import("../commands/apps/inbound/load-all.ts"),
      ),
      secret: group("Work with an inbound application's secret", {
        load: leaf(
          "Load an inbound application's secret",
          () => import("../commands/apps/inbound/secret/load.ts"),
        ),
        rotate: leaf(
          "Replace an inbound application's secret",
          () => import("../commands/apps/inbound/secret/rotate.ts"),
        ),
      }),
    }),
  }),
  tenant: group("Create, load and delete tenants", {
    create: leaf("Create a tenant", () => import("../commands/tenant/create.ts")),
    delete: leaf("Delete a tenant", () => import("../commands/tenant/delete.ts")),
    load: leaf("Load a tenant by its id", () => import("../commands/tenant/load.ts")),
    "load-all": leaf("Load all tenants", () => import("../commands/tenant/load-all.ts")),
  }),
  user: group("Create, load, change and delete users", {
    create: leaf("Create a user", () => import("../commands/user/create.ts")),
    delete: leaf("Delete a user", () => import("../commands/user/delete.ts")),
    load: leaf("Load a user", () => import("../commands/user/load.ts")),
    "load-all": leaf("Load a page of users, or all of them", () => import("../commands/user/load-all.ts")),
    activate: leaf("Activate a user", () => import("../commands/user/activate.ts")),
    deactivate: leaf("Deactivate a user", () => import("../commands/user/deactivate.ts")),
    password: group("Set and expire passwords", {
      "set-temporary": leaf(
        "Set a password that the user must change",
        () => import("../commands/user/password/set-temporary.ts"),
      ),
      "set-active": leaf(
        "Set a password that is valid at once",
        () => import("../commands/user/password/set-active.ts"),
      ),
      expire: leaf("Make a user choose a new password", () => import("../commands/user/password/expire.ts")),
    }),
    roles: group("Set, add and remove roles", {
      set: leaf("Replace a user's roles", () => import("../commands/user/roles/set.ts")),
      add: leaf("Add roles to a user", () => import("../commands/user/roles/add.ts")),
      remove: leaf("Remove roles from a user", () => import("../commands/user/roles/remove.ts")),
    }),
    test: group("Work with test users", {
      create: leaf("Create a test user", () => import("../commands/user/test/create.ts")),
      "delete-all": leaf("Delete all test users", () => import("../commands/user/test/delete-all.ts")),
      generate: group("Get codes and links for test users", {
        otp: leaf(
          "Get a one-time code for a test user",
          () => import("../commands/user/test/generate/otp.ts"),
        ),
        "magic-link": leaf(
          "Get a magic link for a test user",
          () => import("../commands/user/test/generate/magic-link.ts"),
        ),
        "enchanted-link": leaf(
          "Get an enchanted link for a test user",
          () => import("../commands/user/test/generate/enchanted-link.ts"),
        ),
      }),
    }),
  }),
  audit: group("Search the audit trail", {
    search: leaf("Search audit records", () => import("../commands/audit/search.ts")),
  }),
  emulator: group("Run a Descope of your own on this machine", {
    start: leaf("Start an emulator", () => import("../commands/emulator/start.ts")),
    exec: leaf("Run a command with an emulator beside it", () => import("../commands/emulator/exec.ts")),
    env: leaf("Print what lets programs find an emulator", () => import("../commands/emulator/env.ts")),
    coverage: leaf(
      "List the calls of the API, and which of them the emulator serves",
      () => import("../commands/emulator/coverage.ts"),
    ),
    export: leaf(
      "Write everything that an emulator keeps to a folder",
      () => import("../commands/emulator/export.ts"),
    ),
  }),
  flow: group("Export, import, compare, draw and lint flows", {
    list: leaf("List the project's flows", () => import("../commands/flow/list.ts")),
    export: leaf("Export a flow to a file or standard output", () => import("../commands/flow/export.ts")),
    import: leaf("Import a flow from a file", () => import("../commands/flow/import.ts")),
    convert: leaf("Convert a flow between its forms", () => import("../commands/flow/convert.ts")),
    diff: leaf("Tell what differs between two flows", () => import("../commands/flow/diff.ts")),
    draw: leaf("Draw a flow: an outline, SVG or Mermaid", () => import("../commands/flow/draw.ts")),
    lint: leaf("Find mistakes and risks in a flow", () => import("../commands/flow/lint.ts")),
  }),
  project: group("List, clone, delete, export and import projects", {
    list: leaf("List the company's projects", () => import("../commands/project/list.ts")),
    clone: leaf("Make a new project from an existing one", () => import("../commands/project/clone.ts")),
    delete: leaf("Delete a project", () => import("../commands/project/delete.ts")),
    snapshot: group("Export, compare, plan and apply a project's settings", {
      export: leaf(
        "Export a project's settings to a folder",
        () => import("../commands/project/snapshot/export.ts"),
      ),
      import: leaf(
        "Import a project's settings from a folder",
        () => import("../commands/project/snapshot/import.ts"),
      ),
      validate: leaf(
        "Check whether a folder could be imported",
        () => import("../commands/project/snapshot/validate.ts"),
      ),
      plan: leaf(
        "Show what bringing a folder to a project would change",
        () => import("../commands/project/snapshot/plan.ts"),
      ),
      apply: leaf(
        "Carry out a plan that was reviewed",
        () => import("../commands/project/snapshot/apply.ts"),
      ),
      diff: leaf(
        "Compare two snapshots by what they mean",
        () => import("../commands/project/snapshot/diff.ts"),
      ),
      show: leaf("Show a plan that was written", () => import("../commands/project/snapshot/show.ts")),
      drift: leaf(
        "Tell what somebody changed in a project beside its folder",
        () => import("../commands/project/snapshot/drift.ts"),
      ),
      lint: leaf(
        "Find mistakes and risks in a snapshot's folder",
        () => import("../commands/project/snapshot/lint.ts"),
      ),
      record: leaf(
        "Accept what a project holds into the folder",
        () => import("../commands/project/snapshot/record.ts"),
      ),
    }),
  }),
  theme: group("Export and import the project's theme", {
    export: leaf(
      "Export the theme to a file or standard output",
      () => import("../commands/theme/export.ts"),
    ),
    import: leaf("Import the theme from a file", () => import("../commands/theme/import.ts")),
  }),
  commands: leaf("List every command, for people and programs", () => import("./list-commands.ts")),
  completion: group("Print the completion script of a shell", {
    bash: leaf("Print the completion script for bash", () => import("../commands/completion/bash.ts")),
    zsh: leaf("Print the completion script for zsh", () => import("../commands/completion/zsh.ts")),
    fish: leaf("Print the completion script for fish", () => import("../commands/completion/fish.ts")),
    powershell: leaf(
      "Print the completion script for PowerShell",
      () => import("../commands/completion/powershell.ts"),
    ),
  }),
});

/** What `help` does, which is no command of this table. */
export const HELP_SUMMARY = "Show the help of a command";

/** Root groups by heading, for the help. Words that are named nowhere here would not be shown, which a test forbids. */
export const headings: readonly (readonly [string, readonly string[]])[] = [
  ["Entities", ["access-key", "apps", "tenant", "user"]],
  ["Project", ["audit", "flow", "project", "theme"]],
  ["Local", ["emulator"]],
  ["More", ["commands", "completion", "help"]],
];

/** Command lines that a user can copy, for the help of the root and of each group. */
export const groupExamples: Readonly<Record<string, readonly [string, ...string[]]>> = {
  "": [
    "descope tenant create Acme --id acme",
    "descope user create ann@example.com --tenants acme --json",
    "descope project snapshot export P2abc --path config",
    "descope emulator exec -- npm test",
  ],
  "access-key": ['descope access-key create ci --description "for CI"', "descope access-key load-all --json"],
  apps: ["descope apps inbound load-all"],
  "apps inbound": ["descope apps inbound load-all", "descope apps inbound load TPA2abc --json"],
  "apps inbound secret": ["descope apps inbound secret load TPA2abc --json"],
  emulator: [
    "descope emulator start --project P2abc=Staging --project P2xyz=Production",
    "descope emulator exec -- npm test",
  ],
  tenant: ["descope tenant create Acme --domains acme.com,acme.org", "descope tenant load acme --json"],
  user: [
    'descope user create ann@example.com --name "Ann Ash" --tenants acme',
    "descope user load --login-id ann@example.com",
    "descope user load-all --all --json",
  ],
  "user password": [
    "descope user password set-temporary ann@example.com",
    "descope user password expire ann@example.com",
  ],
  "user roles": ["descope user roles add ann@example.com --roles Editor,Viewer"],
  "user test": [
    "descope user test create tester --email tester@example.com",
    "descope user test generate otp email tester --json",
  ],
  "user test generate": ["descope user test generate otp email tester --json"],
  audit: ["descope audit search LoginSucceed"],
  flow: ["descope flow list", "descope flow export sign-in sign-in.json"],
  theme: ["descope theme export theme.json"],
  project: ["descope project list", "descope project clone P2abc Staging"],
  "project snapshot": [
    "descope project snapshot export P2abc --path config",
    "descope project snapshot plan P2xyz --path config --env prod --out plan.json",
    "descope project snapshot apply P2xyz --plan plan.json",
    "descope project snapshot drift P2xyz --against config --env prod",
  ],
  completion: ["descope completion zsh"],
};
