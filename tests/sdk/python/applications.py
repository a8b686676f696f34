"""Single sign-on, federated, inbound and outbound applications, scopes."""

from descope.management.common import AccessType, PromptType
from descope.management.sso_settings import (
    AttributeMapping,
    OIDCAttributeMapping,
    RoleMapping,
    SSOOIDCSettings,
    SSOSAMLSettings,
    SSOSAMLSettingsByMetadata,
    XAAIssuerSettings,
    XAAJWTBearerSettings,
    XAASettings,
)

from suite import address, fresh, has, holds, mgmt, refused, same, scenario

sso, sso_app, third, outbound = (
    mgmt.sso,
    mgmt.sso_application,
    mgmt.third_party_application,
    mgmt.outbound_application,
)


def new_tenant():
    id = fresh("tenant-")
    mgmt.tenant.create(id, id=id)
    return id


@scenario("sso.configure_saml_settings is what sso.load_settings gives")
def _():
    id, name = new_tenant(), fresh("Role ")
    mgmt.role.create(name)
    sso.configure_saml_settings(
        id,
        SSOSAMLSettings(
            "https://idp.example.com/sso",
            "entity",
            "cert",
            AttributeMapping(name="n", email="e"),
            [RoleMapping(["admins"], name)],
            default_sso_roles=[name],
        ),
        "https://app.example.com",
        [f"{id}.com"],
    )
    settings = sso.load_settings(id)
    has(
        settings["saml"],
        {
            "idpSSOUrl": "https://idp.example.com/sso",
            "idpEntityId": "entity",
            "idpCertificate": "cert",
            "redirectUrl": "https://app.example.com",
            "attributeMapping": {"name": "n", "email": "e"},
            "defaultSSORoles": [name],
        },
    )
    same(
        [(one["role"]["name"], one["groups"]) for one in settings["saml"]["groupsMapping"]],
        [(name, ["admins"])],
    )
    has(settings["tenant"], {"id": id, "authType": "saml", "domains": [f"{id}.com"]})


@scenario("sso.configure_saml_settings_by_metadata, redirect url, recalculation")
def _():
    id = new_tenant()
    sso.configure_saml_settings_by_metadata(
        id, SSOSAMLSettingsByMetadata("https://idp.example.com/m"), "https://one.example.com", []
    )
    sso.configure_sso_redirect_url(id, saml_redirect_url="https://two.example.com")
    has(
        sso.load_settings(id)["saml"],
        {"idpMetadataUrl": "https://idp.example.com/m", "redirectUrl": "https://two.example.com"},
    )
    sso.recalculate_sso_mappings(id)


@scenario("sso.configure_oidc_settings shows everything but the secret")
def _():
    id = new_tenant()
    sso.configure_oidc_settings(
        id,
        SSOOIDCSettings(
            "IdP",
            "client",
            client_secret="do-not-show-me",
            auth_url="https://idp.example.com/a",
            token_url="https://idp.example.com/t",
            scope=["openid"],
            attribute_mapping=OIDCAttributeMapping("sub", "", "", "", "", "email", "", "", "", "", ""),
        ),
        [f"{id}.com"],
    )
    settings = sso.load_settings(id)
    has(
        settings["oidc"],
        {
            "name": "IdP",
            "clientId": "client",
            "authUrl": "https://idp.example.com/a",
            "scope": ["openid"],
            "userAttrMapping": {"loginId": "sub", "email": "email"},
        },
    )
    holds("do-not-show-me" not in str(settings), "the secret is hidden")


@scenario("sso.new_settings, load_all_settings and delete_settings")
def _():
    id = new_tenant()
    sso.new_settings(id, "Second", sso_id="second")
    holds(
        "second" in [one.get("ssoId") for one in sso.load_all_settings(id)["SSOSettings"]],
        "the second one is there",
    )
    sso.delete_settings(id, sso_id="second")
    holds(
        "second" not in [one.get("ssoId") for one in sso.load_all_settings(id)["SSOSettings"]], "it is gone"
    )


@scenario("sso.configure_auth_type changes how a tenant signs in")
def _():
    id = new_tenant()
    sso.configure_saml_settings_by_metadata(
        id, SSOSAMLSettingsByMetadata("https://idp.example.com/m"), "", []
    )
    sso.configure_auth_type(id, "none")
    has(mgmt.tenant.load(id), {"authType": "none"})


@scenario("the older sso.configure, configure_via_metadata, mapping and get_settings")
def _():
    id, name = new_tenant(), fresh("Role ")
    mgmt.role.create(name)
    sso.configure(
        id, "https://idp.example.com/sso", "entity", "cert", "https://app.example.com", [f"{id}.com"]
    )
    sso.mapping(id, [RoleMapping(["g"], name)], AttributeMapping(name="n"))
    settings = sso.get_settings(id)
    has(
        settings,
        {
            "tenantId": id,
            "idpEntityId": "entity",
            "idpSSOUrl": "https://idp.example.com/sso",
            "idpCertificate": "cert",
            "redirectUrl": "https://app.example.com",
        },
    )
    same([(one["role"]["name"], one["groups"]) for one in settings["groupsMapping"]], [(name, ["g"])])
    sso.configure_via_metadata(id, "https://idp.example.com/m", "https://app.example.com", [])
    has(sso.get_settings(id), {"idpMetadataUrl": "https://idp.example.com/m"})


@scenario("single sign-on of a tenant that does not exist is refused")
def _():
    for call in (
        lambda: sso.load_settings("nowhere"),
        lambda: sso.load_all_settings("nowhere"),
        lambda: sso.get_settings("nowhere"),
        lambda: sso.new_settings("nowhere", "x"),
        lambda: sso.recalculate_sso_mappings("nowhere"),
        lambda: sso.delete_settings("nowhere"),
    ):
        refused(call, [400, 404])


@scenario("sso_application: OIDC, SAML and WS-Fed, created, loaded, updated, deleted")
def _():
    name = fresh("App ")
    oidc = sso_app.create_oidc_application(
        name, "https://app.example.com/login", description="d", force_authentication=True
    )["id"]
    has(
        sso_app.load(oidc),
        {
            "id": oidc,
            "name": name,
            "description": "d",
            "appType": "oidc",
            "enabled": True,
            "oidcSettings": {"loginPageUrl": "https://app.example.com/login", "forceAuthentication": True},
        },
    )
    renamed = fresh("App ")
    sso_app.update_oidc_application(oidc, renamed, "https://e.com", enabled=False)
    has(
        sso_app.load(oidc),
        {"name": renamed, "enabled": False, "oidcSettings": {"loginPageUrl": "https://e.com"}},
    )
    saml = sso_app.create_saml_application(
        fresh("App "), "https://e.com", entity_id="sp", acs_url="https://e.com/acs", certificate="c"
    )["id"]
    has(
        sso_app.load(saml),
        {
            "appType": "saml",
            "samlSettings": {"entityId": "sp", "acsUrl": "https://e.com/acs", "certificate": "c"},
        },
    )
    sso_app.update_saml_application(
        saml, fresh("App "), "https://e.com", use_metadata_info=True, metadata_url="https://e.com/m"
    )
    has(sso_app.load(saml), {"samlSettings": {"useMetadataInfo": True, "metadataUrl": "https://e.com/m"}})
    wsfed = sso_app.create_wsfed_application(fresh("App "), "https://e.com", "urn:r", "https://e.com/reply")[
        "id"
    ]
    sso_app.update_wsfed_application(
        wsfed, fresh("App "), "https://e.com", "urn:other", "https://e.com/reply"
    )
    holds("urn:other" in str(sso_app.load(wsfed)), "the realm is the new one")
    ids = [one["id"] for one in sso_app.load_all()["apps"]]
    for id in (oidc, saml, wsfed):
        holds(id in ids, "it is among all")
        sso_app.delete(id)
        refused(lambda: sso_app.load(id), 404)
    refused(lambda: sso_app.delete("nothing"), 404)


@scenario("sso_application: ids and names are taken once; secrets rotate")
def _():
    id, name = fresh("app-"), fresh("App ")
    sso_app.create_oidc_application(name, "https://e.com", id=id)
    refused(lambda: sso_app.create_oidc_application(fresh("App "), "https://e.com", id=id), 400)
    refused(lambda: sso_app.create_oidc_application(name, "https://e.com"), 400)
    secret = sso_app.get_application_secret(id)
    rotated = sso_app.rotate_application_secret(id)
    holds(secret and rotated and secret != rotated, "the secret is another")
    same(sso_app.get_application_secret(id), rotated)


@scenario("third_party_application: create, load, patch, update, delete")
def _():
    name = fresh("Third ")
    made = third.create(
        name,
        "https://e.com/login",
        description="d",
        approved_callback_urls=["https://e.com/cb"],
        permissions_scopes=[{"name": "read", "description": "reads", "values": ["a"]}],
    )
    id = made["id"]
    holds(len(made["cleartext"]) > 10, "there is a secret")
    has(
        third.load(id),
        {"id": id, "name": name, "description": "d", "approvedCallbackUrls": ["https://e.com/cb"]},
    )
    third.patch(id, description="patched")
    has(
        third.load(id), {"name": name, "description": "patched", "approvedCallbackUrls": ["https://e.com/cb"]}
    )
    renamed = fresh("Third ")
    third.update(id, renamed, "https://e.com")
    loaded = third.load(id)
    has(loaded, {"name": renamed, "loginPageUrl": "https://e.com"})
    holds(
        not loaded.get("description") and not loaded.get("approvedCallbackUrls"), "what was not sent is gone"
    )
    holds(id in [one["id"] for one in third.load_all()["apps"]], "it is among all")
    secret = third.get_secret(id)["cleartext"]
    third.rotate_secret(id)
    holds(third.get_secret(id)["cleartext"] != secret, "the secret is another")
    third.delete(id)
    refused(lambda: third.load(id), 404)


@scenario("third_party_application: batches and consents")
def _():
    ids = [third.create(fresh("Third "), "https://e.com")["id"] for _ in range(2)]
    same(third.search_consents(app_id=ids[0]).get("consents") or [], [])
    third.delete_consents(app_id=ids[0])
    third.delete_tenant_consents(new_tenant())
    third.delete_batch(ids)
    for id in ids:
        refused(lambda: third.load(id), 404)


@scenario("outbound_application: create, load, update, delete")
def _():
    app = outbound.create_application(
        fresh("Out "),
        description="d",
        client_id="client",
        client_secret="hidden-secret",
        default_scopes=["a"],
        pkce=True,
        access_type=AccessType.OFFLINE,
        prompt=[PromptType.CONSENT],
    )["app"]
    has(
        app,
        {
            "description": "d",
            "clientId": "client",
            "defaultScopes": ["a"],
            "pkce": True,
            "accessType": "offline",
            "prompt": ["consent"],
        },
    )
    holds("hidden-secret" not in str(app), "the secret is hidden")
    same(outbound.load_application(app["id"])["app"], app)
    updated = outbound.update_application(app["id"], "Renamed", client_id="other")["app"]
    has(updated, {"id": app["id"], "name": "Renamed", "clientId": "other"})
    holds(not updated.get("description"), "what was not sent is gone")
    holds(app["id"] in [one["id"] for one in outbound.load_all_applications()["apps"]], "it is among all")
    outbound.delete_application(app["id"])
    refused(lambda: outbound.load_application(app["id"]), 404)


@scenario("outbound_application: tokens of users and tenants")
def _():
    app = outbound.create_application(fresh("Out "), client_id="c")["app"]["id"]
    user_id, tenant_id = mgmt.user.create(address())["user"]["userId"], new_tenant()
    outbound.upload_user_token(
        app,
        user_id,
        access_token="access",
        refresh_token="refresh",
        access_token_expiry=2_000_000_000,
        scopes=["a"],
    )
    token = outbound.fetch_token(app, user_id)["token"]
    has(token, {"appId": app, "userId": user_id, "accessToken": "access", "scopes": ["a"]})
    same(str(token["accessTokenExpiry"]), "2000000000")
    same(outbound.fetch_token_by_scopes(app, user_id, ["a"])["token"]["accessToken"], "access")
    refused(lambda: outbound.fetch_token_by_scopes(app, user_id, ["z"]), [400, 404])
    same(outbound.list_apps_with_user_token(user_id)["appIds"], [app])
    outbound.upload_tenant_token(app, tenant_id, access_token="of the tenant", scopes=["a"])
    same(outbound.fetch_tenant_token(app, tenant_id)["token"]["accessToken"], "of the tenant")
    same(
        outbound.fetch_tenant_token_by_scopes(app, tenant_id, ["a"])["token"]["accessToken"], "of the tenant"
    )
    outbound.delete_token(token["id"])
    refused(lambda: outbound.fetch_token(app, user_id), [400, 404])
    outbound.upload_user_api_key(app, user_id, "the-key")
    same(outbound.fetch_token(app, user_id)["token"]["accessToken"], "the-key")
    outbound.upload_tenant_api_key(app, tenant_id, "tenant-key")
    same(outbound.fetch_tenant_token(app, tenant_id)["token"]["accessToken"], "tenant-key")
    outbound.delete_user_tokens(app, user_id)
    refused(lambda: outbound.fetch_token(app, user_id), [400, 404])


@scenario("outbound_application: tokens are refreshed when asked for or expired, others are none")
def _():
    app = outbound.create_application(fresh("Out "), client_id="c")["app"]["id"]
    user_id = mgmt.user.create(address())["user"]["userId"]
    outbound.upload_user_token(
        app, user_id, access_token="old", refresh_token="again", access_token_expiry=1
    )
    renewed = outbound.fetch_token(app, user_id)["token"]
    holds(renewed["accessToken"] != "old", "it was refreshed")
    forced = outbound.fetch_token(app, user_id, options={"forceRefresh": True, "withRefreshToken": True})["token"]
    holds(forced["accessToken"] != renewed["accessToken"], "it was refreshed again")
    has(forced, {"id": renewed["id"], "refreshToken": "again"})
    other = mgmt.user.create(address())["user"]["userId"]
    outbound.upload_user_token(app, other, access_token="old", access_token_expiry=1)
    refused(lambda: outbound.fetch_token(app, other), 404)
    same(outbound.list_apps_with_user_token(other)["appIds"], [])


@scenario("outbound_application: batches of tokens are all or nothing")
def _():
    app = outbound.create_application(fresh("Out "), client_id="c")["app"]["id"]
    user_id, tenant_id = mgmt.user.create(address())["user"]["userId"], new_tenant()
    failures = outbound.batch_upload_user_tokens(
        [
            {"appId": app, "userId": user_id, "accessToken": "a"},
            {"appId": "nothing", "userId": user_id, "accessToken": "b"},
        ]
    )["failures"]
    same([one["appId"] for one in failures], ["nothing"])
    refused(lambda: outbound.fetch_token(app, user_id), [400, 404])
    same(
        outbound.batch_upload_user_tokens([{"appId": app, "userId": user_id, "accessToken": "a"}]).get(
            "failures"
        )
        or [],
        [],
    )
    same(outbound.fetch_token(app, user_id)["token"]["accessToken"], "a")
    same(
        outbound.batch_upload_tenant_tokens([{"appId": app, "tenantId": tenant_id, "accessToken": "t"}]).get(
            "failures"
        )
        or [],
        [],
    )
    same(outbound.fetch_tenant_token(app, tenant_id)["token"]["accessToken"], "t")


@scenario("scope_claim_mapping: set, get, delete")
def _():
    mappings = [{"scope": "shop", "claims": {"shop": "user.shop"}, "description": "d"}]
    mgmt.scope_claim_mapping.set(mappings)
    same(mgmt.scope_claim_mapping.get()["mappings"], mappings)
    mgmt.scope_claim_mapping.delete()
    same(mgmt.scope_claim_mapping.get().get("mappings") or [], [])


@scenario("sso: trust between apps of a tenant, configured, loaded and deleted")
def _():
    id, issuer = new_tenant(), "https://issuer.example.com"
    trust = XAAJWTBearerSettings({issuer: XAAIssuerSettings(jwks_uri=f"{issuer}/jwks")})
    sso.configure_xaa_settings(id, XAASettings(enabled=True, settings=trust))
    loaded = sso.load_xaa_settings(id)
    has(loaded, {"enabled": True, "settings": {"issuers": {issuer: {"jwksUri": f"{issuer}/jwks"}}}})
    same([one["enabled"] for one in sso.load_all_xaa_settings(id)["XAASettings"]], [True])
    sso.delete_xaa_settings(id)
    holds(not sso.load_xaa_settings(id).get("enabled"), "it is off")
    refused(lambda: sso.load_xaa_settings("nowhere"), [400, 404])


@scenario("outbound_scim: a configuration of a federated app, by versions")
def _():
    app = sso_app.create_oidc_application(fresh("App "), "https://e.com")["id"]
    scim = mgmt.outbound_scim
    made = scim.create_configuration(app, {"url": "https://scim.example.com"})["configuration"]
    has(made, {"appId": app, "configuration": {"url": "https://scim.example.com"}})
    refused(lambda: scim.create_configuration(app), 400)
    updated = scim.update_configuration(app, made["version"], {"url": "https://other.example.com"})[
        "configuration"
    ]
    has(updated, {"configuration": {"url": "https://other.example.com"}})
    refused(lambda: scim.update_configuration(app, made["version"], {}), [400, 409])
    has(scim.set_enabled(app, True)["configuration"], {"enabled": True})
    has(scim.load_configuration(app)["configuration"], {"appId": app, "enabled": True})
    scim.delete_configuration(app)
    refused(lambda: scim.load_configuration(app), 404)
