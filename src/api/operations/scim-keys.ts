import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, someTexts, text, time } from "./schemas.ts";

const shared = { noun: "SCIMAccessKey", method: "POST", output: anyObject } as const;

/** A tenant's single sign-on; its first one where none is named. */
const which = () => ({ tenantId: filled(), ssoId: text() });

/** Whether keys that are revoked go for good; those that are only switched off can be activated again. By its number or its name. */
const revokeMode = () =>
  v.nullish(v.picklist([0, 1, "SCIM_KEY_REVOKE_MODE_DELETE", "SCIM_KEY_REVOKE_MODE_DEACTIVATE"]));

/** A key for the directory of a tenant. `expireTime` is in seconds since 1970, 0 for never. */
export const create = operation({
  ...shared,
  verb: "Create",
  path: "/v1/mgmt/scim/key/create",
  effect: "write",
  input: () => v.looseObject({ ...which(), name: text(), expireTime: time() }),
  secretOutput: ["cleartext"],
});

export const load = operation({
  ...shared,
  verb: "LoadAll",
  method: "GET",
  path: "/v1/mgmt/scim/key",
  effect: "read",
  input: () => v.looseObject(which()),
});

/** Creates a key and revokes those that were there before it. */
export const rotate = operation({
  ...shared,
  verb: "Rotate",
  path: "/v1/mgmt/scim/key/rotate",
  effect: "destroy",
  input: () => v.looseObject({ ...which(), name: text(), expireTime: time(), revokeMode: revokeMode() }),
  secretOutput: ["cleartext"],
});

export const revoke = operation({
  ...shared,
  verb: "Revoke",
  path: "/v1/mgmt/scim/key/revoke",
  effect: "destroy",
  idempotent: true,
  input: () => v.looseObject({ ...which(), revokeMode: revokeMode() }),
});

export const activate = operation({
  ...shared,
  verb: "Activate",
  path: "/v1/mgmt/scim/key/activate",
  effect: "write",
  idempotent: true,
  input: () => v.looseObject({ ...which(), keyIds: someTexts() }),
});
