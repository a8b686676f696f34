import * as apps from "../../../src/api/operations/inbound-apps.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { inboundAppReply, list, nothing, strict, text, integer } from "./shapes.ts";

const whole = {
  description: "A portal",
  logo: "data:image/png;base64,AAAA",
  loginPageUrl: "https://login.example.com",
  approvedCallbackUrls: ["https://app.example.com/cb"],
  permissionsScopes: [{ name: "read", description: "Reads", values: ["edit"], optional: true }],
  attributesScopes: [{ name: "mail", description: "Knows the address", values: ["email"] }],
  jwtBearerSettings: { issuers: { "https://idp.example.com": { jwksUri: "https://idp.example.com/jwks" } } },
  forcePkce: true,
  defaultAudience: "client",
};

const named = (scene: Scene) => ({ name: scene.fresh("Inbound"), ...whole });
const made = async (scene: Scene): Promise<{ id: string }> => ({ id: (await scene.inboundApp(whole)).id });

export const inboundAppExamples: Examples = [
  example(apps.create, strict({ id: text, cleartext: text, clientId: text }), named),
  example(apps.update, nothing, async (scene) => ({ ...named(scene), ...(await made(scene)) })),
  example(apps.patch, nothing, async (scene) => ({ ...(await made(scene)), description: "Another" })),
  example(apps.remove, nothing, made),
  example(apps.removeBatch, nothing, async (scene) => ({ ids: [(await made(scene)).id] })),
  example(apps.load, inboundAppReply, made),
  example(apps.loadAll, strict({ apps: list(inboundAppReply), total: integer }), async (scene) => {
    await made(scene);
    return {};
  }),
  example(apps.loadPage, strict({ apps: list(inboundAppReply), total: integer }), async (scene) => {
    await made(scene);
    return { limit: 10, page: 0 };
  }),
  example(apps.loadSecret, strict({ cleartext: text }), made),
  example(apps.rotateSecret, strict({ cleartext: text }), made),
  example(apps.rotateSecretByGet, strict({ cleartext: text }), made),
  example(
    apps.register,
    strict({
      client_name: text,
      client_uri: text,
      redirect_uris: list(text),
      scope: text,
      client_id: text,
      client_id_issued_at: integer,
      client_secret: text,
      client_secret_expires_at: integer,
      grant_types: list(text),
      response_types: list(text),
      token_endpoint_auth_method: text,
    }),
    (scene) => ({
      projectId: scene.project,
      client_name: scene.fresh("Agent"),
      client_uri: "https://agent.example.com",
      redirect_uris: ["http://localhost:1234/cb"],
      scope: "openid profile",
    }),
  ),
];
