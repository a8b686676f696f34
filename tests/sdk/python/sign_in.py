"""Signing in: codes, links, passwords, authenticators, other providers."""

import base64
import hashlib
import hmac
import struct
import time
import urllib.error
import urllib.parse
import urllib.request

from descope import DeliveryMethod, LoginOptions

from suite import (
    address,
    advance,
    client,
    claims_of,
    fresh,
    has,
    holds,
    last_message,
    link_token,
    mgmt,
    phone_number,
    refused,
    same,
    scenario,
)

EMAIL, SMS, VOICE, WHATSAPP = (
    DeliveryMethod.EMAIL,
    DeliveryMethod.SMS,
    DeliveryMethod.VOICE,
    DeliveryMethod.WHATSAPP,
)
URI = "https://app.example.com/verify"
PASSWORD = "Correct-Horse-1"


def code(*login_ids):
    return last_message(*login_ids)["code"]


def token(*login_ids):
    return link_token(last_message(*login_ids)["link"])


def another(right):
    return "000001" if right == "000000" else "000000"


def signed_in():
    email = address()
    session = client.password.sign_up(email, PASSWORD, {"email": email})
    return email, session, session["refreshSessionToken"]["jwt"]


@scenario("otp: sign_up, verify_code, and what the session says")
def _():
    email = address("ann")
    masked = client.otp.sign_up(EMAIL, email, {"name": "Ann", "email": email})
    holds("*" in masked and masked != email, "the address is masked")
    session = client.otp.verify_code(EMAIL, email, code(email))
    same(session["firstSeen"], True, "firstSeen")
    has(session["user"], {"loginIds": [email], "email": email, "name": "Ann", "verifiedEmail": True})
    has(session["sessionToken"], {"drn": "DS", "amr": ["email"], "sub": session["user"]["userId"]})
    has(session["refreshSessionToken"], {"drn": "DSR", "sub": session["user"]["userId"]})
    holds(session["cookieData"]["maxAge"] > 0, "there is a cookie's age")
    same(session["userId"], session["user"]["userId"])


@scenario("otp: sign_in for known users alone, sign_up for unknown ones, sign_up_or_in for both")
def _():
    email = address()
    refused(lambda: client.otp.sign_in(EMAIL, email), [400, 401, 404], "E062108")
    client.otp.sign_up_or_in(EMAIL, email)
    first = client.otp.verify_code(EMAIL, email, code(email))
    refused(lambda: client.otp.sign_up(EMAIL, email, {}), 400, "E062107")
    client.otp.sign_in(EMAIL, email)
    second = client.otp.verify_code(EMAIL, email, code(email))
    same(second["user"]["userId"], first["user"]["userId"])
    same(second["firstSeen"], False, "firstSeen")


@scenario("otp: a wrong code, a used code, an old code, a lapsed code")
def _():
    email = address()
    client.otp.sign_up_or_in(EMAIL, email)
    old = code(email)
    refused(lambda: client.otp.verify_code(EMAIL, email, another(old)), 401, "E061102")
    client.otp.sign_up_or_in(EMAIL, email)
    new = code(email)
    if old != new:
        refused(lambda: client.otp.verify_code(EMAIL, email, old), 401)
    client.otp.verify_code(EMAIL, email, new)
    refused(lambda: client.otp.verify_code(EMAIL, email, new), [400, 401])
    client.otp.sign_in(EMAIL, email)
    advance(3600)
    try:
        refused(lambda: client.otp.verify_code(EMAIL, email, code(email)), 401)
    finally:
        advance(-3600)


@scenario("otp: too many wrong codes")
def _():
    email = address()
    client.otp.sign_up_or_in(EMAIL, email)
    right = code(email)
    codes = [
        refused(lambda: client.otp.verify_code(EMAIL, email, another(right)), [400, 401, 403, 429])[
            "errorCode"
        ]
        for _ in range(10)
    ]
    holds("E061103" in codes, "E061103 is among them")


@scenario("otp: by text message, voice and WhatsApp")
def _():
    for method in (SMS, VOICE, WHATSAPP):
        phone = phone_number()
        holds("*" in client.otp.sign_up(method, phone, {"phone": phone}), "the number is masked")
        has(
            client.otp.verify_code(method, phone, code(phone))["user"],
            {"phone": phone, "verifiedPhone": True},
        )
        client.otp.sign_in(method, phone)
        client.otp.verify_code(method, phone, code(phone))
        client.otp.sign_up_or_in(method, phone)
        client.otp.verify_code(method, phone, code(phone))


@scenario("otp: update_user_email and update_user_phone for who is signed in")
def _():
    email, _, refresh = signed_in()
    new = address("new")
    client.otp.update_user_email(email, new, refresh, add_to_login_ids=True)
    client.otp.verify_code(EMAIL, email, code(new, email))
    has(mgmt.user.load(email)["user"], {"email": new, "verifiedEmail": True})
    phone = phone_number()
    client.otp.update_user_phone(SMS, email, phone, refresh)
    client.otp.verify_code(SMS, email, code(phone, email))
    has(mgmt.user.load(email)["user"], {"phone": phone, "verifiedPhone": True})
    refused(lambda: client.otp.update_user_email(email, address(), "not.a.token"), 401)


@scenario("otp: step-up and a second factor")
def _():
    email, session, refresh = signed_in()
    same(session["sessionToken"]["amr"], ["pwd"])
    client.otp.sign_in(EMAIL, email, LoginOptions(stepup=True), refresh)
    same(client.otp.verify_code(EMAIL, email, code(email))["sessionToken"].get("su"), True, "su")
    client.otp.sign_in(EMAIL, email, LoginOptions(mfa=True), refresh)
    amr = client.otp.verify_code(EMAIL, email, code(email))["sessionToken"]["amr"]
    holds({"pwd", "email", "mfa"} <= set(amr), f"both factors are in {amr}")


@scenario("otp: claims that the sign-in asks for")
def _():
    email = address()
    mgmt.user.create(email, email=email)
    client.otp.sign_in(EMAIL, email, LoginOptions(custom_claims={"shop": "north"}))
    session = client.otp.verify_code(EMAIL, email, code(email))
    holds('"shop": "north"' in __import__("json").dumps(session["sessionToken"]), "the claim is there")


@scenario("magic links: by mail, opened once")
def _():
    email = address("ann")
    refused(lambda: client.magiclink.sign_in(EMAIL, email, URI), [400, 401, 404], "E062108")
    holds("*" in client.magiclink.sign_up(EMAIL, email, URI, {"name": "Ann"}), "the address is masked")
    holds(last_message(email)["link"].startswith(URI + "?t="), "the link goes where it should")
    one = token(email)
    session = client.magiclink.verify(one)
    has(session["user"], {"loginIds": [email], "name": "Ann", "verifiedEmail": True})
    refused(lambda: client.magiclink.verify(one), [400, 401])
    client.magiclink.sign_in(EMAIL, email, URI)
    older = token(email)
    client.magiclink.sign_up_or_in(EMAIL, email, URI)
    newer = token(email)
    client.magiclink.verify(older)
    client.magiclink.verify(newer)
    refused(lambda: client.magiclink.verify("nonsense"), [400, 401])


@scenario("magic links: by text message and WhatsApp, and changes of address")
def _():
    for method in (SMS, WHATSAPP):
        phone = phone_number()
        client.magiclink.sign_up(method, phone, URI, {"phone": phone})
        has(client.magiclink.verify(token(phone))["user"], {"phone": phone, "verifiedPhone": True})
    email, _, refresh = signed_in()
    new, phone = address("new"), phone_number()
    client.magiclink.update_user_email(email, new, refresh)
    client.magiclink.verify(token(new, email))
    has(mgmt.user.load(email)["user"], {"email": new, "verifiedEmail": True})
    client.magiclink.update_user_phone(SMS, email, phone, refresh)
    client.magiclink.verify(token(phone, email))
    has(mgmt.user.load(email)["user"], {"phone": phone, "verifiedPhone": True})


@scenario("enchanted links: started, pending, opened, in session")
def _():
    email = address("ann")
    started = client.enchantedlink.sign_up(email, URI, {"name": "Ann"})
    holds(len(started["linkId"]) == 2 and started["linkId"].isdigit(), "linkId has two digits")
    holds("*" in started["maskedEmail"], "the address is masked")
    refused(lambda: client.enchantedlink.get_session(started["pendingRef"]), 401, "E062503")
    client.enchantedlink.verify(token(email))
    session = client.enchantedlink.get_session(started["pendingRef"])
    has(session["user"], {"loginIds": [email], "name": "Ann", "verifiedEmail": True})
    for start in (client.enchantedlink.sign_in, client.enchantedlink.sign_up_or_in):
        pending = start(email, URI)["pendingRef"]
        client.enchantedlink.verify(token(email))
        same(client.enchantedlink.get_session(pending)["user"]["loginIds"], [email])
    refused(lambda: client.enchantedlink.sign_in(address(), URI), [400, 401, 404], "E062108")


@scenario("enchanted links: by text message")
def _():
    phone = phone_number()
    pending = client.enchantedlink.sign_up_with_phone(phone, URI, {"phone": phone})["pendingRef"]
    client.enchantedlink.verify(token(phone))
    has(client.enchantedlink.get_session(pending)["user"], {"phone": phone, "verifiedPhone": True})
    for start in (client.enchantedlink.sign_in_with_phone, client.enchantedlink.sign_up_or_in_with_phone):
        pending = start(phone, URI)["pendingRef"]
        client.enchantedlink.verify(token(phone))
        same(client.enchantedlink.get_session(pending)["user"]["phone"], phone)


@scenario("enchanted links: changes of address")
def _():
    email, _, refresh = signed_in()
    new = address("new")
    pending = client.enchantedlink.update_user_email(email, new, refresh)["pendingRef"]
    client.enchantedlink.verify(token(new, email))
    client.enchantedlink.get_session(pending)
    has(mgmt.user.load(email)["user"], {"email": new, "verifiedEmail": True})
    phone = phone_number()
    pending = client.enchantedlink.update_user_phone(email, phone, refresh)["pendingRef"]
    client.enchantedlink.verify(token(phone, email))
    client.enchantedlink.get_session(pending)
    has(mgmt.user.load(email)["user"], {"phone": phone, "verifiedPhone": True})


@scenario("passwords: sign_up, sign_in, replace, update, policy")
def _():
    email = address("ann")
    first = client.password.sign_up(email, PASSWORD, {"name": "Ann", "email": email})
    has(first["user"], {"loginIds": [email], "name": "Ann"})
    same(client.password.sign_in(email, PASSWORD)["user"]["userId"], first["user"]["userId"])
    refused(lambda: client.password.sign_in(email, "Wrong-Horse-1"), 401)
    refused(lambda: client.password.sign_up(email, PASSWORD), 400, "E062107")
    client.password.replace(email, PASSWORD, "Better-Horse-2")
    refused(lambda: client.password.sign_in(email, PASSWORD), 401)
    refused(lambda: client.password.replace(email, PASSWORD, "Third-Horse-3"), 401)
    refresh = client.password.sign_in(email, "Better-Horse-2")["refreshSessionToken"]["jwt"]
    client.password.update(email, "Third-Horse-3", refresh)
    client.password.sign_in(email, "Third-Horse-3")
    refused(lambda: client.password.update(email, "Fourth-Horse-4", "not.a.token"), 401)
    policy = client.password.get_policy()
    holds(policy["minLength"] > 0, "there is a least length")
    refused(lambda: client.password.sign_up(address(), "a"), 400)


@scenario("passwords: a forgotten one")
def _():
    email = address()
    client.password.sign_up(email, PASSWORD, {"email": email})
    reset = client.password.send_reset(email, "https://app.example.com/reset")
    holds("*" in reset["maskedEmail"], "the address is masked")
    holds(
        last_message(email)["link"].startswith("https://app.example.com/reset?t="),
        "the link goes where it should",
    )
    session = client.magiclink.verify(token(email))
    client.password.update(email, "Better-Horse-2", session["refreshSessionToken"]["jwt"])
    client.password.sign_in(email, "Better-Horse-2")


def totp(key, at):
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.new(secret, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@scenario("authenticators: sign_up, sign_in_code, update_user")
def _():
    email = address("ann")
    made = client.totp.sign_up(email, {"name": "Ann"})
    holds(made["provisioningURL"].startswith("otpauth://totp/"), "there is an address for the app")
    session = client.totp.sign_in_code(email, totp(made["key"], time.time()))
    has(session["user"], {"loginIds": [email], "TOTP": True})
    same(session["sessionToken"]["amr"], ["totp"])
    refused(lambda: client.totp.sign_in_code(email, totp(made["key"], time.time() - 3600)), 401)
    known, _, refresh = signed_in()
    key = client.totp.update_user(known, refresh)["key"]
    amr = client.totp.sign_in_code(known, totp(key, time.time()), LoginOptions(mfa=True), refresh)[
        "sessionToken"
    ]["amr"]
    holds({"pwd", "totp", "mfa"} <= set(amr), f"both factors are in {amr}")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def follow(url, **identity):
    """Follows an address until it leads back to the application, and gives the code with which it does."""
    opener = urllib.request.build_opener(_Stay)
    # The emulated identity provider asks nobody where it is told who it is.
    url += "&" + urllib.parse.urlencode({"login_hint": address(), **identity})
    for _ in range(10):
        try:
            with opener.open(url) as response:
                raise AssertionError(f"{url} leads nowhere: {response.status}")
        except urllib.error.HTTPError as error:
            location = error.headers.get("location")
            if location is None:
                raise AssertionError(f"{url} leads nowhere: {error.code} {error.read().decode()}") from error
            url = urllib.parse.urljoin(url, location)
        if url.startswith("https://app.example.com/"):
            return urllib.parse.parse_qs(urllib.parse.urlparse(url).query)["code"][0]
    raise AssertionError("too many redirects")


@scenario("oauth.start leads back with a code that oauth.exchange_token takes once")
def _():
    for provider in ("google", "github", "microsoft"):
        one = follow(client.oauth.start(provider, "https://app.example.com/done")["url"])
        session = client.oauth.exchange_token(one)
        same(session["user"]["OAuth"].get(provider), True, provider)
        refused(lambda: client.oauth.exchange_token(one), [400, 401])
    refused(lambda: client.oauth.exchange_token("nonsense"), [400, 401])


@scenario("sso.start and saml.start lead back with a code for a tenant")
def _():
    from descope.management.sso_settings import SSOSAMLSettingsByMetadata

    tenant = fresh("tenant-")
    mgmt.tenant.create(tenant, id=tenant)
    mgmt.sso.configure_saml_settings_by_metadata(
        tenant, SSOSAMLSettingsByMetadata("https://idp.example.com/m"), "", [f"{tenant}.com"]
    )
    for method in (client.sso, client.saml):
        session = method.exchange_token(follow(method.start(tenant, "https://app.example.com/done")["url"]))
        holds(tenant in session["tenants"], "the tenant is in the session")
        refused(lambda: method.start("nowhere", "https://app.example.com"), [400, 404])


@scenario("groups that single sign-on names are there, and give roles anew when they are mapped otherwise")
def _():
    from descope.management.sso_settings import RoleMapping, SSOSAMLSettingsByMetadata

    tenant = fresh("tenant-")
    mgmt.tenant.create(tenant, id=tenant)
    first, second = fresh("Role "), fresh("Role ")
    mgmt.role.create_batch([{"name": first}, {"name": second}])

    def configure(role):
        settings = SSOSAMLSettingsByMetadata(
            "https://idp.example.com/m", role_mappings=[RoleMapping(["staff"], role)]
        )
        mgmt.sso.configure_saml_settings_by_metadata(tenant, settings, "", [f"{tenant}.com"])

    configure(first)
    email = address()
    start = client.sso.start(tenant, "https://app.example.com/done")["url"]
    session = client.sso.exchange_token(follow(start, login_hint=email, groups="staff,others"))
    same(session["tenants"][tenant]["roles"], [first])
    groups = mgmt.group.load_all_groups(tenant)
    same([one["display"] for one in groups], ["staff", "others"])
    user_id = session["user"]["userId"]
    members = mgmt.group.load_all_group_members(tenant, groups[0]["id"])[0]["members"]
    same([one["userId"] for one in members], [user_id])
    same(len(mgmt.group.load_all_groups_for_members(tenant, user_ids=[user_id])), 2)
    configure(second)
    mgmt.sso.recalculate_sso_mappings(tenant)
    same(mgmt.user.load_by_user_id(user_id)["user"]["userTenants"][0]["roleNames"], [second])


@scenario("passkeys: the start calls give options for the browser, the finish calls want a transaction")
def _():
    origin = "https://app.example.com"
    holds(client.webauthn.sign_up_start(address(), origin, {"name": "Ann"})["options"], "there are options")
    holds(client.webauthn.sign_up_or_in_start(address(), origin)["options"], "there are options")
    refused(lambda: client.webauthn.sign_in_start(address(), origin), [400, 401, 404])
    email, _, refresh = signed_in()
    holds(client.webauthn.update_start(email, refresh, origin)["options"], "there are options")
    for finish in (
        client.webauthn.sign_up_finish,
        client.webauthn.sign_in_finish,
        client.webauthn.update_finish,
    ):
        refused(lambda: finish("nothing", "{}"), [400, 401, 404])


@scenario("a disabled user does not sign in, an invited one becomes enabled")
def _():
    email = address()
    mgmt.user.create(email, email=email)
    mgmt.user.set_active_password(email, PASSWORD)
    mgmt.user.deactivate(email)
    refused(lambda: client.password.sign_in(email, PASSWORD), [401, 403])
    guest = address("guest")
    mgmt.user.invite(guest, email=guest)
    client.otp.sign_in(EMAIL, guest)
    client.otp.verify_code(EMAIL, guest, code(guest))
    same(mgmt.user.load(guest)["user"]["status"], "enabled")
    same(
        claims_of(client.password.sign_up(address(), PASSWORD)["sessionToken"]["jwt"])["tenants"],
        {},
        "tenants",
    )
