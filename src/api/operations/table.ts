import type { Operation } from "../operation.ts";
import * as accessKeys from "./access-keys.ts";
import * as audit from "./audit.ts";
import * as authz from "./authz.ts";
import * as fga from "./fga.ts";
import * as flows from "./flows.ts";
import * as inboundApps from "./inbound-apps.ts";
import * as license from "./license.ts";
import * as projects from "./projects.ts";
import * as tenants from "./tenants.ts";
import * as users from "./users.ts";

const modules: readonly Readonly<Record<string, Operation>>[] = [
  accessKeys,
  audit,
  authz,
  fga,
  flows,
  inboundApps,
  license,
  projects,
  tenants,
  users,
];

/** Every operation that is declared, by noun. */
export function operations(): readonly Operation[] {
  return modules.flatMap((module) => Object.values(module));
}
