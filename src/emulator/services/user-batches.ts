import * as operations from "../../api/operations/user-batches.ts";
import { EmulatorError } from "../error.ts";
import type { Project } from "../project.ts";
import { loginsOf } from "../auth/login-history.ts";
import { on, type Call, type Service } from "../service.ts";
import { newCredentials, type CredentialInput } from "../users/credentials.ts";
import type { InvitationInput } from "../users/invitation.ts";
import { createUser, patchUser, removeUser, type NewUser } from "../users/user-changes.ts";
import { importUsers } from "../users/user-import.ts";
import { UserReplies } from "../users/user-reply.ts";
import { requireUser, userById } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import { invite } from "./users.ts";

export const userBatchService: Service = [
  on(operations.createBatch, ({ users, ...invitation }, call) => {
    const { done, failedUsers, additionalErrors } = rowByRow(call.project, users, (row, errors) =>
      createRow(call, row, invitation, errors),
    );
    return { createdUsers: done, failedUsers, additionalErrors };
  }),
  on(operations.patchBatch, ({ users }, { project, actorId }) => {
    const { done, failedUsers, additionalErrors } = rowByRow(project, users, (row) =>
      patchUser(project, requireUser(project, row.loginId), row, actorId),
    );
    return { patchedUsers: done, failedUsers, additionalErrors };
  }),
  on(operations.deleteBatch, ({ userIds }, { project, actorId }) => {
    for (const id of userIds) {
      const user = userById(project, id);
      if (user !== undefined) removeUser(project, user, actorId);
    }
    return {};
  }),
  on(operations.history, (userIds, { project }) => loginsOf(project, userIds)),
  on(operations.historyOf, ({ userIds }, { project }) => ({
    usersAuthHistory: loginsOf(project, userIds ?? []),
  })),
  on(operations.importUsers, (input, { project, actorId }) => importUsers(project, input, actorId)),
];

interface NewRow extends NewUser, CredentialInput {
  readonly test?: boolean | null | undefined;
  /** Seconds since 1970. */
  readonly createdTime?: number | null | undefined;
}

function createRow(
  call: Call,
  row: NewRow,
  invitation: InvitationInput,
  errors: Record<string, string>,
): User {
  const { project, actorId } = call;
  const test = row.test === true;
  if (invitation.invite === true) {
    const { user, outcome } = invite(call, { ...row, ...invitation }, test);
    if (outcome === "no address") errors[row.loginId] = "There is no address to send the invitation to";
    return user;
  }
  return createUser(project, row, {
    test,
    actorId,
    more: newCredentials(project, row),
    ...(row.createdTime ? { createdTime: row.createdTime * 1000 } : {}),
  });
}

/**
 * Does something with each row on its own: one that fails is named with the reason. `work` must fail before it writes, or not at all:
 * to undo each row by itself would take longer than to write it.
 */
function rowByRow<Row extends { readonly loginId: string; readonly email?: string | null | undefined }>(
  project: Project,
  rows: readonly Row[],
  work: (row: Row, errors: Record<string, string>) => User,
) {
  const replies = new UserReplies(project);
  const done: Record<string, unknown>[] = [];
  const failedUsers: { readonly failure: string; readonly user: Record<string, unknown> }[] = [];
  const additionalErrors: Record<string, string> = {};
  for (const row of rows) {
    const before = project.store.usersGeneration;
    try {
      done.push(replies.of(work(row, additionalErrors)));
    } catch (error) {
      if (!(error instanceof EmulatorError) || project.store.usersGeneration !== before) throw error;
      const { loginId, email } = row;
      failedUsers.push({
        failure: `${error.code}: ${error.message}`,
        user: { loginIds: [loginId], ...(email ? { email } : {}) },
      });
    }
  }
  return { done, failedUsers, additionalErrors };
}
