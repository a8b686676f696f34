package sdk

import (
	"slices"
	"testing"
	"time"

	"github.com/descope/go-sdk/descope"
)

const dsl = `model AuthZ 1.0

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
`

func tuple(resourceType, resource, relation, targetType, target string) *descope.FGARelation {
	return &descope.FGARelation{Resource: resource, ResourceType: resourceType, Relation: relation, Target: target, TargetType: targetType}
}

func allowed(tuples ...*descope.FGARelation) []bool {
	answers := []bool{}
	for _, one := range must(mgmt.FGA().Check(ctx, tuples)) {
		answers = append(answers, one.Allowed)
	}
	return answers
}

func TestFGA(t *testing.T) {
	scenario(t, func() {
		fga := mgmt.FGA()
		ok(fga.SaveSchema(ctx, &descope.FGASchema{Schema: dsl}))
		holds(must(fga.LoadSchema(ctx)).Schema != "", "there is a schema")
		doc, org, folder := fresh("doc"), fresh("org"), fresh("folder")
		ok(fga.CreateRelations(ctx, []*descope.FGARelation{
			tuple("doc", doc, "viewer", "user", "v"), tuple("org", org, "member", "user", "m"), tuple("doc", doc, "owner", "org#member", org),
			tuple("folder", folder, "owner", "user", "lead"), tuple("doc", doc, "parent", "folder", folder), tuple("folder", folder, "parent", "folder", folder),
		}))
		same(allowed(
			tuple("doc", doc, "can_view", "user", "v"), tuple("doc", doc, "can_edit", "user", "v"), tuple("doc", doc, "can_edit", "user", "m"),
			tuple("doc", doc, "can_view", "user", "lead"), tuple("doc", doc, "owner", "user", "lead"), tuple("doc", doc, "can_view", "user", "stranger"),
		), []bool{true, false, true, true, false, false})
		checked := first(must(fga.Check(ctx, []*descope.FGARelation{tuple("doc", doc, "viewer", "user", "v")})))
		same(checked.Relation, tuple("doc", doc, "viewer", "user", "v"))
		same(first(must(fga.CheckWithContext(ctx, []*descope.FGARelation{tuple("doc", doc, "can_view", "user", "v")}, map[string]any{"ip": "10.0.0.1"}))).Allowed, true)
		fga.SetListConditions(true)
		same(allowed(tuple("doc", doc, "can_view", "user", "v")), []bool{true})
		fga.SetListConditions(false)
		ok(fga.DeleteRelations(ctx, []*descope.FGARelation{tuple("doc", doc, "viewer", "user", "v")}))
		same(allowed(tuple("doc", doc, "can_view", "user", "v")), []bool{false})
		refused(fga.SaveSchema(ctx, &descope.FGASchema{Schema: "this is no schema"}), "", 400)
		refused(fga.CreateRelations(ctx, []*descope.FGARelation{tuple("ship", "s", "owner", "user", "u")}), "", 400)
		preview := must(fga.DryRunSchema(ctx, &descope.FGASchema{Schema: "model AuthZ 1.0\n\ntype user\n"}))
		same(preview.DeletesPreview.HasDeletes, true)
		details := []*descope.ResourceDetails{{ResourceID: doc, ResourceType: "doc", DisplayName: "A document"}}
		ok(fga.SaveResourcesDetails(ctx, details))
		same(must(fga.LoadResourcesDetails(ctx, []*descope.ResourceIdentifier{{ResourceID: doc, ResourceType: "doc"}})), details)
		tenant := newTenant()
		holds(must(fga.LoadMappableSchema(ctx, tenant, &descope.FGAMappableResourcesOptions{ResourcesLimit: 5})).Schema != nil, "there is a schema to map")
		must(fga.SearchMappableResources(ctx, tenant, []*descope.FGAMappableResourcesQuery{{Type: "doc", Queries: []string{"d"}}}, nil))
	})
}

func authzSchema() *descope.AuthzSchema {
	return &descope.AuthzSchema{Name: "files", Namespaces: []*descope.AuthzNamespace{
		{Name: "group", RelationDefinitions: []*descope.AuthzRelationDefinition{{Name: "member"}}},
		{Name: "file", RelationDefinitions: []*descope.AuthzRelationDefinition{
			{Name: "owner"},
			{Name: "viewer", ComplexDefinition: &descope.AuthzNode{NType: descope.AuthzNodeTypeUnion, Children: []*descope.AuthzNode{
				{NType: descope.AuthzNodeTypeChild, Expression: &descope.AuthzNodeExpression{NEType: descope.AuthzNodeExpressionTypeSelf}},
				{NType: descope.AuthzNodeTypeChild, Expression: &descope.AuthzNodeExpression{NEType: descope.AuthzNodeExpressionTypeTargetSet, TargetRelationDefinition: "owner", TargetRelationDefinitionNamespace: "file"}},
			}}},
		}},
	}}
}

func relation(resource, definition, target string) *descope.AuthzRelation {
	return &descope.AuthzRelation{Resource: resource, RelationDefinition: definition, Namespace: "file", Target: target}
}

func hasRelations(relations ...*descope.AuthzRelation) []bool {
	queries := []*descope.AuthzRelationQuery{}
	for _, one := range relations {
		queries = append(queries, &descope.AuthzRelationQuery{Resource: one.Resource, RelationDefinition: one.RelationDefinition, Namespace: one.Namespace, Target: one.Target})
	}
	answers := []bool{}
	for _, one := range must(mgmt.Authz().HasRelations(ctx, queries)) {
		answers = append(answers, one.HasRelation)
	}
	return answers
}

func TestAuthzSchema(t *testing.T) {
	scenario(t, func() {
		authz := mgmt.Authz()
		ok(authz.SaveSchema(ctx, authzSchema(), true))
		namespaces := func() []string {
			return names(must(authz.LoadSchema(ctx)).Namespaces, func(one *descope.AuthzNamespace) string { return one.Name })
		}
		same(namespaces(), []string{"group", "file"})
		ok(authz.SaveNamespace(ctx, &descope.AuthzNamespace{Name: "folder", RelationDefinitions: []*descope.AuthzRelationDefinition{{Name: "parent"}}}, "", ""))
		ok(authz.SaveRelationDefinition(ctx, &descope.AuthzRelationDefinition{Name: "editor"}, "folder", "", ""))
		same(namespaces(), []string{"group", "file", "folder"})
		same(len(must(authz.LoadSchema(ctx)).Namespaces[2].RelationDefinitions), 2)
		ok(authz.DeleteRelationDefinition(ctx, "parent", "folder", ""))
		same(first(must(authz.LoadSchema(ctx)).Namespaces[2].RelationDefinitions).Name, "editor")
		ok(authz.DeleteNamespace(ctx, "folder", ""))
		same(namespaces(), []string{"group", "file"})
		ok(authz.DeleteSchema(ctx))
	})
}

func TestAuthzRelations(t *testing.T) {
	scenario(t, func() {
		authz := mgmt.Authz()
		ok(authz.SaveSchema(ctx, authzSchema(), true))
		since := time.Now().Add(-time.Minute)
		one, two, group, u1, u2 := fresh("file"), fresh("file"), fresh("group"), fresh("u"), fresh("u")
		ok(authz.CreateRelations(ctx, []*descope.AuthzRelation{
			relation(one, "owner", u1), relation(two, "viewer", u1),
			{Resource: group, RelationDefinition: "member", Namespace: "group", Target: u2},
			{Resource: one, RelationDefinition: "viewer", Namespace: "file", TargetSetResource: group, TargetSetRelationDefinition: "member", TargetSetRelationDefinitionNamespace: "group"},
		}))
		same(hasRelations(relation(one, "owner", u1), relation(one, "viewer", u1), relation(one, "viewer", u2), relation(one, "owner", u2), relation(two, "owner", u1)), []bool{true, true, true, false, false})
		sameSet(must(authz.WhoCanAccess(ctx, one, "viewer", "file")), []string{u1, u2})
		sameSet(must(authz.WhoCanAccessWithContext(ctx, one, "viewer", "file", map[string]any{"a": "b"})), []string{u1, u2})
		resource := func(one *descope.AuthzRelation) string { return one.Resource }
		same(len(must(authz.ResourceRelations(ctx, one))), 2)
		same(len(must(authz.ResourceRelationsWithTargetSetsFilter(ctx, one, false))), 1)
		sameSet(names(must(authz.TargetsRelations(ctx, []string{u1})), resource), []string{one, two})
		sameSet(names(must(authz.TargetsRelationsWithTargetSetsFilter(ctx, []string{u1}, false)), resource), []string{one, two})
		all := names(must(authz.WhatCanTargetAccess(ctx, u1)), func(one *descope.AuthzRelation) string { return one.Resource + " " + one.RelationDefinition })
		for _, expected := range []string{one + " owner", one + " viewer", two + " viewer"} {
			holds(slices.Contains(all, expected), expected+" is there")
		}
		same(len(must(authz.WhatCanTargetAccessWithContext(ctx, u1, map[string]any{"a": "b"}))), len(all))
		same(names(must(authz.WhatCanTargetAccessWithRelation(ctx, u1, "owner", "file")), resource), []string{one})
		modified := must(authz.GetModified(ctx, since))
		holds(slices.Contains(modified.Resources, one), "the resource is among what changed")
		holds(slices.Contains(modified.Targets, u1), "the target is among what changed")
		ok(authz.DeleteRelations(ctx, []*descope.AuthzRelation{relation(one, "owner", u1)}))
		same(hasRelations(relation(one, "viewer", u1)), []bool{false})
		ok(authz.DeleteRelationsForResources(ctx, []string{two}))
		same(hasRelations(relation(two, "viewer", u1)), []bool{false})
		refused(authz.CreateRelations(ctx, []*descope.AuthzRelation{relation(one, "captain", u1)}), "", 400)
	})
}
