import * as v from "valibot";
import { operation } from "../operation.ts";
import { SECRET_MEMBERS } from "../secret-members.ts";
import { anyObject, record, text, texts } from "./schemas.ts";

export const list = operation({
  noun: "Project",
  verb: "ListProjects",
  method: "POST",
  path: "/v1/mgmt/projects/list",
  company: true,
  effect: "read",
  output: anyObject,
});

export const clone = operation({
  noun: "Project",
  verb: "Clone",
  method: "POST",
  path: "/v1/mgmt/project/clone",
  effect: "write",
  input: () => v.looseObject({ name: v.string(), environment: text(), tags: texts() }),
  output: anyObject,
});

/** Gives back the id of what is going on, to ask for what became of it. */
export const cloneAsync = operation({
  noun: "Project",
  verb: "CloneAsync",
  method: "POST",
  path: "/v1/mgmt/project/clone/async",
  effect: "write",
  input: () => v.looseObject({ name: v.string(), environment: text(), tags: texts() }),
  output: anyObject,
});

export const cloneProcess = operation({
  noun: "Project",
  verb: "CloneProcess",
  method: "GET",
  path: "/v1/mgmt/project/clone/async/{processId}",
  effect: "read",
  input: () => v.looseObject({ processId: v.string() }),
  output: anyObject,
});

export const updateName = operation({
  noun: "Project",
  verb: "UpdateName",
  method: "POST",
  path: "/v1/mgmt/project/update/name",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ name: v.string() }),
});

export const updateTags = operation({
  noun: "Project",
  verb: "UpdateTags",
  method: "POST",
  path: "/v1/mgmt/project/update/tags",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ tags: texts() }),
});

export const remove = operation({
  noun: "Project",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/project/delete",
  effect: "destroy",
  idempotent: true,
});

/** Secrets that a snapshot's files hold where somebody wrote them there, or a server gave them back. */
const FILE_SECRETS = [
  "files.project*.testUserFixedAuthToken",
  `files.connectors/*|auth/oauth*|auth/sso*|outboundapps*.**.${SECRET_MEMBERS.join("|")}`,
];

export const exportSnapshot = operation({
  noun: "Project",
  verb: "ExportSnapshot",
  method: "POST",
  path: "/v1/mgmt/project/snapshot/export",
  olderPaths: ["/v1/mgmt/project/export"],
  effect: "read",
  input: () => v.looseObject({ format: text() }),
  output: anyObject,
  secretOutput: FILE_SECRETS,
});

const secrets = () =>
  v.nullish(v.array(v.looseObject({ id: v.string(), name: v.string(), type: v.string(), value: text() })));

const snapshotInput = () =>
  v.looseObject({
    files: record(),
    inputSecrets: v.nullish(
      v.looseObject({
        connectors: secrets(),
        oauthProviders: secrets(),
        outboundApps: secrets(),
        externalAuth: secrets(),
      }),
    ),
    excludes: texts(),
  });

export const importSnapshot = operation({
  noun: "Project",
  verb: "ImportSnapshot",
  method: "POST",
  path: "/v1/mgmt/project/snapshot/import",
  olderPaths: ["/v1/mgmt/project/import"],
  effect: "write",
  idempotent: true,
  input: snapshotInput,
  secretInput: ["inputSecrets.*.*.value", ...FILE_SECRETS],
});

export const validateSnapshot = operation({
  noun: "Project",
  verb: "ValidateSnapshot",
  method: "POST",
  path: "/v1/mgmt/project/snapshot/validate",
  effect: "read",
  input: snapshotInput,
  output: anyObject,
  secretInput: ["inputSecrets.*.*.value", ...FILE_SECRETS],
});
