import { describe, expect } from "bun:test";
import { address, fresh, ok, phoneNumber, refused, sorted, suite } from "./suite.ts";

const { sdk, emulator, check, prepare } = suite();
const { management } = sdk;
const user = management.user;

const tenantA = fresh("tenant-a");
const tenantB = fresh("tenant-b");
const permission = fresh("edit pages ");
const role = fresh("Editor ");
const otherRole = fresh("Viewer ");
const tenantRole = fresh("Local ");

prepare(async () => {
  await ok(management.tenant.createWithId(tenantA, `Name of ${tenantA}`));
  await ok(management.tenant.createWithId(tenantB, `Name of ${tenantB}`));
  await ok(management.permission.create(permission));
  await ok(management.role.create(role, "edits", [permission]));
  await ok(management.role.create(otherRole));
  await ok(management.role.create(tenantRole, "", [permission], tenantA));
});

describe("creating", () => {
  check(
    "user.create gives back all that was sent, and load finds it by login id and by user id",
    async () => {
      const email = address("ann");
      const phone = phoneNumber();
      const created = await ok(
        user.create(email, {
          email,
          phone,
          displayName: "Ann Example",
          givenName: "Ann",
          middleName: "B",
          familyName: "Example",
          picture: "https://example.com/ann.png",
          verifiedEmail: true,
          verifiedPhone: false,
          roles: [role],
          userTenants: [{ tenantId: tenantA, roleNames: [tenantRole] }],
          customAttributes: { plan: "gold", seats: 3, tags: ["a", "b"], vip: true },
          additionalLoginIds: [phone],
        }),
      );
      expect(created).toMatchObject({
        loginIds: [email, phone],
        email,
        phone,
        name: "Ann Example",
        givenName: "Ann",
        middleName: "B",
        familyName: "Example",
        picture: "https://example.com/ann.png",
        verifiedEmail: true,
        verifiedPhone: false,
        roleNames: [role],
        status: "enabled",
        test: false,
        customAttributes: { plan: "gold", seats: 3, tags: ["a", "b"], vip: true },
      });
      expect(created.userId).toMatch(/^U/);
      expect(created.userTenants).toEqual([
        {
          tenantId: tenantA,
          tenantName: `Name of ${tenantA}`,
          roleNames: [tenantRole],
          permissions: [permission],
        },
      ] as never);
      expect(created.createdTime).toBeGreaterThan(1_600_000_000);
      expect(created.createdTime).toBeLessThan(2 ** 31);
      expect(await ok(user.load(email))).toEqual(created);
      expect(await ok(user.load(phone))).toEqual(created);
      expect(await ok(user.load(created.userId))).toEqual(created);
      expect(await ok(user.loadByUserId(created.userId))).toEqual(created);
      const found = await ok(user.search({ loginIds: [email] }));
      expect(found).toEqual({ users: [created], total: 1 });
    },
  );

  check("user.create takes its arguments one by one as well", async () => {
    const email = address();
    const created = await ok(
      user.create(email, email, undefined, "Old Form", [role], undefined, { plan: "x" }, undefined, true),
    );
    expect(created).toMatchObject({
      email,
      name: "Old Form",
      roleNames: [role],
      customAttributes: { plan: "x" },
      verifiedEmail: true,
    });
  });

  check("a user without anything but a login id has no address and no roles", async () => {
    const loginId = fresh("bare");
    const created = await ok(user.create(loginId));
    expect(created.loginIds).toEqual([loginId]);
    expect(created.email || "").toBe("");
    expect(created.roleNames ?? []).toEqual([]);
    expect(created.userTenants ?? []).toEqual([]);
  });

  check(
    "a login id that is taken is refused with E062107, also when it is another user's second one",
    async () => {
      const email = address();
      const second = address("second");
      await ok(user.create(email, { email, additionalLoginIds: [second] }));
      await refused(user.create(email), 400, "E062107");
      await refused(user.create(second), 400, "E062107");
      await refused(user.create(fresh("third"), { additionalLoginIds: [email] }), 400, "E062107");
    },
  );

  check("a role or tenant that does not exist is refused, and nothing is created", async () => {
    const email = address();
    await refused(user.create(email, { roles: ["No Such Role"] }), [400, 404]);
    await refused(user.create(email, { userTenants: [{ tenantId: "nowhere", roleNames: [] }] }), [400, 404]);
    await refused(
      user.create(email, { userTenants: [{ tenantId: tenantB, roleNames: [tenantRole] }] }),
      [400, 404],
    );
    await refused(user.load(email), [400, 404], "E112102");
  });

  check("an empty login id is refused", async () => {
    await refused(user.create(""), 400);
  });

  check("user.createTestUser makes one that ordinary searches leave out", async () => {
    const loginId = address("test");
    const created = await ok(user.createTestUser(loginId, { email: loginId, displayName: "T" }));
    expect(created).toMatchObject({ test: true, name: "T", status: "enabled" });
    expect((await ok(user.search({ loginIds: [loginId] }))).total).toBe(0);
    expect((await ok(user.search({ loginIds: [loginId], withTestUser: true }))).users).toEqual([created]);
    expect((await ok(user.search({ loginIds: [loginId], testUsersOnly: true }))).users).toEqual([created]);
    expect((await ok(user.searchTestUsers({ loginIds: [loginId] }))).users).toEqual([created]);
  });

  check("user.createTestUser takes its arguments one by one as well", async () => {
    const loginId = address("test");
    const created = await ok(user.createTestUser(loginId, loginId, undefined, "Old Form", [role]));
    expect(created).toMatchObject({ test: true, email: loginId, name: "Old Form", roleNames: [role] });
  });
});

describe("inviting", () => {
  check("user.invite makes an invited user and sends the invitation to the given address", async () => {
    const email = address("guest");
    const invited = await ok(
      user.invite(email, {
        email,
        inviteUrl: "https://app.example.com/join",
        sendMail: true,
        sendSMS: false,
      }),
    );
    expect(invited.status).toBe("invited");
    const message = await emulator.lastMessage(email);
    expect(message.to).toBe(email);
    expect(message.link).toStartWith("https://app.example.com/join");
  });

  check("user.invite takes its arguments one by one as well", async () => {
    const email = address("guest");
    expect(await ok(user.invite(email, email, undefined, "G", [role]))).toMatchObject({
      status: "invited",
      name: "G",
      roleNames: [role],
    });
  });

  check("user.inviteBatch invites all that it can and says who failed", async () => {
    const taken = address();
    await ok(user.create(taken, { email: taken }));
    const first = address();
    const reply = await ok(
      user.inviteBatch(
        [
          { loginId: first, email: first },
          { loginId: taken, email: taken },
          { loginId: address(), roles: ["No Such Role"] },
        ],
        "https://app.example.com/join",
        true,
        false,
      ),
    );
    expect(reply.createdUsers.map((one) => [one.loginIds, one.status])).toContainEqual([[first], "invited"]);
    expect(reply.failedUsers.length).toBeGreaterThanOrEqual(1);
    for (const { failure } of reply.failedUsers) expect(failure).toBeString();
    expect((await emulator.lastMessage(first)).link).toContain("https://app.example.com/join");
  });
});

describe("batches", () => {
  check("user.createBatch creates row by row: a bad row fails alone and says why", async () => {
    const taken = address();
    await ok(user.create(taken));
    const [one, two] = [address(), address()];
    const reply = await ok(
      user.createBatch([
        { loginIdOrUserId: one, email: one, displayName: "One", roles: [role], status: "disabled" },
        { loginIdOrUserId: taken },
        { loginIdOrUserId: two, userTenants: [{ tenantId: tenantA, roleNames: [tenantRole] }] },
        { loginIdOrUserId: address(), userTenants: [{ tenantId: "nowhere", roleNames: [] }] },
      ]),
    );
    expect(reply.createdUsers.map(({ loginIds }) => loginIds)).toEqual([[one], [two]]);
    expect(reply.failedUsers).toHaveLength(2);
    expect(reply.failedUsers.map((failed) => failed.user.loginIds?.[0])).toContain(taken);
    expect(await ok(user.load(one))).toMatchObject({ name: "One", roleNames: [role], status: "disabled" });
    expect((await ok(user.load(two))).userTenants).toMatchObject([
      { tenantId: tenantA, roleNames: [tenantRole] },
    ]);
  });

  check("two rows with one login id: the first is created, the second fails", async () => {
    const email = address();
    const reply = await ok(user.createBatch([{ loginId: email }, { loginId: email }]));
    expect(reply.createdUsers).toHaveLength(1);
    expect(reply.failedUsers).toHaveLength(1);
  });

  const hashes: readonly [string, object][] = [
    ["bcrypt", { bcrypt: { hash: "$2a$04$C6UzMDM.H6dfI/f/IKcEeO7ZNO2DU9K2PFJ8P2Bk5yNqTFtz7MpU." } }],
    ["md5", { md5: { hash: "5f4dcc3b5aa765d61d8327deb882cf99" } }],
  ];
  for (const [kind, hashedPassword] of hashes) {
    check(`a ${kind} hash of a batch marks the user as having a password`, async () => {
      const email = address();
      const reply = await ok(user.createBatch([{ loginId: email, hashedPassword }]));
      expect(reply.failedUsers).toEqual([]);
      expect((await ok(user.load(email))).password).toBe(true);
    });
  }

  check("a cleartext password of a batch signs in", async () => {
    const email = address();
    await ok(user.createBatch([{ loginId: email, email, password: "Correct-Horse-1" }]));
    const session = await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    expect(session.user?.loginIds).toEqual([email]);
  });

  check("an md5 hash of a batch signs in with the password that it was made of", async () => {
    const email = address();
    await ok(
      user.createBatch([
        { loginId: email, hashedPassword: { md5: { hash: "5f4dcc3b5aa765d61d8327deb882cf99" } } },
      ]),
    );
    await ok(sdk.password.signIn(email, "password"));
    await refused(sdk.password.signIn(email, "passwort"), 401);
  });

  check("user.deleteBatch deletes those that exist", async () => {
    const users = await Promise.all([address(), address(), address()].map((id) => ok(user.create(id))));
    const [first, second, third] = users.map(({ userId }) => userId) as [string, string, string];
    await ok(user.deleteBatch([first, second]));
    await refused(user.loadByUserId(first), [400, 404], "E112102");
    await refused(user.loadByUserId(second), [400, 404], "E112102");
    await ok(user.loadByUserId(third));
  });

  check("user.patchBatch changes only what each row says, and names the rows that failed", async () => {
    const [one, two] = [address(), address()];
    await ok(user.create(one, { email: one, displayName: "One", givenName: "O" }));
    await ok(user.create(two, { email: two, displayName: "Two", customAttributes: { plan: "free" } }));
    const reply = await ok(
      user.patchBatch([
        { loginIdOrUserId: one, displayName: "First" },
        { loginIdOrUserId: two, roles: [role], status: "disabled" },
        { loginIdOrUserId: "nobody@example.com", displayName: "Nobody" },
      ]),
    );
    expect(reply.patchedUsers).toHaveLength(2);
    expect(reply.failedUsers).toHaveLength(1);
    expect(await ok(user.load(one))).toMatchObject({ name: "First", givenName: "O", email: one });
    expect(await ok(user.load(two))).toMatchObject({
      name: "Two",
      roleNames: [role],
      status: "disabled",
      customAttributes: { plan: "free" },
    });
  });

  check("user.loadUsers gives those asked for, and leaves out ids that nobody has when told so", async () => {
    const one = await ok(user.create(address()));
    const two = await ok(user.create(address()));
    const loaded = await ok(user.loadUsers([one.userId, two.userId, "U000000000000000000000000000"], true));
    expect(
      sorted(loaded.map(({ userId }) => userId).filter((id) => id !== "U000000000000000000000000000")),
    ).toEqual(sorted([one.userId, two.userId]));
  });
});

describe("updating", () => {
  check("user.update replaces everything: what is not sent is gone", async () => {
    const email = address();
    const created = await ok(
      user.create(email, {
        email,
        phone: phoneNumber(),
        displayName: "Before",
        givenName: "G",
        roles: [role],
        userTenants: [{ tenantId: tenantA, roleNames: [] }],
        customAttributes: { plan: "gold" },
        picture: "https://example.com/p.png",
      }),
    );
    const updated = await ok(user.update(email, { email, displayName: "After" }));
    expect(updated.userId).toBe(created.userId);
    expect(updated.createdTime).toBe(created.createdTime);
    expect(updated).toMatchObject({ loginIds: [email], name: "After", email, status: "enabled" });
    expect(updated.phone || "").toBe("");
    expect(updated.givenName || "").toBe("");
    expect(updated.picture || "").toBe("");
    expect(updated.roleNames ?? []).toEqual([]);
    expect(updated.userTenants ?? []).toEqual([]);
    expect(updated.customAttributes ?? {}).toEqual({});
    expect(await ok(user.load(email))).toEqual(updated);
  });

  check("user.update takes a user id, and its arguments one by one", async () => {
    const email = address();
    const { userId } = await ok(user.create(email, { email }));
    const updated = await ok(user.update(userId, email, undefined, "By Id", [otherRole]));
    expect(updated).toMatchObject({ userId, name: "By Id", roleNames: [otherRole], loginIds: [email] });
  });

  check("user.patch changes only what is sent", async () => {
    const email = address();
    const phone = phoneNumber();
    await ok(
      user.create(email, {
        email,
        phone,
        displayName: "Before",
        roles: [role],
        customAttributes: { plan: "gold", seats: 1 },
      }),
    );
    const patched = await ok(user.patch(email, { givenName: "New" }));
    expect(patched).toMatchObject({ name: "Before", givenName: "New", phone, email, roleNames: [role] });
    expect(patched.customAttributes).toEqual({ plan: "gold", seats: 1 });
    const again = await ok(
      user.patch(email, {
        displayName: "After",
        roles: [],
        status: "disabled",
        customAttributes: { seats: 2 },
      }),
    );
    expect(again).toMatchObject({ name: "After", givenName: "New", status: "disabled" });
    expect(again.roleNames ?? []).toEqual([]);
    expect(again.customAttributes?.seats).toBe(2);
    expect(await ok(user.load(email))).toEqual(again);
  });

  check("user.patch sets tenants, SSO apps and further login ids", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    const { id } = await ok(
      management.ssoApplication.createOidcApplication({ name: fresh("App "), loginPageUrl: "https://e.com" }),
    );
    const extra = fresh("extra");
    const patched = await ok(
      user.patch(email, {
        userTenants: [{ tenantId: tenantB, roleNames: [role] }],
        ssoAppIds: [id],
        additionalIdentifiers: [extra],
        scim: true,
      }),
    );
    expect(patched).toMatchObject({
      userTenants: [{ tenantId: tenantB, roleNames: [role], permissions: [permission] }],
      ssoAppIds: [id],
      SCIM: true,
    } as never);
    expect(patched.loginIds).toContain(extra);
    expect((await ok(user.load(extra))).loginIds).toContain(email);
  });

  check("what nobody has is refused with E112102 by every change", async () => {
    const nobody = address("nobody");
    for (const reply of [
      user.load(nobody),
      user.loadByUserId("U000000000000000000000000000"),
      user.update(nobody, { displayName: "x" }),
      user.patch(nobody, { displayName: "x" }),
      user.activate(nobody),
      user.deactivate(nobody),
      user.updateEmail(nobody, nobody, true),
      user.updatePhone(nobody, phoneNumber(), true),
      user.updateDisplayName(nobody, "x"),
      user.updatePicture(nobody, "x"),
      user.updateCustomAttribute(nobody, "k", "v"),
      user.updateLoginId(nobody, address()),
      user.addRoles(nobody, [role]),
      user.setRoles(nobody, [role]),
      user.removeRoles(nobody, [role]),
      user.addTenant(nobody, tenantA),
      user.removeTenant(nobody, tenantA),
      user.setActivePassword(nobody, "Correct-Horse-1"),
      user.expirePassword(nobody),
      user.logoutUser(nobody),
    ]) {
      await refused(reply, [400, 404], "E112102");
    }
  });

  check("user.deactivate and user.activate change the status", async () => {
    const email = address();
    await ok(user.create(email));
    expect((await ok(user.deactivate(email))).status).toBe("disabled");
    expect((await ok(user.load(email))).status).toBe("disabled");
    expect((await ok(user.activate(email))).status).toBe("enabled");
    expect((await ok(user.load(email))).status).toBe("enabled");
  });

  check("user.updateLoginId changes the name that the user is found by", async () => {
    const [before, after, taken] = [address(), address(), address()];
    const { userId } = await ok(user.create(before));
    await ok(user.create(taken));
    expect((await ok(user.updateLoginId(before, after))).loginIds).toEqual([after]);
    expect((await ok(user.load(after))).userId).toBe(userId);
    await refused(user.load(before), [400, 404], "E112102");
    await refused(user.updateLoginId(after, taken), 400, "E062107");
  });

  check("user.updateLoginId without a new one takes a login id away, but not the last", async () => {
    const [first, second] = [address(), address()];
    await ok(user.create(first, { additionalLoginIds: [second] }));
    expect((await ok(user.updateLoginId(second))).loginIds).toEqual([first]);
    await refused(user.updateLoginId(first), 400);
  });

  check("user.updateEmail and user.updatePhone change address and number with their mark", async () => {
    const loginId = fresh("login");
    await ok(user.create(loginId));
    const email = address();
    expect(await ok(user.updateEmail(loginId, email, true))).toMatchObject({ email, verifiedEmail: true });
    expect(await ok(user.updateEmail(loginId, email, false))).toMatchObject({ email, verifiedEmail: false });
    const phone = phoneNumber();
    expect(await ok(user.updatePhone(loginId, phone, true))).toMatchObject({ phone, verifiedPhone: true });
    expect(await ok(user.load(loginId))).toMatchObject({
      email,
      phone,
      verifiedEmail: false,
      verifiedPhone: true,
    });
  });

  check("user.updateRecoveryEmail and user.updateRecoveryPhone keep their own addresses", async () => {
    const loginId = address();
    await ok(user.create(loginId, { email: loginId }));
    const recoveryEmail = address("recovery");
    const recoveryPhone = phoneNumber();
    expect(await ok(user.updateRecoveryEmail(loginId, recoveryEmail, true))).toMatchObject({
      recoveryEmail,
      verifiedRecoveryEmail: true,
      email: loginId,
    } as never);
    expect(await ok(user.updateRecoveryPhone(loginId, recoveryPhone, false))).toMatchObject({
      recoveryPhone,
      verifiedRecoveryPhone: false,
      recoveryEmail,
    } as never);
  });

  check(
    "user.updateDisplayName, user.updateUserNames and user.updatePicture change names and picture",
    async () => {
      const loginId = address();
      await ok(user.create(loginId, { displayName: "Before", givenName: "A" }));
      expect(await ok(user.updateDisplayName(loginId, "After"))).toMatchObject({
        name: "After",
        givenName: "A",
      });
      expect(await ok(user.updateUserNames(loginId, "G", "M", "F"))).toMatchObject({
        givenName: "G",
        middleName: "M",
        familyName: "F",
      });
      expect(await ok(user.updatePicture(loginId, "https://example.com/new.png"))).toMatchObject({
        picture: "https://example.com/new.png",
        familyName: "F",
      });
    },
  );

  check("user.updateCustomAttribute sets one attribute and keeps the others", async () => {
    const loginId = address();
    await ok(user.create(loginId, { customAttributes: { plan: "gold", seats: 1 } }));
    await ok(user.updateCustomAttribute(loginId, "seats", 7));
    expect((await ok(user.load(loginId))).customAttributes).toEqual({ plan: "gold", seats: 7 });
    await ok(user.updateCustomAttribute(loginId, "tags", ["x", "y"]));
    expect((await ok(user.load(loginId))).customAttributes).toEqual({
      plan: "gold",
      seats: 7,
      tags: ["x", "y"],
    });
  });
});

describe("roles, tenants, apps", () => {
  check("user.addRoles, user.setRoles and user.removeRoles work on the project's roles", async () => {
    const loginId = address();
    await ok(user.create(loginId));
    expect((await ok(user.addRoles(loginId, [role]))).roleNames).toEqual([role]);
    expect(sorted((await ok(user.addRoles(loginId, [role, otherRole]))).roleNames)).toEqual(
      sorted([role, otherRole]),
    );
    expect((await ok(user.removeRoles(loginId, [role]))).roleNames).toEqual([otherRole]);
    expect((await ok(user.setRoles(loginId, [role]))).roleNames).toEqual([role]);
    expect((await ok(user.load(loginId))).roleNames).toEqual([role]);
    expect((await ok(user.setRoles(loginId, []))).roleNames ?? []).toEqual([]);
    await refused(user.addRoles(loginId, ["No Such Role"]), [400, 404]);
  });

  check("user.addTenant and user.removeTenant make and end memberships", async () => {
    const loginId = address();
    await ok(user.create(loginId));
    expect((await ok(user.addTenant(loginId, tenantA))).userTenants).toMatchObject([{ tenantId: tenantA }]);
    await ok(user.addTenant(loginId, tenantB));
    expect(sorted((await ok(user.load(loginId))).userTenants?.map(({ tenantId }) => tenantId))).toEqual(
      sorted([tenantA, tenantB]),
    );
    expect((await ok(user.removeTenant(loginId, tenantA))).userTenants).toMatchObject([
      { tenantId: tenantB },
    ]);
    await refused(user.addTenant(loginId, "nowhere"), [400, 404]);
  });

  check(
    "roles in a tenant are resolved there: its own first, the project's as well, another tenant's never",
    async () => {
      const loginId = address();
      await ok(
        user.create(loginId, {
          userTenants: [
            { tenantId: tenantA, roleNames: [] },
            { tenantId: tenantB, roleNames: [] },
          ],
        }),
      );
      const set = await ok(user.setTenantRoles(loginId, tenantA, [tenantRole]));
      expect(set.userTenants?.find(({ tenantId }) => tenantId === tenantA)).toMatchObject({
        roleNames: [tenantRole],
        permissions: [permission],
      });
      expect(set.userTenants?.find(({ tenantId }) => tenantId === tenantB)?.roleNames ?? []).toEqual([]);
      expect(set.roleNames ?? []).toEqual([]);
      const added = await ok(user.addTenantRoles(loginId, tenantA, [otherRole]));
      expect(sorted(added.userTenants?.find(({ tenantId }) => tenantId === tenantA)?.roleNames)).toEqual(
        sorted([tenantRole, otherRole]),
      );
      const removed = await ok(user.removeTenantRoles(loginId, tenantA, [tenantRole]));
      expect(removed.userTenants?.find(({ tenantId }) => tenantId === tenantA)?.roleNames).toEqual([
        otherRole,
      ]);
      await refused(user.addTenantRoles(loginId, tenantB, [tenantRole]), [400, 404]);
    },
  );

  check("user.addSSOapps, user.setSSOapps and user.removeSSOapps work on the user's apps", async () => {
    const loginId = address();
    await ok(user.create(loginId));
    const [one, two] = (await Promise.all(
      ["one", "two"].map((name) =>
        ok(
          management.ssoApplication.createOidcApplication({
            name: fresh(name),
            loginPageUrl: "https://e.com",
          }),
        ),
      ),
    )) as [{ id: string }, { id: string }];
    const apps = async () => ((await ok(user.load(loginId))) as { ssoAppIds?: string[] }).ssoAppIds ?? [];
    await ok(user.addSSOapps(loginId, [one.id]));
    expect(await apps()).toEqual([one.id]);
    await ok(user.setSSOapps(loginId, [two.id]));
    expect(await apps()).toEqual([two.id]);
    await ok(user.addSSOapps(loginId, [one.id]));
    await ok(user.removeSSOapps(loginId, [two.id]));
    expect(await apps()).toEqual([one.id]);
  });

  check("a default role of the project is given to new users", async () => {
    const byDefault = fresh("Default ");
    await ok(management.role.create(byDefault, "", [], undefined, true));
    try {
      expect((await ok(user.create(address()))).roleNames).toContain(byDefault);
    } finally {
      await ok(management.role.delete(byDefault));
    }
  });
});

describe("searching", () => {
  const mark = fresh("searchable");
  const people: string[] = [];
  prepare(async () => {
    for (let i = 0; i < 7; i++) {
      const email = `${mark}-${i}@example.com`;
      people.push(email);
      await ok(
        user.create(email, {
          email,
          displayName: `Person ${mark} ${6 - i}`,
          phone: phoneNumber(),
          verifiedEmail: i % 2 === 0,
          roles: i < 2 ? [role] : [],
          userTenants: i < 3 ? [{ tenantId: tenantA, roleNames: i === 0 ? [tenantRole] : [] }] : [],
          customAttributes: { mark, level: i },
        }),
      );
    }
    await ok(user.deactivate(people[6] as string));
  });
  const found = async (query: Parameters<typeof user.search>[0]) => {
    const { users, total } = await ok(user.search({ customAttributes: { mark }, ...query }));
    return { ids: users.map(({ loginIds }) => people.indexOf(loginIds[0] as string)), total };
  };

  check("pages follow one another and total counts all", async () => {
    const sort = [{ field: "email" }];
    expect(await found({ limit: 3, page: 0, sort })).toEqual({ ids: [0, 1, 2], total: 7 });
    expect(await found({ limit: 3, page: 1, sort })).toEqual({ ids: [3, 4, 5], total: 7 });
    expect(await found({ limit: 3, page: 2, sort })).toEqual({ ids: [6], total: 7 });
    expect(await found({ limit: 3, page: 3, sort })).toEqual({ ids: [], total: 7 });
  });
  check("sorting goes by the named field, both ways", async () => {
    expect((await found({ sort: [{ field: "displayName" }] })).ids).toEqual([6, 5, 4, 3, 2, 1, 0]);
    expect((await found({ sort: [{ field: "email", desc: true }] })).ids).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });
  check("filters: text", async () => {
    expect(await found({ text: `${mark}-3` })).toEqual({ ids: [3], total: 1 });
    expect((await found({ text: `Person ${mark} 6` })).ids).toEqual([0]);
    expect((await found({ text: "%" })).total).toBe(0);
  });
  check("filters: emails, loginIds and statuses", async () => {
    expect((await found({ emails: people.slice(0, 2) })).total).toBe(2);
    expect((await found({ loginIds: [people[4] as string, "nobody"] })).ids).toEqual([4]);
    expect((await found({ statuses: ["disabled"] })).ids).toEqual([6]);
    expect((await found({ statuses: ["enabled"] })).total).toBe(6);
  });
  check("filters: tenants and roles, in the project and in a tenant", async () => {
    expect((await found({ tenantIds: [tenantA] })).total).toBe(3);
    expect((await found({ tenantIds: [tenantB] })).total).toBe(0);
    expect((await found({ roles: [role] })).total).toBe(2);
    expect((await found({ tenantRoleNames: { [tenantA]: { values: [tenantRole] } } })).ids).toEqual([0]);
    expect((await found({ tenantRoleNames: { [tenantB]: { values: [tenantRole] } } })).total).toBe(0);
  });
  check("filters: verified addresses and user ids", async () => {
    expect((await found({ verifiedEmail: true })).total).toBe(4);
    expect((await found({ verifiedEmail: false })).total).toBe(3);
    const one = await ok(user.load(people[2] as string));
    expect((await found({ userIds: [one.userId] })).ids).toEqual([2]);
    expect((await found({ phones: [one.phone as string] })).ids).toEqual([2]);
  });
  check("filters: times of creation in milliseconds", async () => {
    expect((await found({ fromCreatedTime: Date.now() - 3_600_000 })).total).toBe(7);
    expect((await found({ toCreatedTime: Date.now() - 3_600_000 })).total).toBe(0);
    expect((await found({ fromModifiedTime: Date.now() + 3_600_000 })).total).toBe(0);
    expect((await found({ toModifiedTime: Date.now() + 3_600_000 })).total).toBe(7);
  });
  check("filters: custom attributes", async () => {
    expect((await found({ customAttributes: { mark, level: 5 } })).ids).toEqual([5]);
    expect((await found({ customAttributes: { mark, level: 50 } })).total).toBe(0);
  });
  check("user.searchAll gives the users alone", async () => {
    const all = await ok(user.searchAll([tenantA], [role], 10, 0, false, false, { mark }, ["enabled"]));
    expect(sorted(all.map(({ loginIds }) => loginIds[0] as string))).toEqual(people.slice(0, 2));
    expect(await ok(user.searchAll(undefined, undefined, 2, 0, false, false, { mark }))).toHaveLength(2);
    const byMail = await ok(
      user.searchAll(undefined, undefined, 0, 0, false, false, undefined, undefined, [people[5] as string]),
    );
    expect(byMail.map(({ email }) => email)).toEqual([people[5]]);
  });
  check("a sort field that does not exist and a negative limit are refused", async () => {
    await refused(user.search({ sort: [{ field: "nonsense" }] }), 400);
    await refused(user.search({ limit: -1 }), 400);
    await refused(user.search({ page: -1 }), 400);
  });
});

describe("deleting", () => {
  check("user.delete takes a login id or a user id, and the name is free again", async () => {
    const email = address();
    const { userId } = await ok(user.create(email));
    await ok(user.delete(email));
    await refused(user.load(email), [400, 404], "E112102");
    expect((await ok(user.search({ loginIds: [email] }))).total).toBe(0);
    const again = await ok(user.create(email));
    expect(again.userId).not.toBe(userId);
    await ok(user.delete(again.userId));
    await refused(user.loadByUserId(again.userId), [400, 404], "E112102");
  });

  check("user.deleteByUserId deletes by id alone", async () => {
    const email = address();
    const { userId } = await ok(user.create(email));
    await ok(user.deleteByUserId(userId));
    await refused(user.load(email), [400, 404], "E112102");
  });

  check("user.deleteAllTestUsers deletes test users and nobody else", async () => {
    const email = address();
    await ok(user.create(email));
    const test = address("test");
    await ok(user.createTestUser(test));
    await ok(user.deleteAllTestUsers());
    expect((await ok(user.searchTestUsers({}))).total).toBe(0);
    await refused(user.load(test), [400, 404], "E112102");
    await ok(user.load(email));
  });
});

describe("credentials", () => {
  check("user.setActivePassword sets one that signs in, user.expirePassword lapses it", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    expect((await ok(user.load(email))).password).toBe(false);
    await ok(user.setActivePassword(email, "Correct-Horse-1"));
    expect((await ok(user.load(email))).password).toBe(true);
    await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    await ok(user.expirePassword(email));
    await refused(sdk.password.signIn(email, "Correct-Horse-1"), [400, 401, 403], "E062909");
  });

  for (const method of ["setTemporaryPassword", "setPassword"] as const) {
    check(`user.${method} sets one that must be replaced first`, async () => {
      const email = address();
      await ok(user.create(email, { email }));
      await ok(
        method === "setPassword"
          ? user.setPassword(email, "Temporary-1!")
          : user.setTemporaryPassword(email, "Temporary-1!"),
      );
      await refused(sdk.password.signIn(email, "Temporary-1!"), [400, 401, 403], "E062909");
      await ok(sdk.password.replace(email, "Temporary-1!", "Permanent-1!"));
      await ok(sdk.password.signIn(email, "Permanent-1!"));
    });
  }

  check(
    "user.listPasskeys, user.removePasskey and user.removeAllPasskeys answer for a user without any",
    async () => {
      const email = address();
      await ok(user.create(email));
      expect(await ok(user.listPasskeys(email))).toEqual([]);
      await ok(user.removeAllPasskeys(email));
      await refused(user.removePasskey(email, "no-such-credential"), [400, 404]);
    },
  );

  check("user.removeTOTPSeed takes the seed of a batch away", async () => {
    const email = address();
    await ok(user.createBatch([{ loginId: email, seed: "JBSWY3DPEHPK3PXP" }]));
    expect((await ok(user.load(email))).TOTP).toBe(true);
    await ok(user.removeTOTPSeed(email));
    expect((await ok(user.load(email))).TOTP).toBe(false);
  });

  check("user.listTrustedDevices and user.removeTrustedDevices answer for a user without any", async () => {
    const email = address();
    await ok(user.create(email));
    expect(await ok(user.listTrustedDevices([email]))).toEqual([]);
    await refused(user.removeTrustedDevices(email, ["no-such-device"]), [400, 404]);
  });

  check("user.getProviderToken of a user without a provider is refused", async () => {
    const email = address();
    await ok(user.create(email));
    await refused(user.getProviderToken(email, "google", { withRefreshToken: true }), [400, 404]);
  });
});

describe("attributes, imports, histories", () => {
  check(
    "user.createCustomAttributes, getCustomAttributes and deleteCustomAttributes keep the definitions",
    async () => {
      const name = fresh("attribute");
      const created = await ok(user.createCustomAttributes([{ name, displayName: "An attribute", type: 1 }]));
      expect(created.map((one) => one.name)).toContain(name);
      const listed = await ok(user.getCustomAttributes());
      expect(listed.find((one) => one.name === name)).toMatchObject({
        name,
        displayName: "An attribute",
        type: 1,
      });
      const left = await ok(user.deleteCustomAttributes([name]));
      expect(left.map((one) => one.name)).not.toContain(name);
      expect((await ok(user.getCustomAttributes())).map((one) => one.name)).not.toContain(name);
    },
  );

  check("user.import with dryrun creates nothing", async () => {
    const users = Buffer.from(JSON.stringify({ users: [] })).toString("base64");
    const before = (await ok(user.search({}))).total;
    const reply = await sdk.management.user.import("auth0", users, undefined, true);
    if (reply.ok) expect(reply.data).toHaveProperty("users");
    else expect(reply.error?.errorCode).toStartWith("E");
    expect((await ok(user.search({}))).total).toBe(before);
  });

  check("user.history is a list of who signed in when", async () => {
    const email = address();
    const { userId } = await ok(user.create(email, { email }));
    expect(await ok(user.history([userId]) as never)).toEqual([] as never);
    await ok(user.setActivePassword(email, "Correct-Horse-1"));
    await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    const history = (await ok(user.history([userId]))) as unknown as { userId: string; loginTime: number }[];
    expect(history).toHaveLength(1);
    expect(history[0]?.userId).toBe(userId);
    expect(history[0]?.loginTime).toBeGreaterThan(1_600_000_000);
    expect(history[0]?.loginTime).toBeLessThan(2 ** 31);
  });
});

describe("for test users", () => {
  const URI = "https://app.example.com/verify";
  check("user.generateOTPForTestUser gives a code that verifies", async () => {
    const loginId = address("test");
    await ok(user.createTestUser(loginId, { email: loginId }));
    const { code, loginId: whose } = await ok(user.generateOTPForTestUser("email", loginId));
    expect(whose).toBe(loginId);
    expect((await ok(sdk.otp.verify.email(loginId, code))).user?.loginIds).toEqual([loginId]);
  });
  check("user.generateMagicLinkForTestUser gives a link that verifies", async () => {
    const loginId = address("test");
    await ok(user.createTestUser(loginId, { email: loginId }));
    const { link } = await ok(user.generateMagicLinkForTestUser("email", loginId, URI));
    expect(link).toStartWith(`${URI}?`);
    const token = new URL(link).searchParams.get("t") as string;
    expect((await ok(sdk.magicLink.verify(token))).user?.loginIds).toEqual([loginId]);
  });
  check("user.generateEnchantedLinkForTestUser gives a link and what to wait with", async () => {
    const loginId = address("test");
    await ok(user.createTestUser(loginId, { email: loginId }));
    const { link, pendingRef } = await ok(user.generateEnchantedLinkForTestUser(loginId, URI));
    await ok(sdk.enchantedLink.verify(new URL(link).searchParams.get("t") as string));
    const session = await ok(
      sdk.enchantedLink.waitForSession(pendingRef, { pollingIntervalMs: 1000, timeoutMs: 4000 }),
    );
    expect(session.user?.loginIds).toEqual([loginId]);
  });
  check("who is no test user is refused by all three", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    await refused(user.generateOTPForTestUser("email", email), [400, 403]);
    await refused(user.generateMagicLinkForTestUser("email", email, URI), [400, 403]);
    await refused(user.generateEnchantedLinkForTestUser(email, URI), [400, 403]);
  });
  check("user.generateEmbeddedLink gives a token that magicLink.verify takes, with its claims", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    const { token } = await ok(user.generateEmbeddedLink(email, { shop: "north" }, 120));
    const session = await ok(sdk.magicLink.verify(token));
    expect((await sdk.validateSession(session.sessionJwt)).token).toMatchObject({ shop: "north" });
    await refused(sdk.magicLink.verify(token), [400, 401]);
  });
  check("user.generateSignUpEmbeddedLink gives a token that signs a new user up", async () => {
    const email = address("new");
    const { token } = await ok(
      user.generateSignUpEmbeddedLink(email, { name: "New", email }, true, false, undefined, 120),
    );
    const session = await ok(sdk.magicLink.verify(token));
    expect(session.firstSeen).toBe(true);
    expect(await ok(user.load(email))).toMatchObject({ name: "New", email, verifiedEmail: true });
  });
});

describe("ending sessions", () => {
  check("user.logoutUser and user.logoutUserByUserId make refresh tokens worthless", async () => {
    const email = address();
    const { userId } = await ok(user.create(email, { email }));
    await ok(user.setActivePassword(email, "Correct-Horse-1"));
    const first = await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    await ok(sdk.refresh(first.refreshJwt));
    await ok(user.logoutUser(email));
    await refused(sdk.refresh(first.refreshJwt), 401, "E064001");
    const second = await ok(sdk.password.signIn(email, "Correct-Horse-1"));
    await ok(user.logoutUserByUserId(userId));
    await refused(sdk.refresh(second.refreshJwt), 401, "E064001");
  });
});
