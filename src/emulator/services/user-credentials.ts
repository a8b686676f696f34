import * as operations from "../../api/operations/user-credentials.ts";
import { endSessions } from "../auth/sessions.ts";
import { invalidArgument, missingArgument, notFound } from "../error.ts";
import { on, type Call, type Service } from "../service.ts";
import { auditUser } from "../users/user-changes.ts";
import { putUser, requireUser } from "../users/user-store.ts";
import type { Passkey, User } from "../users/user.ts";

/** What users prove themselves by, beside passwords. */
export const userCredentialService: Service = [
  on(operations.removeTotp, ({ loginId }, call) => {
    const { totpSeed: _gone, ...user } = requireUser(call.project, loginId);
    return save(call, user, "TOTPRemoved");
  }),
  on(operations.removeRecoveryCodes, ({ loginId }, call) => {
    const { recoveryCodes: _gone, ...user } = requireUser(call.project, loginId);
    return save(call, user, "RecoveryCodesRemoved");
  }),
  on(operations.listPasskeys, ({ loginId }, { project }) => {
    const { passkeys = [] } = requireUser(project, loginId);
    return {
      passkeys: passkeys.map(({ credentialId, name, createdTime, rpId }) => ({
        id: credentialId,
        rpId: rpId ?? "",
        kind: "passkey",
        displayName: name,
        createdTime: Math.floor(createdTime / 1000),
      })),
    };
  }),
  on(operations.removePasskey, ({ loginId, credentialId }, call) =>
    removePasskey(call, loginId, credentialId),
  ),
  on(operations.removePasskeys, ({ loginId, credentialId }, call) => {
    if (credentialId) return removePasskey(call, loginId, credentialId);
    const { passkeys: _gone, ...user } = requireUser(call.project, loginId);
    return save(call, user, "PasskeysRemoved");
  }),
  on(operations.importPasskeys, ({ loginId, devices }, call) => {
    const user = requireUser(call.project, loginId);
    const now = call.project.clock.now();
    const imported = devices.map(({ descope, auth0 }): Passkey => {
      const credentialId = descope?.credentialId || auth0?.keyId;
      const device = descope ?? auth0;
      if (device == null || !credentialId)
        throw missingArgument(
          "Each of the devices field must have a descope or an auth0 credential with an id",
        );
      return {
        credentialId,
        name: "Imported passkey",
        createdTime: now,
        ...(device.rpId ? { rpId: device.rpId } : {}),
        ...(device.publicKey ? { publicKey: device.publicKey } : {}),
        ...(device.aaguid ? { aaguid: device.aaguid } : {}),
        ...(device.transports ? { transports: device.transports } : {}),
      };
    });
    const isNew = new Set(imported.map(({ credentialId }) => credentialId));
    const kept = (user.passkeys ?? []).filter(({ credentialId }) => !isNew.has(credentialId));
    return save(call, { ...user, passkeys: [...kept, ...imported] }, "PasskeysImported");
  }),
  on(operations.listTrustedDevices, ({ identifiers }, { project }) => ({
    devices: identifiers.flatMap((identifier) => {
      const user = requireUser(project, identifier);
      return (user.trustedDevices ?? []).map((device) => ({
        id: device.id,
        name: device.name,
        deviceType: device.deviceType ?? "Unknown",
        userId: user.userId,
        lastLoginTime: seconds(device.lastLoginTime),
        expirationTime: seconds(device.expirationTime),
        lastLocation: device.lastLocation ?? "",
        isCurrentDevice: false,
      }));
    }),
  })),
  on(operations.removeTrustedDevices, ({ identifier, loginId, deviceIds }, call) => {
    const id = identifier || loginId;
    if (!id) throw missingArgument("One of the identifier and loginId fields is required");
    if (deviceIds.length === 0) throw missingArgument("The deviceIds field is empty");
    const user = requireUser(call.project, id);
    const devices = user.trustedDevices ?? [];
    for (const deviceId of deviceIds) {
      if (!devices.some((device) => device.id === deviceId))
        throw notFound(`The user has no trusted device ${deviceId}`);
    }
    const trustedDevices = devices.filter((device) => !deviceIds.includes(device.id));
    return save(call, { ...user, trustedDevices }, "TrustedDevicesRemoved");
  }),
  on(operations.providerToken, ({ loginId, provider, withRefreshToken }, { project }) => {
    const token = requireUser(project, loginId).providerTokens?.[provider];
    if (token === undefined)
      throw notFound(`The user has no token of the provider ${provider}: it never signed in by it`);
    const { refreshToken, ...rest } = token;
    return {
      provider,
      ...rest,
      ...(withRefreshToken === "true" ? { refreshToken: refreshToken ?? "" } : {}),
    };
  }),
  on(operations.logout, ({ loginId, userId }, { project, actorId }) => {
    if (!loginId && !userId) throw missingArgument("One of the loginId and userId fields is required");
    const user = requireUser(project, loginId || userId || "");
    endSessions(project, user.userId);
    auditUser(project, "UserLoggedOut", user, actorId);
    return {};
  }),
];

function removePasskey(call: Call, loginId: string, credentialId: string): Record<string, never> {
  const user = requireUser(call.project, loginId);
  const passkeys = user.passkeys ?? [];
  if (credentialId === "") throw invalidArgument("The credentialId field is empty");
  if (!passkeys.some((passkey) => passkey.credentialId === credentialId))
    throw notFound(`The user has no passkey ${credentialId}`);
  const left = passkeys.filter((passkey) => passkey.credentialId !== credentialId);
  return save(call, { ...user, passkeys: left }, "PasskeyRemoved");
}

function save({ project, actorId }: Call, user: User, action: string): Record<string, never> {
  putUser(project, { ...user, modifiedTime: project.clock.now() });
  auditUser(project, action, user, actorId);
  return {};
}

/** Times of devices are texts, as 64 bits are written in JSON. */
function seconds(milliseconds: number): string {
  return String(Math.floor(milliseconds / 1000));
}
