import { describe, expect, test } from "bun:test";
import { parseDsl } from "../../../src/emulator/fga/dsl.ts";
import { findDefinition, isDirect } from "../../../src/emulator/fga/schema.ts";

const schema = (text: string) => parseDsl(`model AuthZ 1.0\n${text}`);
const set = (relation: string, namespace: string) => ({
  nType: "child",
  expression: {
    neType: "targetSet",
    targetRelationDefinition: relation,
    targetRelationDefinitionNamespace: namespace,
  },
});

describe("permissions", () => {
  const of = (expression: string) =>
    findDefinition(
      schema(`constraint Adult:NumAtLeast(18)
condition Office(ip ipaddress) { ip.in_cidr("10.0.0.0/8") }
type user
type doc
  relation a: user
  relation b: user
  relation c: user
  permission p: ${expression}`),
      "doc",
      "p",
    );
  const a = set("a", "doc");
  const b = set("b", "doc");
  const c = set("c", "doc");
  const cases: readonly (readonly [string, object])[] = [
    ["a", { complexDefinition: a }],
    ["a | b | c", { complexDefinition: { nType: "union", children: [a, b, c] } }],
    [
      "a | b & c",
      { complexDefinition: { nType: "union", children: [a, { nType: "intersect", children: [b, c] }] } },
    ],
    [
      "(a | b) - c",
      { complexDefinition: { nType: "sub", children: [{ nType: "union", children: [a, b] }, c] } },
    ],
    ["a - b - c", { complexDefinition: { nType: "sub", children: [{ nType: "sub", children: [a, b] }, c] } }],
    [
      "a - (b - c)",
      { complexDefinition: { nType: "sub", children: [a, { nType: "sub", children: [b, c] }] } },
    ],
    ["a with Adult & !Office", { complexDefinition: a, conditionExpr: "Adult & !Office" }],
    [
      "a with Adult | b with Office & (Adult | !Office)",
      {
        complexDefinition: {
          nType: "union",
          children: [
            { ...a, conditionExpr: "Adult" },
            { ...b, conditionExpr: "Office & (Adult | !Office)" },
          ],
        },
      },
    ],
    [
      "a with Adult | Office | b",
      { complexDefinition: { nType: "union", children: [{ ...a, conditionExpr: "Adult | Office" }, b] } },
    ],
    [
      "(a | b) with Adult",
      { complexDefinition: { nType: "union", children: [a, b] }, conditionExpr: "Adult" },
    ],
  ];
  for (const [expression, expected] of cases) {
    test(expression, () =>
      expect(of(expression)).toEqual({ name: "p", permission: true, ...expected } as never),
    );
  }
});

test("a relation says what it is for, and what it follows from besides", () => {
  const parsed = schema(`type user
type team
  relation member: user | team#member
type folder
  relation parent: folder | team
  relation owner: user | team#member | parent.owner`);
  expect(findDefinition(parsed, "folder", "owner")).toEqual({
    name: "owner",
    targets: ["user", "team#member"],
    complexDefinition: {
      nType: "union",
      children: [
        { nType: "child", expression: { neType: "self" } },
        {
          nType: "child",
          expression: {
            neType: "relationRight",
            relationDefinition: "parent",
            relationDefinitionNamespace: "folder",
            targetRelationDefinition: "owner",
            targetRelationDefinitionNamespace: "folder",
          },
        },
      ],
    },
  });
  expect(findDefinition(parsed, "team", "member")).toEqual({
    name: "member",
    targets: ["user", "team#member"],
  });
});

test("a chain of at most two relations is direct", () => {
  const parsed = schema(`type user
type team
  relation member: user
type deep
  relation member: user | deep#member
type folder
  relation owner: user
type doc
  relation parent: folder
  relation owner: user | team#member
  relation reader: deep#member
  permission edit: owner | parent.owner
  permission far: parent.owner - reader`);
  const direct = (relation: string) => isDirect(parsed, "doc", relation);
  expect(["parent", "owner", "edit", "reader", "far"].map(direct)).toEqual([true, true, true, false, false]);
});

test("constraints become conditions, with arguments or with parameters in their place", () => {
  const { conditions } = schema(`constraint Hours:NumRange(9, 17)
constraint NumRange
constraint Allies:GeoCountry("US", "GB")
constraint StringMatchRegex("^a.*")`);
  expect(conditions).toEqual([
    {
      name: "Hours",
      params: [{ name: "num", type: "double" }],
      expression: "num >= 9 && num <= 17",
      builtin: true,
    },
    {
      name: "NumRange",
      params: [
        { name: "num", type: "double" },
        { name: "min", type: "int" },
        { name: "max", type: "int" },
      ],
      expression: "num >= min && num <= max",
      builtin: true,
    },
    {
      name: "Allies",
      params: [{ name: "country_code", type: "string" }],
      expression: 'country_code in ["US", "GB"]',
      builtin: true,
    },
    {
      name: "StringMatchRegex",
      params: [{ name: "str", type: "string" }],
      expression: 'str.matches("^a.*")',
      builtin: true,
    },
  ]);
});

describe("what is wrong is said with its place", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["", 'line 1, column 1: "model" is expected, but the end stands there'],
    ["model AuthZ 2.0", 'line 1, column 7: the schema must begin with "model AuthZ 1.0"'],
    ["model AuthZ 1.0\n// note", 'line 2, column 1: "/" is not understood'],
    ["model AuthZ 1.0\ntype doc\n  relation owner: user", "line 3, column 19: there is no type user"],
    ["model AuthZ 1.0\ntype user\ntype user", "line 3, column 6: the type user stands twice"],
    [
      "model AuthZ 1.0\ntype user\n relation a: user\n relation a: user",
      "line 4, column 11: user has a twice",
    ],
    [
      "model AuthZ 1.0\ntype user\n permission p: q",
      "line 3, column 16: the type user has no relation or permission q",
    ],
    [
      "model AuthZ 1.0\ntype user\ntype d\n relation parent: user\n permission p: parent.x",
      "line 5, column 23: nothing that parent leads to has a relation or permission x",
    ],
    [
      "model AuthZ 1.0\ntype user\n relation a: user\n permission b: a\n permission p: b.a",
      "line 5, column 16: b is a permission; only a relation leads to other things",
    ],
    [
      "model AuthZ 1.0\ntype user\n permission p: p",
      "line 3, column 13: the permission p follows from nothing but itself",
    ],
    [
      "model AuthZ 1.0\ntype user\n relation a: user with Later\nconstraint Later:NumAtLeast",
      "line 3, column 24: there is no condition or constraint Later above this line",
    ],
    [
      "model AuthZ 1.0\nconstraint GeoCountry\nconstraint GeoCountry",
      "line 3, column 12: GeoCountry is declared twice; give one of them a name of its own (name:Kind)",
    ],
    [
      "model AuthZ 1.0\nconstraint X:Nope",
      "line 2, column 14: there is no kind of constraint Nope; there are ",
    ],
    [
      "model AuthZ 1.0\nconstraint NumRange(5, 1)",
      "line 2, column 12: NumRange: its first number is the larger one",
    ],
    ["model AuthZ 1.0\nconstraint NumRange(5)", "line 2, column 12: NumRange takes 2 arguments, not 1"],
    ["model AuthZ 1.0\nconstraint StringMatchRegex", "needs its argument in parentheses"],
    [
      "model AuthZ 1.0\ncondition C(a int) { a > b }",
      "line 2, column 20: the condition C has no parameter b",
    ],
    [
      "model AuthZ 1.0\ncondition C(a int) { a > }",
      "the expression of C cannot be read: a value is expected",
    ],
    ["model AuthZ 1.0\ncondition C(a int) { a > 1", "line 2, column 20: this brace is not closed"],
    ["model AuthZ 1.0\ncondition C(a text) { true }", "there is no type text of parameters"],
    [`model AuthZ 1.0\ntype user\n permission p: ${"(".repeat(5000)}p`, "this is nested too deeply"],
  ];
  for (const [text, message] of cases) {
    test(message, () => expect(() => parseDsl(text)).toThrow(message));
  }
});
