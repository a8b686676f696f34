package sdk

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/descope/go-sdk/descope"
)

// signedIn makes a user as the request says and signs it in.
func signedIn(request *descope.UserRequest) (string, *descope.AuthenticationInfo) {
	email, _ := newUser(request)
	ok(mgmt.User().SetActivePassword(ctx, email, password))
	return email, must(auth.Password().SignIn(ctx, email, password, nil))
}

// invalid holds that something is not valid, whatever the reason.
func invalid(valid bool, _ *descope.Token, err error) {
	checks.Add(1)
	if valid || err == nil {
		fail("valid")
	}
}

func TestValidate(t *testing.T) {
	scenario(t, func() {
		_, session := signedIn(nil)
		jwt := session.SessionToken.JWT
		token := good(auth.ValidateSessionWithToken(ctx, jwt))
		same(token.ID, session.User.UserID)
		same(token.ProjectID, project)
		request := must(http.NewRequest(http.MethodGet, "https://app.example.com", nil))
		request.AddCookie(&http.Cookie{Name: descope.SessionCookieName, Value: jwt})
		good(auth.ValidateSessionWithRequest(request))
		invalid(auth.ValidateSessionWithToken(ctx, jwt[:len(jwt)-8]+"AAAAAAAA"))
		invalid(auth.ValidateSessionWithToken(ctx, "nonsense"))
		invalid(connect("PAnother", "").Auth.ValidateSessionWithToken(ctx, jwt))
	})
}

func TestRefresh(t *testing.T) {
	scenario(t, func() {
		email, session := signedIn(nil)
		refresh := session.RefreshToken.JWT
		same(good(auth.RefreshSessionWithToken(ctx, refresh)).ID, session.User.UserID)
		recorder := httptest.NewRecorder()
		good(auth.RefreshSessionWithTokenAndWriter(ctx, refresh, recorder))
		good(auth.RefreshSessionWithRequest(withRefresh(refresh), nil))
		good(auth.ValidateAndRefreshSessionWithRequest(withRefresh(refresh), nil))
		good(auth.ValidateAndRefreshSessionWithTokens(ctx, "nonsense", refresh))
		good(auth.ValidateAndRefreshSessionWithTokens(ctx, session.SessionToken.JWT, refresh))
		invalid(auth.RefreshSessionWithToken(ctx, "nonsense"))
		must(mgmt.User().Deactivate(ctx, email))
		refused(refusal3(auth.RefreshSessionWithToken(ctx, refresh)), "", 401, 403)
	})
}

func TestMe(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		email, session := signedIn(&descope.UserRequest{User: descope.User{Name: "Me"}, Tenants: []*descope.AssociatedTenant{{TenantID: tenant}}})
		request := withRefresh(session.RefreshToken.JWT)
		me := must(auth.Me(request))
		same(me.LoginIDs, []string{email})
		same(me.Name, "Me")
		same(first(must(auth.History(request))).UserID, me.UserID)
		mine := must(auth.MyTenants(ctx, request, false, []string{tenant}))
		same(len(mine.Tenants), 1)
		same(mine.Tenants[0].ID, tenant)
		same(mine.Tenants[0].Name, "Name of "+tenant)
		same(first(must(auth.MyTenants(ctx, request, true, nil)).Tenants).ID, tenant)
		// The SDK itself looks at the token before it sends it.
		_, err := auth.Me(withRefresh("not.a.token"))
		holds(err != nil, "a token that is none is refused")
	})
}

func TestSelectTenant(t *testing.T) {
	scenario(t, func() {
		one, two := newTenant(), newTenant()
		_, session := signedIn(&descope.UserRequest{Tenants: []*descope.AssociatedTenant{{TenantID: one}, {TenantID: two}}})
		selected := must(auth.SelectTenantWithToken(ctx, one, session.RefreshToken.JWT))
		same(selected.SessionToken.CustomClaim("dct"), any(one))
		again := good(auth.RefreshSessionWithToken(ctx, selected.RefreshToken.JWT))
		same(again.CustomClaim("dct"), any(one))
		same(must(auth.SelectTenantWithRequest(ctx, two, withRefresh(session.RefreshToken.JWT), nil)).SessionToken.CustomClaim("dct"), any(two))
		refused(refusal2(auth.SelectTenantWithToken(ctx, newTenant(), session.RefreshToken.JWT)), "", 400, 401, 403)
	})
}

func TestRolesInSessions(t *testing.T) {
	scenario(t, func() {
		tenant, other := newTenant(), newTenant()
		may, role, _ := newRoles(tenant)
		locally, _, local := newRoles(tenant)
		_, session := signedIn(&descope.UserRequest{Roles: []string{role}, Tenants: []*descope.AssociatedTenant{{TenantID: tenant, Roles: []string{local}}, {TenantID: other}}})
		token := session.SessionToken
		same(auth.ValidateRoles(ctx, token, []string{role}), true)
		same(auth.ValidateRoles(ctx, token, []string{local}), false)
		same(auth.GetMatchedRoles(ctx, token, []string{role, local}), []string{role})
		same(auth.ValidatePermissions(ctx, token, []string{may}), true)
		same(auth.GetMatchedPermissions(ctx, token, []string{may, locally}), []string{may})
		same(auth.ValidateTenantRoles(ctx, token, tenant, []string{local}), true)
		same(auth.ValidateTenantRoles(ctx, token, other, []string{local}), false)
		same(auth.GetMatchedTenantRoles(ctx, token, tenant, []string{role, local}), []string{local})
		same(auth.ValidateTenantPermissions(ctx, token, tenant, []string{locally}), true)
		same(auth.GetMatchedTenantPermissions(ctx, token, tenant, []string{may, locally}), []string{locally})
		sameSet(token.GetTenants(), []string{tenant, other})
		same(token.IsPermitted(may), true)
		same(token.IsPermittedPerTenant(tenant, locally), true)
	})
}

func TestLogout(t *testing.T) {
	scenario(t, func() {
		email, one := signedIn(nil)
		signIn := func() string { return must(auth.Password().SignIn(ctx, email, password, nil)).RefreshToken.JWT }
		two := signIn()
		ok(auth.LogoutWithToken(one.RefreshToken.JWT, nil))
		refused(refusal3(auth.RefreshSessionWithToken(ctx, one.RefreshToken.JWT)), "E064001", 401)
		good(auth.RefreshSessionWithToken(ctx, two))
		ok(auth.Logout(withRefresh(two), nil))
		refused(refusal3(auth.RefreshSessionWithToken(ctx, two)), "E064001", 401)
		three, four := signIn(), signIn()
		ok(auth.LogoutAllWithToken(three, nil))
		refused(refusal3(auth.RefreshSessionWithToken(ctx, four)), "E064001", 401)
		five, six := signIn(), signIn()
		ok(auth.LogoutAll(withRefresh(five), nil))
		refused(refusal3(auth.RefreshSessionWithToken(ctx, six)), "E064001", 401)
	})
}

func TestManagementJWT(t *testing.T) {
	scenario(t, func() {
		email := address("ann")
		up := must(mgmt.JWT().SignUp(ctx, email, &descope.MgmtUserRequest{User: descope.User{Name: "Ann", Email: email}}, &descope.MgmSignUpOptions{CustomClaims: map[string]any{"k": 1}}))
		same(up.User.Name, "Ann")
		good(auth.ValidateSessionWithToken(ctx, up.SessionToken.JWT))
		refused(refusal2(mgmt.JWT().SignUp(ctx, email, nil, nil)), "E062107", 400)
		into := must(mgmt.JWT().SignIn(ctx, email, &descope.MgmLoginOptions{CustomClaims: map[string]any{"k": 2}}))
		same(into.User.UserID, up.User.UserID)
		good(auth.RefreshSessionWithToken(ctx, into.RefreshToken.JWT))
		refused(refusal2(mgmt.JWT().SignIn(ctx, address("x"), nil)), "", 400, 404)
		either := address("either")
		same(must(mgmt.JWT().SignUpOrIn(ctx, either, nil, nil)).User.UserID, must(mgmt.JWT().SignUpOrIn(ctx, either, nil, nil)).User.UserID)
		updated := must(mgmt.JWT().UpdateJWTWithCustomClaims(ctx, into.SessionToken.JWT, map[string]any{"added": "claim"}, 0))
		same(good(auth.ValidateSessionWithToken(ctx, updated)).CustomClaim("added"), any("claim"))
		tenant := newTenant()
		anonymous := must(mgmt.JWT().Anonymous(ctx, map[string]any{"shop": "north"}, tenant, 0))
		same(anonymous.SessionToken.CustomClaim("dct"), any(tenant))
		holds(anonymous.RefreshToken != nil, "there is a refresh token")
	})
}

func TestImpersonation(t *testing.T) {
	scenario(t, func() {
		role := fresh("Impersonator ")
		ok(mgmt.Role().Create(ctx, role, "", []string{"Impersonate"}, "", false, false))
		_, admin := newUser(&descope.UserRequest{Roles: []string{role}})
		email, customer := newUser(nil)
		token := must(mgmt.JWT().Impersonate(ctx, admin.UserID, email, false, nil, "", 0))
		claims := claimsOf(token)
		same(claims["sub"], any(customer.UserID))
		act, _ := claims["act"].(map[string]any)
		same(act["sub"], any(admin.UserID))
		same(good(auth.RefreshSessionWithToken(ctx, token)).ID, customer.UserID)
		same(claimsOf(must(mgmt.JWT().StopImpersonation(ctx, token, nil, "", 0)))["sub"], any(admin.UserID))
		same(claimsOf(must(mgmt.JWT().ImpersonateStepup(ctx, admin.UserID, email, false, nil, "", 0)))["su"], any(true))
		_, nobody := newUser(nil)
		refused(refusal2(mgmt.JWT().Impersonate(ctx, nobody.UserID, email, false, nil, "", 0)), "", 400, 401, 403)
	})
}
