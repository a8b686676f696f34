package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/descope/go-sdk/descope"
)

func TestSSOSAML(t *testing.T) {
	scenario(t, func() {
		id := newTenant()
		_, role, _ := newRoles(id)
		ok(mgmt.SSO().ConfigureSAMLSettings(ctx, id, &descope.SSOSAMLSettings{
			IdpURL: "https://idp.example.com/sso", IdpEntityID: "entity", IdpCert: "cert",
			AttributeMapping: &descope.AttributeMapping{Name: "n", Email: "e"},
			RoleMappings:     []*descope.RoleMapping{{Groups: []string{"admins"}, Role: role}},
			DefaultSSORoles:  []string{role},
		}, "https://app.example.com", []string{id + ".com"}, ""))
		settings := must(mgmt.SSO().LoadSettings(ctx, id, ""))
		same(settings.Saml.IdpSSOURL, "https://idp.example.com/sso")
		same(settings.Saml.IdpEntityID, "entity")
		same(settings.Saml.IdpCertificate, "cert")
		same(settings.Saml.RedirectURL, "https://app.example.com")
		same(settings.Saml.AttributeMapping.Email, "e")
		same(settings.Saml.DefaultSSORoles, []string{role})
		same(first(settings.Saml.GroupsMapping).Role.Name, role)
		same(first(settings.Saml.GroupsMapping).Groups, []string{"admins"})
		same(settings.Tenant.ID, id)
		same(settings.Tenant.AuthType, "saml")
		same(settings.Tenant.Domains, []string{id + ".com"})
		ok(mgmt.SSO().ConfigureSAMLSettingsByMetadata(ctx, id, &descope.SSOSAMLSettingsByMetadata{IdpMetadataURL: "https://idp.example.com/m"}, "https://one.example.com", []string{id + ".com"}, ""))
		ok(mgmt.SSO().ConfigureSSORedirectURL(ctx, id, at("https://two.example.com"), nil, ""))
		changed := must(mgmt.SSO().LoadSettings(ctx, id, "")).Saml
		same(changed.IdpMetadataURL, "https://idp.example.com/m")
		same(changed.RedirectURL, "https://two.example.com")
		ok(mgmt.SSO().RecalculateSSOMappings(ctx, id, ""))
		ok(mgmt.SSO().DeleteSettings(ctx, id, ""))
		refused(refusal2(mgmt.SSO().LoadSettings(ctx, "nowhere", "")), "", 400, 404)
	})
}

func TestSSOOIDC(t *testing.T) {
	scenario(t, func() {
		id := newTenant()
		ok(mgmt.SSO().ConfigureOIDCSettings(ctx, id, &descope.SSOOIDCSettings{
			Name: "IdP", ClientID: "client", ClientSecret: "do-not-show-me", AuthURL: "https://idp.example.com/a", TokenURL: "https://idp.example.com/t",
			Scope: []string{"openid"}, AttributeMapping: &descope.OIDCAttributeMapping{LoginID: "sub", Email: "email"},
		}, []string{id + ".com"}, ""))
		settings := must(mgmt.SSO().LoadSettings(ctx, id, ""))
		same(settings.Oidc.Name, "IdP")
		same(settings.Oidc.ClientID, "client")
		same(settings.Oidc.ClientSecret, "")
		same(settings.Oidc.Scope, []string{"openid"})
		same(settings.Oidc.AttributeMapping.LoginID, "sub")
		same(settings.Tenant.AuthType, "oidc")
	})
}

func TestSSOMore(t *testing.T) {
	scenario(t, func() {
		id := newTenant()
		_, role, _ := newRoles(id)
		must(mgmt.SSO().NewSettings(ctx, id, "second", "Second"))
		ids := func() []string {
			return names(must(mgmt.SSO().LoadAllSettings(ctx, id)), func(one *descope.SSOTenantSettingsResponse) string { return one.SSOID })
		}
		holds(slices.Contains(ids(), "second"), "the second one is there")
		ok(mgmt.SSO().DeleteSettings(ctx, id, "second"))
		holds(!slices.Contains(ids(), "second"), "it is gone")
		ok(mgmt.SSO().ConfigureSettings(ctx, id, "https://idp.example.com/sso", "cert", "entity", "https://app.example.com", []string{id + ".com"}))
		ok(mgmt.SSO().ConfigureMapping(ctx, id, []*descope.RoleMapping{{Groups: []string{"g"}, Role: role}}, &descope.AttributeMapping{Name: "n"}))
		settings := must(mgmt.SSO().GetSettings(ctx, id))
		same(settings.TenantID, id)
		same(settings.IdpEntityID, "entity")
		same(settings.IdpSSOURL, "https://idp.example.com/sso")
		same(first(settings.GroupsMapping).Role.Name, role)
		ok(mgmt.SSO().ConfigureMetadata(ctx, id, "https://idp.example.com/m", "https://app.example.com", nil))
		same(must(mgmt.SSO().GetSettings(ctx, id)).IdpMetadataURL, "https://idp.example.com/m")
	})
}

func TestSSOApplications(t *testing.T) {
	scenario(t, func() {
		apps := mgmt.SSOApplication()
		name := fresh("App ")
		oidc := must(apps.CreateOIDCApplication(ctx, &descope.OIDCApplicationRequest{Name: name, Description: "d", LoginPageURL: "https://e.com/login", Enabled: true, ForceAuthentication: true, CustomAttributes: map[string]any{"a": "b"}}))
		loaded := must(apps.Load(ctx, oidc))
		same(loaded.Name, name)
		same(loaded.AppType, "oidc")
		same(loaded.Enabled, true)
		same(loaded.OIDCSettings.LoginPageURL, "https://e.com/login")
		same(loaded.OIDCSettings.ForceAuthentication, true)
		holds(strings.HasSuffix(loaded.OIDCSettings.DiscoveryURL, "/.well-known/openid-configuration"), "there is a discovery document")
		refused(refusal2(apps.CreateOIDCApplication(ctx, &descope.OIDCApplicationRequest{Name: name, LoginPageURL: "https://e.com"})), "", 400)
		renamed := fresh("App ")
		ok(apps.UpdateOIDCApplication(ctx, &descope.OIDCApplicationRequest{ID: oidc, Name: renamed, LoginPageURL: "https://e.com"}))
		same(must(apps.Load(ctx, oidc)).Name, renamed)
		same(must(apps.Load(ctx, oidc)).Enabled, false)
		saml := must(apps.CreateSAMLApplication(ctx, &descope.SAMLApplicationRequest{Name: fresh("App "), LoginPageURL: "https://e.com", Enabled: true, EntityID: "sp", AcsURL: "https://e.com/acs", Certificate: "c"}))
		same(must(apps.Load(ctx, saml)).SAMLSettings.EntityID, "sp")
		ok(apps.UpdateSAMLApplication(ctx, &descope.SAMLApplicationRequest{ID: saml, Name: fresh("App "), LoginPageURL: "https://e.com", UseMetadataInfo: true, MetadataURL: "https://e.com/m"}))
		same(must(apps.Load(ctx, saml)).SAMLSettings.MetadataURL, "https://e.com/m")
		wsfed := must(apps.CreateWSFedApplication(ctx, &descope.WSFedApplicationRequest{Name: fresh("App "), LoginPageURL: "https://e.com", Realm: "urn:r", ReplyURL: "https://e.com/r", Enabled: true}))
		ok(apps.UpdateWSFedApplication(ctx, &descope.WSFedApplicationRequest{ID: wsfed, Name: fresh("App "), LoginPageURL: "https://e.com", Realm: "urn:other", ReplyURL: "https://e.com/r"}))
		same(must(apps.Load(ctx, wsfed)).WSFedSettings.Realm, "urn:other")
		secret := must(apps.GetApplicationSecret(ctx, oidc))
		rotated := must(apps.RotateApplicationSecret(ctx, oidc))
		holds(secret != "" && rotated != "" && secret != rotated, "the secret is another")
		ids := names(must(apps.LoadAll(ctx)), func(one *descope.SSOApplication) string { return one.ID })
		for _, id := range []string{oidc, saml, wsfed} {
			holds(slices.Contains(ids, id), "it is among all")
			ok(apps.Delete(ctx, id))
			refused(refusal2(apps.Load(ctx, id)), "", 404)
		}
	})
}

func TestSSOApplicationAttributes(t *testing.T) {
	scenario(t, func() {
		name := fresh("attribute")
		byName := func(one *descope.SSOApplicationCustomAttribute) string { return one.Name }
		holds(slices.Contains(names(must(mgmt.SSOApplication().CreateCustomAttributes(ctx, []*descope.SSOApplicationCustomAttribute{{Name: name, Type: 1}})), byName), name), "it is created")
		holds(slices.Contains(names(must(mgmt.SSOApplication().LoadCustomAttributes(ctx)), byName), name), "it is there")
		holds(!slices.Contains(names(must(mgmt.SSOApplication().DeleteCustomAttributes(ctx, []string{name})), byName), name), "it is gone")
	})
}

func TestThirdPartyApplications(t *testing.T) {
	scenario(t, func() {
		apps := mgmt.ThirdPartyApplication()
		name := fresh("Third ")
		id, secret := must2(apps.CreateApplication(ctx, &descope.ThirdPartyApplicationRequest{
			Name: name, Description: "d", LoginPageURL: "https://e.com", ApprovedCallbackUrls: []string{"https://e.com/cb"},
			PermissionsScopes: []*descope.ThirdPartyApplicationScope{{Name: "read", Description: "reads", Values: []string{"a"}}},
		}))
		holds(secret != "", "there is a secret")
		loaded := must(apps.LoadApplication(ctx, id))
		same(loaded.Name, name)
		same(loaded.ApprovedCallbackUrls, []string{"https://e.com/cb"})
		same(first(loaded.PermissionsScopes).Name, "read")
		holds(loaded.ClientID != "", "there is a client id")
		ok(apps.PatchApplication(ctx, &descope.ThirdPartyApplicationRequest{ID: id, Description: "patched"}))
		patched := must(apps.LoadApplication(ctx, id))
		same(patched.Description, "patched")
		same(patched.Name, name)
		renamed := fresh("Third ")
		ok(apps.UpdateApplication(ctx, &descope.ThirdPartyApplicationRequest{ID: id, Name: renamed, LoginPageURL: "https://e.com"}))
		updated := must(apps.LoadApplication(ctx, id))
		same(updated.Name, renamed)
		same(updated.Description, "")
		none(updated.ApprovedCallbackUrls)
		all, total := must2(apps.LoadAllApplications(ctx, &descope.ThirdPartyApplicationSearchOptions{}))
		holds(total >= 1, "there is one at least")
		holds(slices.Contains(names(all, func(one *descope.ThirdPartyApplication) string { return one.ID }), id), "it is among all")
		same(must(apps.GetApplicationSecret(ctx, id)), secret)
		holds(must(apps.RotateApplicationSecret(ctx, id)) != secret, "the secret is another")
		consents, count := must2(apps.SearchConsents(ctx, &descope.ThirdPartyApplicationConsentSearchOptions{AppID: id}))
		none(consents)
		same(count, 0)
		ok(apps.DeleteConsents(ctx, &descope.ThirdPartyApplicationConsentDeleteOptions{AppID: id}))
		ok(apps.DeleteTenantConsents(ctx, &descope.ThirdPartyApplicationTenantConsentDeleteOptions{AppID: id, TenantID: newTenant()}))
		ok(apps.DeleteApplication(ctx, id))
		refused(refusal2(apps.LoadApplication(ctx, id)), "", 404)
		other, _ := must2(apps.CreateApplication(ctx, &descope.ThirdPartyApplicationRequest{Name: fresh("Third "), LoginPageURL: "https://e.com"}))
		ok(apps.DeleteApplicationBatch(ctx, []string{other}))
		refused(refusal2(apps.LoadApplication(ctx, other)), "", 404)
	})
}

func newOutboundApp() string {
	return must(mgmt.OutboundApplication().CreateApplication(ctx, &descope.CreateOutboundAppRequest{OutboundApp: descope.OutboundApp{Name: fresh("Out "), ClientID: "c"}})).ID
}

func TestOutboundApplications(t *testing.T) {
	scenario(t, func() {
		apps := mgmt.OutboundApplication()
		made := must(apps.CreateApplication(ctx, &descope.CreateOutboundAppRequest{
			OutboundApp:  descope.OutboundApp{Name: fresh("Out "), Description: "d", ClientID: "client", DefaultScopes: []string{"a"}, Pkce: true, AccessType: descope.AccessTypeOffline, Prompt: []descope.PromptType{descope.PromptTypeConsent}},
			ClientSecret: "hidden",
		}))
		same(made.Description, "d")
		same(made.Pkce, true)
		same(made.AccessType, descope.AccessTypeOffline)
		same(must(apps.LoadApplication(ctx, made.ID)), made)
		updated := must(apps.UpdateApplication(ctx, &descope.OutboundApp{ID: made.ID, Name: "Renamed", ClientID: "other"}, nil))
		same(updated.Name, "Renamed")
		same(updated.Description, "")
		holds(slices.Contains(names(must(apps.LoadAllApplications(ctx)), func(one *descope.OutboundApp) string { return one.ID }), made.ID), "it is among all")
		ok(apps.DeleteApplication(ctx, made.ID))
		refused(refusal2(apps.LoadApplication(ctx, made.ID)), "", 404)
	})
}

func TestOutboundTokens(t *testing.T) {
	scenario(t, func() {
		apps := mgmt.OutboundApplication()
		app, tenant := newOutboundApp(), newTenant()
		_, user := newUser(nil)
		ok(apps.UploadUserToken(ctx, &descope.UploadOutboundAppUserTokenRequest{OutboundAppUserTokenToUpload: descope.OutboundAppUserTokenToUpload{AppID: app, UserID: user.UserID, AccessToken: "access", RefreshToken: "refresh", AccessTokenExpiry: 2_000_000_000, Scopes: []string{"a"}}}))
		fetch := func() (*descope.OutboundAppUserToken, error) {
			return apps.FetchLatestUserToken(ctx, &descope.FetchOutboundAppUserTokenRequest{AppID: app, UserID: user.UserID})
		}
		token := must(fetch())
		same(token.AccessToken, "access")
		same(token.AccessTokenExpiry, "2000000000")
		same(token.HasRefreshToken, true)
		same(must(apps.FetchUserToken(ctx, &descope.FetchOutboundAppUserTokenRequest{AppID: app, UserID: user.UserID, Scopes: []string{"a"}})).AccessToken, "access")
		refused(refusal2(apps.FetchUserToken(ctx, &descope.FetchOutboundAppUserTokenRequest{AppID: app, UserID: user.UserID, Scopes: []string{"z"}})), "", 400, 404)
		same(must(apps.ListAppsWithUserToken(ctx, user.UserID, "")), []string{app})
		ok(apps.DeleteTokenByID(ctx, token.ID))
		refused(refusal2(fetch()), "", 400, 404)
		ok(apps.UploadUserAPIKey(ctx, &descope.UploadOutboundAppUserAPIKeyRequest{AppID: app, UserID: user.UserID, APIKey: "the-key"}))
		same(must(fetch()).AccessToken, "the-key")
		ok(apps.DeleteUserTokens(ctx, app, user.UserID))
		none(must(apps.ListAppsWithUserToken(ctx, user.UserID, "")))
		ok(apps.UploadTenantToken(ctx, &descope.UploadOutboundAppTenantTokenRequest{OutboundAppTenantTokenToUpload: descope.OutboundAppTenantTokenToUpload{AppID: app, TenantID: tenant, AccessToken: "tenant", Scopes: []string{"a"}}}))
		same(must(apps.FetchLatestTenantToken(ctx, &descope.FetchOutboundAppTenantTokenRequest{AppID: app, TenantID: tenant})).AccessToken, "tenant")
		same(must(apps.FetchTenantToken(ctx, &descope.FetchOutboundAppTenantTokenRequest{AppID: app, TenantID: tenant, Scopes: []string{"a"}})).AccessToken, "tenant")
		ok(apps.UploadTenantAPIKey(ctx, &descope.UploadOutboundAppTenantAPIKeyRequest{AppID: app, TenantID: tenant, APIKey: "tenant-key"}))
		same(must(apps.FetchLatestTenantToken(ctx, &descope.FetchOutboundAppTenantTokenRequest{AppID: app, TenantID: tenant})).AccessToken, "tenant-key")
		good := &descope.OutboundAppUserTokenToUpload{AppID: app, UserID: user.UserID, AccessToken: "one"}
		bad := must(apps.BatchUploadUserTokens(ctx, []*descope.OutboundAppUserTokenToUpload{good, {AppID: "nothing", UserID: user.UserID, AccessToken: "two"}}))
		same(first(bad.Failures).AppID, "nothing")
		refused(refusal2(fetch()), "", 400, 404)
		none(must(apps.BatchUploadUserTokens(ctx, []*descope.OutboundAppUserTokenToUpload{good})).Failures)
		same(must(fetch()).AccessToken, "one")
		none(must(apps.BatchUploadTenantTokens(ctx, []*descope.OutboundAppTenantTokenToUpload{{AppID: app, TenantID: tenant, AccessToken: "t"}})).Failures)
	})
}

func TestOutboundTokensAreRefreshed(t *testing.T) {
	scenario(t, func() {
		apps := mgmt.OutboundApplication()
		app := newOutboundApp()
		_, user := newUser(nil)
		ok(apps.UploadUserToken(ctx, &descope.UploadOutboundAppUserTokenRequest{OutboundAppUserTokenToUpload: descope.OutboundAppUserTokenToUpload{AppID: app, UserID: user.UserID, AccessToken: "old", RefreshToken: "again", AccessTokenExpiry: 1}}))
		renewed := must(apps.FetchLatestUserToken(ctx, &descope.FetchOutboundAppUserTokenRequest{AppID: app, UserID: user.UserID}))
		holds(renewed.AccessToken != "old", "it was refreshed")
		same(renewed.HasRefreshToken, true)
		same(renewed.RefreshToken, "")
		forced := must(apps.FetchLatestUserToken(ctx, &descope.FetchOutboundAppUserTokenRequest{AppID: app, UserID: user.UserID, Options: &descope.OutboundAppUserTokenOptions{ForceRefresh: true, WithRefreshToken: true}}))
		holds(forced.AccessToken != renewed.AccessToken, "it was refreshed again")
		same(forced.RefreshToken, "again")
		_, other := newUser(nil)
		ok(apps.UploadUserToken(ctx, &descope.UploadOutboundAppUserTokenRequest{OutboundAppUserTokenToUpload: descope.OutboundAppUserTokenToUpload{AppID: app, UserID: other.UserID, AccessToken: "old", AccessTokenExpiry: 1}}))
		refused(refusal2(apps.FetchLatestUserToken(ctx, &descope.FetchOutboundAppUserTokenRequest{AppID: app, UserID: other.UserID})), "", 404)
	})
}

func TestScopeClaimMapping(t *testing.T) {
	scenario(t, func() {
		mappings := []*descope.ScopeClaimMappingEntry{{Scope: "shop", Claims: map[string]string{"shop": "user.shop"}, Description: "d"}}
		ok(mgmt.ScopeClaimMapping().Set(ctx, mappings))
		same(must(mgmt.ScopeClaimMapping().Get(ctx)), mappings)
		ok(mgmt.ScopeClaimMapping().Delete(ctx))
		none(must(mgmt.ScopeClaimMapping().Get(ctx)))
	})
}

func TestJWTTemplates(t *testing.T) {
	scenario(t, func() {
		templates := mgmt.JWTTemplate()
		name := fresh("Template ")
		made := must(templates.Create(ctx, &descope.JWTTemplate{Name: name, Description: "d", Template: map[string]any{"shop": "north"}, Type: "user"}))
		same(made.Name, name)
		same(must(templates.Load(ctx, made.ID)), made)
		byID := func(one *descope.JWTTemplate) string { return one.ID }
		holds(slices.Contains(names(must(templates.List(ctx)), byID), made.ID), "it is among all")
		made.Template = map[string]any{"shop": "south"}
		same(must(templates.Update(ctx, made)).Template, made.Template)
		same(must(templates.Validate(ctx, made.ID, made)).Valid, true)
		entry := first(must(templates.ListLibrary(ctx)))
		same(must(templates.LoadLibraryEntry(ctx, entry.ID)).ID, entry.ID)
		applied := must(templates.ApplyFromLibrary(ctx, &descope.ApplyJWTTemplateFromLibraryRequest{LibraryEntryID: entry.ID, NameOverride: fresh("Applied ")}))
		holds(slices.Contains(names(must(templates.List(ctx)), byID), applied.ID), "the applied one is there")
		ok(templates.Delete(ctx, made.ID))
		refused(refusal2(templates.Load(ctx, made.ID)), "", 404)
	})
}
