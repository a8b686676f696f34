import { setAt } from "../../support/documents.ts";
import type { Scene } from "./scene.ts";

export const redirectUrl = "https://app.example.com/done";

/** The code with which somebody comes back from the emulated provider. */
export async function codeFrom(
  url: string,
  email: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const address = new URL(url);
  const said = { login_hint: email, given_name: "Ann", ...more };
  for (const [name, content] of Object.entries(said)) address.searchParams.set(name, content);
  const { headers } = await fetch(address, { redirect: "manual" });
  return new URL(headers.get("location") ?? "").searchParams.get("code") ?? "";
}

/** A tenant whose people sign in by its own identity provider. */
export async function tenantWithSso(scene: Scene): Promise<string> {
  const { id } = await scene.tenant();
  await scene.manage("/v1/mgmt/sso/saml/metadata", {
    tenantId: id,
    settings: { idpMetadataUrl: "https://idp.example.com/m" },
    domains: ["acme.com"],
  });
  return id;
}

/** Somebody who came by a tenant's single sign-on, in two of its groups. */
export async function groupMember(scene: Scene): Promise<{ tenantId: string; userId: string }> {
  const tenantId = await tenantWithSso(scene);
  const query = new URLSearchParams({ tenant: tenantId, redirectUrl });
  const { url } = await scene.auth.ok(`/v1/auth/sso/authorize?${query}`, {});
  const code = await codeFrom(url, "ann@acme.com", { groups: "staff,admins" });
  const { user } = await scene.auth.ok("/v1/auth/sso/exchange", { code });
  return { tenantId, userId: user.userId };
}

/** Somebody who came by a provider whose tokens the project keeps. */
export async function providersUser(scene: Scene): Promise<{ loginId: string; provider: string }> {
  const { files } = await scene.manage("/v1/mgmt/project/snapshot/export", {});
  setAt(files, ["auth/oauth.json", "providerSettings", "google", "manageProviderTokens"], true);
  setAt(files, ["auth/oauth.json", "providerSettings", "google", "scopes"], ["calendar"]);
  // Its secret is none of a snapshot, and it may not be switched on without one.
  setAt(files, ["auth/oauth.json", "providerSettings", "apple", "enabled"], false);
  await scene.manage("/v1/mgmt/project/snapshot/import", { files });
  const query = new URLSearchParams({ provider: "google", redirectUrl });
  const { url } = await scene.auth.ok(`/v1/auth/oauth/authorize?${query}`, {});
  const { user } = await scene.auth.ok("/v1/auth/oauth/exchange", {
    code: await codeFrom(url, scene.mail()),
  });
  return { loginId: user.loginIds[0], provider: "google" };
}
