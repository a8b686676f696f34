import * as operations from "../../api/operations/oauth.ts";
import { authorize, finishAuthorize } from "../oauth/authorize.ts";
import { type Place } from "../oauth/credentials.ts";
import { authorizeEntraMfa } from "../oauth/entra-mfa.ts";
import { inOAuthForm, jsonReply } from "../oauth/error.ts";
import { tokens } from "../oauth/token-endpoint.ts";
import { logout, revoke, userInfo } from "../oauth/token-use.ts";
import { startBackchannel, startDevice } from "../oauth/waiting.ts";
import { on, onEach, type Service } from "../service.ts";

/** The project as an OAuth 2 and OpenID Connect provider, for federated applications. */
export const federatedOAuthService: Service = [
  ...onEach([operations.authorize, operations.authorizePost], (input, call) =>
    inOAuthForm(() => authorize(call, federated(input), input)),
  ),
  on(operations.authorizeEntraMfa, (input, call) =>
    inOAuthForm(() => authorizeEntraMfa(call, federated(input), input)),
  ),
  ...onEach([operations.finishAuthorize, operations.finishAuthorizePost], (input, call) =>
    inOAuthForm(() => finishAuthorize(call, "federated", input)),
  ),
  on(operations.token, (input, call) => inOAuthForm(() => jsonReply(tokens(call, federated(input), input)))),
  on(operations.userInfo, (input, call) =>
    inOAuthForm(() => jsonReply(userInfo(call, federated(input), undefined))),
  ),
  on(operations.userInfoPost, (input, call) =>
    inOAuthForm(() => jsonReply(userInfo(call, federated(input), input.access_token))),
  ),
  on(operations.revoke, (input, call) =>
    inOAuthForm(() => {
      revoke(call, federated(input), input);
      return jsonReply({});
    }),
  ),
  ...onEach([operations.logout, operations.logoutPost], (input, call) =>
    inOAuthForm(() => logout(call, federated(input), input)),
  ),
  on(operations.device, (input, call) =>
    inOAuthForm(() => jsonReply(startDevice(call, federated(input), input))),
  ),
];

/** The same for inbound applications: third parties that users let have something. */
export const inboundOAuthService: Service = [
  ...onEach([operations.inboundAuthorizeGet, operations.inboundAuthorizePost], (input, call) =>
    inOAuthForm(() => authorize(call, inbound(input), input)),
  ),
  ...onEach([operations.agenticAuthorizeGet, operations.agenticAuthorizePost], (input, call) =>
    inOAuthForm(() => authorize(call, inbound(input), input)),
  ),
  on(operations.agenticToken, (input, call) =>
    inOAuthForm(() => jsonReply(tokens(call, inbound(input), input))),
  ),
  on(operations.inboundFinishAuthorize, (input, call) =>
    inOAuthForm(() => finishAuthorize(call, "inbound", input)),
  ),
  on(operations.inboundToken, (input, call) =>
    inOAuthForm(() => jsonReply(tokens(call, inbound(input), input))),
  ),
  on(operations.inboundUserInfo, (input, call) =>
    inOAuthForm(() => jsonReply(userInfo(call, inbound(input), undefined))),
  ),
  on(operations.inboundUserInfoPost, (input, call) =>
    inOAuthForm(() => jsonReply(userInfo(call, inbound(input), input.access_token))),
  ),
  on(operations.inboundRevoke, (input, call) =>
    inOAuthForm(() => {
      revoke(call, inbound(input), input);
      return jsonReply({});
    }),
  ),
  on(operations.inboundDevice, (input, call) =>
    inOAuthForm(() => jsonReply(startDevice(call, inbound(input), input))),
  ),
  on(operations.backchannelAuthorize, (input, call) =>
    inOAuthForm(() => jsonReply(startBackchannel(call, inbound(input), input))),
  ),
];

function federated({ ssoAppId }: { readonly ssoAppId?: string | null | undefined }): Place {
  return { kind: "federated", appId: ssoAppId || undefined };
}

function inbound(at: {
  readonly project_id?: string | null | undefined;
  readonly mcp_server_id?: string | null | undefined;
}): Place {
  return {
    kind: "inbound",
    projectId: at.project_id || undefined,
    serverId: at.mcp_server_id || undefined,
  };
}
