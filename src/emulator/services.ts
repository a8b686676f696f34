import type { Served } from "./service.ts";
import { accessKeyService } from "./services/access-keys.ts";
import { auditService } from "./services/audit.ts";
import { authzService } from "./services/authz.ts";
import { fgaService } from "./services/fga.ts";
import { flowService } from "./services/flows.ts";
import { inboundAppService } from "./services/inbound-apps.ts";
import { license } from "./services/license.ts";
import { projectService } from "./services/projects.ts";
import { tenantService } from "./services/tenants.ts";
import { testUserService } from "./services/test-users.ts";
import { userService } from "./services/users.ts";

/** Everything that the emulator serves. */
export const served: readonly Served[] = [
  ...accessKeyService,
  ...auditService,
  ...authzService,
  ...fgaService,
  ...flowService,
  ...inboundAppService,
  ...license,
  ...projectService,
  ...tenantService,
  ...testUserService,
  ...userService,
];
