"""The project, its flows, theme, lists, audit trail, keys and people."""

import datetime

from descope import DescopeClient
from descope.management.common import (
    DescoperAttributes,
    DescoperCreate,
    DescoperProjectRole,
    DescoperRBAC,
    DescoperRole,
    MgmtKeyReBac,
    MgmtKeyStatus,
)

from suite import KEY, PROJECT, address, client, fresh, has, holds, mgmt, refused, same, scenario


@scenario("project.update_name, update_tags and list_projects")
def _():
    name = fresh("Project ")
    mgmt.project.update_name(name)
    mgmt.project.update_tags(["a", "b"])
    mine = next(one for one in mgmt.project.list_projects()["projects"] if one["id"] == PROJECT)
    same(mine["name"], name)


@scenario("project.clone, and what is apart in a clone")
def _():
    name, email = fresh("Cloned "), address()
    mgmt.role.create(name)
    mgmt.user.create(email)
    clone = mgmt.project.clone(fresh("Clone "), tags=["copy"])
    other = DescopeClient(project_id=clone["projectId"], management_key=KEY)
    holds(name in [one["name"] for one in other.mgmt.role.load_all()["roles"]], "the role is there")
    refused(lambda: other.mgmt.user.load(email), [400, 404], "E112102")
    other.mgmt.project.delete()
    holds(
        clone["projectId"] not in [one["id"] for one in mgmt.project.list_projects()["projects"]],
        "the clone is gone",
    )


@scenario("project.export_snapshot, validate_snapshot and import_snapshot")
def _():
    name = fresh("Exported ")
    mgmt.role.create(name, "from the snapshot")
    files = mgmt.project.export_snapshot()["files"]
    holds("project.json" in files, "project.json is there")
    mgmt.role.delete(name)
    same(mgmt.project.validate_snapshot(files)["ok"], True, "ok")
    mgmt.project.import_snapshot(files)
    same([one["description"] for one in mgmt.role.search(role_names=[name])["roles"]], ["from the snapshot"])
    same(mgmt.project.export_snapshot()["files"], files)


@scenario("the older project.export_project and import_project")
def _():
    exported = mgmt.project.export_project()
    files = exported.get("files", exported)
    holds("project.json" in files, "project.json is there")
    mgmt.project.import_project(files)


@scenario("flow.list_flows, import_flow, export_flow and delete_flows")
def _():
    id = fresh("flow")
    mgmt.flow.import_flow(
        id, {"id": id, "name": "Imported", "description": "d", "disabled": False, "dsl": {"tasks": {}}}, []
    )
    listed = mgmt.flow.list_flows()["flows"]
    has(next(one for one in listed if one["id"] == id), {"name": "Imported", "disabled": False})
    has(mgmt.flow.export_flow(id)["flow"], {"id": id, "name": "Imported"})
    mgmt.flow.delete_flows([id])
    holds(id not in [one["id"] for one in mgmt.flow.list_flows()["flows"]], "it is gone")
    refused(lambda: mgmt.flow.export_flow(id), [400, 404])
    refused(lambda: mgmt.flow.run_flow(id), [400, 404])


@scenario("flow.export_theme is what flow.import_theme takes")
def _():
    theme = mgmt.flow.export_theme()["theme"]
    mgmt.flow.import_theme(theme)
    same(mgmt.flow.export_theme()["theme"], theme)


@scenario("flow.run_flow_async and get_flow_async_result of what does not exist are refused")
def _():
    refused(lambda: mgmt.flow.run_flow_async(fresh("nothing")), [400, 404])
    refused(lambda: mgmt.flow.get_flow_async_result("nothing"), [400, 404])


@scenario("audit.create_event and audit.search with its filters")
def _():
    tenant, action = fresh("tenant-"), fresh("pencil.created.")
    mgmt.tenant.create(tenant, id=tenant)
    mgmt.audit.create_event(action, "info", "actor-1", tenant, user_id="U-audited", data={"colour": "red"})
    rows = mgmt.audit.search(actions=[action])["audits"]
    same(len(rows), 1)
    has(
        rows[0],
        {
            "action": action,
            "userId": "U-audited",
            "tenants": [tenant],
            "data": {"colour": "red"},
            "projectId": PROJECT,
        },
    )
    now = datetime.datetime.now()
    hour = datetime.timedelta(hours=1)
    same(len(mgmt.audit.search(actions=[action], from_ts=now - hour, to_ts=now + hour)["audits"]), 1)
    same(len(mgmt.audit.search(actions=[action], to_ts=now - hour)["audits"]), 0)
    same(len(mgmt.audit.search(actions=[action], tenants=[tenant])["audits"]), 1)
    same(len(mgmt.audit.search(actions=[action], user_ids=["nobody"])["audits"]), 0)
    same(len(mgmt.audit.search(text=action)["audits"]), 1)
    same(len(mgmt.audit.search(actions=[action], excluded_actions=[action])["audits"]), 0)


@scenario("what happens to a user is in the audit trail")
def _():
    email = address()
    user_id = mgmt.user.create(email)["user"]["userId"]
    mgmt.user.delete(email)
    rows = mgmt.audit.search(user_ids=[user_id])["audits"]
    same([one["action"] for one in rows], ["UserDeleted", "UserCreated"])
    same(rows[0]["loginIds"], [email])
    holds(abs(rows[0]["occurred"].timestamp() - datetime.datetime.now().timestamp()) < 120, "it is of now")


@scenario("audit.create_audit_webhook and analytics.search")
def _():
    mgmt.audit.create_audit_webhook(fresh("hook "), "https://hooks.example.com", {"a": "b"})
    mgmt.user.create(address())
    rows = mgmt.analytics.search(actions=["UserCreated"], group_by_action=True)
    rows = rows["analytics"] if isinstance(rows, dict) else rows
    same([one["action"] for one in rows], ["UserCreated"])
    holds(int(rows[0]["cnt"]) >= 1, "it was counted")


@scenario("lists of texts")
def _():
    name = fresh("List ")
    made = mgmt.list.create(name, "texts", "d", ["one"])["list"]
    id = made["id"]
    has(made, {"name": name, "type": "texts", "description": "d", "data": ["one"]})
    same(mgmt.list.load(id)["list"], made)
    same(mgmt.list.load_by_name(name)["list"], made)
    holds(id in [one["id"] for one in mgmt.list.load_all()["lists"]], "it is among all")
    mgmt.list.add_texts(id, ["one", "two"])
    same(mgmt.list.load(id)["list"]["data"], ["one", "two"])
    same(mgmt.list.check_text(id, "two"), True)
    same(mgmt.list.check_text(id, "three"), False)
    mgmt.list.remove_texts(id, ["one"])
    same(mgmt.list.check_text(id, "one"), False)
    mgmt.list.clear(id)
    same(mgmt.list.load(id)["list"].get("data") or [], [])
    has(
        mgmt.list.update(id, name, "texts", "new", ["x"])["list"],
        {"id": id, "description": "new", "data": ["x"]},
    )
    refused(lambda: mgmt.list.create(name, "texts"), 400)
    mgmt.list.delete(id)
    refused(lambda: mgmt.list.load(id), 404)


@scenario("lists of addresses, and imports")
def _():
    id = mgmt.list.create(fresh("IPs "), "ips", data=["10.0.0.1"])["list"]["id"]
    mgmt.list.add_ips(id, ["192.168.0.0/16"])
    same([mgmt.list.check_ip(id, ip) for ip in ("10.0.0.1", "192.168.3.4", "10.0.0.2")], [True, True, False])
    mgmt.list.remove_ips(id, ["10.0.0.1"])
    same(mgmt.list.check_ip(id, "10.0.0.1"), False)
    imported = fresh("list-")
    mgmt.list.import_lists([{"id": imported, "name": f"Name {imported}", "type": "texts", "data": ["a"]}])
    same(mgmt.list.load_by_name(f"Name {imported}")["list"]["data"], ["a"])


@scenario("list.check_texts asks for many at once")
def _():
    id = mgmt.list.create(fresh("List "), "texts", data=["one", "two"])["list"]["id"]
    same(mgmt.list.check_texts(id, ["one", "two"], True), True)
    same(mgmt.list.check_texts(id, ["one", "three"], True), False)
    same(mgmt.list.check_texts(id, ["one", "three"], False), True)


@scenario("descopers: create, load, update, list, delete")
def _():
    login_id = address("admin")
    made = mgmt.descoper.create(
        [
            DescoperCreate(
                login_id,
                DescoperAttributes("Admin", login_id),
                rbac=DescoperRBAC(projects=[DescoperProjectRole([PROJECT], DescoperRole.DEVELOPER)]),
            )
        ]
    )
    same(made["total"], 1)
    id = made["descopers"][0]["id"]
    has(
        mgmt.descoper.load(id)["descoper"],
        {"id": id, "loginIDs": [login_id], "attributes": {"displayName": "Admin", "email": login_id}},
    )
    has(
        mgmt.descoper.update(id, DescoperAttributes("Renamed"))["descoper"],
        {"id": id, "attributes": {"displayName": "Renamed"}},
    )
    holds(id in [one["id"] for one in mgmt.descoper.list()["descopers"]], "it is among all")
    mgmt.descoper.delete(id)
    refused(lambda: mgmt.descoper.load(id), 404)


@scenario("management keys: create, use, update, delete")
def _():
    made = mgmt.management_key.create(
        fresh("CI "), MgmtKeyReBac(company_roles=["company-full-access"]), "for CI", 3600, ["127.0.0.1"]
    )
    key = made["key"]
    has(key, {"description": "for CI", "status": "active", "permittedIps": ["127.0.0.1"]})
    other = DescopeClient(project_id=PROJECT, management_key=made["cleartext"])
    other.mgmt.tenant.load_all()
    same(mgmt.management_key.load(key["id"])["key"], key)
    holds(key["id"] in [one["id"] for one in mgmt.management_key.search()["keys"]], "it is among all")
    has(
        mgmt.management_key.update(key["id"], "Renamed", "new", ["127.0.0.1"], MgmtKeyStatus.INACTIVE)["key"],
        {"name": "Renamed", "status": "inactive"},
    )
    refused(lambda: other.mgmt.tenant.load_all(), [401, 403])
    same(mgmt.management_key.delete([key["id"]])["total"], 1)
    refused(lambda: mgmt.management_key.load(key["id"]), 404)


@scenario("engines: create, load, update, rotate, delete")
def _():
    made = mgmt.engine.create(fresh("Engine "))["engine"]
    holds(made["secret"], "the secret is shown once")
    holds(not mgmt.engine.load(made["id"])["engine"].get("secret"), "and not again")
    has(mgmt.engine.update(made["id"], "Renamed")["engine"], {"id": made["id"], "name": "Renamed"})
    holds(made["id"] in [one["id"] for one in mgmt.engine.load_all()["engines"]], "it is among all")
    holds(mgmt.engine.rotate_secret(made["id"])["secret"] != made["secret"], "the secret is another")
    mgmt.engine.delete(made["id"])
    refused(lambda: mgmt.engine.load(made["id"]), 404)


@scenario("password settings of a tenant")
def _():
    tenant = fresh("tenant-")
    mgmt.tenant.create(tenant, id=tenant)
    before = mgmt.password.get_settings(tenant)
    holds(before["minLength"] > 0, "there is a policy")
    mgmt.password.configure_settings(tenant, {**before, "enabled": True, "minLength": 20})
    has(mgmt.password.get_settings(tenant), {"enabled": True, "minLength": 20})


@scenario("wrong keys and projects are refused")
def _():
    wrong = DescopeClient(project_id=PROJECT, management_key="KWrongKey")
    refused(lambda: wrong.mgmt.tenant.load_all(), 401)
    nowhere = DescopeClient(project_id="PNowhere", management_key=KEY)
    refused(lambda: nowhere.mgmt.tenant.load_all(), [401, 404], "E011008")
    holds(client.mgmt.tenant.load_all() is not None, "the right one works")
