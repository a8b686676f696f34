"""Sessions: validated, refreshed, ended; tenants and roles in them; tokens that the server side makes."""

from descope import AssociatedTenant, DescopeClient
from descope.management.common import MgmtLoginOptions, MgmtSignUpOptions, MgmtUserRequest

from suite import (
    PROJECT,
    address,
    advance,
    claims_of,
    client,
    fresh,
    has,
    holds,
    mgmt,
    refused,
    same,
    scenario,
)

PASSWORD = "Correct-Horse-1"


def signed_in(**user):
    email = address()
    user_id = mgmt.user.create(email, email=email, **user)["user"]["userId"]
    mgmt.user.set_active_password(email, PASSWORD)
    session = client.password.sign_in(email, PASSWORD)
    return email, user_id, session["sessionToken"]["jwt"], session["refreshSessionToken"]["jwt"]


def raises(call, what):
    # A forged token is refused by the library that the SDK verifies with, in an error of its own.
    try:
        call()
    except Exception:
        return holds(True)
    return holds(False, f"{what} is refused")


@scenario("validate_session takes what the emulator signed and nothing else")
def _():
    _, user_id, session, _ = signed_in()
    claims = client.validate_session(session)
    same(claims["userId"], user_id)
    same(claims["projectId"], PROJECT)
    same(claims["exp"] - claims["iat"], 600, "the life of a session")
    header, _, signature = session.split(".")
    raises(
        lambda: client.validate_session(f"{header}.{session.split('.')[1][:-4]}AAAA.{signature}"),
        "a forged token",
    )
    raises(lambda: client.validate_session("nonsense"), "nonsense")
    other = DescopeClient(project_id="PAnother")
    raises(lambda: other.validate_session(session), "a token of another project")


@scenario("refresh_session and validate_and_refresh_session")
def _():
    email, user_id, session, refresh = signed_in()
    renewed = client.refresh_session(refresh)
    same(renewed["userId"], user_id)
    has(renewed["sessionToken"], {"drn": "DS", "sub": user_id})
    same(client.validate_and_refresh_session(session, refresh)["userId"], user_id)
    same(client.validate_and_refresh_session("nonsense", refresh)["userId"], user_id)
    raises(lambda: client.refresh_session("nonsense"), "nonsense")
    raises(lambda: client.refresh_session(session), "a session token")
    mgmt.user.deactivate(email)
    refused(lambda: client.refresh_session(refresh), [401, 403])


@scenario("a refresh token lapses")
def _():
    _, _, _, refresh = signed_in()
    advance(29 * 86_400)
    try:
        refused(lambda: client.me(refresh), 401)
    finally:
        advance(-29 * 86_400)
    client.me(refresh)


@scenario("me, history and my_tenants")
def _():
    tenant = fresh("tenant-")
    mgmt.tenant.create(f"Name {tenant}", id=tenant, custom_attributes={"plan": "gold"})
    email, user_id, _, refresh = signed_in(display_name="Me", user_tenants=[AssociatedTenant(tenant)])
    has(client.me(refresh), {"userId": user_id, "loginIds": [email], "name": "Me"})
    history = client.history(refresh)
    same([one["userId"] for one in history], [user_id])
    same(
        client.my_tenants(refresh, ids=[tenant])["tenants"],
        [{"id": tenant, "name": f"Name {tenant}", "customAttributes": {"plan": "gold"}}],
    )
    same([one["id"] for one in client.my_tenants(refresh, dct=True)["tenants"]], [tenant])
    refused(lambda: client.me("not.a.token"), 401)


@scenario("select_tenant sets the current tenant")
def _():
    one, two = fresh("tenant-"), fresh("tenant-")
    for id in (one, two):
        mgmt.tenant.create(id, id=id)
    _, _, session, refresh = signed_in(user_tenants=[AssociatedTenant(one), AssociatedTenant(two)])
    holds(not claims_of(session).get("dct"), "none is selected at first")
    selected = client.select_tenant(one, refresh)
    same(selected["sessionToken"]["dct"], one)
    same(client.refresh_session(selected["refreshSessionToken"]["jwt"])["sessionToken"]["dct"], one)
    other = fresh("tenant-")
    mgmt.tenant.create(other, id=other)
    refused(lambda: client.select_tenant(other, refresh), [400, 401, 403])


@scenario("roles and permissions in sessions, by every helper")
def _():
    tenant, may, locally, role, local = (
        fresh("tenant-"),
        fresh("may "),
        fresh("may locally "),
        fresh("Role "),
        fresh("Local "),
    )
    mgmt.tenant.create(tenant, id=tenant)
    mgmt.permission.create(may)
    mgmt.permission.create(locally)
    mgmt.role.create(role, permission_names=[may])
    mgmt.role.create(local, permission_names=[locally], tenant_id=tenant)
    _, _, session, _ = signed_in(role_names=[role], user_tenants=[AssociatedTenant(tenant, [local])])
    info = client.validate_session(session)
    same(client.validate_roles(info, [role]), True)
    same(client.validate_roles(info, [role, local]), False)
    same(client.get_matched_roles(info, [role, local]), [role])
    same(client.validate_permissions(info, [may]), True)
    same(client.get_matched_permissions(info, [may, locally]), [may])
    same(client.validate_tenant_roles(info, tenant, [local]), True)
    same(client.validate_tenant_roles(info, "nowhere", [local]), False)
    same(client.get_matched_tenant_roles(info, tenant, [role, local]), [local])
    same(client.validate_tenant_permissions(info, tenant, [locally]), True)
    same(client.get_matched_tenant_permissions(info, tenant, [may, locally]), [locally])
    same(info["tenants"][tenant]["roles"], [local])


@scenario("logout ends one session, logout_all all")
def _():
    email, _, _, first = signed_in()
    second = client.password.sign_in(email, PASSWORD)["refreshSessionToken"]["jwt"]
    client.logout(first)
    refused(lambda: client.refresh_session(first), 401, "E064001")
    client.refresh_session(second)
    third = client.password.sign_in(email, PASSWORD)["refreshSessionToken"]["jwt"]
    client.logout_all(second)
    for token in (second, third):
        refused(lambda: client.refresh_session(token), 401, "E064001")


@scenario("jwt.sign_up, sign_in and sign_up_or_in")
def _():
    email = address("ann")
    up = mgmt.jwt.sign_up(
        email, MgmtUserRequest(name="Ann", email=email), MgmtSignUpOptions(custom_claims={"k": 1})
    )
    has(up["user"], {"loginIds": [email], "name": "Ann"})
    holds('"k": 1' in __import__("json").dumps(up["sessionToken"]), "the claim is there")
    refused(lambda: mgmt.jwt.sign_up(email), 400, "E062107")
    into = mgmt.jwt.sign_in(email, MgmtLoginOptions(custom_claims={"k": 2}))
    same(into["user"]["userId"], up["user"]["userId"])
    client.refresh_session(into["refreshSessionToken"]["jwt"])
    refused(lambda: mgmt.jwt.sign_in(address()), [400, 404])
    either = address()
    same(mgmt.jwt.sign_up_or_in(either)["user"]["userId"], mgmt.jwt.sign_up_or_in(either)["user"]["userId"])


@scenario("jwt.update_jwt adds claims")
def _():
    _, user_id, session, _ = signed_in()
    updated = mgmt.jwt.update_jwt(session, {"added": "claim"})
    has(client.validate_session(updated), {"added": "claim", "userId": user_id})
    refused(lambda: mgmt.jwt.update_jwt("not.a.token", {"a": 1}), [400, 401])


@scenario("jwt.impersonate, impersonate_stepup and stop_impersonation")
def _():
    role, email = fresh("Impersonator "), address("customer")
    mgmt.role.create(role, permission_names=["Impersonate"])
    admin = mgmt.user.create(address("admin"), role_names=[role])["user"]["userId"]
    customer = mgmt.user.create(email, email=email)["user"]["userId"]
    token = mgmt.jwt.impersonate(admin, email, False)
    claims = claims_of(token)
    same(claims["sub"], customer)
    same(claims["act"]["sub"], admin)
    same(client.refresh_session(token)["userId"], customer)
    same(claims_of(mgmt.jwt.stop_impersonation(token))["sub"], admin)
    same(claims_of(mgmt.jwt.impersonate_stepup(admin, email, False)).get("su"), True, "su")
    nobody = mgmt.user.create(address())["user"]["userId"]
    refused(lambda: mgmt.jwt.impersonate(nobody, email, False), [400, 401, 403])


@scenario("jwt.anonymous opens a session of nobody")
def _():
    tenant = fresh("tenant-")
    mgmt.tenant.create(tenant, id=tenant)
    session = mgmt.jwt.anonymous({"shop": "north"}, tenant)
    same(session["sessionToken"]["drn"], "DS")
    same(session["sessionToken"]["dct"], tenant)
    same(session["refreshSessionToken"]["drn"], "DSR")
