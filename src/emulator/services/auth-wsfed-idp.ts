import * as operations from "../../api/operations/auth-wsfed-idp.ts";
import { identityProvider, type SsoApp } from "../entities/sso-app.ts";
import { invalidArgument } from "../error.ts";
import {
  answerFor,
  answerReply,
  beginSignOn,
  finishSignOn,
  replyPlace,
  requireApp,
  signOff,
} from "../federation/app-sign-on.ts";
import { text } from "../project-settings.ts";
import { wsFedMetadata } from "../saml/metadata.ts";
import { HttpReply, on, onEach, type Service } from "../service.ts";

/** The project as identity provider of services that speak WS-Federation (its passive requestor profile). */
export const wsFedIdpService: Service = [
  on(operations.metadata, ({ app: named }, call) => {
    const { project, app } = requireApp(call, "wsfed", named);
    const { idpEntityId, idpSsoUrl } = identityProvider(project, app, "wsfed");
    const xml = wsFedMetadata(project, { entityId: idpEntityId, ssoUrl: idpSsoUrl });
    // Services read the XML itself; clients of the API want JSON.
    if ((call.header("accept") ?? "").includes("application/json")) return { xml };
    return new HttpReply(200, { "content-type": "application/xml; charset=utf-8" }, xml);
  }),
  ...onEach(
    [operations.initiateByRedirect, operations.initiateByPost],
    ({ app: named, login_hint }, call) => {
      const { project, app } = requireApp(call, "wsfed", named);
      const replyTo = replyPlace(app, text(app.settings.replyUrl), undefined, "");
      const begun = {
        kind: "wsfed",
        appId: app.id,
        replyTo,
        audience: realmOf(app),
        relayState: "",
      } as const;
      return beginSignOn(call, project, app, begun, { loginHint: login_hint });
    },
  ),
  ...onEach([operations.passiveByRedirect, operations.passiveByPost], ({ app: named, ...input }, call) => {
    const { project, app } = requireApp(call, "wsfed", named);
    const { replyUrl, replyAllowedCallbacks, logoutRedirectUrl } = app.settings;
    const place = () => replyPlace(app, text(replyUrl), replyAllowedCallbacks, input.wreply ?? "");
    if (input.wa === "wsignout1.0" || input.wa === "wsignoutcleanup1.0")
      return signOff(call, project, input.wreply ? place() : text(logoutRedirectUrl));
    if (input.wa && input.wa !== "wsignin1.0")
      throw invalidArgument("The wa field must be wsignin1.0, wsignout1.0 or wsignoutcleanup1.0");
    const realm = realmOf(app);
    if (realm !== "" && input.wtrealm && input.wtrealm !== realm)
      throw invalidArgument(`The wtrealm field is not the application's: it is ${realm}`);
    return beginSignOn(
      call,
      project,
      app,
      {
        kind: "wsfed",
        appId: app.id,
        replyTo: place(),
        audience: realm || input.wtrealm || "",
        relayState: input.wctx ?? "",
      },
      { loginHint: input.login_hint },
    );
  }),
  on(operations.finish, ({ state_id: state, sso_app_id: appId }, call) => {
    const { app, begun, user } = finishSignOn(call, "wsfed", state, appId);
    return answerReply(begun, answerFor(call.project, app, begun, user), false);
  }),
];

function realmOf({ settings }: SsoApp): string {
  return text(settings.realm);
}
