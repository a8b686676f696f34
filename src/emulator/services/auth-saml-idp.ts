import * as v from "valibot";
import { operation } from "../../api/operation.ts";
import * as operations from "../../api/operations/auth-saml-idp.ts";
import { text as textMember } from "../../api/operations/schemas.ts";
import { identityProvider, ssoAppOfAddress } from "../entities/sso-app.ts";
import { invalidArgument, missingArgument, notFound } from "../error.ts";
import {
  answerFor,
  answerReply,
  beginSignOn,
  CHOOSE_PATH,
  chosen,
  finishSignOn,
  replyPlace,
  requireApp,
  signOff,
} from "../federation/app-sign-on.ts";
import { findProject } from "../project.ts";
import { text } from "../project-settings.ts";
import { digestOf, readAuthnRequest } from "../saml/authn-request.ts";
import { samlMetadata } from "../saml/metadata.ts";
import { HttpReply, on, onEach, type Service } from "../service.ts";

/** The page on which somebody is chosen, for SAML and WS-Federation. */
const choose = operation({
  noun: "Emulator",
  verb: "AppSignOn",
  method: "GET",
  path: CHOOSE_PATH,
  open: true,
  effect: "write",
  input: () =>
    v.looseObject({
      project: v.string(),
      state: v.string(),
      login_hint: textMember(),
      typed: textMember(),
      error: textMember(),
    }),
});

/** The project as identity provider of services that speak SAML: its answers are signed with the project's key. */
export const samlIdpService: Service = [
  on(operations.metadata, ({ app: named }, call) => {
    const { project, app } = requireApp(call, "saml", named);
    const { idpEntityId, idpSsoUrl } = identityProvider(project, app, "saml");
    const xml = samlMetadata(project, { entityId: idpEntityId, ssoUrl: idpSsoUrl });
    // Services read the XML itself; clients of the API want JSON.
    if ((call.header("accept") ?? "").includes("application/json")) return { xml };
    return new HttpReply(200, { "content-type": "application/samlmetadata+xml; charset=utf-8" }, xml);
  }),
  ...onEach([operations.initiateByRedirect, operations.initiateByPost], ({ app: named, ...input }, call) => {
    const { project, app } = requireApp(call, "saml", named);
    const { acsUrl, defaultRelayState, defaultSignatureAlgorithm, entityId } = app.settings;
    const replyTo = replyPlace(app, text(acsUrl), undefined, "");
    return beginSignOn(
      call,
      project,
      app,
      {
        kind: "saml",
        appId: app.id,
        replyTo,
        audience: text(entityId) || replyTo,
        relayState: input.RelayState || text(defaultRelayState),
        // Nobody has asked for one of the two: the application's setting, and SHA-1 where it says nothing, as Descope does.
        digest: defaultSignatureAlgorithm === "sha256" ? "sha256" : "sha1",
      },
      { loginHint: input.login_hint, suggestion: input.LoginHint },
    );
  }),
  ...onEach([operations.signOnByRedirect, operations.signOnByPost], ({ app: named, ...input }, call) => {
    const { project, app } = requireApp(call, "saml", named);
    const encoded = input.SAMLRequest || input.SamlRequest;
    if (!encoded) throw missingArgument("The SAMLRequest field is required");
    const request = readAuthnRequest(encoded);
    const { acsUrl, acsAllowedCallbacks, defaultRelayState } = app.settings;
    const entityId = text(app.settings.entityId);
    if (entityId !== "" && request.issuer !== entityId)
      throw invalidArgument(
        `The SAMLRequest is not the application's: its issuer is ${request.issuer || "not said"}`,
      );
    return beginSignOn(
      call,
      project,
      app,
      {
        kind: "saml",
        appId: app.id,
        replyTo: replyPlace(app, text(acsUrl), acsAllowedCallbacks, request.acsUrl),
        audience: request.issuer || entityId,
        relayState: input.RelayState || text(defaultRelayState),
        digest: digestOf(input.SigAlg),
        inResponseTo: request.id,
      },
      {
        loginHint: input.login_hint,
        suggestion: input.LoginHint,
        anew: request.forceAuthn,
        passive: request.isPassive,
      },
    );
  }),
  on(choose, ({ project, state, login_hint: hint, typed, error }, call) =>
    chosen(call, project, state, { named: hint || typed || "", cancelled: Boolean(error) }),
  ),
  on(operations.finish, ({ state_id: state, sso_app_id: appId, additionalSAMLAttributes }, call) => {
    const { app, begun, user } = finishSignOn(call, "saml", state, appId);
    const answer = answerFor(call.project, app, begun, user, additionalSAMLAttributes ?? {});
    return answerReply(begun, answer, false);
  }),
  ...onEach([operations.logoutByRedirect, operations.logoutByPost], ({ app: named }, call) => {
    const found = named ? ssoAppOfAddress(call.world, named) : undefined;
    const project = found?.project ?? findProject(call.world, call.authorization.project);
    if (project === undefined) throw notFound(`There is no SSO application ${named ?? ""}`);
    return signOff(call, project, text(found?.app.settings.logoutRedirectUrl));
  }),
];
