import { sessionEnded, userExists } from "../error.ts";
import type { Project } from "../project.ts";
import type { Call } from "../service.ts";
import { auditUser } from "../users/user-changes.ts";
import { putUser, userById, userByLoginId } from "../users/user-store.ts";
import type { User } from "../users/user.ts";
import type { AddressUpdate, Challenge } from "./challenges.ts";
import { signedInAs } from "./current-session.ts";
import { channelOf, requireAddress } from "./delivery.ts";
import type { Started } from "./start.ts";
import { requireMethod } from "./settings.ts";
import { mergeUsers } from "../users/merge-users.ts";

/** What a request says of another address for a user. */
export interface AddressUpdateInput {
  readonly loginId: string;
  readonly addToLoginIDs?: boolean | null | undefined;
  readonly onMergeUseExisting?: boolean | null | undefined;
  readonly failOnConflict?: boolean | null | undefined;
}

/**
 * Begins a change of address: something is sent to the new one, and the proof makes it the user's.
 *
 * @throws {EmulatorError} 401 or 403 where the user is not signed in, E062107 where the address is another user's and that matters.
 */
export function startUpdate(
  call: Call,
  method: string,
  settings: string,
  input: AddressUpdateInput,
  address: string,
): Started {
  const { project } = call;
  requireMethod(project, settings);
  const { user } = signedInAs(call, input.loginId);
  const channel = channelOf(method);
  requireAddress(channel, address);
  const update: AddressUpdate = {
    ...(channel === "email" ? { email: address } : { phone: address }),
    addToLoginIds: input.addToLoginIDs === true,
    mergeIntoExisting: input.onMergeUseExisting === true,
    failOnConflict: input.failOnConflict === true,
  };
  requireNoConflict(project, user, address, update);
  const purpose = { loginId: input.loginId, method, address, options: {}, update };
  return { subject: user, channel, address, purpose };
}

/**
 * Gives a user the address that was proved. Where the user is to sign in by it and another one does already, the two become one.
 *
 * @returns the user who is left.
 * @throws {EmulatorError} when the user is gone, or the address became another's meanwhile and that matters.
 */
export function applyUpdate(call: Call, { userId }: Challenge, update: AddressUpdate): User {
  const { project } = call;
  const user = userById(project, userId);
  if (user === undefined) throw sessionEnded();
  const address = update.email ?? update.phone ?? "";
  requireNoConflict(project, user, address, update);
  const changed: User = {
    ...user,
    ...(update.email === undefined ? {} : { email: update.email, verifiedEmail: true }),
    ...(update.phone === undefined ? {} : { phone: update.phone, verifiedPhone: true }),
    modifiedTime: project.clock.now(),
  };
  const saved = update.addToLoginIds
    ? withLoginId(project, changed, address, update)
    : putUser(project, changed);
  auditUser(project, "UserModified", saved, userId);
  return saved;
}

function withLoginId(project: Project, user: User, address: string, update: AddressUpdate): User {
  const other = userByLoginId(project, address);
  if (other === undefined || other.userId === user.userId)
    return putUser(project, { ...user, loginIds: [...new Set([...user.loginIds, address])] });
  const [left, gone] = update.mergeIntoExisting ? [other, user] : [user, other];
  return mergeUsers(project, left, gone, {
    ...(update.email === undefined ? {} : { email: address, verifiedEmail: true }),
    ...(update.phone === undefined ? {} : { phone: address, verifiedPhone: true }),
  });
}

function requireNoConflict(project: Project, user: User, address: string, update: AddressUpdate): void {
  if (!update.failOnConflict) return;
  const other = userByLoginId(project, address);
  if (other !== undefined && other.userId !== user.userId) throw userExists(address);
}
