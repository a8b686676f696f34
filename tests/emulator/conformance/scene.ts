import type { TestEmulator } from "../../support/emulator.ts";
import type { Reply, User } from "../../support/replies.ts";
import { PASSWORD, signInClient, tokenOf, type SignInClient } from "../../support/sign-in.ts";

/** The state around an example: each of its makers makes one new thing by the API and says what the API said of it. */
export class Scene {
  readonly emulator: TestEmulator;
  readonly auth: SignInClient;
  private count = 0;

  constructor(emulator: TestEmulator) {
    this.emulator = emulator;
    this.auth = signInClient(emulator);
  }

  get project(): string {
    return this.emulator.project;
  }

  /** A word that nothing else is called. */
  fresh(word: string): string {
    return `${word}-${++this.count}`;
  }

  mail(): string {
    return `${this.fresh("user")}@example.com`;
  }

  phone(): string {
    return `+1555${2_000_000 + ++this.count}`;
  }

  /** A management call. @throws when it is refused. */
  manage<R = Reply>(path: string, body?: unknown, method?: string, project?: string): Promise<R> {
    return this.emulator.ok<R>(path, body, {
      ...(method === undefined ? {} : { method }),
      ...(project === undefined ? {} : { project }),
    });
  }

  async tenant(more: object = {}): Promise<{ id: string; name: string }> {
    const name = this.fresh("Tenant");
    const { id } = await this.manage("/v1/mgmt/tenant/create", { name, ...more });
    return { id, name };
  }

  /** A role and the permission that it gives. */
  async role(more: object = {}): Promise<{ name: string; permission: string }> {
    const [name, permission] = [this.fresh("Role"), this.fresh("permission")];
    await this.manage("/v1/mgmt/permission/create", { name: permission, description: "May do it" });
    await this.manage("/v1/mgmt/role/create", { name, permissionNames: [permission], ...more });
    return { name, permission };
  }

  /** A user who has all that a user can be given, so that replies show all of it. */
  async user(more: object = {}): Promise<User> {
    const loginId = this.mail();
    const { user } = await this.manage("/v1/mgmt/user/create", {
      loginId,
      email: loginId,
      phone: this.phone(),
      verifiedEmail: true,
      verifiedPhone: true,
      name: "Ann Example",
      givenName: "Ann",
      middleName: "B",
      familyName: "Example",
      picture: "https://example.com/ann.png",
      ...more,
    });
    return user;
  }

  /** A user with a role in a tenant, a role in the project, an application and an attribute. */
  async member(): Promise<{ user: User; tenant: { id: string; name: string }; role: string; app: string }> {
    const [tenant, role, app, attribute] = [
      await this.tenant(),
      await this.role(),
      await this.ssoApp(),
      await this.attribute(),
    ];
    const user = await this.user({
      roleNames: [role.name],
      userTenants: [{ tenantId: tenant.id, roleNames: [role.name] }],
      ssoAppIds: [app],
      customAttributes: { [attribute]: "gold" },
    });
    return { user, tenant, role: role.name, app };
  }

  async testUser(): Promise<User> {
    const loginId = this.mail();
    const { user } = await this.manage("/v1/mgmt/user/create/test", {
      loginId,
      email: loginId,
      phone: this.phone(),
      test: true,
    });
    return user;
  }

  /** A custom attribute of users, of texts. */
  async attribute(): Promise<string> {
    const name = this.fresh("attribute").replace("-", "");
    await this.manage("/v1/mgmt/user/customattribute/create", {
      attributes: [{ name, type: 1, displayName: "Level" }],
    });
    return name;
  }

  async accessKey(more: object = {}): Promise<Reply> {
    return this.manage("/v1/mgmt/accesskey/create", { name: this.fresh("Key"), expireTime: 0, ...more });
  }

  async ssoApp(kind: "oidc" | "saml" | "wsfed" = "oidc", more: object = {}): Promise<string> {
    const { id } = await this.manage(`/v1/mgmt/sso/idp/app/${kind}/create`, {
      name: this.fresh("App"),
      enabled: true,
      loginPageUrl: "https://example.com/login",
      ...more,
    });
    return id;
  }

  async inboundApp(more: object = {}): Promise<Reply> {
    return this.manage("/v1/mgmt/thirdparty/app/create", {
      name: this.fresh("Inbound"),
      loginPageUrl: "https://example.com/login",
      ...more,
    });
  }

  /** A session of a new user with a password. */
  async session(more: object = {}): Promise<Reply> {
    return this.auth.session(this.mail(), { verifiedEmail: true, ...more });
  }

  /** A session of a user who has all that a user can be given. */
  async memberSession() {
    const { user, tenant } = await this.member();
    const [loginId] = user.loginIds;
    await this.manage("/v1/mgmt/user/password/set/active", { loginId, password: PASSWORD });
    const session = await this.auth.ok("/v1/auth/password/signin", { loginId, password: PASSWORD });
    return { ...session, loginId, tenant };
  }

  /** The token of the link that was sent last to a login id. */
  async linkTo(loginId: string): Promise<string> {
    const { link } = await this.auth.sent(loginId);
    return tokenOf(link);
  }

  /** The code that was sent last to a login id. */
  async codeTo(loginId: string): Promise<string> {
    return (await this.auth.sent(loginId)).code;
  }

  /** Another project, which may be deleted. */
  async otherProject(): Promise<string> {
    const { projectId } = await this.manage("/v1/mgmt/project/clone", { name: this.fresh("Project") });
    return projectId;
  }
}
