import * as operations from "../../api/operations/user-updates.ts";
import { checkAttributes, mergeAttributes } from "../attributes/values.ts";
import { invalidArgument, missingArgument, userExists, userNotFound } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { patchUser, saveUser, updateUser } from "../users/user-changes.ts";
import { requireEmail } from "../users/user-fields.ts";
import { userReply } from "../users/user-reply.ts";
import { requireUser, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";

export const userUpdateService: Service = [
  on(operations.update, (input, { project, actorId }) =>
    userReply(project, updateUser(project, requireUser(project, input.loginId), input, actorId)),
  ),
  on(operations.patch, (input, { project, actorId }) =>
    userReply(project, patchUser(project, requireUser(project, input.loginId), input, actorId)),
  ),
  on(operations.updateLoginId, ({ loginId, newLoginId }, call) => {
    const user = userByLoginId(call.project, loginId);
    if (user === undefined) throw userNotFound(loginId);
    const others = user.loginIds.filter((id) => id !== loginId);
    if (!newLoginId && others.length === 0)
      throw invalidArgument(`${loginId} is the user's only login id and cannot be taken away`);
    const loginIds = newLoginId
      ? [...new Set(user.loginIds.map((id) => (id === loginId ? newLoginId : id)))]
      : others;
    return change(call, { ...user, loginIds });
  }),
  on(operations.updateEmail, (input, call) => {
    const user = requireUser(call.project, input.loginId);
    if (input.email) requireEmail(input.email);
    checkConflict(call.project, user, input.email, input.failOnConflict);
    const { email: _gone, ...rest } = user;
    return change(call, {
      ...rest,
      ...(input.email ? { email: input.email } : {}),
      verifiedEmail: Boolean(input.email) && input.verified === true,
    });
  }),
  on(operations.updatePhone, (input, call) => {
    const user = requireUser(call.project, input.loginId);
    checkConflict(call.project, user, input.phone, input.failOnConflict);
    const { phone: _gone, ...rest } = user;
    return change(call, {
      ...rest,
      ...(input.phone ? { phone: input.phone } : {}),
      verifiedPhone: Boolean(input.phone) && input.verified === true,
    });
  }),
  on(operations.updateRecoveryEmail, ({ loginId, recoveryEmail, verified }, call) => {
    const { recoveryEmail: _gone, ...rest } = requireUser(call.project, loginId);
    return change(call, {
      ...rest,
      ...(recoveryEmail ? { recoveryEmail } : {}),
      verifiedRecoveryEmail: Boolean(recoveryEmail) && verified === true,
    });
  }),
  on(operations.updateRecoveryPhone, ({ loginId, recoveryPhone, verified }, call) => {
    const { recoveryPhone: _gone, ...rest } = requireUser(call.project, loginId);
    return change(call, {
      ...rest,
      ...(recoveryPhone ? { recoveryPhone } : {}),
      verifiedRecoveryPhone: Boolean(recoveryPhone) && verified === true,
    });
  }),
  on(operations.updateName, ({ loginId, displayName, name, givenName, middleName, familyName }, call) =>
    patch(call, loginId, { displayName: displayName ?? name, givenName, middleName, familyName }),
  ),
  on(operations.updatePicture, ({ loginId, picture }, call) =>
    patch(call, loginId, { picture: picture ?? "" }),
  ),
  on(operations.updateCustomAttribute, ({ loginId, attributeKey, attributeValue }, call) => {
    if (attributeKey === "") throw missingArgument("The attributeKey field is empty");
    const user = requireUser(call.project, loginId);
    const changes = { [attributeKey]: attributeValue };
    checkAttributes(call.project, "user", changes);
    return change(call, { ...user, customAttributes: mergeAttributes(user.customAttributes, changes) });
  }),
  on(operations.updateImpersonationConsent, ({ loginId, impersonationConsent }, call) => {
    const { consentExpiration: _gone, ...rest } = requireUser(call.project, loginId);
    return change(
      call,
      impersonationConsent > 0 ? { ...rest, consentExpiration: impersonationConsent } : rest,
    );
  }),
];

function change({ project, actorId }: Call, user: User) {
  return userReply(project, saveUser(project, user, actorId));
}

function patch({ project, actorId }: Call, loginId: string, input: Parameters<typeof patchUser>[2]) {
  return userReply(project, patchUser(project, requireUser(project, loginId), input, actorId));
}

/** @throws {EmulatorError} E062107 where another user signs in by the address, and the request minds. */
function checkConflict(
  project: Project,
  user: User,
  address: string | null | undefined,
  failOnConflict: boolean | null | undefined,
): void {
  if (failOnConflict !== true || !address) return;
  const other = userByLoginId(project, address);
  if (other !== undefined && other.userId !== user.userId) throw userExists(address);
}
