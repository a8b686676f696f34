import * as jwt from "../../../src/api/operations/jwt.ts";
import * as templates from "../../../src/api/operations/jwt-templates.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import {
  flag,
  free,
  jwtTemplateReply,
  libraryEntryReply,
  list,
  nothing,
  sessionReply,
  strict,
  text,
  integer,
} from "./shapes.ts";

async function impersonation(scene: Scene): Promise<{ impersonatorId: string; loginId: string }> {
  const { userId } = await scene.user({ roleNames: ["Impersonator"] });
  const { user } = await scene.member();
  return { impersonatorId: userId, loginId: user.loginIds[0] };
}

const newUser = (scene: Scene) => {
  const loginId = scene.mail();
  return { loginId, user: { email: loginId, name: "Ann" }, emailVerified: true };
};

export const jwtExamples: Examples = [
  example(jwt.update, strict({ jwt: text }), async (scene) => {
    const { sessionJwt } = await scene.memberSession();
    return { jwt: sessionJwt, customClaims: { plan: "gold" }, refreshDuration: 600 };
  }),
  example(jwt.impersonate, strict({ jwt: text }), impersonation),
  example(jwt.impersonateStepup, strict({ jwt: text }), impersonation),
  example(jwt.stopImpersonation, strict({ jwt: text }), async (scene) =>
    scene.manage("/v1/mgmt/impersonate", await impersonation(scene)),
  ),
  example(jwt.signIn, sessionReply, async (scene) => ({ loginId: (await scene.member()).user.loginIds[0] })),
  example(jwt.signUp, sessionReply, newUser),
  example(jwt.signUpOrIn, sessionReply, newUser),
  example(
    jwt.anonymous,
    strict({
      sessionJwt: text,
      refreshJwt: text,
      cookieDomain: text,
      cookiePath: text,
      cookieMaxAge: integer,
      cookieExpiration: integer,
      sessionExpiration: integer,
      firstSeen: flag,
    }),
    async (scene) => ({ customClaims: { cart: 1 }, selectedTenant: (await scene.tenant()).id }),
  ),
  example(jwt.clientAssertion, strict({ jwt: text }), () => ({
    issuer: "client",
    subject: "client",
    audience: ["https://idp.example.com/token"],
    expiresIn: 60,
  })),
  example(jwt.embeddedLink, strict({ token: text }), async (scene) => ({
    loginId: (await scene.member()).user.loginIds[0],
    customClaims: { plan: "gold" },
    timeout: 60,
  })),
  example(jwt.embeddedLinkSignUp, strict({ token: text }), (scene) => ({ ...newUser(scene), timeout: 60 })),
];

const template = (scene: Scene) => ({
  name: scene.fresh("Template"),
  description: "Says the plan",
  template: { plan: "gold" },
  type: "user",
});

const made = async (scene: Scene) =>
  (await scene.manage("/v1/mgmt/jwt/templates/create", { template: template(scene) })).template;

const byId = async (scene: Scene) => ({ id: (await made(scene)).id });

const fromLibrary = async (scene: Scene): Promise<string> =>
  (await scene.manage("/v1/mgmt/jwt/templates/library/list", {})).entries[0]?.id ?? "";

export const jwtTemplateExamples: Examples = [
  example(templates.create, strict({ template: free }), (scene) => ({ template: template(scene) })),
  example(templates.update, strict({ template: free }), async (scene) => ({
    template: { ...template(scene), ...(await byId(scene)) },
  })),
  example(templates.load, strict({ template: free }), byId),
  example(templates.list, strict({ templates: list(jwtTemplateReply) }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(
    templates.validate,
    strict({ valid: flag, issues: list(strict({ field: text, code: text, message: text, hint: text })) }),
    (scene) => ({ template: { ...template(scene), name: "" } }),
  ),
  example(templates.remove, nothing, byId),
  example(templates.listLibrary, strict({ entries: list(libraryEntryReply) })),
  example(templates.loadLibraryEntry, strict({ entry: libraryEntryReply }), async (scene) => ({
    id: await fromLibrary(scene),
  })),
  example(templates.applyFromLibrary, strict({ template: free }), async (scene) => ({
    libraryEntryId: await fromLibrary(scene),
    nameOverride: scene.fresh("Applied"),
  })),
];
