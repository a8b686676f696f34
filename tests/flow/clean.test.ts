import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { cleanFlow, cleanTheme } from "../../src/flow/clean.ts";
import { parseJson } from "../../src/json/parse.ts";
import { printJson } from "../../src/json/print.ts";
import type { JsonObject } from "../../src/json/value.ts";
import { anyJson } from "./json.ts";

/** What is exported, and what is left of it. */
const flows: readonly (readonly [what: string, given: string, left: string])[] = [
  [
    "every kind of empty value",
    '{"metadata":{"a":"","b":0,"c":false,"d":null,"e":[],"f":{},"g":"x"}}',
    '{"metadata":{"g":"x"}}',
  ],
  ["zero however it is spelled", '{"metadata":{"a":-0,"b":0.0,"c":0e9,"d":0.10}}', '{"metadata":{"d":0.10}}'],
  ["what becomes empty", '{"metadata":{"a":{"b":{"c":[]}}}}', '{"metadata":{}}'],
  [
    "members of list items, not the items",
    '{"metadata":{"l":[{"a":""},[],"",0,null,[{"b":0}]]}}',
    '{"metadata":{"l":[{},[],"",0,null,[{}]]}}',
  ],
  ["metadata of another type", '{"metadata":[{"a":""}]}', '{"metadata":[{}]}'],
  ["metadata that is null", '{"metadata":null}', '{"metadata":null}'],
  ["references that are empty", '{"references":{"a":{"b":[]}},"flowId":""}', '{"flowId":""}'],
  ["references that are null", '{"references":null}', "{}"],
  ["references that are no object", '{"references":""}', "{}"],
  ["references as a list with items", '{"references":[{"a":""}]}', '{"references":[{}]}'],
  [
    "references with something in them",
    '{"references":{"a":"","b":{"c":1}}}',
    '{"references":{"b":{"c":1}}}',
  ],
  [
    "interactions, and no other key of a screen",
    '{"screens":[{"interactions":[{"a":"","b":{"c":0}},{}],"contents":{"e":""},"x":""},5,null]}',
    '{"screens":[{"contents":{"e":""},"interactions":[{},{}],"x":""},5,null]}',
  ],
  ["interactions that are empty", '{"screens":[{"interactions":[]}]}', '{"screens":[{"interactions":[]}]}'],
  [
    "contents and unknown keys",
    '{"contents":{"e":"","f":{}},"other":{"e":""}}',
    '{"contents":{"e":"","f":{}},"other":{"e":""}}',
  ],
  [
    "screens that are no list",
    '{"screens":{"interactions":{"a":""}}}',
    '{"screens":{"interactions":{"a":""}}}',
  ],
  [
    "a key that objects treat apart",
    '{"metadata":{"__proto__":{"a":0,"b":1}}}',
    '{"metadata":{"__proto__":{"b":1}}}',
  ],
];

describe("a flow is cleaned", () => {
  test.each(flows)("%s", (_what, given, left) => {
    expect(printJson(cleanFlow(parseJson(given) as JsonObject), "compact")).toBe(left);
  });
});

const themes: typeof flows = [
  [
    "references alone",
    '{"cssTemplate":{"a":0,"b":null},"references":{"a":"","b":"x"}}',
    '{"cssTemplate":{"a":0,"b":null},"references":{"b":"x"}}',
  ],
  ["references that are empty", '{"metadata":{"a":""},"references":{"fonts":{}}}', '{"metadata":{"a":""}}'],
];

describe("a theme is cleaned", () => {
  test.each(themes)("%s", (_what, given, left) => {
    expect(printJson(cleanTheme(parseJson(given) as JsonObject), "compact")).toBe(left);
  });
});

const exported = fc.record(
  {
    flowId: anyJson,
    metadata: anyJson,
    references: anyJson,
    contents: anyJson,
    screens: fc.array(fc.record({ interactions: anyJson, contents: anyJson }, { requiredKeys: [] })),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

test("cleaning what is clean changes nothing, contents are never touched, what was given stays as it is", () => {
  fc.assert(
    fc.property(exported, (flow) => {
      const before = printJson(flow);
      const once = cleanFlow(flow);
      expect(printJson(cleanFlow(once))).toBe(printJson(once));
      expect(printJson(cleanTheme(once))).toBe(printJson(once));
      expect(Object.hasOwn(once, "contents")).toBe(Object.hasOwn(flow, "contents"));
      expect(printJson(once.contents ?? null)).toBe(printJson(flow.contents ?? null));
      expect(printJson(flow)).toBe(before);
    }),
    { numRuns: 300 },
  );
});
