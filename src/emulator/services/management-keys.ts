import * as operations from "../../api/operations/management-keys.ts";
import { audit } from "../audit.ts";
import { company } from "../company.ts";
import { hashKey } from "../entities/access-key.ts";
import {
  allManagementKeys,
  deleteManagementKey,
  managementKeyReply,
  putManagementKey,
  requireManagementKey,
  type ManagementKey,
} from "../entities/management-key.ts";
import { invalidArgument, missingArgument } from "../error.ts";
import { addressesOrRanges } from "../ip-range.ts";
import { findProject } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";

export const managementKeyService: Service = [
  on(operations.create, (input, call) => {
    const { world } = call;
    if (input.name === "") throw missingArgument("The name field is empty");
    const now = world.clock.now();
    const id = world.ids.next("K");
    const cleartext = `${id}${world.ids.text(43)}`;
    const lifetime = secondsOf("expiresIn", input.expiresIn);
    const end = secondsOf("expireTime", input.expireTime);
    const projectRoles = (input.reBac?.projectRoles ?? []).map(({ projectIds, roles }) => ({
      projectIds: projectIds ?? [],
      roles: roles ?? [],
    }));
    for (const projectId of projectRoles.flatMap(({ projectIds }) => projectIds)) {
      if (findProject(world, projectId) === undefined)
        throw invalidArgument(
          `The reBac.projectRoles field names the project ${projectId}, which does not exist`,
        );
    }
    const key = putManagementKey(world, {
      id,
      name: input.name,
      description: input.description ?? "",
      status: "active",
      permittedIps: addressesOrRanges("permittedIps", input.permittedIps),
      roles: {
        companyRoles: input.reBac?.companyRoles ?? [],
        projectRoles,
        tagRoles: (input.reBac?.tagRoles ?? []).map(({ tags, roles }) => ({
          tags: tags ?? [],
          roles: roles ?? [],
        })),
      },
      createdTime: now,
      expireTime: lifetime > 0 ? now + lifetime * 1000 : end * 1000,
      version: 1,
      secretHash: hashKey(cleartext),
    });
    auditKey(call, "ManagementKeyCreated", key);
    return { key: managementKeyReply(key), cleartext };
  }),
  on(operations.update, (input, call) => {
    const key = requireManagementKey(call.world, input.id);
    if (input.name === "") throw missingArgument("The name field is empty");
    const saved = putManagementKey(call.world, {
      ...key,
      name: input.name,
      description: input.description ?? "",
      permittedIps: addressesOrRanges("permittedIps", input.permittedIps),
      status: input.status || "active",
      version: key.version + 1,
    });
    auditKey(call, "ManagementKeyUpdated", saved);
    return { key: managementKeyReply(saved) };
  }),
  on(operations.load, ({ id }, { world }) => ({ key: managementKeyReply(requireManagementKey(world, id)) })),
  on(operations.search, (_input, { world }) => ({ keys: allManagementKeys(world).map(managementKeyReply) })),
  on(operations.remove, ({ ids }, call) => {
    if (ids.length === 0) throw missingArgument("The ids field is empty");
    const gone = allManagementKeys(call.world).filter(({ id }) => ids.includes(id));
    for (const key of gone) {
      deleteManagementKey(call.world, key.id);
      auditKey(call, "ManagementKeyDeleted", key);
    }
    return { total: gone.length };
  }),
];

function secondsOf(field: string, given: number | string | null | undefined): number {
  const seconds = given == null || given === "" ? 0 : Number(given);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw invalidArgument(`The ${field} field must be seconds, 0 or more`);
}

function auditKey({ world, actorId }: Call, action: string, key: ManagementKey): void {
  audit(company(world), { action, actorId, data: { keyId: key.id, name: key.name } });
}
