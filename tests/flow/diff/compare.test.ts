import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compareFlows } from "../../../src/flow/diff/compare.ts";
import { normalDocument, normalise } from "../../../src/flow/diff/normal.ts";
import { diffLinesOf, type Shown } from "../../../src/flow/diff/text.ts";
import { plainLine } from "../../../src/output/line.ts";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { readFlowFile, type FlowSource } from "../../../src/flow/graph/source.ts";
import { equalJson } from "../../../src/json/equal.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../src/json/value.ts";
import {
  allShapes,
  copy,
  everyKind,
  fileShape,
  inline,
  node,
  screen,
  source,
  to,
  type Invented,
} from "../../support/flows.ts";

type Edit = (flow: Invented) => void;

const between = (edit: Edit) => {
  const changed = copy(everyKind());
  edit(changed);
  return compareFlows(readFlow(source(everyKind())), readFlow(source(changed)));
};
const told = (edit: Edit) =>
  between(edit).changes.map(({ op, subject, words }) => `${op} ${subject} ${words}`);
const task = (flow: Invented, id: string) => flow.contents.tasks[id] as JsonObject;
const nodes = (flow: Invented, i: number) => (flow.screens[i]?.contents ?? {}) as Record<string, JsonObject>;
const args = (flow: Invented, id: string) => task(flow, id).arguments as JsonObject;

describe("a change is told in the words of the flow", () => {
  const table: Record<string, [Edit, string[]]> = {
    "a step renamed": [
      (flow) => (task(flow, "4").name = "Check code"),
      ['change name "Verify" -> "Check code"'],
    ],
    "a way that leads elsewhere": [
      (flow) => Object.assign(task(flow, "4"), to(["success", "9"], ["OTPVerifyCodeExpired", "2"])),
      ['change edge "Verify" --next--> "Is new user?"   now --next--> "End"'],
    ],
    "a way that is gone": [
      (flow) => Object.assign(task(flow, "0"), to(["btnEmail", "1"], ["btnGoogle", "3"])),
      ['remove edge "Welcome" --Send me a link--> "Send link"'],
    ],
    "a step that is gone, with the way to it led past": [
      (flow) => {
        delete flow.contents.tasks["10"];
        Object.assign(task(flow, "7"), to(["success", "9"], ["ConnectorFailed", "9"]));
      },
      [
        'remove step action "Score" (step 10, scriptlet)',
        'change edge "Tell CRM" --next--> "Score"   now --next--> "End"',
        'change edge "Tell CRM" --ConnectorFailed--> "Score"   now --ConnectorFailed--> "End"',
      ],
    ],
    "a step that is new": [
      (flow) => {
        flow.contents.tasks["13"] = {
          id: "13",
          type: "automated",
          action: "risk",
          name: "Assess",
          ...to(["success", "9"]),
        };
        Object.assign(task(flow, "10"), to(["success", "13"]));
      },
      [
        'change edge "Score" --next--> "End"   now --next--> "Assess"',
        'add step action "Assess" (step 13, risk)',
        'add edge "Assess" --next--> "End"',
      ],
    ],
    "a condition": [
      (flow) => {
        const [first] = task(flow, "5").conditions as JsonObject[];
        (first as JsonObject).atomicConditions = [
          {
            target: { type: "context", value: "riskInfo.riskScore" },
            operator: "greater-than",
            predicate: inline(0.5),
          },
        ];
      },
      ['change branch "New user" when authInfo.firstSeen is true -> riskInfo.riskScore > 0.5'],
    ],
    "the order of branches": [
      (flow) => (task(flow, "5").conditions as Json[]).reverse(),
      ['change branch order: "New user", else -> else, "New user"'],
    ],
    "an argument": [
      (flow) => (args(flow, "7").command = inline("put")),
      ['change argument command  "post" -> "put"'],
    ],
    "an item of a list of arguments": [
      (flow) => (args(flow, "7").args = inline([{ key: "endpoint", type: "context", value: "form.url" }])),
      ['change argument args endpoint "/users" -> the value of form.url'],
    ],
    "a script": [
      (flow) => (args(flow, "10").scriptCode = inline("const x = 2;\nreturn x;")),
      ["change script scriptCode  1 line added, 1 removed"],
    ],
    "how an error is treated": [
      (flow) =>
        (task(flow, "1").errorHandlingV2 = { OTPSignUpOrInEmailFailed: { errorHandlingType: "custom" } }),
      ["change error OTPSignUpOrInEmailFailed automatic -> custom"],
    ],
    "a text on a screen": [
      (flow) => ((nodes(flow, 0).title as JsonObject).props = { children: "Hello" }),
      ['change text Text  "Welcome back" -> "Hello"'],
    ],
    "a component's property": [
      (flow) => ((nodes(flow, 0).email as JsonObject).props = { label: "E-mail" }),
      ['remove property EmailInput "E-mail" required  true'],
    ],
    "a component": [
      (flow) => {
        const all = nodes(flow, 0);
        all.phone = node("PhoneInput", "ROOT", { label: "Phone" });
        (all.ROOT?.nodes as Json[]).push("phone");
      },
      ['add component PhoneInput "Phone", an input'],
    ],
    "a button's words, which its interaction repeats": [
      (flow) => {
        (nodes(flow, 0).btnEmail?.props as JsonObject).children = "Next";
        const { interactions } = flow.screens[0] as JsonObject;
        for (const one of interactions as JsonObject[]) if (one.id === "btnEmail") one.label = "Next";
      },
      ['change text Button  "Continue" -> "Next"'],
    ],
    "the order of components": [
      (flow) => (nodes(flow, 0).ROOT?.nodes as Json[]).reverse(),
      ["change component Container order of components"],
    ],
    "a component that is there and no longer shown": [
      (flow) => (nodes(flow, 0).ROOT?.nodes as Json[]).shift(),
      ['remove component Container shows Text "Welcome back" no more'],
    ],
    "what is done on an error, beyond its kind and text": [
      (flow) => {
        const errors = Object.values(flow.contents.tasks as Record<string, JsonObject>).find(
          ({ errorHandlingV2 }) => errorHandlingV2 !== undefined,
        )?.errorHandlingV2 as Record<string, JsonObject>;
        for (const handling of Object.values(errors)) handling.retries = 3;
      },
      ["change error OTPSignUpOrInEmailFailed retries 3"],
    ],
    "a button made anew under the same words": [
      (flow) => {
        const was = flow.screens[0] as JsonObject;
        flow.screens[0] = screen(String(was.screenId), {
          title: ["Text", { children: "Welcome back" }],
          email: ["EmailInput", { label: "E-mail", required: true }],
          error: ["ErrorMessage", {}],
          btnNew: ["Button", { children: "Continue" }],
          btnGoogle: ["GoogleButton", { children: "Continue with Google" }],
          btnLink: ["Button", { children: "Send me a link" }],
        });
        Object.assign(task(flow, "0"), to(["btnNew", "1"], ["btnGoogle", "3"], ["btnLink", "11"]));
      },
      ['remove component Button "Continue"', 'add component Button "Continue"'],
    ],
    "a setting": [(flow) => (flow.metadata.disabled = true), ["add setting disabled  true"]],
    "the first step": [(flow) => (flow.contents.startTask = "2"), []],
    "something that nobody knows": [
      (flow) => (task(flow, "9").newThing = { a: [1] }),
      ['add other newThing  {"a":[1]}'],
    ],
    "steps that were only renumbered": [
      (flow) => {
        flow.contents.tasks["20"] = { ...task(flow, "9"), id: "20" };
        delete flow.contents.tasks["9"];
        Object.assign(task(flow, "8"), to(["3.success", "20"]));
        Object.assign(task(flow, "10"), to(["success", "20"]));
      },
      ["change id 1 step renumbered: 9 -> 20"],
    ],
  };
  for (const [name, [edit, expected]] of Object.entries(table)) {
    if (expected.length > 0) test(name, () => expect(told(edit)).toEqual(expected));
  }

  test("the first step, which start's own rule says too", () => {
    const words = told((flow) => {
      flow.contents.startTask = "2";
      Object.assign(task(flow, "start"), to(["", "2"]));
    });
    expect(words).toEqual(['change setting first step "Welcome" -> "Verify code"']);
  });
});

describe("what means nothing is no change, and is counted", () => {
  const noise: Record<string, [Edit, string[]]> = {
    "moves on the canvas": [
      (flow) => {
        for (const one of Object.values(flow.contents.tasks)) one.view = { x: 1.5, y: -3 };
      },
      ["16 layout moves"],
    ],
    "derived fields": [(flow) => (task(flow, "0").inputKeys = ["email", "phone"]), ["1 derived field"]],
    "copies of a screen": [
      (flow) => (task(flow, "0").htmlTemplate = copy(flow.screens[0]?.contents ?? {})),
      ["1 copy of a screen in a step"],
    ],
    "the component library and what it writes by itself": [
      (flow) => {
        flow.metadata.componentsVersion = "4.0.0";
        for (const all of flow.screens.map(({ contents }) => contents as Record<string, JsonObject>))
          for (const one of Object.values(all))
            if ((one.type as JsonObject).resolvedName === "Button") (one.props as JsonObject).size = "md";
      },
      ["5 effects of the component library"],
    ],
    "ids of connectors in another project": [
      (flow) => {
        args(flow, "7").connectorId = inline("CI2otherotherotherotherother");
        flow.references = { connectors: { "CRM API": "CI2otherotherotherotherother" } };
      },
      ["1 id behind the same name"],
    ],
    "start without its own rule": [(flow) => (task(flow, "start").next = {}), []],
    "the ways to write nothing": [
      (flow) => {
        flow.metadata.translation = {};
        flow.metadata.description = null as never;
        args(flow, "1").other = inline("");
        args(flow, "1").more = { type: "inline" };
        task(flow, "9").errorHandlingV2 = {};
        const [first] = task(flow, "5").conditions as JsonObject[];
        delete (first as JsonObject).logicalOr;
      },
      [],
    ],
  };
  for (const [name, [edit, expected]] of Object.entries(noise)) {
    test(name, () => {
      const diff = between(edit);
      expect(diff.changes).toEqual([]);
      expect(diff.noise.map(({ words }) => words)).toEqual(expected);
    });
  }

  test("a newer library is no excuse for a changed text or target", () => {
    const diff = between((flow) => {
      flow.metadata.componentsVersion = "4.0.0";
      ((nodes(flow, 0).email as JsonObject).props as JsonObject).href = "https://other.example";
      ((nodes(flow, 0).title as JsonObject).props as JsonObject).children = "Hello";
    });
    expect(diff.changes.map(({ subject }) => subject).sort()).toEqual(["property", "text"]);
  });

  test("what a newer library respells by the hundred is one line, and all of it on request", () => {
    const of = (version: string, gap: number) => {
      const flow = copy(everyKind());
      flow.metadata.componentsVersion = version;
      for (const one of Object.values(nodes(flow, 0))) (one.props as JsonObject).gap = gap;
      return readFlow(source(flow));
    };
    const diff = compareFlows(of("3.0.0", 1), of("4.0.0", 2));
    const lines = (shown: Shown) => diffLinesOf(diff, [], shown).map(plainLine);
    expect(lines("changes")).toEqual([
      "~ flow/sign-in",
      '  ~ screen "Welcome" (step 0)',
      "    ~ property  7 properties of the look of 7 components (--show all)",
      "1 step changed, 7 parts of screens",
      "hidden: 1 effect of the component library (--show noise)",
    ]);
    expect(lines("all").filter((line) => line.includes(" gap "))).toHaveLength(7);
  });

  test("the shape of the file", () => {
    const shapes = Object.values(allShapes(everyKind()));
    for (const left of shapes) {
      for (const right of shapes) expect(compareFlows(readFlow(left), readFlow(right)).changes).toEqual([]);
    }
  });
});

/** The same JSON with the members of every object in another order. */
function shuffled(value: Json, order: () => number): Json {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, order));
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([key, content]) => ({ key, content, rank: order() }));
  members.sort((a, b) => a.rank - b.rank);
  return Object.fromEntries(members.map(({ key, content }) => [key, shuffled(content, order)]));
}

const fileOf = (content: Json): FlowSource => readFlowFile({ path: "f.json", content }, "f");

test("the order of keys, tasks, rules and screens makes no difference", () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.integer()), (stream) => {
      const order = () => stream.next().value ?? 0;
      const changed = copy(everyKind());
      changed.screens.sort(() => (order() % 2 === 0 ? 1 : -1));
      for (const one of Object.values(changed.contents.tasks)) {
        const rules = (one.next as JsonObject | undefined)?.rules;
        if (Array.isArray(rules)) rules.reverse();
      }
      const left = fileOf(fileShape(everyKind()));
      const right = fileOf(shuffled(fileShape(changed), order));
      expect(compareFlows(readFlow(left), readFlow(right)).changes).toEqual([]);
      expect(equalJson(normalDocument(normalise(left)), normalDocument(normalise(right)))).toBe(true);
    }),
    { seed: 11, numRuns: 40 },
  );
});

/** Every place in a JSON value. */
function* places(value: Json, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (path.length > 0) yield path;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* places(item, [...path, i]);
  else if (isJsonObject(value))
    for (const [key, item] of Object.entries(value)) yield* places(item, [...path, key]);
}

test("whatever is edited: a change is told exactly where the normal forms differ", () => {
  const base = fileShape(everyKind()) as Json;
  const all = [...places(base)].filter(
    (path) => path[0] !== "references" && !path.includes("componentsVersion"),
  );
  const edits = fc.array(
    fc.record({ place: fc.nat(), value: fc.jsonValue({ maxDepth: 2 }), remove: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 3,
    },
  );
  let differed = 0;
  fc.assert(
    fc.property(edits, (chosen) => {
      const edited = copy(base);
      for (const { place, value, remove } of chosen) {
        const path = all[place % all.length] ?? [];
        let here: Json | undefined = edited;
        for (const step of path.slice(0, -1)) here = (here as never)?.[step as never];
        const last = path.at(-1) as never;
        if (Array.isArray(here) || isJsonObject(here)) {
          if (remove && isJsonObject(here)) delete here[last];
          else (here as Json[])[last] = JSON.parse(JSON.stringify(value)) as Json;
        }
      }
      let right: FlowSource;
      try {
        right = fileOf(edited);
      } catch {
        return;
      }
      const left = fileOf(base);
      const { changes } = compareFlows(readFlow(left), readFlow(right));
      const isSame = equalJson(normalDocument(normalise(left)), normalDocument(normalise(right)));
      if (!isSame) differed++;
      expect({ told: changes.length > 0, edited: isSame ? null : chosen }).toEqual({
        told: !isSame,
        edited: isSame ? null : chosen,
      });
    }),
    { seed: 5, numRuns: 600 },
  );
  expect(differed).toBeGreaterThan(200);
});
