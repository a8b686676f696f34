import * as apps from "../../../src/api/operations/sso-apps.ts";
import { example, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { attributeReply, list, nothing, ssoAppReply, strict, text } from "./shapes.ts";

const common = (scene: Scene) => ({
  name: scene.fresh("App"),
  description: "An application",
  enabled: true,
  logo: "data:image/png;base64,AAAA",
  loginPageUrl: "https://login.example.com",
  forceAuthentication: true,
});
const oidc = (scene: Scene) => ({
  ...common(scene),
  approvedRedirectUrls: ["https://app.example.com/cb"],
  forcePkce: true,
});
const mappings = {
  attributeMapping: [{ name: "mail", type: "", value: "email" }],
  groupsMapping: [{ name: "groups", type: "", filterType: "roles", value: "", roles: [] }],
};
const saml = (scene: Scene) => ({
  ...common(scene),
  ...mappings,
  useMetadataInfo: false,
  entityId: "https://sp.example.com",
  acsUrl: "https://sp.example.com/acs",
  certificate: "certificate",
  acsAllowedCallbacks: ["https://sp.example.com/*"],
  subjectNameIdType: "email",
  defaultRelayState: "state",
});
const wsFed = (scene: Scene) => ({
  ...common(scene),
  ...mappings,
  realm: "urn:app",
  replyUrl: "https://rp.example.com",
  replyAllowedCallbacks: ["https://rp.example.com/*"],
});

const PATH = "/v1/mgmt/sso/idp/app";
const makers = { oidc, saml, wsfed: wsFed } as const;
const made =
  (kind: keyof typeof makers = "oidc") =>
  (scene: Scene): Promise<{ id: string }> =>
    scene.manage(`${PATH}/${kind}/create`, makers[kind](scene));

const attribute = (scene: Scene) => ({
  attributes: [{ name: scene.fresh("owner").replace("-", ""), type: 1, displayName: "Owner" }],
});

export const ssoAppExamples: Examples = [
  example(apps.createOidc, strict({ id: text }), oidc),
  example(apps.createSaml, strict({ id: text }), saml),
  example(apps.createWsFed, strict({ id: text }), wsFed),
  example(apps.updateOidc, nothing, async (scene) => ({ ...oidc(scene), ...(await made()(scene)) })),
  example(apps.updateSaml, nothing, async (scene) => ({ ...saml(scene), ...(await made("saml")(scene)) })),
  example(apps.updateWsFed, nothing, async (scene) => ({ ...wsFed(scene), ...(await made("wsfed")(scene)) })),
  example(apps.load, ssoAppReply, made()),
  example(apps.load, ssoAppReply, made("saml")),
  example(apps.load, ssoAppReply, made("wsfed")),
  example(apps.loadAll, strict({ apps: list(ssoAppReply) }), async (scene) => {
    for (const kind of ["oidc", "saml", "wsfed"] as const) await made(kind)(scene);
    return {};
  }),
  example(apps.loadSecret, strict({ cleartext: text }), made()),
  example(apps.rotateSecret, strict({ cleartext: text }), made()),
  example(apps.remove, nothing, made()),
  example(apps.createAttributes, strict({ data: list(attributeReply), total: text }), attribute),
  example(apps.loadAttributes, strict({ data: list(attributeReply), total: text }), async (scene) => {
    await scene.manage(`${PATH}/customattribute/create`, attribute(scene));
    return {};
  }),
  example(apps.removeAttributes, strict({ data: list(attributeReply), total: text }), async (scene) => {
    const made = attribute(scene);
    await scene.manage(`${PATH}/customattribute/create`, made);
    return { names: made.attributes.map(({ name }) => name) };
  }),
];
