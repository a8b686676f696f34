package sdk

import (
	"strings"
	"testing"

	"github.com/descope/go-sdk/descope"
)

const nobodyID = "U000000000000000000000000000"

func newTenant() string {
	id := fresh("tenant-")
	ok(mgmt.Tenant().CreateWithID(ctx, id, &descope.TenantRequest{Name: "Name of " + id}))
	return id
}

// newRoles makes a permission, a role of the project and one of the tenant that both give it.
func newRoles(tenant string) (permission, role, local string) {
	permission, role, local = fresh("may "), fresh("Role "), fresh("Local ")
	ok(mgmt.Permission().Create(ctx, permission, "d"))
	ok(mgmt.Role().Create(ctx, role, "d", []string{permission}, "", false, false))
	ok(mgmt.Role().Create(ctx, local, "d", []string{permission}, tenant, false, false))
	return
}

func newUser(request *descope.UserRequest) (string, *descope.UserResponse) {
	loginID := address("user")
	if request == nil {
		request = &descope.UserRequest{}
	}
	request.Email = loginID
	return loginID, must(mgmt.User().Create(ctx, loginID, request))
}

func yes() *bool { value := true; return &value }
func no() *bool  { value := false; return &value }

func at[V any](value V) *V { return &value }

func loginIDs(users []*descope.UserResponse) []string {
	return names(users, func(user *descope.UserResponse) string { return user.LoginIDs[0] })
}

func TestUserCreateLoadSearch(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		permission, role, local := newRoles(tenant)
		email, phone := address("ann"), phoneNumber()
		created := must(mgmt.User().Create(ctx, email, &descope.UserRequest{
			User:               descope.User{Name: "Ann Example", GivenName: "Ann", MiddleName: "B", FamilyName: "Example", Email: email, Phone: phone},
			Roles:              []string{role},
			Tenants:            []*descope.AssociatedTenant{{TenantID: tenant, Roles: []string{local}}},
			CustomAttributes:   map[string]any{"plan": "gold", "seats": 3.0},
			Picture:            "https://example.com/a.png",
			VerifiedEmail:      yes(),
			VerifiedPhone:      no(),
			AdditionalLoginIDs: []string{phone},
		}))
		same(created.LoginIDs, []string{email, phone})
		same(created.User, descope.User{Name: "Ann Example", GivenName: "Ann", MiddleName: "B", FamilyName: "Example", Email: email, Phone: phone})
		same(created.RoleNames, []string{role})
		same(created.CustomAttributes, map[string]any{"plan": "gold", "seats": 3.0})
		same(created.Picture, "https://example.com/a.png")
		same(created.VerifiedEmail, true)
		same(created.VerifiedPhone, false)
		same(created.Status, "enabled")
		same(created.Test, false)
		membership := first(created.UserTenants)
		same(membership.TenantID, tenant)
		same(membership.TenantName, "Name of "+tenant)
		same(membership.Roles, []string{local})
		same(membership.Permissions, []string{permission})
		holds(strings.HasPrefix(created.UserID, "U"), "the id starts with U")
		holds(created.CreatedTime > 1_600_000_000, "createdTime is in seconds")
		same(must(mgmt.User().Load(ctx, email)), created)
		same(must(mgmt.User().Load(ctx, phone)), created)
		same(must(mgmt.User().LoadByUserID(ctx, created.UserID)), created)
		users, total := must2(mgmt.User().SearchAll(ctx, &descope.UserSearchOptions{LoginIDs: []string{email}}))
		same(total, 1)
		same(users, []*descope.UserResponse{created})
	})
}

func TestUserRefusals(t *testing.T) {
	scenario(t, func() {
		email, _ := newUser(nil)
		refused(refusal2(mgmt.User().Create(ctx, email, nil)), "E062107", 400)
		other := address("other")
		refused(refusal2(mgmt.User().Create(ctx, other, &descope.UserRequest{Roles: []string{"No Such Role"}})), "", 400, 404)
		refused(refusal2(mgmt.User().Create(ctx, other, &descope.UserRequest{Tenants: []*descope.AssociatedTenant{{TenantID: "nowhere"}}})), "", 400, 404)
		refused(refusal2(mgmt.User().Load(ctx, other)), "E112102", 400, 404)
		for _, err := range []error{
			refusal2(mgmt.User().LoadByUserID(ctx, nobodyID)),
			refusal2(mgmt.User().Update(ctx, other, &descope.UserRequest{})),
			refusal2(mgmt.User().Patch(ctx, other, &descope.PatchUserRequest{Name: at("x")})),
			refusal2(mgmt.User().Activate(ctx, other)),
			refusal2(mgmt.User().Deactivate(ctx, other)),
			refusal2(mgmt.User().UpdateEmail(ctx, other, other, true, false)),
			refusal2(mgmt.User().UpdatePhone(ctx, other, phoneNumber(), true, false)),
			refusal2(mgmt.User().UpdateDisplayName(ctx, other, "x")),
			refusal2(mgmt.User().UpdatePicture(ctx, other, "x")),
			refusal2(mgmt.User().UpdateCustomAttribute(ctx, other, "a", "b")),
			refusal2(mgmt.User().UpdateLoginID(ctx, other, address("new"))),
			refusal2(mgmt.User().AddTenant(ctx, other, "t")),
			mgmt.User().SetActivePassword(ctx, other, "Correct-Horse-1"),
			mgmt.User().ExpirePassword(ctx, other),
			mgmt.User().Delete(ctx, other),
			mgmt.User().LogoutUser(ctx, other),
		} {
			refused(err, "E112102", 400, 404)
		}
	})
}

func TestUserTestUsers(t *testing.T) {
	scenario(t, func() {
		loginID := address("test")
		created := must(mgmt.User().CreateTestUser(ctx, loginID, &descope.UserRequest{User: descope.User{Name: "T", Email: loginID}}))
		same(created.Test, true)
		search := func(options descope.UserSearchOptions) int {
			options.LoginIDs = []string{loginID}
			_, total := must2(mgmt.User().SearchAll(ctx, &options))
			return total
		}
		same(search(descope.UserSearchOptions{}), 0)
		same(search(descope.UserSearchOptions{WithTestUsers: true}), 1)
		same(search(descope.UserSearchOptions{TestUsersOnly: true}), 1)
		users, _ := must2(mgmt.User().SearchAllTestUsers(ctx, &descope.UserSearchOptions{LoginIDs: []string{loginID}}))
		same(users, []*descope.UserResponse{created})
		email, _ := newUser(nil)
		ok(mgmt.User().DeleteAllTestUsers(ctx))
		refused(refusal2(mgmt.User().Load(ctx, loginID)), "E112102", 400, 404)
		must(mgmt.User().Load(ctx, email))
	})
}

func TestUserInvite(t *testing.T) {
	scenario(t, func() {
		email := address("guest")
		options := &descope.InviteOptions{InviteURL: "https://app.example.com/join", SendMail: yes()}
		same(must(mgmt.User().Invite(ctx, email, &descope.UserRequest{User: descope.User{Email: email}}, options)).Status, "invited")
		holds(strings.HasPrefix(lastMessage(email).Link, "https://app.example.com/join"), "the link goes where it should")
		one := address("guest")
		reply := must(mgmt.User().InviteBatch(ctx, []*descope.BatchUser{
			{LoginID: one, UserRequest: descope.UserRequest{User: descope.User{Email: one}}},
			{LoginID: email},
			{LoginID: address("bad"), UserRequest: descope.UserRequest{Roles: []string{"No Such Role"}}},
		}, options))
		holds(len(reply.CreatedUsers) >= 1, "the good row was created")
		holds(len(reply.FailedUsers) >= 1, "a bad row failed")
		same(must(mgmt.User().Load(ctx, one)).Status, "invited")
	})
}

func TestUserBatches(t *testing.T) {
	scenario(t, func() {
		taken, _ := newUser(nil)
		one, two := address("one"), address("two")
		reply := must(mgmt.User().CreateBatch(ctx, []*descope.BatchUser{
			{LoginID: one, UserRequest: descope.UserRequest{User: descope.User{Name: "One", Email: one}}, Password: &descope.BatchUserPassword{Cleartext: "Correct-Horse-1"}},
			{LoginID: taken},
			{LoginID: two, Seed: at("JBSWY3DPEHPK3PXP"), Status: descope.UserStatusDisabled},
		}))
		same(loginIDs(reply.CreatedUsers), []string{one, two})
		same(len(reply.FailedUsers), 1)
		same(first(reply.FailedUsers).User.LoginIDs[0], taken)
		holds(first(reply.FailedUsers).Failure != "", "it says why")
		loaded := must(mgmt.User().Load(ctx, one))
		same(loaded.Password, true)
		same(loaded.Name, "One")
		second := must(mgmt.User().Load(ctx, two))
		same(second.TOTP, true)
		same(second.Status, "disabled")
		patched := must(mgmt.User().PatchBatch(ctx, []*descope.PatchUserBatchRequest{
			{LoginID: one, PatchUserRequest: &descope.PatchUserRequest{GivenName: at("O")}},
			{LoginID: address("nobody"), PatchUserRequest: &descope.PatchUserRequest{Name: at("x")}},
		}))
		same(loginIDs(patched.PatchedUsers), []string{one})
		same(len(patched.FailedUsers), 1)
		again := must(mgmt.User().Load(ctx, one))
		same(again.GivenName, "O")
		same(again.Name, "One")
		users, total := must2(mgmt.User().LoadUsers(ctx, []string{loaded.UserID, second.UserID}, true))
		same(total, 2)
		sameSet(loginIDs(users), []string{one, two})
		ok(mgmt.User().DeleteBatch(ctx, []string{loaded.UserID, second.UserID}))
		refused(refusal2(mgmt.User().Load(ctx, one)), "E112102", 400, 404)
	})
}

func TestUserUpdateAndPatch(t *testing.T) {
	scenario(t, func() {
		_, role, _ := newRoles(newTenant())
		email, created := newUser(&descope.UserRequest{
			User:             descope.User{Name: "Before", GivenName: "G", Phone: phoneNumber()},
			Roles:            []string{role},
			CustomAttributes: map[string]any{"plan": "gold"},
		})
		updated := must(mgmt.User().Update(ctx, email, &descope.UserRequest{User: descope.User{Name: "After", Email: email}}))
		same(updated.UserID, created.UserID)
		same(updated.CreatedTime, created.CreatedTime)
		same(updated.User, descope.User{Name: "After", Email: email})
		none(updated.RoleNames)
		same(len(updated.CustomAttributes), 0)
		patched := must(mgmt.User().Patch(ctx, email, &descope.PatchUserRequest{GivenName: at("New"), Roles: &[]string{role}}))
		same(patched.User, descope.User{Name: "After", GivenName: "New", Email: email})
		same(patched.RoleNames, []string{role})
		status := descope.UserStatusDisabled
		again := must(mgmt.User().Patch(ctx, email, &descope.PatchUserRequest{Status: &status, Roles: &[]string{}}))
		same(again.Status, "disabled")
		none(again.RoleNames)
		same(again.GivenName, "New")
	})
}

func TestUserSingleFields(t *testing.T) {
	scenario(t, func() {
		loginID := fresh("login")
		must(mgmt.User().Create(ctx, loginID, nil))
		email, phone := address("mail"), phoneNumber()
		withEmail := must(mgmt.User().UpdateEmail(ctx, loginID, email, true, false))
		same(withEmail.Email, email)
		same(withEmail.VerifiedEmail, true)
		withPhone := must(mgmt.User().UpdatePhone(ctx, loginID, phone, false, false))
		same(withPhone.Phone, phone)
		same(withPhone.VerifiedPhone, false)
		same(must(mgmt.User().UpdateDisplayName(ctx, loginID, "Shown")).Name, "Shown")
		named := must(mgmt.User().UpdateUserNames(ctx, loginID, "G", "M", "F"))
		same([]string{named.GivenName, named.MiddleName, named.FamilyName}, []string{"G", "M", "F"})
		same(must(mgmt.User().UpdatePicture(ctx, loginID, "https://example.com/p.png")).Picture, "https://example.com/p.png")
		same(must(mgmt.User().UpdateCustomAttribute(ctx, loginID, "plan", "gold")).CustomAttributes, map[string]any{"plan": "gold"})
		must(mgmt.User().UpdateRecoveryEmail(ctx, loginID, address("recovery"), true))
		must(mgmt.User().UpdateRecoveryPhone(ctx, loginID, phoneNumber(), true))
		same(must(mgmt.User().Deactivate(ctx, loginID)).Status, "disabled")
		same(must(mgmt.User().Activate(ctx, loginID)).Status, "enabled")
		renamed := address("renamed")
		same(must(mgmt.User().UpdateLoginID(ctx, loginID, renamed)).LoginIDs, []string{renamed})
		refused(refusal2(mgmt.User().Load(ctx, loginID)), "E112102", 400, 404)
		same(must(mgmt.User().Load(ctx, renamed)).Email, email)
	})
}

func TestUserRolesTenantsApps(t *testing.T) {
	scenario(t, func() {
		tenant, other := newTenant(), newTenant()
		_, role, local := newRoles(tenant)
		email, _ := newUser(nil)
		same(must(mgmt.User().AddRoles(ctx, email, []string{role})).RoleNames, []string{role})
		none(must(mgmt.User().RemoveRoles(ctx, email, []string{role})).RoleNames)
		same(must(mgmt.User().SetRoles(ctx, email, []string{role})).RoleNames, []string{role})
		refused(refusal2(mgmt.User().AddRoles(ctx, email, []string{"No Such Role"})), "", 400, 404)
		must(mgmt.User().AddTenant(ctx, email, tenant))
		must(mgmt.User().AddTenant(ctx, email, other))
		rolesIn := func(user *descope.UserResponse, id string) []string {
			for _, one := range user.UserTenants {
				if one.TenantID == id {
					return one.Roles
				}
			}
			fail("not in %s", id)
			return nil
		}
		set := must(mgmt.User().SetTenantRoles(ctx, email, tenant, []string{local}))
		same(rolesIn(set, tenant), []string{local})
		none(rolesIn(set, other))
		sameSet(rolesIn(must(mgmt.User().AddTenantRoles(ctx, email, tenant, []string{role})), tenant), []string{local, role})
		same(rolesIn(must(mgmt.User().RemoveTenantRoles(ctx, email, tenant, []string{local})), tenant), []string{role})
		refused(refusal2(mgmt.User().AddTenantRoles(ctx, email, other, []string{local})), "", 400, 404)
		same(len(must(mgmt.User().RemoveTenant(ctx, email, other)).UserTenants), 1)
		app := must(mgmt.SSOApplication().CreateOIDCApplication(ctx, &descope.OIDCApplicationRequest{Name: fresh("App "), LoginPageURL: "https://e.com", Enabled: true}))
		same(must(mgmt.User().AddSSOApps(ctx, email, []string{app})).SSOAppIDs, []string{app})
		none(must(mgmt.User().RemoveSSOApps(ctx, email, []string{app})).SSOAppIDs)
		same(must(mgmt.User().SetSSOApps(ctx, email, []string{app})).SSOAppIDs, []string{app})
	})
}

func TestUserSearchFilters(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		_, role, local := newRoles(tenant)
		mark := fresh("mark")
		people := []string{}
		for i := range 5 {
			request := &descope.UserRequest{CustomAttributes: map[string]any{"mark": mark, "level": i}}
			if i < 2 {
				request.Roles = []string{role}
			}
			if i < 3 {
				request.Tenants = []*descope.AssociatedTenant{{TenantID: tenant}}
			}
			if i == 0 {
				request.Tenants[0].Roles = []string{local}
			}
			email, _ := newUser(request)
			people = append(people, email)
		}
		must(mgmt.User().Deactivate(ctx, people[4]))
		found := func(options descope.UserSearchOptions) []string {
			if options.CustomAttributes == nil {
				options.CustomAttributes = map[string]any{"mark": mark}
			}
			users, _ := must2(mgmt.User().SearchAll(ctx, &options))
			return loginIDs(users)
		}
		byCreation := []descope.UserSearchSort{{Field: "createdTime"}, {Field: "email"}}
		same(len(found(descope.UserSearchOptions{})), 5)
		sameSet(append(found(descope.UserSearchOptions{Sort: byCreation, Limit: 2}), found(descope.UserSearchOptions{Sort: byCreation, Limit: 3, Page: 1})...), append(found(descope.UserSearchOptions{Sort: byCreation, Limit: 2}), found(descope.UserSearchOptions{Sort: byCreation})[3:]...))
		same(found(descope.UserSearchOptions{Emails: []string{people[1]}}), []string{people[1]})
		same(found(descope.UserSearchOptions{LoginIDs: []string{people[2]}}), []string{people[2]})
		same(found(descope.UserSearchOptions{Text: people[3]}), []string{people[3]})
		same(found(descope.UserSearchOptions{Statuses: []descope.UserStatus{descope.UserStatusDisabled}}), []string{people[4]})
		sameSet(found(descope.UserSearchOptions{TenantIDs: []string{tenant}}), people[:3])
		sameSet(found(descope.UserSearchOptions{Roles: []string{role}}), people[:2])
		same(found(descope.UserSearchOptions{TenantRoleNames: map[string]*descope.RoleList{tenant: {Values: []string{local}}}}), people[:1])
		same(found(descope.UserSearchOptions{CustomAttributes: map[string]any{"mark": mark, "level": 3}}), people[3:4])
		none(found(descope.UserSearchOptions{FromCreatedTime: 4_000_000_000_000}))
		same(len(found(descope.UserSearchOptions{ToCreatedTime: 4_000_000_000_000})), 5)
		_, total := must2(mgmt.User().SearchAll(ctx, &descope.UserSearchOptions{CustomAttributes: map[string]any{"mark": mark}, Limit: 2}))
		same(total, 5)
	})
}

func TestUserCredentials(t *testing.T) {
	scenario(t, func() {
		email, created := newUser(nil)
		ok(mgmt.User().SetActivePassword(ctx, email, "Correct-Horse-1"))
		must(auth.Password().SignIn(ctx, email, "Correct-Horse-1", nil))
		ok(mgmt.User().ExpirePassword(ctx, email))
		refused(refusal2(auth.Password().SignIn(ctx, email, "Correct-Horse-1", nil)), "E062909", 400, 401, 403)
		ok(mgmt.User().SetTemporaryPassword(ctx, email, "Temporary-1!"))
		refused(refusal2(auth.Password().SignIn(ctx, email, "Temporary-1!", nil)), "E062909", 400, 401, 403)
		ok(mgmt.User().SetPassword(ctx, email, "Temporary-2!"))
		must(auth.Password().ReplaceUserPassword(ctx, email, "Temporary-2!", "Permanent-1!", nil))
		must(auth.Password().SignIn(ctx, email, "Permanent-1!", nil))
		none(must(mgmt.User().ListPasskeys(ctx, email)))
		ok(mgmt.User().RemoveAllPasskeys(ctx, email))
		refused(mgmt.User().RemovePasskey(ctx, email, "nothing"), "", 400, 404)
		ok(mgmt.User().RemoveTOTPSeed(ctx, email))
		none(must(mgmt.User().ListTrustedDevices(ctx, []string{email})))
		refused(mgmt.User().RemoveTrustedDevices(ctx, email, []string{"nothing"}), "", 400, 404)
		refused(refusal2(mgmt.User().GetProviderToken(ctx, email, "google")), "", 400, 404)
		refused(refusal2(mgmt.User().GetProviderTokenWithOptions(ctx, email, "google", &descope.ProviderTokenOptions{WithRefreshToken: true})), "", 400, 404)
		history := must(mgmt.User().History(ctx, []string{created.UserID}))
		holds(len(history) >= 2, "the sign-ins are in the history")
		same(history[0].UserID, created.UserID)
		holds(history[0].LoginTime > 1_600_000_000, "loginTime is in seconds")
	})
}

func TestUserAttributesAndImport(t *testing.T) {
	scenario(t, func() {
		name := fresh("attribute")
		byName := func(one *descope.CustomAttribute) string { return one.Name }
		holds(strings.Contains(strings.Join(names(must(mgmt.User().CreateCustomAttributes(ctx, []*descope.CustomAttribute{{Name: name, Type: 1, DisplayName: "D"}})), byName), " "), name), "it is created")
		holds(strings.Contains(strings.Join(names(must(mgmt.User().GetCustomAttributes(ctx)), byName), " "), name), "it is there")
		holds(!strings.Contains(strings.Join(names(must(mgmt.User().DeleteCustomAttributes(ctx, []string{name})), byName), " "), name), "it is gone")
		_, before := must2(mgmt.User().SearchAll(ctx, &descope.UserSearchOptions{Limit: 1}))
		if _, err := mgmt.User().Import(ctx, "auth0", []byte(`{"users": []}`), nil, true); err != nil {
			refused(err, "", 400)
		}
		_, after := must2(mgmt.User().SearchAll(ctx, &descope.UserSearchOptions{Limit: 1}))
		same(after, before)
	})
}

func TestUserGeneratedForTests(t *testing.T) {
	scenario(t, func() {
		loginID, uri := address("test"), "https://app.example.com/verify"
		must(mgmt.User().CreateTestUser(ctx, loginID, &descope.UserRequest{User: descope.User{Email: loginID}}))
		code := must(mgmt.User().GenerateOTPForTestUser(ctx, descope.MethodEmail, loginID, nil))
		same(must(auth.OTP().VerifyCode(ctx, descope.MethodEmail, loginID, code, nil)).User.LoginIDs, []string{loginID})
		link := must(mgmt.User().GenerateMagicLinkForTestUser(ctx, descope.MethodEmail, loginID, uri, nil))
		holds(strings.HasPrefix(link, uri+"?"), "the link goes where it should")
		same(must(auth.MagicLink().Verify(ctx, linkToken(link), nil)).User.LoginIDs, []string{loginID})
		enchanted, pendingRef := must2(mgmt.User().GenerateEnchantedLinkForTestUser(ctx, loginID, uri, nil))
		refused(refusal2(auth.EnchantedLink().GetSession(ctx, pendingRef, nil)), "E062503", 401)
		ok(auth.EnchantedLink().Verify(ctx, linkToken(enchanted)))
		same(must(auth.EnchantedLink().GetSession(ctx, pendingRef, nil)).User.LoginIDs, []string{loginID})
		email, _ := newUser(nil)
		refused(refusal2(mgmt.User().GenerateOTPForTestUser(ctx, descope.MethodEmail, email, nil)), "", 400, 403)
		refused(refusal2(mgmt.User().GenerateMagicLinkForTestUser(ctx, descope.MethodEmail, email, uri, nil)), "", 400, 403)
		refused(refusal3(mgmt.User().GenerateEnchantedLinkForTestUser(ctx, email, uri, nil)), "", 400, 403)
	})
}

func TestUserEmbeddedLinks(t *testing.T) {
	scenario(t, func() {
		email, _ := newUser(nil)
		token := must(mgmt.User().GenerateEmbeddedLink(ctx, email, map[string]any{"shop": "north"}, 120))
		session := must(auth.MagicLink().Verify(ctx, token, nil))
		same(session.SessionToken.CustomClaim("shop"), any("north"))
		refused(refusal2(auth.MagicLink().Verify(ctx, token, nil)), "", 400, 401)
		fresher := address("new")
		signUp := must(mgmt.User().GenerateEmbeddedLinkSignUp(ctx, fresher, &descope.MgmtUserRequest{User: descope.User{Name: "New", Email: fresher}, EmailVerified: true}, &descope.EmbeddedLinkLoginOptions{Timeout: 120}))
		same(must(auth.MagicLink().Verify(ctx, signUp, nil)).FirstSeen, true)
		same(must(mgmt.User().Load(ctx, fresher)).Name, "New")
	})
}

func TestUserDeleteAndLogout(t *testing.T) {
	scenario(t, func() {
		email, created := newUser(nil)
		ok(mgmt.User().SetActivePassword(ctx, email, "Correct-Horse-1"))
		for _, end := range []func() error{
			func() error { return mgmt.User().LogoutUser(ctx, email) },
			func() error { return mgmt.User().LogoutUserByUserID(ctx, created.UserID) },
		} {
			refresh := must(auth.Password().SignIn(ctx, email, "Correct-Horse-1", nil)).RefreshToken.JWT
			good(auth.RefreshSessionWithToken(ctx, refresh))
			ok(end())
			refused(refusal3(auth.RefreshSessionWithToken(ctx, refresh)), "E064001", 401)
		}
		ok(mgmt.User().Delete(ctx, email))
		refused(refusal2(mgmt.User().Load(ctx, email)), "E112102", 400, 404)
		_, other := newUser(nil)
		ok(mgmt.User().DeleteByUserID(ctx, other.UserID))
		refused(refusal2(mgmt.User().LoadByUserID(ctx, other.UserID)), "E112102", 400, 404)
	})
}
