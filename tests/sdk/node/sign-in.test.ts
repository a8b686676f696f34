import { describe, expect } from "bun:test";
import { address, claimsOf, fresh, linkToken, ok, phoneNumber, refused, suite } from "./suite.ts";
import { totpCode } from "./totp.ts";
import { Authenticator } from "../../support/authenticator.ts";

const { sdk, emulator, check } = suite();
const { user, tenant, password: passwordSettings } = sdk.management;
const URI = "https://app.example.com/verify";

async function code(loginId: string): Promise<string> {
  return (await emulator.lastMessage(loginId)).code ?? "";
}

async function link(loginId: string): Promise<string> {
  return linkToken((await emulator.lastMessage(loginId)).link);
}

describe("one-time codes", () => {
  check("otp.signUp.email and otp.verify.email make a user and a session", async () => {
    const email = address("ann");
    const { maskedEmail } = await ok(sdk.otp.signUp.email(email, { name: "Ann", email }));
    expect(maskedEmail).toContain("*");
    expect(maskedEmail).not.toBe(email);
    expect(maskedEmail).toEndWith(".com");
    const session = await ok(sdk.otp.verify.email(email, await code(email)));
    expect(session.firstSeen).toBe(true);
    expect(session.user).toMatchObject({
      loginIds: [email],
      email,
      name: "Ann",
      verifiedEmail: true,
      status: "enabled",
    });
    const { token } = await sdk.validateSession(session.sessionJwt);
    expect(token).toMatchObject({
      sub: session.user?.userId,
      iss: emulator.projectId,
      drn: "DS",
      amr: ["email"],
      tenants: {},
    });
    expect(claimsOf(session.refreshJwt)).toMatchObject({ sub: session.user?.userId, drn: "DSR" });
    expect(session.sessionExpiration).toBe(token.exp as number);
    expect(await ok(user.load(email))).toMatchObject({ name: "Ann", verifiedEmail: true });
  });

  check("otp.signIn.email signs a known user in, firstSeen once only", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    await ok(sdk.otp.signIn.email(email));
    const first = await ok(sdk.otp.verify.email(email, await code(email)));
    await ok(sdk.otp.signIn.email(email));
    const second = await ok(sdk.otp.verify.email(email, await code(email)));
    expect(second.firstSeen).toBe(false);
    expect(second.user?.userId).toBe(first.user?.userId as string);
    expect(second.sessionJwt).not.toBe(first.sessionJwt);
  });

  check(
    "sign-in of somebody unknown and sign-up of somebody known are refused; otp.signUpOrIn never is",
    async () => {
      const email = address();
      await refused(sdk.otp.signIn.email(email), [400, 401, 404], "E062108");
      await ok(sdk.otp.signUpOrIn.email(email));
      const session = await ok(sdk.otp.verify.email(email, await code(email)));
      expect(session.firstSeen).toBe(true);
      await refused(sdk.otp.signUp.email(email), 400, "E062107");
      await ok(sdk.otp.signUpOrIn.email(email));
      expect((await ok(sdk.otp.verify.email(email, await code(email)))).user?.userId).toBe(
        session.user?.userId as string,
      );
    },
  );

  check("a wrong code is refused with E061102, the right one still works, and works once", async () => {
    const email = address();
    await ok(sdk.otp.signUpOrIn.email(email));
    const right = await code(email);
    const wrong = right === "000000" ? "000001" : "000000";
    await refused(sdk.otp.verify.email(email, wrong), 401, "E061102");
    await ok(sdk.otp.verify.email(email, right));
    await refused(sdk.otp.verify.email(email, right), [400, 401]);
  });

  check("too many wrong codes end the right one as well, E061103", async () => {
    const email = address();
    await ok(sdk.otp.signUpOrIn.email(email));
    const right = await code(email);
    const wrong = right === "000000" ? "000001" : "000000";
    const codes: string[] = [];
    for (let i = 0; i < 10; i++)
      codes.push((await refused(sdk.otp.verify.email(email, wrong), [401, 403, 429, 400])).errorCode);
    expect(codes).toContain("E061103");
    await refused(sdk.otp.verify.email(email, right), [400, 401, 403, 429]);
  });

  check("a new code makes the older one worthless", async () => {
    const email = address();
    await ok(sdk.otp.signUpOrIn.email(email));
    const older = await code(email);
    await ok(sdk.otp.signUpOrIn.email(email));
    const newer = await code(email);
    if (older !== newer) await refused(sdk.otp.verify.email(email, older), 401);
    await ok(sdk.otp.verify.email(email, newer));
  });

  check("a code lapses", async () => {
    const email = address();
    await ok(sdk.otp.signUpOrIn.email(email));
    const lapsed = await code(email);
    await emulator.advance(3600);
    await refused(sdk.otp.verify.email(email, lapsed), 401);
    await emulator.advance(-3600);
  });

  const byPhone = [
    ["sms", sdk.otp.signUp.sms, sdk.otp.signIn.sms, sdk.otp.signUpOrIn.sms, sdk.otp.verify.sms],
    ["voice", sdk.otp.signUp.voice, sdk.otp.signIn.voice, sdk.otp.signUpOrIn.voice, sdk.otp.verify.voice],
    [
      "whatsapp",
      sdk.otp.signUp.whatsapp,
      sdk.otp.signIn.whatsapp,
      sdk.otp.signUpOrIn.whatsapp,
      sdk.otp.verify.whatsapp,
    ],
    ["im", sdk.otp.signUp.im, sdk.otp.signIn.im, sdk.otp.signUpOrIn.im, sdk.otp.verify.im],
  ] as const;
  for (const [method, signUp, signIn, signUpOrIn, verify] of byPhone) {
    check(`codes by ${method} verify the number`, async () => {
      const phone = phoneNumber();
      const { maskedPhone } = await ok(signUp(phone, { phone }));
      expect(maskedPhone).toContain("*");
      const session = await ok(verify(phone, await code(phone)));
      expect(session.user).toMatchObject({ phone, verifiedPhone: true });
      await ok(signIn(phone));
      await ok(verify(phone, await code(phone)));
      await ok(signUpOrIn(phone));
      await ok(verify(phone, await code(phone)));
      await refused(signIn(phoneNumber()), [400, 401, 404], "E062108");
    });
  }

  check("otp.update.email changes the address of who is signed in, once it is verified", async () => {
    const email = address();
    const session = await signedIn(email);
    const newEmail = address("new");
    await ok(
      sdk.otp.update.email(email, newEmail, session.refreshJwt, {
        addToLoginIDs: true,
        onMergeUseExisting: true,
      }),
    );
    const sent = (await emulator.messages(newEmail)).at(-1) ?? (await emulator.lastMessage(email));
    await ok(sdk.otp.verify.email(email, sent.code ?? ""));
    const changed = await ok(user.load(email));
    expect(changed.email).toBe(newEmail);
    expect(changed.verifiedEmail).toBe(true);
    expect(changed.loginIds).toContain(newEmail);
    await refused(sdk.otp.update.email(email, address(), "not.a.token"), 401);
  });

  const updates = [
    ["sms", sdk.otp.update.phone.sms, sdk.otp.verify.sms],
    ["voice", sdk.otp.update.phone.voice, sdk.otp.verify.voice],
    ["whatsapp", sdk.otp.update.phone.whatsapp, sdk.otp.verify.whatsapp],
    ["im", sdk.otp.update.phone.im, sdk.otp.verify.im],
  ] as const;
  for (const [method, update, verify] of updates) {
    check(`otp.update.phone.${method} changes the number of who is signed in`, async () => {
      const email = address();
      const session = await signedIn(email);
      const phone = phoneNumber();
      const { maskedPhone } = await ok(update(email, phone, session.refreshJwt));
      expect(maskedPhone).toContain("*");
      const sent = (await emulator.messages(phone)).at(-1) ?? (await emulator.lastMessage(email));
      await ok(verify(email, sent.code ?? ""));
      expect(await ok(user.load(email))).toMatchObject({ phone, verifiedPhone: true });
    });
  }

  check("a disabled user does not sign in", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    await ok(user.deactivate(email));
    const started = await sdk.otp.signIn.email(email);
    if (started.ok) await refused(sdk.otp.verify.email(email, await code(email)), [401, 403]);
    else await refused(Promise.resolve(started), [401, 403]);
  });

  check("an invited user who signs in becomes enabled", async () => {
    const email = address();
    await ok(user.invite(email, { email }));
    await ok(sdk.otp.signIn.email(email));
    await ok(sdk.otp.verify.email(email, await code(email)));
    expect((await ok(user.load(email))).status).toBe("enabled");
  });

  check("custom claims that the sign-in asks for are in the token", async () => {
    const email = address();
    await ok(user.create(email, { email }));
    await ok(sdk.otp.signIn.email(email, { customClaims: { shop: "north" } }));
    const session = await ok(sdk.otp.verify.email(email, await code(email)));
    expect(JSON.stringify(claimsOf(session.sessionJwt))).toContain('"shop":"north"');
    const again = await ok(sdk.refresh(session.refreshJwt));
    expect(JSON.stringify(claimsOf(again.sessionJwt))).toContain('"shop":"north"');
  });

  check("step-up needs who is signed in, and marks the token", async () => {
    const email = address();
    const session = await signedIn(email);
    await refused(sdk.otp.signIn.email(email, { stepup: true }), [400, 401]);
    await ok(sdk.otp.signIn.email(email, { stepup: true }, session.refreshJwt));
    const stepped = await ok(sdk.otp.verify.email(email, await code(email)));
    expect(claimsOf(stepped.sessionJwt).su).toBe(true);
  });

  check("a second factor is added to those of the session", async () => {
    const email = address();
    const session = await signedIn(email);
    expect(claimsOf(session.sessionJwt).amr).toEqual(["pwd"]);
    await ok(sdk.otp.signIn.email(email, { mfa: true }, session.refreshJwt));
    const both = await ok(sdk.otp.verify.email(email, await code(email)));
    expect(claimsOf(both.sessionJwt).amr).toEqual(expect.arrayContaining(["pwd", "email", "mfa"]));
  });
});

describe("magic links", () => {
  check(
    "magicLink.signUp.email sends a link to the address asked for, magicLink.verify opens the session once",
    async () => {
      const email = address("ann");
      const { maskedEmail } = await ok(sdk.magicLink.signUp.email(email, URI, { name: "Ann" }));
      expect(maskedEmail).toContain("*");
      const sent = await emulator.lastMessage(email);
      expect(sent.link).toStartWith(`${URI}?t=`);
      const session = await ok(sdk.magicLink.verify(linkToken(sent.link)));
      expect(session.firstSeen).toBe(true);
      expect(session.user).toMatchObject({ loginIds: [email], name: "Ann", verifiedEmail: true });
      expect((await sdk.validateSession(session.sessionJwt)).token.amr).toEqual(["email"]);
      await refused(sdk.magicLink.verify(linkToken(sent.link)), [400, 401]);
    },
  );

  check("magicLink.signIn.email and signUpOrIn.email; older links stay good", async () => {
    const email = address();
    await refused(sdk.magicLink.signIn.email(email, URI), [400, 401, 404], "E062108");
    await ok(sdk.magicLink.signUpOrIn.email(email, URI));
    const first = await link(email);
    await ok(sdk.magicLink.signUpOrIn.email(email, URI));
    const second = await link(email);
    expect(second).not.toBe(first);
    await ok(sdk.magicLink.verify(first));
    await ok(sdk.magicLink.verify(second));
    await ok(sdk.magicLink.signIn.email(email, URI));
    await ok(sdk.magicLink.verify(await link(email)));
    await refused(sdk.magicLink.signUp.email(email, URI), 400, "E062107");
  });

  const byPhone = [
    ["sms", sdk.magicLink.signUp.sms, sdk.magicLink.signIn.sms, sdk.magicLink.signUpOrIn.sms],
    [
      "whatsapp",
      sdk.magicLink.signUp.whatsapp,
      sdk.magicLink.signIn.whatsapp,
      sdk.magicLink.signUpOrIn.whatsapp,
    ],
  ] as const;
  for (const [method, signUp, signIn, signUpOrIn] of byPhone) {
    check(`magic links by ${method}`, async () => {
      const phone = phoneNumber();
      await ok(signUp(phone, URI, { phone }));
      const session = await ok(sdk.magicLink.verify(await link(phone)));
      expect(session.user).toMatchObject({ phone, verifiedPhone: true });
      await ok(signIn(phone, URI));
      await ok(sdk.magicLink.verify(await link(phone)));
      await ok(signUpOrIn(phone, URI));
      await ok(sdk.magicLink.verify(await link(phone)));
    });
  }

  check("a link lapses, and nonsense opens nothing", async () => {
    const email = address();
    await ok(sdk.magicLink.signUpOrIn.email(email, URI));
    await emulator.advance(86_400);
    await refused(sdk.magicLink.verify(await link(email)), [400, 401]);
    await emulator.advance(-86_400);
    await refused(sdk.magicLink.verify("nonsense"), [400, 401]);
  });

  check(
    "magicLink.update.email and magicLink.update.phone change addresses once the link is opened",
    async () => {
      const email = address();
      const session = await signedIn(email);
      const newEmail = address("new");
      await ok(sdk.magicLink.update.email(email, newEmail, URI, session.refreshJwt));
      const sent = (await emulator.messages(newEmail)).at(-1) ?? (await emulator.lastMessage(email));
      await ok(sdk.magicLink.verify(linkToken(sent.link)));
      expect(await ok(user.load(email))).toMatchObject({ email: newEmail, verifiedEmail: true });
      for (const update of [sdk.magicLink.update.phone.sms, sdk.magicLink.update.phone.whatsapp]) {
        const phone = phoneNumber();
        await ok(update(email, phone, URI, session.refreshJwt));
        const message = (await emulator.messages(phone)).at(-1) ?? (await emulator.lastMessage(email));
        await ok(sdk.magicLink.verify(linkToken(message.link)));
        expect(await ok(user.load(email))).toMatchObject({ phone, verifiedPhone: true });
      }
    },
  );
});

describe("enchanted links", () => {
  const quickly = { pollingIntervalMs: 1000, timeoutMs: 4000 };

  check("enchantedLink.signUp, verify and waitForSession", async () => {
    const email = address("ann");
    const started = await ok(sdk.enchantedLink.signUp(email, URI, { name: "Ann" }));
    expect(started.linkId).toMatch(/^\d{2}$/);
    expect(started.maskedEmail).toContain("*");
    const pending = await emulator.call(
      "POST",
      "/v1/auth/enchantedlink/pending-session",
      { pendingRef: started.pendingRef },
      `Bearer ${emulator.projectId}`,
    );
    expect(pending.status).toBe(401);
    expect(pending.body.errorCode).toBe("E062503");
    const sent = (await emulator.messages(email)).find(
      ({ linkId }) => linkId === undefined || linkId === started.linkId,
    );
    const opened = await ok(sdk.enchantedLink.verify(linkToken(sent?.link)));
    expect(opened).not.toHaveProperty("sessionJwt");
    const session = await ok(sdk.enchantedLink.waitForSession(started.pendingRef, quickly));
    expect(session.user).toMatchObject({ loginIds: [email], name: "Ann", verifiedEmail: true });
    await sdk.validateSession(session.sessionJwt);
  });

  check("enchantedLink.signIn and signUpOrIn", async () => {
    const email = address();
    await refused(sdk.enchantedLink.signIn(email, URI), [400, 401, 404], "E062108");
    for (const start of [sdk.enchantedLink.signUpOrIn, sdk.enchantedLink.signIn]) {
      const { pendingRef } = await ok(start(email, URI));
      await ok(sdk.enchantedLink.verify(await link(email)));
      expect((await ok(sdk.enchantedLink.waitForSession(pendingRef, quickly))).user?.loginIds).toEqual([
        email,
      ]);
    }
    await refused(sdk.enchantedLink.signUp(email, URI), 400, "E062107");
  });

  check("waiting for a link that nobody opens ends without a session", async () => {
    const email = address();
    const { pendingRef } = await ok(sdk.enchantedLink.signUpOrIn(email, URI));
    const reply = await sdk.enchantedLink.waitForSession(pendingRef, {
      pollingIntervalMs: 1000,
      timeoutMs: 1200,
    });
    expect(reply.ok).toBe(false);
  });

  check("enchantedLink.update.email changes the address once the link is opened", async () => {
    const email = address();
    const session = await signedIn(email);
    const newEmail = address("new");
    const { pendingRef } = await ok(sdk.enchantedLink.update.email(email, newEmail, URI, session.refreshJwt));
    const sent = (await emulator.messages(newEmail)).at(-1) ?? (await emulator.lastMessage(email));
    await ok(sdk.enchantedLink.verify(linkToken(sent.link)));
    await ok(sdk.enchantedLink.waitForSession(pendingRef, quickly));
    expect(await ok(user.load(email))).toMatchObject({ email: newEmail, verifiedEmail: true });
  });
});

describe("passwords", () => {
  const good = "Correct-Horse-1";

  check("password.signUp and password.signIn", async () => {
    const email = address("ann");
    const first = await ok(sdk.password.signUp(email, good, { name: "Ann", email }));
    expect(first.user).toMatchObject({ loginIds: [email], name: "Ann", email });
    expect(claimsOf(first.sessionJwt).amr).toEqual(["pwd"]);
    const second = await ok(sdk.password.signIn(email, good));
    expect(second.user?.userId).toBe(first.user?.userId as string);
    await refused(sdk.password.signIn(email, "Wrong-Horse-1"), 401);
    await refused(sdk.password.signIn(address(), good), [400, 401, 404]);
    await refused(sdk.password.signUp(email, good), 400, "E062107");
  });

  check("password.policy says what is enforced", async () => {
    const policy = await ok(sdk.password.policy());
    expect(policy.minLength).toBeGreaterThan(0);
    for (const key of ["lowercase", "uppercase", "number", "nonAlphanumeric"] as const)
      expect(policy[key]).toBeBoolean();
    await refused(sdk.password.signUp(address(), "a".repeat(Math.max(1, policy.minLength - 1))), 400);
  });

  check("password.replace takes the old one and sets the new one", async () => {
    const email = address();
    await ok(sdk.password.signUp(email, good));
    await refused(sdk.password.replace(email, "Wrong-Horse-1", "Better-Horse-2"), 401);
    expect((await ok(sdk.password.replace(email, good, "Better-Horse-2"))).user?.loginIds).toEqual([email]);
    await refused(sdk.password.signIn(email, good), 401);
    await ok(sdk.password.signIn(email, "Better-Horse-2"));
  });

  check("password.update sets one for who is signed in", async () => {
    const email = address();
    const session = await ok(sdk.password.signUp(email, good));
    await ok(sdk.password.update(email, "Better-Horse-2", session.refreshJwt));
    await ok(sdk.password.signIn(email, "Better-Horse-2"));
    await refused(sdk.password.signIn(email, good), 401);
    await refused(sdk.password.update(email, "Third-Horse-3", "not.a.token"), 401);
    const other = await ok(sdk.password.signUp(address(), good));
    await refused(sdk.password.update(email, "Third-Horse-3", other.refreshJwt), [400, 401, 403]);
  });

  check("password.sendReset sends a link; who opens it may set another password", async () => {
    const email = address();
    await ok(sdk.password.signUp(email, good, { email }));
    const reset = await ok(sdk.password.sendReset(email, "https://app.example.com/reset"));
    expect(reset.resetMethod).toBeString();
    expect(reset.maskedEmail).toContain("*");
    const sent = await emulator.lastMessage(email);
    expect(sent.link).toStartWith("https://app.example.com/reset?t=");
    const session = await ok(sdk.magicLink.verify(linkToken(sent.link)));
    await ok(sdk.password.update(email, "Better-Horse-2", session.refreshJwt));
    await ok(sdk.password.signIn(email, "Better-Horse-2"));
  });

  check("a policy with lock refuses the right password after too many wrong ones", async () => {
    const settings = await ok(passwordSettings.getSettings(""));
    await ok(
      passwordSettings.configureSettings("", { ...settings, enabled: true, lock: true, lockAttempts: 3 }),
    );
    try {
      const email = address();
      await ok(sdk.password.signUp(email, good));
      for (let i = 0; i < 3; i++) await refused(sdk.password.signIn(email, "Wrong-Horse-1"), [401, 403, 429]);
      await refused(sdk.password.signIn(email, good), [401, 403, 429]);
    } finally {
      await ok(passwordSettings.configureSettings("", settings));
    }
  });

  check("a policy that forbids reuse refuses an old password", async () => {
    const settings = await ok(passwordSettings.getSettings(""));
    await ok(
      passwordSettings.configureSettings("", { ...settings, enabled: true, reuse: true, reuseAmount: 3 }),
    );
    try {
      const email = address();
      await ok(sdk.password.signUp(email, good));
      await refused(sdk.password.replace(email, good, good), 400);
      await ok(sdk.password.replace(email, good, "Better-Horse-2"));
      await refused(sdk.password.replace(email, "Better-Horse-2", good), 400);
    } finally {
      await ok(passwordSettings.configureSettings("", settings));
    }
  });
});

describe("authenticator apps", () => {
  check("totp.signUp gives a key whose codes totp.verify takes", async () => {
    const email = address("ann");
    const { key, provisioningURL, image } = await ok(sdk.totp.signUp(email, { name: "Ann" }));
    expect(provisioningURL).toStartWith("otpauth://totp/");
    expect(provisioningURL).toContain(key);
    expect(image.length).toBeGreaterThan(100);
    const session = await ok(sdk.totp.verify(email, totpCode(key, Date.now())));
    expect(session.user).toMatchObject({ loginIds: [email], name: "Ann", TOTP: true });
    expect(claimsOf(session.sessionJwt).amr).toEqual(["totp"]);
    await refused(sdk.totp.verify(email, totpCode(key, Date.now() - 3_600_000)), 401);
    await refused(sdk.totp.signUp(email), 400, "E062107");
  });

  check("totp.update gives who is signed in an authenticator, which counts as a second factor", async () => {
    const email = address();
    const session = await signedIn(email);
    const { key } = await ok(sdk.totp.update(email, session.refreshJwt));
    const both = await ok(
      sdk.totp.verify(email, totpCode(key, Date.now()), { mfa: true }, session.refreshJwt),
    );
    expect(claimsOf(both.sessionJwt).amr).toEqual(expect.arrayContaining(["pwd", "totp", "mfa"]));
    await refused(sdk.totp.update(email, "not.a.token"), 401);
  });

  check("a seed of a batch makes codes that verify", async () => {
    const email = address();
    await ok(user.createBatch([{ loginId: email, seed: "JBSWY3DPEHPK3PXP" }]));
    await ok(sdk.totp.verify(email, totpCode("JBSWY3DPEHPK3PXP", Date.now())));
  });
});

describe("nOTP", () => {
  check("notp.signUp, signIn and signUpOrIn start, and waitForSession ends without an answer", async () => {
    const phone = phoneNumber();
    for (const start of [sdk.notp.signUpOrIn(phone), sdk.notp.signUp(phoneNumber(), { name: "N" })]) {
      const { pendingRef, redirectUrl, image } = await ok(start);
      expect(pendingRef.length).toBeGreaterThan(10);
      expect(() => new URL(redirectUrl)).not.toThrow();
      expect(image).toBeString();
      expect(
        (await sdk.notp.waitForSession(pendingRef, { pollingIntervalMs: 1000, timeoutMs: 1100 })).ok,
      ).toBe(false);
    }
    await refused(sdk.notp.signIn(phoneNumber()), [400, 401, 404]);
    const known = phoneNumber();
    await ok(user.create(known, { phone: known }));
    expect((await ok(sdk.notp.signIn(known))).pendingRef).toBeString();
  });
});

describe("other providers", () => {
  const back = "https://app.example.com/done";

  check("oauth.start gives an address to go to, for every provider", async () => {
    const { start } = sdk.oauth;
    for (const begin of [
      start.google,
      start.github,
      start.facebook,
      start.microsoft,
      start.gitlab,
      start.apple,
      start.discord,
      start.linkedin,
      start.slack,
    ]) {
      const { url } = await ok(begin(back));
      expect(() => new URL(url)).not.toThrow();
    }
    expect(((await ok(sdk.oauth.start("google", back))) as { url: string }).url).toStartWith("http");
  });

  check("oauth.exchange and sso.exchange and saml.exchange refuse a code that nobody gave", async () => {
    await refused(sdk.oauth.exchange("nonsense"), [400, 401]);
    await refused(sdk.saml.exchange("nonsense"), [400, 401]);
    await refused(sdk.sso.exchange("nonsense"), [400, 401]);
  });

  check("the address that oauth.start gives leads back with a code that oauth.exchange takes", async () => {
    const { url } = await ok(sdk.oauth.start.google(back));
    const code = await follow(url);
    const session = await ok(sdk.oauth.exchange(code));
    expect(session.user?.OAuth).toMatchObject({ google: true });
    expect(claimsOf(session.sessionJwt).amr).toEqual(["oauth"]);
    await refused(sdk.oauth.exchange(code), [400, 401]);
  });

  check(
    "saml.start and sso.start give an address for a tenant with single sign-on, and lead back",
    async () => {
      const id = fresh("tenant");
      await ok(tenant.createWithId(id, id));
      await refused(sdk.saml.start("nowhere", back), [400, 404]);
      await ok(
        sdk.management.sso.configureSAMLByMetadata(
          id,
          { idpMetadataUrl: "https://idp.example.com/m" },
          back,
          [`${id}.com`],
        ),
      );
      for (const begin of [sdk.saml, sdk.sso]) {
        const { url } = await ok(begin.start(id, back));
        const session = await ok(begin.exchange(await follow(url)));
        expect(session.user?.userTenants?.map(({ tenantId }) => tenantId)).toContain(id);
      }
    },
  );

  check("what no offline emulator can do is refused as Descope refuses, not with a fault", async () => {
    const replies = [
      sdk.oauth.startNative("google"),
      sdk.oauth.finishNative("google", "no-such-state", undefined, "code"),
      sdk.oauth.getOneTapClientId("google"),
      sdk.oauth.verifyOneTapIDToken("google", "not.a.token", "nonce"),
      sdk.oauth.exchangeOneTapIDToken("google", "not.a.token", "nonce"),
    ];
    for (const reply of replies) {
      const { ok: good, code, error, data } = await reply;
      if (good) expect(data).toBeObject();
      else {
        if (code === 501) throw new Error(JSON.stringify(error));
        expect(code).toBeWithin(400, 500);
        expect(error?.errorCode).toStartWith("E");
      }
    }
  });

  check("flow.start and flow.next refuse what is not there, not with a fault", async () => {
    await refused(sdk.flow.start("no-such-flow"), [400, 404]);
    await refused(sdk.flow.next("no-such-execution", "0", "next"), [400, 401, 404]);
  });

  check("outbound.connect gives who is signed in an address for a known app", async () => {
    const session = await signedIn(address());
    await refused(sdk.outbound.connect("no-such-app", {}, session.refreshJwt), [400, 404]);
    const app = await ok(
      sdk.management.outboundApplication.createApplication({
        name: fresh("Out "),
        clientId: "c",
        authorizationUrl: "https://provider.example.com/authorize",
      }),
    );
    const { url } = await ok(
      sdk.outbound.connect(app.id, { redirectUrl: back, scopes: ["a"] }, session.refreshJwt),
    );
    expect(() => new URL(url)).not.toThrow();
  });
});

describe("passkeys", () => {
  const origin = "https://app.example.com";

  check(
    "webauthn.signUp.start, signIn.start, signUpOrIn.start and update.start give options for the browser",
    async () => {
      const email = address();
      const begun = await ok(sdk.webauthn.signUp.start(email, origin, "Ann"));
      expect(begun.create).toBe(true);
      expect(begun.transactionId.length).toBeGreaterThan(5);
      const options = JSON.parse(begun.options) as {
        publicKey: { rp: { id: string }; challenge: string; user: unknown };
      };
      expect(options.publicKey.rp.id).toBe("app.example.com");
      expect(options.publicKey.challenge).toBeString();
      expect((await ok(sdk.webauthn.signUpOrIn.start(address(), origin))).create).toBe(true);
      await refused(sdk.webauthn.signIn.start(address(), origin), [400, 401, 404]);
      const known = address();
      const session = await signedIn(known);
      expect((await ok(sdk.webauthn.update.start(known, origin, session.refreshJwt))).create).toBe(true);
    },
  );

  check("an authenticator signs up, signs in, and is added for who is signed in", async () => {
    const device = new Authenticator(origin);
    const email = address();
    const up = await ok(sdk.webauthn.signUp.start(email, origin, "Ann"));
    const first = await ok(sdk.webauthn.signUp.finish(up.transactionId, device.create(up.options)));
    expect(first.user).toMatchObject({ loginIds: [email], name: "Ann", webauthn: true });
    const either = await ok(sdk.webauthn.signUpOrIn.start(email, origin));
    expect(either.create).toBe(false);
    const begun = await ok(sdk.webauthn.signIn.start(email, origin));
    const again = await ok(sdk.webauthn.signIn.finish(begun.transactionId, device.get(begun.options)));
    expect(claimsOf(again.sessionJwt).amr).toEqual(["webauthn"]);
    const known = address();
    const session = await signedIn(known);
    const more = await ok(sdk.webauthn.update.start(known, origin, session.refreshJwt));
    await ok(sdk.webauthn.update.finish(more.transactionId, new Authenticator(origin).create(more.options)));
    expect(await ok(sdk.me(session.refreshJwt))).toMatchObject({ webauthn: true });
  });

  check("the finish calls refuse a transaction that does not exist", async () => {
    await refused(sdk.webauthn.signUp.finish("nothing", "{}"), [400, 401, 404]);
    await refused(sdk.webauthn.signIn.finish("nothing", "{}"), [400, 401, 404]);
    await refused(sdk.webauthn.update.finish("nothing", "{}"), [400, 401, 404]);
  });
});

async function signedIn(email: string) {
  return ok(sdk.password.signUp(email, "Correct-Horse-1", { email }));
}

/** Follows an address until it leads back to the application, and gives the code with which it does. */
async function follow(url: string): Promise<string> {
  // The emulated identity provider asks nobody where it is told who it is.
  for (let next = `${url}&login_hint=${address()}`, i = 0; i < 10; i++) {
    const response = await fetch(next, { redirect: "manual" });
    const location = response.headers.get("location");
    if (location === null)
      throw new Error(`${next} leads nowhere: ${response.status} ${await response.text()}`);
    next = new URL(location, next).href;
    const code = new URL(next).searchParams.get("code");
    if (next.startsWith("https://app.example.com/") && code !== null) return code;
  }
  throw new Error("too many redirects");
}
