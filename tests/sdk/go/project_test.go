package sdk

import (
	"slices"
	"testing"
	"time"

	"github.com/descope/go-sdk/descope"
)

func projectIDs() []string {
	return names(must(mgmt.Project().ListProjects(ctx)), func(one *descope.Project) string { return one.ID })
}

func TestProject(t *testing.T) {
	scenario(t, func() {
		name := fresh("Project ")
		ok(mgmt.Project().UpdateName(ctx, name))
		ok(mgmt.Project().UpdateTags(ctx, []string{"a", "b"}))
		for _, one := range must(mgmt.Project().ListProjects(ctx)) {
			if one.ID == project {
				same(one.Name, name)
				same(one.Tags, []string{"a", "b"})
			}
		}
		role := fresh("Cloned ")
		ok(mgmt.Role().Create(ctx, role, "", nil, "", false, false))
		email, _ := newUser(nil)
		clone := must(mgmt.Project().Clone(ctx, fresh("Clone "), descope.ProjectEnvironmentNone, []string{"copy"}))
		same(clone.Tags, []string{"copy"})
		other := connect(clone.ProjectID, key)
		holds(slices.Contains(roleNames(must(other.Management.Role().LoadAll(ctx))), role), "the role is there")
		refused(refusal2(other.Management.User().Load(ctx, email)), "E112102", 400, 404)
		ok(other.Management.Project().Delete(ctx))
		holds(!slices.Contains(projectIDs(), clone.ProjectID), "the clone is gone")
	})
}

func TestSnapshots(t *testing.T) {
	scenario(t, func() {
		role := fresh("Exported ")
		ok(mgmt.Role().Create(ctx, role, "from the snapshot", nil, "", false, false))
		files := must(mgmt.Project().ExportSnapshot(ctx, nil)).Files
		holds(files["project.json"] != nil, "project.json is there")
		ok(mgmt.Role().Delete(ctx, role, ""))
		same(must(mgmt.Project().ValidateSnapshot(ctx, &descope.ValidateSnapshotRequest{Files: files})).Ok, true)
		ok(mgmt.Project().ImportSnapshot(ctx, &descope.ImportSnapshotRequest{Files: files}))
		same(roleNamed(role).Description, "from the snapshot")
		same(must(mgmt.Project().ExportSnapshot(ctx, nil)).Files, files)
		ok(mgmt.Project().ImportSnapshot(ctx, &descope.ImportSnapshotRequest{Files: files, Excludes: []descope.SnapshotExclude{descope.SnapshotExcludeLists}}))
	})
}

func TestFlows(t *testing.T) {
	scenario(t, func() {
		flows := must(mgmt.Flow().ListFlows(ctx)).Flows
		holds(len(flows) > 0, "a project has flows to begin with")
		id := flows[0].FlowID
		exported := must(mgmt.Flow().ExportFlow(ctx, id))
		holds(len(exported) > 0, "there is something in it")
		ok(mgmt.Flow().ImportFlow(ctx, id, exported))
		same(must(mgmt.Flow().ExportFlow(ctx, id)), exported)
		copied := fresh("flow")
		ok(mgmt.Flow().ImportFlow(ctx, copied, exported))
		has := func(id string) bool {
			return slices.ContainsFunc(must(mgmt.Flow().ListFlows(ctx)).Flows, func(one *descope.FlowListEnty) bool { return one.FlowID == id })
		}
		holds(has(copied), "the copy is there")
		ok(mgmt.Flow().DeleteFlows(ctx, []string{copied}))
		holds(!has(copied), "the copy is gone")
		refused(refusal2(mgmt.Flow().ExportFlow(ctx, copied)), "", 400, 404)
		theme := must(mgmt.Flow().ExportTheme(ctx))
		ok(mgmt.Flow().ImportTheme(ctx, theme))
		same(must(mgmt.Flow().ExportTheme(ctx)), theme)
	})
}

func TestFlowRuns(t *testing.T) {
	scenario(t, func() {
		nothing := fresh("nothing")
		refused(refusal2(mgmt.Flow().RunManagementFlow(ctx, nothing, &descope.MgmtFlowOptions{Input: map[string]any{"a": 1}})), "", 400, 404)
		refused(refusal2(mgmt.Flow().RunManagementFlowAsync(ctx, nothing, nil)), "", 400, 404)
		refused(refusal2(mgmt.Flow().GetManagementFlowAsyncResult(ctx, nothing)), "", 400, 404)
	})
}

func TestAudit(t *testing.T) {
	scenario(t, func() {
		tenant, action := newTenant(), fresh("pencil.created.")
		ok(mgmt.Audit().CreateEvent(ctx, &descope.AuditCreateOptions{Action: action, Type: "info", ActorID: "actor", TenantID: tenant, UserID: "U-audited", Data: map[string]any{"colour": "red"}}))
		search := func(options descope.AuditSearchOptions) []*descope.AuditRecord {
			rows, total := must2(mgmt.Audit().SearchAll(ctx, &options))
			same(total, len(rows))
			return rows
		}
		row := first(search(descope.AuditSearchOptions{Actions: []string{action}}))
		same(row.UserID, "U-audited")
		same(row.Tenants, []string{tenant})
		same(row.Data, map[string]any{"colour": "red"})
		same(row.ActorID, "actor")
		holds(time.Since(row.Occurred).Abs() < 2*time.Minute, "it is of now")
		same(len(search(descope.AuditSearchOptions{Actions: []string{action}, From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)})), 1)
		none(search(descope.AuditSearchOptions{Actions: []string{action}, To: time.Now().Add(-time.Hour)}))
		none(search(descope.AuditSearchOptions{Actions: []string{action}, UserIDs: []string{"nobody"}}))
		same(len(search(descope.AuditSearchOptions{Text: action})), 1)
		same(len(must(mgmt.Audit().Search(ctx, &descope.AuditSearchOptions{Tenants: []string{tenant}, Actions: []string{action}}))), 1)
		email, user := newUser(nil)
		ok(mgmt.User().Delete(ctx, email))
		rows := search(descope.AuditSearchOptions{UserIDs: []string{user.UserID}})
		same(names(rows, func(row *descope.AuditRecord) string { return row.Action }), []string{"UserDeleted", "UserCreated"})
		same(rows[0].LoginIDs, []string{email})
		ok(mgmt.Audit().CreateAuditWebhook(ctx, &descope.AuditWebhook{Name: fresh("hook "), URL: "https://hooks.example.com", HmacSecret: "hidden"}))
	})
}

func TestAnalytics(t *testing.T) {
	scenario(t, func() {
		newUser(nil)
		rows := must(mgmt.Analytics().Search(ctx, &descope.AnalyticsSearchOptions{Actions: []string{"UserCreated"}, GroupByAction: true}))
		same(first(rows).Action, "UserCreated")
		holds(rows[0].Cnt >= 1, "it was counted")
	})
}

func TestLists(t *testing.T) {
	scenario(t, func() {
		lists := mgmt.List()
		name := fresh("List ")
		made := must(lists.Create(ctx, &descope.ListRequest{Name: name, Description: "d", Type: descope.ListTypeTexts, Data: []string{"one"}}))
		same(made.Name, name)
		same(must(lists.Load(ctx, made.ID)), made)
		same(must(lists.LoadByName(ctx, name)), made)
		refused(refusal2(lists.Create(ctx, &descope.ListRequest{Name: name, Type: descope.ListTypeTexts})), "", 400)
		ok(lists.AddTexts(ctx, made.ID, []string{"one", "two"}))
		same(must(lists.Load(ctx, made.ID)).Data, any([]any{"one", "two"}))
		same(must(lists.CheckText(ctx, made.ID, "two")), true)
		ok(lists.RemoveTexts(ctx, made.ID, []string{"two"}))
		same(must(lists.CheckText(ctx, made.ID, "two")), false)
		ok(lists.Clear(ctx, made.ID))
		same(must(lists.CheckText(ctx, made.ID, "one")), false)
		same(must(lists.Update(ctx, made.ID, &descope.ListRequest{Name: name, Description: "new", Type: descope.ListTypeTexts, Data: []string{"x"}})).Description, "new")
		holds(slices.Contains(names(must(lists.LoadAll(ctx)), func(one *descope.List) string { return one.ID }), made.ID), "it is among all")
		ok(lists.Delete(ctx, made.ID))
		refused(refusal2(lists.Load(ctx, made.ID)), "", 404)
		ips := must(lists.Create(ctx, &descope.ListRequest{Name: fresh("IPs "), Type: descope.ListTypeIPs, Data: []string{"10.0.0.1"}})).ID
		ok(lists.AddIPs(ctx, ips, []string{"192.168.0.0/16"}))
		same(must(lists.CheckIP(ctx, ips, "192.168.3.4")), true)
		ok(lists.RemoveIPs(ctx, ips, []string{"10.0.0.1"}))
		same(must(lists.CheckIP(ctx, ips, "10.0.0.1")), false)
		imported := fresh("list-")
		ok(lists.Import(ctx, []*descope.List{{ID: imported, Name: "Name " + imported, Type: descope.ListTypeJSON, Data: map[string]any{"a": 1.0}}}))
		same(must(lists.LoadByName(ctx, "Name "+imported)).Data, any(map[string]any{"a": 1.0}))
	})
}

func TestDescopers(t *testing.T) {
	scenario(t, func() {
		loginID := address("admin")
		made, total := must2(mgmt.Descoper().Create(ctx, []*descope.DescoperCreate{{LoginID: loginID, Attributes: &descope.DescoperAttributes{DisplayName: "Admin", Email: loginID}, ReBac: &descope.DescoperRBAC{Projects: []*descope.DescoperProjectRole{{ProjectIDs: []string{project}, Role: descope.DescoperRoleDeveloper}}}}}))
		same(total, 1)
		id := first(made).ID
		loaded := must(mgmt.Descoper().Get(ctx, id))
		same(loaded.Attributes.DisplayName, "Admin")
		same(first(loaded.ReBac.Projects).Role, descope.DescoperRoleDeveloper)
		same(must(mgmt.Descoper().Update(ctx, id, &descope.DescoperAttributes{DisplayName: "Renamed"}, nil)).Attributes.DisplayName, "Renamed")
		all, count := must2(mgmt.Descoper().List(ctx, nil))
		same(count, len(all))
		holds(slices.Contains(names(all, func(one *descope.Descoper) string { return one.ID }), id), "it is among all")
		ok(mgmt.Descoper().Delete(ctx, id))
		refused(refusal2(mgmt.Descoper().Get(ctx, id)), "", 404)
	})
}

func TestManagementKeys(t *testing.T) {
	scenario(t, func() {
		keys := mgmt.ManagementKey()
		made, cleartext, err := keys.Create(ctx, fresh("CI "), "for CI", 3600, []string{"127.0.0.1"}, &descope.MgmtKeyReBac{CompanyRoles: []string{"company-full-access"}})
		ok(err)
		same(made.Status, descope.MgmtKeyActive)
		same(made.Description, "for CI")
		other := connect(project, cleartext)
		must(other.Management.Tenant().LoadAll(ctx))
		same(must(keys.Get(ctx, made.ID)), made)
		holds(slices.Contains(names(must(keys.Search(ctx, &descope.MgmtKeySearchOptions{})), func(one *descope.MgmtKey) string { return one.ID }), made.ID), "it is among all")
		same(must(keys.Update(ctx, made.ID, "Renamed", "new", []string{"127.0.0.1"}, descope.MgmtKeyInactive)).Status, descope.MgmtKeyInactive)
		refused(refusal2(other.Management.Tenant().LoadAll(ctx)), "", 401, 403)
		same(must(keys.Delete(ctx, []string{made.ID})), 1)
		refused(refusal2(keys.Get(ctx, made.ID)), "", 404)
	})
}

func TestEngines(t *testing.T) {
	scenario(t, func() {
		made := must(mgmt.Engine().Create(ctx, fresh("Engine ")))
		holds(made.Secret != "", "the secret is shown once")
		same(must(mgmt.Engine().Load(ctx, made.ID)).Secret, "")
		same(must(mgmt.Engine().Update(ctx, made.ID, "Renamed")).Name, "Renamed")
		holds(slices.Contains(names(must(mgmt.Engine().LoadAll(ctx)), func(one *descope.Engine) string { return one.ID }), made.ID), "it is among all")
		holds(must(mgmt.Engine().RotateSecret(ctx, made.ID)) != made.Secret, "the secret is another")
		ok(mgmt.Engine().Delete(ctx, made.ID))
		refused(refusal2(mgmt.Engine().Load(ctx, made.ID)), "", 404)
	})
}

func TestWrongKeysAndProjects(t *testing.T) {
	scenario(t, func() {
		refused(refusal2(connect(project, "KWrongKey").Management.Tenant().LoadAll(ctx)), "", 401)
		refused(refusal2(connect("PNowhere", key).Management.Tenant().LoadAll(ctx)), "E011008", 401, 404)
		must(mgmt.Tenant().LoadAll(ctx))
	})
}

func TestRateLimit(t *testing.T) {
	scenario(t, func() {
		control("POST", "faults", map[string]any{"method": "GET", "path": "/v1/mgmt/permission/all", "status": 429, "retryAfter": 7, "count": 1}, nil)
		_, err := mgmt.Permission().LoadAll(ctx)
		refusal := refused(err, "E130429", 429)
		same(refusal.Info[descope.ErrorInfoKeys.RateLimitExceededRetryAfter], any(7))
		must(mgmt.Permission().LoadAll(ctx))
	})
}
