import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { testEmulator, type TestEmulator } from "../../support/emulator.ts";
import { claimsOf, signInClient, tokenOf, type SignInClient } from "../../support/sign-in.ts";

let emulator: TestEmulator;
let client: SignInClient;
beforeEach(() => {
  emulator = testEmulator();
  client = signInClient(emulator);
});
afterEach(() => emulator.stop());

const ANN = "ann@example.com";
const URI = "https://app.example.com/verify";

describe("magic links", () => {
  const open = (link: string) => client.ok("/v1/auth/magiclink/verify", { token: tokenOf(link) });

  test("both names of the target are taken, a query and a fragment in it stay, and without one it is the project's", async () => {
    const links = [];
    for (const target of [{ URI }, { redirectUrl: `${URI}?a=b` }, { URI: `${URI}?a=b#top` }, {}]) {
      await client.ok("/v1/auth/magiclink/signup-in/email", { loginId: ANN, ...target });
      links.push((await client.sent(ANN)).link);
    }
    expect(links.map((link) => link.replace(/t=[^#]*/, "t="))).toEqual([
      `${URI}?t=`,
      `${URI}?a=b&t=`,
      `${URI}?a=b&t=#top`,
      "http://localhost:3000/verify?t=",
    ]);
    for (const link of links) expect((await open(link)).user.loginIds).toEqual([ANN]);
  });

  test("each opens one session, lapses by itself, and is no enchanted link", async () => {
    await client.ok("/v1/auth/magiclink/signup/email", { loginId: ANN, URI, user: { name: "Ann" } });
    const { link } = await client.sent(ANN);
    await client.refused(401, "E061005", "/v1/auth/enchantedlink/verify", { token: tokenOf(link) });
    const session = await open(link);
    expect(session.user).toMatchObject({ name: "Ann", verifiedEmail: true });
    expect(claimsOf(session.sessionJwt).amr).toEqual(["email"]);
    await client.refused(401, "E061005", "/v1/auth/magiclink/verify", { token: tokenOf(link) });
    await client.ok("/v1/auth/magiclink/signin/email", { loginId: ANN });
    await client.advance(181);
    const late = (await client.sent(ANN)).link;
    await client.refused(401, "E061005", "/v1/auth/magiclink/verify", { token: tokenOf(late) });
  });

  test("by text message and WhatsApp; and for another number", async () => {
    const phone = "+15550001111";
    await client.ok("/v1/auth/magiclink/signup/sms", { loginId: phone, URI });
    const { refreshJwt, user } = await open((await client.sent(phone)).link);
    expect(user).toMatchObject({ phone, verifiedPhone: true });
    const next = "+15550002222";
    const { maskedPhone } = await client.ok(
      "/v1/auth/magiclink/update/phone/whatsapp",
      { loginId: phone, phone: next, URI },
      refreshJwt,
    );
    expect(maskedPhone).toBe("+*********22");
    expect((await open((await client.sent(next)).link)).user).toMatchObject({
      phone: next,
      verifiedPhone: true,
    });
  });

  test("somebody unknown who signs in and somebody known who signs up are refused", async () => {
    await client.refused(404, "E062108", "/v1/auth/magiclink/signin/email", { loginId: ANN, URI });
    await emulator.ok("/v1/mgmt/user/create", { loginId: ANN, email: ANN });
    await client.refused(400, "E062107", "/v1/auth/magiclink/signup/email", { loginId: ANN, URI });
  });
});

describe("enchanted links", () => {
  const pending = "/v1/auth/enchantedlink/pending-session";

  test("the waiting side gets its session once the right one of three links is opened, and once only", async () => {
    const started = await client.ok("/v1/auth/enchantedlink/signup-in/email", { loginId: ANN, URI });
    expect(started.linkId).toMatch(/^[1-9]\d$/);
    await client.refused(401, "E062503", pending, { pendingRef: started.pendingRef });
    const { links, linkId, link } = await client.sent(ANN);
    expect(links).toHaveLength(3);
    expect(new Set(links.map((one) => one.linkId)).size).toBe(3);
    expect(linkId).toBe(started.linkId);
    expect(links.find((one) => one.linkId === linkId)?.link).toBe(link);
    for (const wrong of links.filter((one) => one.linkId !== linkId))
      await client.refused(401, "E061005", "/v1/auth/enchantedlink/verify", { token: tokenOf(wrong.link) });
    await client.refused(401, "E062503", pending, { pendingRef: started.pendingRef });
    expect<unknown>(await client.ok("/v1/auth/enchantedlink/verify", { token: tokenOf(link) })).toEqual({});
    await client.refused(401, "E061005", "/v1/auth/enchantedlink/verify", { token: tokenOf(link) });
    const session = await client.ok(pending, { pendingRef: started.pendingRef });
    expect(session.user).toMatchObject({ loginIds: [ANN], verifiedEmail: true });
    await client.refused(401, "E061005", pending, { pendingRef: started.pendingRef });
  });

  test("it lapses for both sides, and the link's own token is no pendingRef", async () => {
    const { pendingRef } = await client.ok("/v1/auth/enchantedlink/signup/email", { loginId: ANN, URI });
    const { link } = await client.sent(ANN);
    await client.refused(401, "E061005", pending, { pendingRef: tokenOf(link) });
    await client.advance(181);
    await client.refused(401, "E061005", "/v1/auth/enchantedlink/verify", { token: tokenOf(link) });
    await client.refused(401, "E061005", pending, { pendingRef });
  });

  test("for another address", async () => {
    const { refreshJwt } = await client.session(ANN);
    const email = "new@example.com";
    const started = await client.ok(
      "/v1/auth/enchantedlink/update/email",
      { loginId: ANN, email, URI, addToLoginIDs: true },
      refreshJwt,
    );
    await client.ok("/v1/auth/enchantedlink/verify", { token: tokenOf((await client.sent(email)).link) });
    const { user } = await client.ok(pending, { pendingRef: started.pendingRef });
    expect(user).toMatchObject({ email, verifiedEmail: true, loginIds: [ANN, email] });
  });
});

describe("embedded links", () => {
  test("one signs a known user in, with claims that are trusted, for as long as was asked", async () => {
    await emulator.ok("/v1/mgmt/user/create", { loginId: ANN });
    const make = (more: object) =>
      emulator.ok("/v1/mgmt/user/signin/embeddedlink", { loginId: ANN, ...more });
    const { token } = await make({ customClaims: { shop: "north" } });
    const session = await client.ok("/v1/auth/magiclink/verify", { token });
    expect(session.user).toMatchObject({ loginIds: [ANN], verifiedEmail: false });
    expect(claimsOf(session.sessionJwt).shop).toBe("north");
    expect(claimsOf(session.sessionJwt).nsec).toBeUndefined();
    const short = (await make({})).token;
    const long = (await make({ timeout: 600 })).token;
    await client.advance(61);
    await client.refused(401, "E061005", "/v1/auth/magiclink/verify", { token: short });
    await client.ok("/v1/auth/magiclink/verify", { token: long });
    expect((await emulator.call("/v1/mgmt/user/signin/embeddedlink", { loginId: "nobody" })).status).toBe(
      404,
    );
  });

  test("one signs somebody new up, with what the backend says is verified", async () => {
    const body = {
      loginId: ANN,
      user: { email: ANN, phone: "+15550001111", name: "Ann" },
      emailVerified: true,
    };
    const { token } = await emulator.ok("/v1/mgmt/user/signup/embeddedlink", body);
    const { user, firstSeen } = await client.ok("/v1/auth/magiclink/verify", { token });
    expect(firstSeen).toBe(true);
    expect(user).toMatchObject({
      email: ANN,
      verifiedEmail: true,
      phone: "+15550001111",
      verifiedPhone: false,
    });
    const again = await emulator.call("/v1/mgmt/user/signup/embeddedlink", body);
    expect([again.status, again.body.errorCode]).toEqual([400, "E062107"]);
  });
});

describe("links and codes for test users", () => {
  beforeEach(() => emulator.ok("/v1/mgmt/user/create/test", { loginId: ANN, email: ANN }));
  const generate = (what: string, body: object) =>
    emulator.ok(`/v1/mgmt/tests/generate/${what}`, { loginId: ANN, ...body });

  test("a code, by each way to deliver it", async () => {
    for (const [deliveryMethod, method] of [
      ["email", "email"],
      ["sms", "sms"],
      ["Embedded", "whatsapp"],
    ]) {
      const { code } = await generate("otp", { deliveryMethod });
      const { user } = await client.ok(`/v1/auth/otp/verify/${method}`, { loginId: ANN, code });
      expect(user.test).toBe(true);
    }
  });

  test("a magic link with login options, and an enchanted link", async () => {
    const { link } = await generate("magiclink", {
      deliveryMethod: "email",
      URI,
      loginOptions: { customClaims: { shop: "north" } },
    });
    const { sessionJwt } = await client.ok("/v1/auth/magiclink/verify", { token: tokenOf(link) });
    expect(claimsOf(sessionJwt).nsec).toEqual({ shop: "north" });
    const enchanted = await generate("enchantedlink", { URI });
    await client.ok("/v1/auth/enchantedlink/verify", { token: tokenOf(enchanted.link) });
    const { pendingRef } = enchanted;
    expect((await client.ok("/v1/auth/enchantedlink/pending-session", { pendingRef })).user.loginIds).toEqual(
      [ANN],
    );
  });
});

describe("nOTP", () => {
  const pending = "/v1/auth/notp/pending-session";
  const phone = "+15550001111";

  test("the waiting side gets its session once the message was sent", async () => {
    const { pendingRef, redirectUrl, image } = await client.ok("/v1/auth/notp/whatsapp/signup-in", {
      loginId: phone,
    });
    expect<unknown>(Buffer.from(image, "base64").subarray(1, 4).toString()).toBe("PNG");
    await client.refused(401, "E066103", pending, { pendingRef });
    expect<unknown>((await client.sent(phone)).link).toBe(redirectUrl);
    expect<unknown>((await fetch(redirectUrl)).status).toBe(200);
    const session = await client.ok(pending, { pendingRef });
    expect(session.user).toMatchObject({ phone, verifiedPhone: true });
    expect(claimsOf(session.sessionJwt).amr).toEqual(["whatsapp"]);
    expect<unknown>((await fetch(redirectUrl)).status).toBe(401);
  });

  test("unknown users do not sign in, known ones do not sign up, and the number may change", async () => {
    await client.refused(404, "E062108", "/v1/auth/notp/whatsapp/signin", { loginId: phone });
    const { refreshJwt } = await client.session(phone, { phone });
    await client.refused(400, "E062107", "/v1/auth/notp/whatsapp/signup", { loginId: phone });
    const next = "+15550002222";
    const { redirectUrl, pendingRef } = await client.ok(
      "/v1/auth/notp/whatsapp/update",
      { loginId: phone, phone: next },
      refreshJwt,
    );
    await fetch(redirectUrl);
    expect((await client.ok(pending, { pendingRef })).user.phone).toBe(next);
  });
});
