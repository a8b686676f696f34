import * as operations from "../../api/operations/descopers.ts";
import { audit } from "../audit.ts";
import { company } from "../company.ts";
import { invalidArgument, notFound } from "../error.ts";
import { findProject } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { Collection } from "../store/collection.ts";
import type { World } from "../world.ts";

export const descoperService: Service = [
  on(operations.create, ({ descopers: given }, call) => {
    const { world } = call;
    const made = given.map(({ loginId, attributes, sendInvite, rbac }) => {
      if (descopers.named(company(world), loginId) !== undefined)
        throw invalidArgument(`There is a descoper with the login id ${loginId} already`);
      const descoper = descopers.put(company(world), {
        id: world.ids.next("U"),
        loginId,
        attributes: attributesOf({}, attributes),
        rbac: rbacOf(world, rbac),
        status: sendInvite === true ? "invited" : "enabled",
      });
      if (sendInvite === true) {
        world.outbox.send({
          projectId: "",
          loginId,
          kind: "invite",
          method: "email",
          to: descoper.attributes.email ?? loginId,
          sentAt: world.clock.now(),
        });
      }
      auditDescoper(call, "DescoperCreated", descoper);
      return descoper;
    });
    return { descopers: made.map(reply), total: made.length };
  }),
  on(operations.update, ({ id, attributes, rbac }, call) => {
    const descoper = requireDescoper(call.world, id);
    const saved = descopers.put(company(call.world), {
      ...descoper,
      attributes: attributesOf(descoper.attributes, attributes),
      rbac: rbac == null ? descoper.rbac : rbacOf(call.world, rbac),
    });
    auditDescoper(call, "DescoperUpdated", saved);
    return { descoper: reply(saved) };
  }),
  on(operations.load, ({ id }, { world }) => ({ descoper: reply(requireDescoper(world, id)) })),
  on(operations.remove, ({ id }, call) => {
    const descoper = requireDescoper(call.world, id);
    descopers.delete(company(call.world), id);
    auditDescoper(call, "DescoperDeleted", descoper);
    return {};
  }),
  on(operations.list, (_input, { world }) => {
    const all = descopers.all(company(world));
    return { descopers: all.map(reply), total: all.length };
  }),
];

/** Somebody who works on the company's projects. */
interface Descoper {
  readonly id: string;
  readonly loginId: string;
  attributes: Attributes;
  rbac: Rbac;
  readonly status: "enabled" | "invited";
}

interface Attributes {
  readonly displayName?: string;
  readonly email?: string;
  readonly phone?: string;
}

interface Rbac {
  readonly isCompanyAdmin: boolean;
  readonly tags: readonly { readonly tags: readonly string[]; readonly role: string }[];
  readonly projects: readonly { readonly projectIds: readonly string[]; readonly role: string }[];
}

const descopers = new Collection<Descoper>(
  "descoper",
  ({ id }) => id,
  ({ loginId }) => loginId,
);

function requireDescoper(world: World, id: string): Descoper {
  const found = descopers.get(company(world), id);
  if (found === undefined) throw notFound(`There is no descoper ${id}`);
  return found;
}

type Given<T> = { readonly [key in keyof T]?: T[key] | null | undefined } | null | undefined;

/** The attributes with those that are given put in place of the others. */
function attributesOf(before: Attributes, given: Given<Attributes>): Attributes {
  const after: Record<string, string> = { ...before };
  for (const key of ["displayName", "email", "phone"] as const) {
    const content = given?.[key];
    if (content != null) after[key] = content;
  }
  return after;
}

function rbacOf(
  world: World,
  given:
    | {
        readonly isCompanyAdmin?: boolean | null | undefined;
        readonly tags?:
          | readonly { readonly tags?: readonly string[] | null | undefined; readonly role: string }[]
          | null
          | undefined;
        readonly projects?:
          | readonly { readonly projectIds?: readonly string[] | null | undefined; readonly role: string }[]
          | null
          | undefined;
      }
    | null
    | undefined,
): Rbac {
  const projects = (given?.projects ?? []).map(({ projectIds, role }) => ({
    projectIds: projectIds ?? [],
    role,
  }));
  for (const id of projects.flatMap(({ projectIds }) => projectIds)) {
    if (findProject(world, id) === undefined)
      throw invalidArgument(`The rbac.projects field names the project ${id}, which does not exist`);
  }
  return {
    isCompanyAdmin: given?.isCompanyAdmin ?? false,
    tags: (given?.tags ?? []).map(({ tags, role }) => ({ tags: tags ?? [], role })),
    projects,
  };
}

function reply({ id, attributes, rbac, status, loginId }: Descoper) {
  // The documents and the Go SDK spell it one way, the Node SDK the other.
  return { id, attributes, rbac, status, loginIDs: [loginId], loginIds: [loginId] };
}

function auditDescoper({ world, actorId }: Call, action: string, descoper: Descoper): void {
  audit(company(world), {
    action,
    actorId,
    userId: descoper.id,
    loginIds: [descoper.loginId],
  });
}
