import type { Operation } from "../../api/operation.ts";
import { parseAuthorization, type Authorization } from "./authorization.ts";
import { projectNotFound, unauthorized } from "../error.ts";
import { managementKeyId } from "../management-keys.ts";
import { findProject, type Project } from "../project.ts";
import type { World } from "../world.ts";

/** What a request may reach. */
export interface Access {
  readonly authorization: Authorization;
  /** The project that the caller names; undefined for a company's key alone. */
  readonly project: Project | undefined;
  readonly actorId: string;
}

/**
 * Decides whether a request may pass: management calls need a management key, open ones nothing, all others a project that exists. What tokens and
 * access keys are worth is for the services that take them.
 *
 * @throws {EmulatorError} 401 without a bearer or with a wrong key, 403 with a key that is not for this, 404 for a project that does not exist.
 */
export function authorize(
  world: World,
  operation: Operation,
  header: string | null,
  path: string,
  remoteAddress = "",
): Access {
  const authorization = parseAuthorization(header, path);
  if (operation.open === true)
    return {
      authorization: authorization ?? { project: "" },
      project: findProject(world, authorization?.project ?? ""),
      actorId: "",
    };
  if (authorization === undefined)
    throw unauthorized("The Authorization header must be: Bearer <project id>[:<key or token>]");
  const project = findProject(world, authorization.project);
  const named = authorization.project;
  if (!isManagement(path)) {
    if (project === undefined) throw projectNotFound(named);
    const { authManagementKey } = authorization;
    if (authManagementKey !== undefined && managementKeyId(world, authManagementKey) === undefined)
      throw unauthorized(
        "Neither a token nor a management key of this emulator stands behind the project id",
      );
    return { authorization, project, actorId: "" };
  }
  const { managementKey } = authorization;
  if (managementKey === undefined)
    throw unauthorized(
      operation.byAccessKey === true
        ? "An access key is needed: Bearer <project id>:<access key>"
        : "A management key is needed: Bearer <project id>:<management key>",
    );
  if (operation.byAccessKey === true) {
    if (project === undefined) throw projectNotFound(named);
    return { authorization: { project: named, accessKey: managementKey }, project, actorId: "" };
  }
  if (operation.byToken === true && managementKey.split(".").length === 3) {
    if (project === undefined) throw projectNotFound(named);
    return { authorization: { project: named, token: managementKey }, project, actorId: "" };
  }
  const reached = operation.company === true ? undefined : project;
  const actorId = managementKeyId(world, managementKey, { project: reached, remoteAddress });
  if (actorId === undefined) throw unauthorized("The management key is not one of this emulator's");
  if (project === undefined && named !== "" && operation.company !== true) throw projectNotFound(named);
  return { authorization, project, actorId };
}

function isManagement(path: string): boolean {
  return path.includes("/mgmt/") || path.startsWith("/scim/");
}
