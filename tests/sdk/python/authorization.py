"""Fine-grained authorization: FGA and ReBAC."""

from datetime import datetime, timedelta, timezone

from suite import fresh, has, holds, mgmt, refused, same, scenario

fga, authz = mgmt.fga, mgmt.authz

DSL = """model AuthZ 1.0

type user

type org
  relation member: user

type folder
  relation parent: folder
  relation owner: user | org#member
  relation viewer: user

  permission can_edit: owner | parent.owner
  permission can_view: viewer | can_edit

type doc
  relation parent: folder
  relation owner: user | org#member
  relation viewer: user

  permission can_edit: owner | parent.owner
  permission can_view: viewer | can_edit
"""


def tuple_of(resource_type, resource, relation, target_type, target):
    return {
        "resource": resource,
        "resourceType": resource_type,
        "relation": relation,
        "target": target,
        "targetType": target_type,
    }


def allowed(*tuples):
    return [one["allowed"] for one in fga.check(list(tuples))]


@scenario("fga: relations that were made and permissions that follow")
def _():
    fga.save_schema(DSL)
    doc = fresh("doc")
    fga.create_relations(
        [tuple_of("doc", doc, "owner", "user", "u1"), tuple_of("doc", doc, "viewer", "user", "u2")]
    )
    same(
        allowed(
            tuple_of("doc", doc, "owner", "user", "u1"),
            tuple_of("doc", doc, "can_view", "user", "u1"),
            tuple_of("doc", doc, "can_edit", "user", "u1"),
            tuple_of("doc", doc, "can_view", "user", "u2"),
            tuple_of("doc", doc, "can_edit", "user", "u2"),
            tuple_of("doc", doc, "can_view", "user", "u3"),
        ),
        [True, True, True, True, False, False],
    )
    checked = fga.check([tuple_of("doc", doc, "owner", "user", "u1")])[0]
    has(checked["relation"], tuple_of("doc", doc, "owner", "user", "u1"))
    fga.delete_relations([tuple_of("doc", doc, "owner", "user", "u1")])
    same(allowed(tuple_of("doc", doc, "can_view", "user", "u1")), [False])


@scenario("fga: members of an org, owners of a folder, circles")
def _():
    fga.save_schema(DSL)
    org, doc, folder = fresh("org"), fresh("doc"), fresh("folder")
    fga.create_relations(
        [
            tuple_of("org", org, "member", "user", "m"),
            tuple_of("doc", doc, "owner", "org#member", org),
            tuple_of("folder", folder, "owner", "user", "lead"),
            tuple_of("doc", doc, "parent", "folder", folder),
            tuple_of("folder", folder, "parent", "folder", folder),
        ]
    )
    same(
        allowed(
            tuple_of("doc", doc, "can_view", "user", "m"),
            tuple_of("doc", doc, "can_edit", "user", "lead"),
            tuple_of("doc", doc, "owner", "user", "lead"),
            tuple_of("folder", folder, "can_view", "user", "stranger"),
        ),
        [True, True, False, False],
    )


@scenario("fga: schemas and relations that make no sense are refused")
def _():
    fga.save_schema(DSL)
    refused(lambda: fga.save_schema("this is no schema"), 400)
    refused(lambda: fga.create_relations([tuple_of("ship", "s", "owner", "user", "u")]), 400)
    refused(lambda: fga.create_relations([tuple_of("doc", "d", "captain", "user", "u")]), 400)
    preview = fga.save_schema_dryrun("model AuthZ 1.0\n\ntype user\n")
    same(preview["deletesPreview"]["hasDeletes"], True, "hasDeletes")
    fga.create_relations([tuple_of("doc", fresh("doc"), "owner", "user", "u")])


@scenario("fga: details of resources, and what can be mapped")
def _():
    fga.save_schema(DSL)
    details = [{"resourceId": fresh("doc"), "resourceType": "doc", "displayName": "A document"}]
    fga.save_resources_details(details)
    same(
        fga.load_resources_details([{"resourceId": details[0]["resourceId"], "resourceType": "doc"}]), details
    )
    tenant = fresh("tenant-")
    mgmt.tenant.create(tenant, id=tenant)
    holds("schema" in fga.load_mappable_schema(tenant, resources_limit=5), "there is a schema")
    holds(
        isinstance(
            fga.load_mappable_resources(tenant, [{"type": "doc", "queries": ["d"]}], resources_limit=5), list
        ),
        "there is a list",
    )


SCHEMA = {
    "name": "files",
    "namespaces": [
        {"name": "group", "relationDefinitions": [{"name": "member"}]},
        {
            "name": "file",
            "relationDefinitions": [
                {"name": "owner"},
                {
                    "name": "viewer",
                    "complexDefinition": {
                        "nType": "union",
                        "children": [
                            {"nType": "child", "expression": {"neType": "self"}},
                            {
                                "nType": "child",
                                "expression": {
                                    "neType": "targetSet",
                                    "targetRelationDefinition": "owner",
                                    "targetRelationDefinitionNamespace": "file",
                                },
                            },
                        ],
                    },
                },
            ],
        },
    ],
}


def relation(resource, definition, target):
    return {"resource": resource, "relationDefinition": definition, "namespace": "file", "target": target}


def has_relations(*queries):
    return [bool(one["hasRelation"]) for one in authz.has_relations(list(queries))]


@scenario("authz: the schema and its parts")
def _():
    authz.save_schema(SCHEMA, upgrade=True)
    same([one["name"] for one in authz.load_schema()["namespaces"]], ["group", "file"])
    authz.save_namespace({"name": "folder", "relationDefinitions": [{"name": "parent"}]})
    authz.save_relation_definition({"name": "editor"}, "folder")
    folder = next(one for one in authz.load_schema()["namespaces"] if one["name"] == "folder")
    same([one["name"] for one in folder["relationDefinitions"]], ["parent", "editor"])
    authz.delete_relation_definition("parent", "folder")
    authz.delete_namespace("folder")
    same([one["name"] for one in authz.load_schema()["namespaces"]], ["group", "file"])
    authz.delete_schema()
    same((authz.load_schema() or {}).get("namespaces") or [], [])


@scenario("authz: relations, who may what, what may whom")
def _():
    authz.save_schema(SCHEMA, upgrade=True)
    one, two, group = fresh("file"), fresh("file"), fresh("group")
    u1, u2 = fresh("u"), fresh("u")
    authz.create_relations(
        [
            relation(one, "owner", u1),
            relation(two, "viewer", u1),
            {"resource": group, "relationDefinition": "member", "namespace": "group", "target": u2},
            {
                "resource": one,
                "relationDefinition": "viewer",
                "namespace": "file",
                "targetSetResource": group,
                "targetSetRelationDefinition": "member",
                "targetSetRelationDefinitionNamespace": "group",
            },
        ]
    )
    same(
        has_relations(
            relation(one, "owner", u1),
            relation(one, "viewer", u1),
            relation(one, "viewer", u2),
            relation(one, "owner", u2),
            relation(two, "owner", u1),
        ),
        [True, True, True, False, False],
    )
    same(sorted(authz.who_can_access(one, "viewer", "file")), sorted([u1, u2]))
    same(len(authz.resource_relations(one)), 2)
    same(sorted(each["resource"] for each in authz.targets_relations([u1])), sorted([one, two]))
    can = [(each["resource"], each["relationDefinition"]) for each in authz.what_can_target_access(u1)]
    for expected in ((one, "owner"), (one, "viewer"), (two, "viewer")):
        holds(expected in can, f"{expected} is among {can}")
    same(
        [each["resource"] for each in authz.what_can_target_access_with_relation(u1, "owner", "file")], [one]
    )
    modified = authz.get_modified(datetime.now(timezone.utc) - timedelta(minutes=1))
    holds(one in modified["resources"] and u1 in modified["targets"], f"{one} and {u1} are in {modified}")
    authz.delete_relations([relation(one, "owner", u1)])
    same(has_relations(relation(one, "viewer", u1)), [False])
    authz.delete_relations_for_resources([two])
    same(has_relations(relation(two, "viewer", u1)), [False])
    refused(lambda: authz.create_relations([relation(one, "captain", u1)]), 400)
