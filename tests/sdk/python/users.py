from descope import AssociatedTenant, DeliveryMethod, UserObj, UserPassword, UserPasswordBcrypt
from descope.management.common import Sort

from suite import (
    address,
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

user = mgmt.user
URI = "https://app.example.com/verify"
NOBODY = "U000000000000000000000000000"


def tenant_with_roles():
    """A tenant, a role of its own, one of the project, and the permission that both give."""
    tenant, permission, role, local = fresh("tenant-"), fresh("may "), fresh("Role "), fresh("Local ")
    mgmt.tenant.create(f"Name of {tenant}", id=tenant)
    mgmt.permission.create(permission)
    mgmt.role.create(role, "described", [permission])
    mgmt.role.create(local, permission_names=[permission], tenant_id=tenant)
    return tenant, permission, role, local


@scenario("user.create gives back what was sent, and load, load_by_user_id and search find it")
def _():
    tenant, permission, role, local = tenant_with_roles()
    email, phone = address("ann"), phone_number()
    created = user.create(
        login_id=email,
        email=email,
        phone=phone,
        display_name="Ann Example",
        given_name="Ann",
        middle_name="B",
        family_name="Example",
        picture="https://example.com/a.png",
        custom_attributes={"plan": "gold", "seats": 3},
        verified_email=True,
        verified_phone=False,
        role_names=[role],
        user_tenants=[AssociatedTenant(tenant, [local])],
        additional_login_ids=[phone],
    )["user"]
    has(
        created,
        {
            "loginIds": [email, phone],
            "email": email,
            "phone": phone,
            "name": "Ann Example",
            "givenName": "Ann",
            "middleName": "B",
            "familyName": "Example",
            "picture": "https://example.com/a.png",
            "customAttributes": {"plan": "gold", "seats": 3},
            "verifiedEmail": True,
            "verifiedPhone": False,
            "roleNames": [role],
            "status": "enabled",
            "test": False,
            "userTenants": [
                {
                    "tenantId": tenant,
                    "tenantName": f"Name of {tenant}",
                    "roleNames": [local],
                    "permissions": [permission],
                }
            ],
        },
    )
    holds(created["userId"].startswith("U"), "the id starts with U")
    holds(1_600_000_000 < created["createdTime"] < 2**31, "createdTime is in seconds")
    same(user.load(email)["user"], created)
    same(user.load(phone)["user"], created)
    same(user.load_by_user_id(created["userId"])["user"], created)
    same(user.search_all(login_ids=[email])["users"], [created])


@scenario("a login id is taken once, and what a user refers to must exist")
def _():
    email, second = address(), address()
    user.create(email, email=email, additional_login_ids=[second])
    refused(lambda: user.create(email), 400, "E062107")
    refused(lambda: user.create(second), 400, "E062107")
    other = address()
    refused(lambda: user.create(other, role_names=["No Such Role"]), [400, 404])
    refused(lambda: user.create(other, user_tenants=[AssociatedTenant("nowhere")]), [400, 404])
    refused(lambda: user.load(other), [400, 404], "E112102")


@scenario("user.create_test_user makes one that only searches for test users find")
def _():
    login_id = address("test")
    created = user.create_test_user(login_id, email=login_id, display_name="T")["user"]
    has(created, {"test": True, "name": "T"})
    same(user.search_all(login_ids=[login_id])["users"], [])
    same(user.search_all(login_ids=[login_id], with_test_user=True)["users"], [created])
    same(user.search_all(login_ids=[login_id], test_users_only=True)["users"], [created])
    same(user.search_all_test_users(login_ids=[login_id])["users"], [created])


@scenario("user.invite makes an invited user and sends a link")
def _():
    email = address("guest")
    has(
        user.invite(email, email=email, invite_url="https://app.example.com/join", send_mail=True)["user"],
        {"status": "invited"},
    )
    holds(
        last_message(email)["link"].startswith("https://app.example.com/join"),
        "the link goes where it should",
    )


@scenario("user.invite_batch creates what it can and says what failed")
def _():
    taken, one = address(), address()
    user.create(taken)
    reply = user.invite_batch(
        [
            UserObj(login_id=one, email=one),
            UserObj(login_id=taken),
            UserObj(login_id=address(), role_names=["No Such Role"]),
        ],
        invite_url="https://app.example.com",
        send_mail=True,
    )
    holds([one] in [created["loginIds"] for created in reply["createdUsers"]], "the good row was created")
    holds(len(reply["failedUsers"]) >= 1, "a bad row failed")
    has(user.load(one)["user"], {"status": "invited"})


@scenario("a batch carries passwords, in clear and hashed, and seeds")
def _():
    clear, hashed, seeded = address(), address(), address()
    user.invite_batch(
        [
            UserObj(login_id=clear, password=UserPassword(cleartext="Correct-Horse-1")),
            UserObj(
                login_id=hashed,
                password=UserPassword(
                    hashed=UserPasswordBcrypt("$2a$04$C6UzMDM.H6dfI/f/IKcEeO7ZNO2DU9K2PFJ8P2Bk5yNqTFtz7MpU.")
                ),
            ),
            UserObj(login_id=seeded, seed="JBSWY3DPEHPK3PXP"),
        ]
    )
    for login_id in (clear, hashed):
        has(user.load(login_id)["user"], {"password": True})
    has(user.load(seeded)["user"], {"TOTP": True, "password": False})
    has(client.password.sign_in(clear, "Correct-Horse-1")["user"], {"loginIds": [clear]})


@scenario("user.update replaces everything, user.patch changes what is sent")
def _():
    _, _, role, _ = tenant_with_roles()
    email = address()
    created = user.create(
        email,
        email=email,
        phone=phone_number(),
        display_name="Before",
        given_name="G",
        role_names=[role],
        custom_attributes={"plan": "gold"},
    )["user"]
    updated = user.update(email, email=email, display_name="After")["user"]
    has(
        updated,
        {
            "userId": created["userId"],
            "createdTime": created["createdTime"],
            "loginIds": [email],
            "name": "After",
            "email": email,
        },
    )
    for key in ("phone", "givenName", "roleNames", "customAttributes"):
        holds(not updated.get(key), f"{key} is gone")
    same(user.load(email)["user"], updated)
    patched = user.patch(email, given_name="New", role_names=[role])["user"]
    has(patched, {"name": "After", "givenName": "New", "roleNames": [role], "email": email})
    again = user.patch(email, status="disabled", custom_attributes={"a": 1})["user"]
    has(again, {"status": "disabled", "givenName": "New", "customAttributes": {"a": 1}})


@scenario("user.patch_batch goes row by row")
def _():
    one, two = address(), address()
    user.create(one, email=one, display_name="One", given_name="O")
    user.create(two, display_name="Two")
    reply = user.patch_batch(
        [
            UserObj(login_id=one, display_name="First"),
            UserObj(login_id=two, status="disabled"),
            UserObj(login_id=address("nobody"), display_name="x"),
        ]
    )
    same(len(reply["patchedUsers"]), 2, "patched")
    same(len(reply["failedUsers"]), 1, "failed")
    has(user.load(one)["user"], {"name": "First", "givenName": "O", "email": one})
    has(user.load(two)["user"], {"name": "Two", "status": "disabled"})


@scenario("single fields are changed by their own calls")
def _():
    login_id = fresh("login")
    user.create(login_id, display_name="Before")
    email, phone = address(), phone_number()
    has(user.update_email(login_id, email, True)["user"], {"email": email, "verifiedEmail": True})
    has(user.update_phone(login_id, phone, False)["user"], {"phone": phone, "verifiedPhone": False})
    has(
        user.update_display_name(login_id, "After", "G", "M", "F")["user"],
        {"name": "After", "givenName": "G", "middleName": "M", "familyName": "F"},
    )
    has(
        user.update_picture(login_id, "https://example.com/p.png")["user"],
        {"picture": "https://example.com/p.png"},
    )
    has(
        user.update_custom_attribute(login_id, "plan", "gold")["user"], {"customAttributes": {"plan": "gold"}}
    )
    has(
        user.update_custom_attribute(login_id, "seats", 4)["user"],
        {"customAttributes": {"plan": "gold", "seats": 4}},
    )
    recovery = address("recovery")
    has(
        user.update_recovery_email(login_id, recovery, True)["user"],
        {"recoveryEmail": recovery, "verifiedRecoveryEmail": True},
    )
    number = phone_number()
    has(
        user.update_recovery_phone(login_id, number, False)["user"], {"recoveryPhone": number, "email": email}
    )
    renamed = address()
    has(user.update_login_id(login_id, renamed)["user"], {"loginIds": [renamed]})
    refused(lambda: user.load(login_id), [400, 404], "E112102")
    has(user.load(renamed)["user"], {"name": "After", "email": email, "phone": phone})


@scenario("user.deactivate and user.activate")
def _():
    email = address()
    user.create(email)
    has(user.deactivate(email)["user"], {"status": "disabled"})
    has(user.activate(email)["user"], {"status": "enabled"})


@scenario("roles of the project: add, set, remove")
def _():
    _, permission, role, _ = tenant_with_roles()
    _, _, other, _ = tenant_with_roles()
    email = address()
    user.create(email)
    same(user.add_roles(email, [role])["user"]["roleNames"], [role])
    same(sorted(user.add_roles(email, [other])["user"]["roleNames"]), sorted([role, other]))
    same(user.remove_roles(email, [role])["user"]["roleNames"], [other])
    same(user.set_roles(email, [role])["user"]["roleNames"], [role])
    same(user.load(email)["user"]["permissions"], [permission])
    refused(lambda: user.add_roles(email, ["No Such Role"]), [400, 404])


@scenario("tenants and the roles in them")
def _():
    tenant, permission, role, local = tenant_with_roles()
    other, _, _, _ = tenant_with_roles()
    email = address()
    user.create(email)
    same([one["tenantId"] for one in user.add_tenant(email, tenant)["user"]["userTenants"]], [tenant])
    user.add_tenant(email, other)

    def roles_in(reply, tenant_id):
        return (
            next(one for one in reply["user"]["userTenants"] if one["tenantId"] == tenant_id)["roleNames"]
            or []
        )

    reply = user.set_tenant_roles(email, tenant, [local])
    same(roles_in(reply, tenant), [local])
    same(roles_in(reply, other), [])
    same(sorted(roles_in(user.add_tenant_roles(email, tenant, [role]), tenant)), sorted([local, role]))
    same(roles_in(user.remove_tenant_roles(email, tenant, [local]), tenant), [role])
    refused(lambda: user.add_tenant_roles(email, other, [local]), [400, 404])
    same([one["tenantId"] for one in user.remove_tenant(email, other)["user"]["userTenants"]], [tenant])
    refused(lambda: user.add_tenant(email, "nowhere"), [400, 404])


@scenario("single sign-on apps of a user: add, set, remove")
def _():
    one = mgmt.sso_application.create_oidc_application(fresh("App "), "https://e.com")["id"]
    two = mgmt.sso_application.create_oidc_application(fresh("App "), "https://e.com")["id"]
    email = address()
    user.create(email)
    same(user.add_sso_apps(email, [one])["user"]["ssoAppIds"], [one])
    same(user.set_sso_apps(email, [two])["user"]["ssoAppIds"], [two])
    same(sorted(user.add_sso_apps(email, [one])["user"]["ssoAppIds"]), sorted([one, two]))
    same(user.remove_sso_apps(email, [two])["user"]["ssoAppIds"], [one])


@scenario("user.search_all: pages, sorting and filters")
def _():
    tenant, _, role, local = tenant_with_roles()
    mark = fresh("mark")
    people = []
    for i in range(5):
        email = f"{mark}-{i}@example.com"
        people.append(email)
        user.create(
            email,
            email=email,
            display_name=f"Person {mark} {4 - i}",
            verified_email=i % 2 == 0,
            custom_attributes={"mark": mark, "level": i},
            role_names=[role] if i < 2 else [],
            user_tenants=[AssociatedTenant(tenant, [local] if i == 0 else [])] if i < 3 else [],
        )
    user.deactivate(people[4])

    def found(**query):
        query.setdefault("custom_attributes", {"mark": mark})
        return [people.index(one["loginIds"][0]) for one in user.search_all(**query)["users"]]

    by_mail = [Sort("email", False)]
    same(found(sort=by_mail), [0, 1, 2, 3, 4])
    same(found(sort=[Sort("email", True)]), [4, 3, 2, 1, 0])
    same(found(sort=[Sort("displayName", False)]), [4, 3, 2, 1, 0])
    same(found(sort=by_mail, limit=2, page=0), [0, 1])
    same(found(sort=by_mail, limit=2, page=2), [4])
    same(found(text=f"{mark}-3"), [3])
    same(found(emails=[people[1]]), [1])
    same(found(login_ids=[people[2], "nobody"]), [2])
    same(found(statuses=["disabled"]), [4])
    same(sorted(found(tenant_ids=[tenant])), [0, 1, 2])
    same(sorted(found(role_names=[role])), [0, 1])
    same(found(tenant_role_names={tenant: {"values": [local], "and": True}}), [0])
    same(found(custom_attributes={"mark": mark, "level": 3}), [3])
    same(found(user_ids=[user.load(people[3])["user"]["userId"]]), [3])
    same(found(from_created_time=4_000_000_000_000), [])
    same(len(found(to_created_time=4_000_000_000_000)), 5)
    same(user.search_all(custom_attributes={"mark": mark}, limit=2)["total"], 5, "total")


@scenario("user.load_users, user.delete, user.delete_by_user_id and user.delete_batch")
def _():
    emails = [address() for _ in range(4)]
    ids = [user.create(email)["user"]["userId"] for email in emails]
    same(sorted(one["userId"] for one in user.load_users(ids[:2])["users"]), sorted(ids[:2]))
    user.delete(emails[0])
    user.delete_by_user_id(ids[1])
    user.delete_batch(ids[2:])
    for email in emails:
        refused(lambda: user.load(email), [400, 404], "E112102")
    refused(lambda: user.delete(emails[0]), [400, 404], "E112102")
    user.create(emails[0])


@scenario("user.delete_all_test_users deletes those alone")
def _():
    email, test = address(), address("test")
    user.create(email)
    user.create_test_user(test)
    user.delete_all_test_users()
    refused(lambda: user.load(test), [400, 404], "E112102")
    user.load(email)


@scenario("nobody is refused with E112102 by every change")
def _():
    nobody = address("nobody")
    for call in (
        lambda: user.load(nobody),
        lambda: user.load_by_user_id(NOBODY),
        lambda: user.update(nobody, display_name="x"),
        lambda: user.patch(nobody, display_name="x"),
        lambda: user.activate(nobody),
        lambda: user.deactivate(nobody),
        lambda: user.update_email(nobody, nobody),
        lambda: user.update_phone(nobody, phone_number()),
        lambda: user.update_display_name(nobody, "x"),
        lambda: user.update_picture(nobody, "x"),
        lambda: user.update_custom_attribute(nobody, "a", "b"),
        lambda: user.add_tenant(nobody, "t"),
        lambda: user.set_active_password(nobody, "Correct-Horse-1"),
        lambda: user.expire_password(nobody),
        lambda: user.logout_user(nobody),
    ):
        refused(call, [400, 404], "E112102")


@scenario("passwords: active, temporary, expired")
def _():
    email = address()
    user.create(email, email=email)
    user.set_active_password(email, "Correct-Horse-1")
    client.password.sign_in(email, "Correct-Horse-1")
    user.expire_password(email)
    refused(lambda: client.password.sign_in(email, "Correct-Horse-1"), [400, 401, 403], "E062909")
    for set_one in (user.set_temporary_password, user.set_password):
        set_one(email, "Temporary-1!")
        refused(lambda: client.password.sign_in(email, "Temporary-1!"), [400, 401, 403], "E062909")
    client.password.replace(email, "Temporary-1!", "Permanent-1!")
    client.password.sign_in(email, "Permanent-1!")


@scenario("passkeys, authenticators, devices, recovery codes, provider tokens of a user without any")
def _():
    email = address()
    user.create(email)
    same(user.list_passkeys(email)["passkeys"], [])
    user.remove_all_passkeys(email)
    refused(lambda: user.delete_passkey(email, "nothing"), [400, 404])
    user.remove_totp_seed(email)
    same(user.list_trusted_devices([email])["devices"], [])
    refused(lambda: user.remove_trusted_device(email, ["nothing"]), [400, 404])
    refused(lambda: user.get_provider_token(email, "google"), [400, 404])


@scenario("user.remove_recovery_codes answers for a user without any")
def _():
    email = address()
    user.create(email)
    user.remove_recovery_codes(email)


@scenario("user.create_custom_attribute, load_custom_attributes and delete_custom_attribute")
def _():
    name = fresh("attribute")
    user.create_custom_attribute(name, "An attribute", 1)
    listed = user.load_custom_attributes()["data"]
    has(
        next(one for one in listed if one["name"] == name),
        {"name": name, "displayName": "An attribute", "type": 1},
    )
    user.delete_custom_attribute(name)
    same([one for one in user.load_custom_attributes()["data"] if one["name"] == name], [])


@scenario("user.history is a list")
def _():
    email = address()
    user_id = user.create(email, email=email)["user"]["userId"]
    same(user.history([user_id]), [])
    user.set_active_password(email, "Correct-Horse-1")
    client.password.sign_in(email, "Correct-Horse-1")
    rows = user.history([user_id])
    same(len(rows), 1)
    same(rows[0]["userId"], user_id)
    holds(1_600_000_000 < rows[0]["loginTime"] < 2**31, "loginTime is in seconds")


@scenario("codes and links for test users, and for nobody else")
def _():
    login_id = address("test")
    user.create_test_user(login_id, email=login_id)
    otp = user.generate_otp_for_test_user(DeliveryMethod.EMAIL, login_id)
    same(otp["loginId"], login_id)
    has(
        client.otp.verify_code(DeliveryMethod.EMAIL, login_id, otp["code"])["user"],
        {"loginIds": [login_id], "test": True},
    )
    magic = user.generate_magic_link_for_test_user(DeliveryMethod.EMAIL, login_id, URI)
    holds(magic["link"].startswith(URI + "?"), "the link goes where it should")
    has(client.magiclink.verify(link_token(magic["link"]))["user"], {"loginIds": [login_id]})
    enchanted = user.generate_enchanted_link_for_test_user(login_id, URI)
    refused(lambda: client.enchantedlink.get_session(enchanted["pendingRef"]), 401, "E062503")
    client.enchantedlink.verify(link_token(enchanted["link"]))
    has(client.enchantedlink.get_session(enchanted["pendingRef"])["user"], {"loginIds": [login_id]})
    email = address()
    user.create(email, email=email)
    refused(lambda: user.generate_otp_for_test_user(DeliveryMethod.EMAIL, email), [400, 403])
    refused(lambda: user.generate_magic_link_for_test_user(DeliveryMethod.EMAIL, email, URI), [400, 403])
    refused(lambda: user.generate_enchanted_link_for_test_user(email, URI), [400, 403])


@scenario("embedded links sign in, and sign up")
def _():
    email = address()
    user.create(email, email=email)
    token = user.generate_embedded_link(email, {"shop": "north"}, 120)
    session = client.magiclink.verify(token)
    same(session["sessionToken"]["shop"], "north", "the claim")
    refused(lambda: client.magiclink.verify(token), [400, 401])
    new = address("new")
    sign_up = user.generate_sign_up_embedded_link(new, email_verified=True)
    holds(client.magiclink.verify(sign_up)["firstSeen"], "the user is new")
    user.load(new)


@scenario("user.logout_user and user.logout_user_by_user_id end sessions")
def _():
    email = address()
    user_id = user.create(email, email=email)["user"]["userId"]
    user.set_active_password(email, "Correct-Horse-1")
    for end in (lambda: user.logout_user(email), lambda: user.logout_user_by_user_id(user_id)):
        refresh = client.password.sign_in(email, "Correct-Horse-1")["refreshSessionToken"]["jwt"]
        client.refresh_session(refresh)
        end()
        refused(lambda: client.refresh_session(refresh), 401, "E064001")
    same(claims_of(refresh)["sub"], user_id)


@scenario("user.import_users as a dry run creates nothing")
def _():
    before = user.search_all()["total"]
    try:
        reply = user.import_users("auth0", users=b'{"users": []}', dryrun=True)
        holds("users" in reply or "failures" in reply, "a reply with users or failures")
    except Exception as error:
        if "EMULATOR_NOT_IMPLEMENTED" in str(error):
            raise
        same(getattr(error, "status_code", None), 400, "the status")
    same(user.search_all()["total"], before)
