package sdk

import (
	"slices"
	"strings"
	"testing"

	"github.com/descope/go-sdk/descope"
)

const noKey = "K000000000000000000000000000"

func tenantIDs(tenants []*descope.Tenant) []string {
	return names(tenants, func(tenant *descope.Tenant) string { return tenant.ID })
}

func TestTenants(t *testing.T) {
	scenario(t, func() {
		name := fresh("Acme ")
		own := must(mgmt.Tenant().Create(ctx, &descope.TenantRequest{Name: name, CustomAttributes: map[string]any{"plan": "gold"}, EnforceSSO: true}))
		loaded := must(mgmt.Tenant().Load(ctx, own))
		same(loaded.Name, name)
		same(loaded.CustomAttributes, map[string]any{"plan": "gold"})
		same(loaded.EnforceSSO, true)
		holds(loaded.CreatedTime > 1_600_000_000, "createdTime is in seconds")
		id, plan := fresh("tenant-"), fresh("plan")
		ok(mgmt.Tenant().CreateWithID(ctx, id, &descope.TenantRequest{Name: "Before", SelfProvisioningDomains: []string{id + ".com"}, CustomAttributes: map[string]any{"plan": plan}}))
		refused(mgmt.Tenant().CreateWithID(ctx, id, &descope.TenantRequest{Name: "Again"}), "", 400)
		holds(slices.Contains(tenantIDs(must(mgmt.Tenant().LoadAll(ctx))), id), "it is among all")
		found := func(options descope.TenantSearchOptions) []string {
			return tenantIDs(must(mgmt.Tenant().SearchAll(ctx, &options)))
		}
		same(found(descope.TenantSearchOptions{IDs: []string{id, "nowhere"}}), []string{id})
		same(found(descope.TenantSearchOptions{Names: []string{name}}), []string{own})
		same(found(descope.TenantSearchOptions{SelfProvisioningDomains: []string{id + ".com"}}), []string{id})
		same(found(descope.TenantSearchOptions{CustomAttributes: map[string]any{"plan": plan}}), []string{id})
		ok(mgmt.Tenant().Update(ctx, id, &descope.TenantRequest{Name: "After"}))
		updated := must(mgmt.Tenant().Load(ctx, id))
		same(updated.Name, "After")
		none(updated.SelfProvisioningDomains)
		same(len(updated.CustomAttributes), 0)
		child := must(mgmt.Tenant().Create(ctx, &descope.TenantRequest{Name: fresh("Child "), ParentTenantID: id}))
		email, _ := newUser(&descope.UserRequest{Tenants: []*descope.AssociatedTenant{{TenantID: id}}})
		elsewhere := newTenant()
		shared, _ := newUser(&descope.UserRequest{Tenants: []*descope.AssociatedTenant{{TenantID: id}, {TenantID: elsewhere}}})
		ok(mgmt.Tenant().Delete(ctx, id, true))
		refused(refusal2(mgmt.Tenant().Load(ctx, id)), "", 404)
		refused(refusal2(mgmt.Tenant().Load(ctx, child)), "", 404)
		refused(refusal2(mgmt.User().Load(ctx, email)), "", 404)
		left := must(mgmt.User().Load(ctx, shared)).UserTenants
		same(len(left), 1)
		same(left[0].TenantID, elsewhere)
		refused(mgmt.Tenant().Delete(ctx, id, false), "", 404)
	})
}

func TestTenantSettings(t *testing.T) {
	scenario(t, func() {
		id := newTenant()
		must(mgmt.Tenant().GetSettings(ctx, id))
		ok(mgmt.Tenant().ConfigureSettings(ctx, id, &descope.TenantSettings{
			Domains: []string{"sso-" + id + ".com"}, SelfProvisioningDomains: []string{id + ".com"}, AuthType: "none", SessionSettingsEnabled: true,
			SessionTokenExpiration: 15, SessionTokenExpirationUnit: "minutes", RefreshTokenExpiration: 7, RefreshTokenExpirationUnit: "days", JITDisabled: true,
		}))
		settings := must(mgmt.Tenant().GetSettings(ctx, id))
		same(settings.Domains, []string{"sso-" + id + ".com"})
		same(settings.SelfProvisioningDomains, []string{id + ".com"})
		same(settings.SessionSettingsEnabled, true)
		same(settings.SessionTokenExpiration, int32(15))
		same(settings.SessionTokenExpirationUnit, "minutes")
		same(settings.JITDisabled, true)
		refused(refusal2(mgmt.Tenant().GetSettings(ctx, "nowhere")), "", 404)
		_, role, _ := newRoles(id)
		ok(mgmt.Tenant().UpdateDefaultRoles(ctx, id, []string{role}))
		refused(mgmt.Tenant().UpdateDefaultRoles(ctx, id, []string{"No Such Role"}), "", 400, 404)
		email, _ := newUser(nil)
		same(first(must(mgmt.User().AddTenant(ctx, email, id)).UserTenants).Roles, []string{role})
		holds(strings.HasPrefix(must(mgmt.Tenant().GenerateSSOConfigurationLink(ctx, id, 3600, "", "", "", "")), "http"), "there is a link")
		ok(mgmt.Tenant().RevokeSSOConfigurationLink(ctx, id, ""))
	})
}

func permissionNamed(name string) *descope.Permission {
	for _, one := range must(mgmt.Permission().LoadAll(ctx)) {
		if one.Name == name {
			return one
		}
	}
	return nil
}

func TestPermissions(t *testing.T) {
	scenario(t, func() {
		name, renamed := fresh("read "), fresh("see ")
		ok(mgmt.Permission().Create(ctx, name, "reads"))
		same(permissionNamed(name).Description, "reads")
		refused(mgmt.Permission().Create(ctx, name, ""), "E024104", 400)
		ok(mgmt.Permission().Update(ctx, name, renamed, "sees"))
		same(permissionNamed(name) == nil, true)
		id := permissionNamed(renamed).ID
		third := fresh("watch ")
		ok(mgmt.Permission().UpdateWithID(ctx, id, third, "watches"))
		same(permissionNamed(third).Description, "watches")
		ok(mgmt.Permission().DeleteWithID(ctx, id))
		refused(mgmt.Permission().Delete(ctx, third), "", 400, 404)
		refused(mgmt.Permission().Update(ctx, third, "x", ""), "", 400, 404)
		one, two := fresh("a "), fresh("b ")
		ok(mgmt.Permission().CreateBatch(ctx, []*descope.Permission{{Name: one}, {Name: two}}))
		other := fresh("c ")
		refused(mgmt.Permission().CreateBatch(ctx, []*descope.Permission{{Name: other}, {Name: one}}), "", 400)
		same(permissionNamed(other) == nil, true)
		changed := fresh("a2 ")
		ok(mgmt.Permission().UpdateBatch(ctx, []*descope.PermissionUpdateRequest{{Name: one, NewName: changed, Description: "d"}}))
		same(permissionNamed(changed).Description, "d")
		ok(mgmt.Permission().DeleteBatch(ctx, []string{changed}, []string{permissionNamed(two).ID}))
		same(permissionNamed(changed) == nil && permissionNamed(two) == nil, true)
		last := fresh("z ")
		ok(mgmt.Permission().Create(ctx, last, ""))
		ok(mgmt.Permission().Delete(ctx, last))
	})
}

func roleNamed(name string) *descope.Role {
	found := must(mgmt.Role().Search(ctx, &descope.RoleSearchOptions{RoleNames: []string{name}}))
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

func roleNames(roles []*descope.Role) []string {
	return names(roles, func(role *descope.Role) string { return role.Name })
}

func TestRoles(t *testing.T) {
	scenario(t, func() {
		may, name, renamed := fresh("may "), fresh("Role "), fresh("Renamed ")
		ok(mgmt.Permission().Create(ctx, may, ""))
		ok(mgmt.Role().Create(ctx, name, "d", []string{may}, "", false, false))
		same(roleNamed(name).PermissionNames, []string{may})
		same(roleNamed(name).Description, "d")
		refused(mgmt.Role().Create(ctx, name, "", nil, "", false, false), "", 400)
		refused(mgmt.Role().Create(ctx, fresh("Role "), "", []string{"no such permission"}, "", false, false), "", 400, 404)
		email, _ := newUser(&descope.UserRequest{Roles: []string{name}})
		ok(mgmt.Role().Update(ctx, name, "", renamed, "e", nil, false, false))
		same(must(mgmt.User().Load(ctx, email)).RoleNames, []string{renamed})
		none(roleNamed(renamed).PermissionNames)
		id, third := roleNamed(renamed).ID, fresh("Third ")
		ok(mgmt.Role().UpdateWithID(ctx, id, "", third, "", nil, false, false))
		holds(slices.Contains(roleNames(must(mgmt.Role().LoadAll(ctx))), third), "it is there by its third name")
		ok(mgmt.Role().DeleteWithID(ctx, id, ""))
		none(must(mgmt.User().Load(ctx, email)).RoleNames)
		refused(mgmt.Role().Delete(ctx, third, ""), "", 400, 404)
		tenant, shared := newTenant(), fresh("Shared ")
		ok(mgmt.Role().Create(ctx, shared, "", nil, "", false, false))
		ok(mgmt.Role().Create(ctx, shared, "", nil, tenant, false, false))
		same(first(must(mgmt.Role().Search(ctx, &descope.RoleSearchOptions{TenantIDs: []string{tenant}, RoleNames: []string{shared}}))).TenantID, tenant)
		ok(mgmt.Role().Delete(ctx, shared, tenant))
		holds(roleNamed(shared) != nil, "the project's is still there")
	})
}

func TestRoleSearchAndBatches(t *testing.T) {
	scenario(t, func() {
		mark, may := fresh("Zebra "), fresh("may ")
		ok(mgmt.Permission().Create(ctx, may, ""))
		made := must(mgmt.Role().CreateBatch(ctx, []*descope.Role{{Name: mark + " one", PermissionNames: []string{may}}, {Name: mark + " two"}}))
		same(roleNames(made), []string{mark + " one", mark + " two"})
		sameSet(roleNames(must(mgmt.Role().Search(ctx, &descope.RoleSearchOptions{RoleNameLike: mark}))), []string{mark + " one", mark + " two"})
		same(roleNames(must(mgmt.Role().Search(ctx, &descope.RoleSearchOptions{PermissionNames: []string{may}}))), []string{mark + " one"})
		same(roleNames(must(mgmt.Role().Search(ctx, &descope.RoleSearchOptions{RoleIDs: []string{made[1].ID}}))), []string{mark + " two"})
		updated := must(mgmt.Role().UpdateBatch(ctx, []*descope.RoleUpdateRequest{{ID: made[0].ID, NewName: mark + " three", Description: "d"}}))
		same(roleNames(updated), []string{mark + " three"})
		refused(refusal2(mgmt.Role().CreateBatch(ctx, []*descope.Role{{Name: fresh("Role ")}, {Name: mark + " three"}})), "", 400)
		ok(mgmt.Role().DeleteBatch(ctx, []string{mark + " three"}, "", nil))
		ok(mgmt.Role().DeleteBatch(ctx, nil, "", []string{made[1].ID}))
		none(must(mgmt.Role().Search(ctx, &descope.RoleSearchOptions{RoleNameLike: mark})))
	})
}

func TestAccessKeys(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		_, role, _ := newRoles(tenant)
		_, user := newUser(nil)
		keys := mgmt.AccessKey()
		cleartext, made, err := keys.Create(ctx, fresh("Key "), "d", 2_000_000_000, nil, []*descope.AssociatedTenant{{TenantID: tenant, Roles: []string{role}}}, user.UserID, map[string]any{"k": 1.0}, []string{"10.0.0.1"}, map[string]any{"team": tenant})
		ok(err)
		holds(cleartext != "", "the cleartext is shown once")
		same(made.Status, "active")
		same(made.Description, "d")
		same(made.UserID, user.UserID)
		same(made.ExpireTime, int32(2_000_000_000))
		same(made.PermittedIPs, []string{"10.0.0.1"})
		same(first(made.KeyTenants).TenantID, tenant)
		same(first(made.KeyTenants).Roles, []string{role})
		same(must(keys.Load(ctx, made.ID)), made)
		ids := func(options descope.AccessKeysSearchOptions) []string {
			return names(must(keys.SearchAll(ctx, &options)), func(one *descope.AccessKeyResponse) string { return one.ID })
		}
		same(ids(descope.AccessKeysSearchOptions{TenantIDs: []string{tenant}}), []string{made.ID})
		same(ids(descope.AccessKeysSearchOptions{BoundUserID: &user.UserID}), []string{made.ID})
		same(ids(descope.AccessKeysSearchOptions{CustomAttributes: map[string]any{"team": tenant}}), []string{made.ID})
		renamed := fresh("Key ")
		same(must(keys.Update(ctx, made.ID, renamed, at("new"), nil, nil, nil, nil, nil)).Name, renamed)
		same(must(keys.Load(ctx, made.ID)).Description, "new")
		rotated, key2, err := keys.Rotate(ctx, made.ID)
		ok(err)
		same(key2.ID, made.ID)
		holds(rotated != cleartext, "the cleartext is another")
		refused(refusal2(keys.Load(ctx, noKey)), "", 404)
	})
}

func TestAccessKeyStatusAndExchange(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		may, role, _ := newRoles(tenant)
		keys := mgmt.AccessKey()
		cleartext, made, err := keys.Create(ctx, fresh("Key "), "", 0, []string{role}, nil, "", map[string]any{"own": "claim"}, nil, nil)
		ok(err)
		session := good(auth.ExchangeAccessKey(ctx, cleartext, &descope.AccessKeyLoginOptions{CustomClaims: map[string]any{"asked": "for"}}))
		same(session.ID, made.ID)
		same(session.CustomClaim("own"), any("claim"))
		holds(auth.ValidateRoles(ctx, session, []string{role}), "the role is there")
		holds(auth.ValidatePermissions(ctx, session, []string{may}), "the permission is there")
		ok(keys.Deactivate(ctx, made.ID))
		same(must(keys.Load(ctx, made.ID)).Status, "inactive")
		refused(refusal3(auth.ExchangeAccessKey(ctx, cleartext, nil)), "", 401, 403)
		ok(keys.Activate(ctx, made.ID))
		good(auth.ExchangeAccessKey(ctx, cleartext, nil))
		inTenant, second, err := keys.Create(ctx, fresh("Key "), "", 0, nil, []*descope.AssociatedTenant{{TenantID: tenant, Roles: []string{role}}}, "", nil, nil, nil)
		ok(err)
		selected := good(auth.ExchangeAccessKey(ctx, inTenant, &descope.AccessKeyLoginOptions{SelectedTenant: tenant}))
		holds(auth.ValidateTenantRoles(ctx, selected, tenant, []string{role}), "the role is there in the tenant")
		ok(keys.DeactivateBatch(ctx, []string{made.ID, second.ID}))
		same(must(keys.Load(ctx, second.ID)).Status, "inactive")
		ok(keys.ActivateBatch(ctx, []string{second.ID}))
		same(must(keys.Load(ctx, second.ID)).Status, "active")
		ok(keys.Delete(ctx, made.ID))
		ok(keys.DeleteBatch(ctx, []string{second.ID}))
		refused(refusal2(keys.Load(ctx, made.ID)), "", 404)
		refused(refusal2(keys.Load(ctx, second.ID)), "", 404)
		refused(refusal3(auth.ExchangeAccessKey(ctx, "K2wrongwrongwrong", nil)), "", 401)
	})
}

func TestGroups(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		_, user := newUser(nil)
		none(must(mgmt.Group().LoadAllGroups(ctx, tenant)))
		none(must(mgmt.Group().LoadAllGroupsForMembers(ctx, tenant, []string{user.UserID}, nil)))
		refused(refusal2(mgmt.Group().LoadAllGroupMembers(ctx, tenant, "nothing")), "", 400, 404)
	})
}

func TestPasswordSettings(t *testing.T) {
	scenario(t, func() {
		tenant := newTenant()
		settings := must(mgmt.Password().GetSettings(ctx, tenant))
		holds(settings.MinLength > 0, "there is a policy")
		settings.Enabled, settings.MinLength = true, 20
		ok(mgmt.Password().ConfigureSettings(ctx, tenant, settings))
		same(must(mgmt.Password().GetSettings(ctx, tenant)).MinLength, int32(20))
		refused(refusal2(mgmt.Password().GetSettings(ctx, "nowhere")), "", 400, 404)
	})
}
