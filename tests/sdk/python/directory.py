"""Tenants, roles, permissions, access keys, groups, families."""

from descope.management.common import AssociatedFamily, AssociatedTenant, CustomAttribute

from suite import address, client, claims_of, fresh, has, holds, mgmt, refused, same, scenario

tenant, role, permission, access_key = mgmt.tenant, mgmt.role, mgmt.permission, mgmt.access_key
NO_KEY = "K000000000000000000000000000"


@scenario("tenant.create with an id of its own and with a given one")
def _():
    name = fresh("Acme ")
    own = tenant.create(name, custom_attributes={"plan": "gold"}, enforce_sso=True)["id"]
    has(
        tenant.load(own),
        {
            "id": own,
            "name": name,
            "customAttributes": {"plan": "gold"},
            "enforceSSO": True,
            "disabled": False,
        },
    )
    given = fresh("tenant-")
    same(tenant.create(f"Name {given}", id=given, self_provisioning_domains=[f"{given}.com"])["id"], given)
    has(
        tenant.load(given),
        {"id": given, "name": f"Name {given}", "selfProvisioningDomains": [f"{given}.com"]},
    )
    refused(lambda: tenant.create("Another", id=given), 400)
    refused(lambda: tenant.load("nowhere"), 404)


@scenario("tenant.update replaces everything, tenant.patch_tenant changes what is sent")
def _():
    id = fresh("tenant-")
    tenant.create(
        "Before", id=id, self_provisioning_domains=[f"{id}.com"], custom_attributes={"plan": "gold"}
    )
    tenant.patch_tenant(id, name="Patched")
    has(
        tenant.load(id),
        {"name": "Patched", "selfProvisioningDomains": [f"{id}.com"], "customAttributes": {"plan": "gold"}},
    )
    tenant.update(id, "After")
    loaded = tenant.load(id)
    has(loaded, {"name": "After", "selfProvisioningDomains": []})
    holds(not loaded.get("customAttributes"), "the attributes are gone")
    refused(lambda: tenant.update("nowhere", "x"), [400, 404])


@scenario("tenant.load_all and tenant.search_all")
def _():
    one, two, plan = fresh("tenant-"), fresh("tenant-"), fresh("plan")
    tenant.create(
        f"Name {one}", id=one, self_provisioning_domains=[f"{one}.com"], custom_attributes={"plan": plan}
    )
    tenant.create(f"Name {two}", id=two, custom_attributes={"plan": plan})
    ids = [each["id"] for each in tenant.load_all()["tenants"]]
    holds(one in ids and two in ids, "both are there")

    def found(**query):
        return sorted(each["id"] for each in tenant.search_all(**query)["tenants"])

    same(found(ids=[one, "nowhere"]), [one])
    same(found(names=[f"Name {two}"]), [two])
    same(found(self_provisioning_domains=[f"{one}.com"]), [one])
    same(found(custom_attributes={"plan": plan}), sorted([one, two]))
    same(found(ids=[one, two], names=[f"Name {one}"]), [one])


@scenario("tenant.load_settings and tenant.update_settings")
def _():
    id = fresh("tenant-")
    tenant.create(id, id=id)
    holds(len(tenant.load_settings(id)) > 0, "there are settings from the start")
    tenant.update_settings(
        id,
        [f"{id}.com"],
        domains=[f"sso-{id}.com"],
        auth_type="none",
        session_settings_enabled=True,
        session_token_expiration=15,
        session_token_expiration_unit="minutes",
        JITDisabled=True,
    )
    has(
        tenant.load_settings(id),
        {
            "selfProvisioningDomains": [f"{id}.com"],
            "domains": [f"sso-{id}.com"],
            "enabled": True,
            "sessionTokenExpiration": 15,
            "sessionTokenExpirationUnit": "minutes",
            "JITDisabled": True,
        },
    )
    refused(lambda: tenant.load_settings("nowhere"), 404)


@scenario("tenant.update_default_roles, and the links of administrators")
def _():
    id, name = fresh("tenant-"), fresh("Member ")
    tenant.create(id, id=id)
    role.create(name)
    tenant.update_default_roles(id, [name])
    same(tenant.load(id)["defaultRoles"], [name])
    link = tenant.generate_sso_configuration_link(id, expire_time=3600)
    holds(
        str(link.get("adminSSOConfigurationLink") if isinstance(link, dict) else link).startswith("http"),
        "there is a link",
    )
    tenant.revoke_sso_configuration_link(id)


@scenario("tenant.delete ends memberships")
def _():
    id, email = fresh("tenant-"), address()
    tenant.create(id, id=id)
    mgmt.user.create(email, user_tenants=[AssociatedTenant(id)])
    tenant.delete(id)
    refused(lambda: tenant.load(id), 404)
    holds(not mgmt.user.load(email)["user"].get("userTenants"), "no membership is left")
    refused(lambda: tenant.delete(id), 404)


def named_permission(name):
    return next((one for one in permission.load_all()["permissions"] if one["name"] == name), None)


@scenario("permissions by name and by id")
def _():
    name, new_name = fresh("read "), fresh("see ")
    permission.create(name, "reads")
    has(named_permission(name), {"name": name, "description": "reads", "systemDefault": False})
    refused(lambda: permission.create(name), 400, "E024104")
    permission.update(name, new_name, "sees")
    same(named_permission(name), None)
    has(named_permission(new_name), {"description": "sees"})
    id = named_permission(new_name)["id"]
    third = fresh("watch ")
    permission.update_by_id(id, third, "watches")
    has(named_permission(third), {"id": id, "description": "watches"})
    permission.delete_by_id(id)
    same(named_permission(third), None)
    refused(lambda: permission.delete(name), [400, 404])
    refused(lambda: permission.update(name, "x"), [400, 404])


@scenario("batches of permissions are made whole or not at all")
def _():
    names = [fresh("a "), fresh("b "), fresh("c ")]
    permission.create_batch([{"name": name, "description": name} for name in names])
    for name in names:
        has(named_permission(name), {"description": name})
    other = fresh("d ")
    refused(lambda: permission.create_batch([{"name": other}, {"name": names[0]}]), 400)
    same(named_permission(other), None, "a row of a refused batch")
    new_name = fresh("a2 ")
    permission.update_batch([{"name": names[0], "newName": new_name, "description": "changed"}])
    has(named_permission(new_name), {"description": "changed"})
    permission.delete_batch([new_name, names[1]])
    same(named_permission(new_name), None)
    permission.delete_batch_by_ids([named_permission(names[2])["id"]])
    same(named_permission(names[2]), None)


def named_role(name, **query):
    return next(iter(role.search(role_names=[name], **query)["roles"]), None)


@scenario("roles by name and by id")
def _():
    may, name, new_name = fresh("may "), fresh("Role "), fresh("Renamed ")
    permission.create(may)
    role.create(name, "described", [may])
    has(named_role(name), {"name": name, "description": "described", "permissionNames": [may]})
    refused(lambda: role.create(name), 400)
    refused(lambda: role.create(fresh("Role "), permission_names=["no such permission"]), [400, 404])
    email = address()
    mgmt.user.create(email, role_names=[name])
    role.update(name, new_name, "changed", [])
    same(named_role(name), None)
    has(named_role(new_name), {"description": "changed"})
    same(mgmt.user.load(email)["user"]["roleNames"], [new_name])
    id = named_role(new_name)["id"]
    third = fresh("Third ")
    role.update_by_id(id, third)
    holds(third in [one["name"] for one in role.load_all()["roles"]], "it is there by its third name")
    role.delete_by_id(id)
    same(named_role(third), None)
    holds(not mgmt.user.load(email)["user"].get("roleNames"), "the user lost it")
    refused(lambda: role.delete("No Such Role"), [400, 404])


@scenario("roles of a tenant are apart from the project's of the same name")
def _():
    id, name = fresh("tenant-"), fresh("Role ")
    tenant.create(id, id=id)
    role.create(name)
    role.create(name, tenant_id=id)
    refused(lambda: role.create(name, tenant_id=id), 400)
    same(sum(one["name"] == name for one in role.load_all()["roles"]), 2)
    same([one.get("tenantId") for one in role.search(tenant_ids=[id], role_names=[name])["roles"]], [id])
    role.delete(name, tenant_id=id)
    same(role.search(tenant_ids=[id], role_names=[name])["roles"], [])
    holds(named_role(name) is not None, "the project's is still there")


@scenario("role.search by likeness, permission and id")
def _():
    mark, may = fresh("Zebra "), fresh("may ")
    permission.create(may)
    role.create(f"{mark} one", permission_names=[may])
    role.create(f"{mark} two")
    same(
        sorted(one["name"] for one in role.search(role_name_like=mark)["roles"]),
        [f"{mark} one", f"{mark} two"],
    )
    same([one["name"] for one in role.search(permission_names=[may])["roles"]], [f"{mark} one"])
    id = named_role(f"{mark} two")["id"]
    same([one["name"] for one in role.search(role_ids=[id])["roles"]], [f"{mark} two"])


@scenario("batches of roles are made whole or not at all")
def _():
    names = [fresh("A "), fresh("B "), fresh("C ")]
    role.create_batch([{"name": name, "description": name} for name in names])
    other = fresh("D ")
    refused(lambda: role.create_batch([{"name": other}, {"name": names[0]}]), 400)
    same(named_role(other), None, "a row of a refused batch")
    new_name = fresh("A2 ")
    role.update_batch([{"name": names[0], "newName": new_name, "description": "changed"}])
    has(named_role(new_name), {"description": "changed"})
    role.delete_batch([new_name, names[1]])
    same(named_role(names[1]), None)
    role.delete_batch_by_ids([named_role(names[2])["id"]])
    same(named_role(names[2]), None)


@scenario("access keys: create, load, search, update, rotate")
def _():
    id, name = fresh("tenant-"), fresh("Role ")
    tenant.create(id, id=id)
    role.create(name)
    user_id = mgmt.user.create(address())["user"]["userId"]
    made = access_key.create(
        fresh("Key "),
        4_000_000_000 - 2_000_000_000,
        key_tenants=[AssociatedTenant(id, [name])],
        user_id=user_id,
        custom_claims={"k": 1},
        description="d",
        permitted_ips=["10.0.0.1"],
        custom_attributes={"team": id},
    )
    key = made["key"]
    has(
        key,
        {
            "status": "active",
            "description": "d",
            "boundUserId": user_id,
            "permittedIps": ["10.0.0.1"],
            "expireTime": 2_000_000_000,
            "customAttributes": {"team": id},
        },
    )
    same([(one["tenantId"], one["roleNames"]) for one in key["keyTenants"]], [(id, [name])])
    holds(key["id"].startswith("K"), "the id starts with K")
    same(access_key.load(key["id"])["key"], key)
    same([one["id"] for one in access_key.search_all_access_keys([id])["keys"]], [key["id"]])
    same([one["id"] for one in access_key.search_all_access_keys(bound_user_id=user_id)["keys"]], [key["id"]])
    same(
        [one["id"] for one in access_key.search_all_access_keys(custom_attributes={"team": id})["keys"]],
        [key["id"]],
    )
    renamed = fresh("Key ")
    access_key.update(key["id"], renamed, "new")
    has(access_key.load(key["id"])["key"], {"name": renamed, "description": "new"})
    rotated = access_key.rotate(key["id"])
    same(rotated["key"]["id"], key["id"])
    holds(rotated["cleartext"] != made["cleartext"], "the cleartext is another")
    refused(lambda: access_key.load(NO_KEY), 404)
    refused(lambda: access_key.create(fresh("Key "), role_names=["No Such Role"]), [400, 404])


@scenario("access keys: active, inactive, deleted, one by one and in batches")
def _():
    made = [access_key.create(fresh("Key ")) for _ in range(3)]
    ids = [one["key"]["id"] for one in made]
    access_key.deactivate(ids[0])
    same(access_key.load(ids[0])["key"]["status"], "inactive")
    refused(lambda: client.exchange_access_key(made[0]["cleartext"]), [401, 403])
    access_key.activate(ids[0])
    client.exchange_access_key(made[0]["cleartext"])
    access_key.deactivate_batch(ids[:2])
    same([access_key.load(id)["key"]["status"] for id in ids], ["inactive", "inactive", "active"])
    access_key.activate_batch(ids[:1])
    same(access_key.load(ids[0])["key"]["status"], "active")
    access_key.delete(ids[0])
    access_key.delete_batch(ids[1:])
    for id in ids:
        refused(lambda: access_key.load(id), 404)


@scenario("client.exchange_access_key gives a session of the key")
def _():
    may, name, id = fresh("may "), fresh("Role "), fresh("tenant-")
    permission.create(may)
    role.create(name, permission_names=[may])
    tenant.create(id, id=id)
    made = access_key.create(fresh("Key "), role_names=[name], custom_claims={"own": "claim"})
    session = client.exchange_access_key(made["cleartext"])
    same(session["keyId"], made["key"]["id"])
    has(session["sessionToken"], {"drn": "DS", "own": "claim", "roles": [name], "permissions": [may]})
    holds("refreshSessionToken" not in session, "there is no refresh token")
    holds(client.validate_roles(session, [name]), "the role is there")
    holds(client.validate_permissions(session, [may]), "the permission is there")
    in_tenant = access_key.create(fresh("Key "), key_tenants=[AssociatedTenant(id, [name])])
    session = client.exchange_access_key(in_tenant["cleartext"])
    holds(client.validate_tenant_roles(session, id, [name]), "the role is there in the tenant")
    same(client.get_matched_tenant_permissions(session, id, [may, "other"]), [may])
    refused(lambda: client.exchange_access_key("K2wrongwrongwrong"), 401)
    same(claims_of(session["sessionToken"]["jwt"])["sub"], in_tenant["key"]["id"])


@scenario("groups of a tenant without any are empty lists")
def _():
    id = fresh("tenant-")
    tenant.create(id, id=id)
    user_id = mgmt.user.create(address())["user"]["userId"]
    same(mgmt.group.load_all_groups(id), [])
    same(mgmt.group.load_all_groups_for_members(id, user_ids=[user_id]), [])
    refused(lambda: mgmt.group.load_all_group_members(id, "nothing"), [400, 404])


@scenario("families: create, update, search, members, delete")
def _():
    name = fresh("Family ")
    family = mgmt.family.create(name, custom_attributes={"plan": "home"})
    id = family["family"]["id"] if "family" in family else family["id"]
    found = mgmt.family.search_all(ids=[id])["families"]
    same([one["name"] for one in found], [name])
    mgmt.family.update(id, name=f"{name} renamed")
    same([one["name"] for one in mgmt.family.search_all(ids=[id])["families"]], [f"{name} renamed"])
    email = address()
    mgmt.user.create(email)
    mgmt.user.add_families(email, [AssociatedFamily(id)])
    mgmt.user.remove_families(email, [id])
    child = mgmt.family.create_dependent(id, login_id=address("child"), name="Child")["user"]
    login_id = child["loginIds"][0]
    refused(lambda: mgmt.family.impersonate_dependent(email, login_id), [400, 401, 403])
    mgmt.user.add_families(email, [AssociatedFamily(id, ["Family Admin"])])
    refused(lambda: mgmt.family.impersonate_dependent(email, login_id, "nothing"), [400, 404])
    token = mgmt.family.impersonate_dependent(email, login_id, id)
    claims = claims_of(client.refresh_session(token)["sessionToken"]["jwt"])
    same([claims["sub"], claims["dcf"]], [child["userId"], id])
    back = claims_of(mgmt.family.stop_impersonation(token, {"k": 1}))
    same([back["sub"], back["k"]], [claims["act"]["sub"], 1])
    refused(lambda: client.refresh_session(token), 401)
    mgmt.family.delete_dependent(child["userId"])
    mgmt.family.delete(id)
    same(mgmt.family.search_all(ids=[id]).get("families") or [], [])


@scenario("settings and attributes of families")
def _():
    mgmt.family.configure_settings(enabled=True, max_family_members=5)
    has(mgmt.family.get_settings(), {"enabled": True, "maxFamilyMembers": 5})
    name = fresh("attribute")
    mgmt.family.create_custom_attributes([CustomAttribute(name, 1)])
    holds(name in str(mgmt.family.load_custom_attributes()), "the attribute is there")
    mgmt.family.delete_custom_attributes([name])
    scoped = fresh("attribute")
    mgmt.user.create_family_scoped_custom_attributes([CustomAttribute(scoped, 1)])
    holds(scoped in str(mgmt.user.load_family_scoped_custom_attributes()), "the scoped attribute is there")
    mgmt.user.delete_family_scoped_custom_attributes([scoped])
