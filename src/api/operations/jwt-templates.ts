import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, flag, object, text, texts, filled } from "./schemas.ts";

/** Which values are good is for the validation that the calls make, and whose issues they tell. */
const template = () =>
  v.looseObject({
    id: text(),
    name: text(),
    description: text(),
    template: object(),
    source: text(),
    tags: texts(),
    authSchema: text(),
    type: text(),
    conformanceIssuer: flag(),
    autoDCT: flag(),
    enforceIssuer: flag(),
    emptyClaimPolicy: text(),
    overrideSubject: flag(),
    issuerType: text(),
    omitCustomClaimsFromDSR: flag(),
    addJti: flag(),
    excludePermissions: flag(),
  });

const withTemplate = () => v.looseObject({ template: template() });
const byId = () => v.looseObject({ id: filled() });

export const create = operation({
  noun: "JWTTemplate",
  verb: "Create",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/create",
  effect: "write",
  input: withTemplate,
  output: anyObject,
});

export const update = operation({
  noun: "JWTTemplate",
  verb: "Update",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/update",
  effect: "write",
  idempotent: true,
  input: withTemplate,
  output: anyObject,
});

export const remove = operation({
  noun: "JWTTemplate",
  verb: "Delete",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/delete",
  effect: "destroy",
  idempotent: true,
  input: byId,
});

export const load = operation({
  noun: "JWTTemplate",
  verb: "Load",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/load",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const list = operation({
  noun: "JWTTemplate",
  verb: "List",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/list",
  effect: "read",
  output: anyObject,
});

export const validate = operation({
  noun: "JWTTemplate",
  verb: "Validate",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/validate",
  effect: "read",
  input: () => v.looseObject({ id: text(), template: v.nullish(template()) }),
  output: anyObject,
});

export const listLibrary = operation({
  noun: "JWTTemplate",
  verb: "ListLibrary",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/library/list",
  effect: "read",
  output: anyObject,
});

export const loadLibraryEntry = operation({
  noun: "JWTTemplate",
  verb: "LoadLibraryEntry",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/library/load",
  effect: "read",
  input: byId,
  output: anyObject,
});

export const applyFromLibrary = operation({
  noun: "JWTTemplate",
  verb: "ApplyFromLibrary",
  method: "POST",
  path: "/v1/mgmt/jwt/templates/library/apply",
  effect: "write",
  input: () =>
    v.looseObject({
      libraryEntryId: filled(),
      nameOverride: text(),
      descriptionOverride: text(),
      tagsOverride: texts(),
      templateOverride: object(),
    }),
  output: anyObject,
});
