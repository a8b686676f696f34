import { describe, expect, test } from "bun:test";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { wholeProject } from "../../../src/flow/lint/project.ts";
import { FLOW_RULES, lintFlow } from "../../../src/flow/lint/rules.ts";
import { readFlowFolder } from "../../../src/flow/graph/source.ts";
import type { JsonFile } from "../../../src/json/source.ts";
import type { Json, JsonObject } from "../../../src/json/value.ts";
import { DEFAULT_LIMITS } from "../../../src/lint/settings.ts";
import { copy, everyKind, folderFiles, inline, screen, to, type Invented } from "../../support/flows.ts";

type Edit = (flow: Invented) => void;

const task = (flow: Invented, id: string) => flow.contents.tasks[id] as JsonObject;
const args = (flow: Invented, id: string) => task(flow, id).arguments as JsonObject;
const rewire = (flow: Invented, id: string, ...rules: [string, string][]) =>
  Object.assign(task(flow, id), to(...rules));
const branch = (flow: Invented, index = 0) =>
  (task(flow, "5").conditions as JsonObject[])[index] as JsonObject;
const atom = (target: string, operator: string, predicate: Json) => [
  { target: { type: "context", value: target }, operator, predicate: inline(predicate) },
];

/** What is found in a flow alone, as `code level: message`. */
function alone(edit: Edit): string[] {
  const flow = copy(everyKind());
  edit(flow);
  return lintFlow({
    flow: readFlow(readFlowFolder(flow.id, "f", folderFiles(flow))),
    project: undefined,
    limits: DEFAULT_LIMITS,
  }).map(({ rule, level, message }) => `${rule.code} ${level ?? rule.level}: ${message}`);
}

test("a sound flow raises nothing", () => {
  expect(alone(() => {})).toEqual([]);
});

test("codes are unique, and every rule says what it is", () => {
  const codes = FLOW_RULES.map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const { code, summary, help } of FLOW_RULES) {
    expect(code).toMatch(/^[a-z]+(?:-[a-z]+)*$/);
    expect(summary.endsWith(".")).toBe(false);
    expect(help.length).toBeGreaterThan(20);
  }
});

describe("each rule strikes where it should", () => {
  const table: [name: string, edit: Edit, expected: string[]][] = [
    [
      "malformed-step",
      (flow) => Object.assign(flow.contents.tasks, { "90": 5, "91": null }),
      [
        'unreachable-task warning: "Step 90" cannot be reached from the start',
        'unreachable-task warning: "Step 91" cannot be reached from the start',
        "malformed-step error: Step 90 is no object: nothing says what it does",
        "malformed-step error: Step 91 is no object: nothing says what it does",
      ],
    ],
    [
      "no-start",
      (flow) => {
        Object.assign(flow.contents, { startTask: "" });
        Object.assign(task(flow, "start"), { next: {} });
      },
      [
        'unreachable-task warning: "Welcome" cannot be reached from the start, nor the 12 steps behind it',
        'no-start error: Nothing leads from the start of "Sign In" to a step',
      ],
    ],
    [
      "end-without-auth",
      (flow) => rewire(flow, "2", ["btnVerify", "9"], ["resend", "1"]),
      [
        'end-without-auth warning: "End" is reached without any proof of who the user is: Start > Welcome > Send code > Verify code > End',
        'unreachable-task warning: "Verify" cannot be reached from the start',
      ],
    ],
    [
      "end-without-auth, by an error's way",
      (flow) => rewire(flow, "4", ["success", "5"], ["OTPVerifyCodeExpired", "9"]),
      [
        'end-without-auth warning: "End" is reached without any proof of who the user is: Start > Welcome > Send code > Verify code > Verify > End',
      ],
    ],
    [
      "no-end",
      (flow) => {
        for (const id of ["8", "10"]) rewire(flow, id, [id === "8" ? "3.success" : "success", "0"]);
        flow.metadata.sharedInteractions = [];
      },
      [
        'no-end warning: No way leads from the start of "Sign In" to an end',
        'unreachable-task warning: "End" cannot be reached from the start',
      ],
    ],
    [
      "unreachable-task, a circle told once",
      (flow) => {
        rewire(flow, "0", ["btnEmail", "1"], ["btnGoogle", "3"]);
        (flow.metadata.sharedInteractions as Json[]).push({ id: "0.btnLink" });
      },
      ['unreachable-task warning: "Send link" cannot be reached from the start, nor the step behind it'],
    ],
    [
      "loop-without-screen",
      (flow) => {
        rewire(flow, "10", ["success", "7"]);
        rewire(flow, "7", ["success", "10"], ["ConnectorFailed", "9"]);
      },
      [
        "loop-without-screen error: These steps run in a circle without a screen: Tell CRM > Score > Tell CRM",
      ],
    ],
    [
      "risk-not-assessed",
      (flow) => (branch(flow).atomicConditions = atom("riskInfo.botDetected", "is-true", "")),
      [
        'risk-not-assessed error: "Is new user?" looks at riskInfo.botDetected, and a way leads to it on which no step has assessed the risk',
      ],
    ],
    [
      "risk assessed on every way",
      (flow) => {
        branch(flow).atomicConditions = atom("riskInfo.riskScore", "greater-than", "0.5");
        flow.contents.startTask = "13";
        rewire(flow, "start", ["", "13"]);
        flow.contents.tasks["13"] = {
          id: "13",
          type: "automated",
          action: "risk",
          name: "Assess",
          ...to(["success", "0"]),
        };
      },
      [],
    ],
    [
      "risk-threshold-range",
      (flow) => {
        branch(flow).atomicConditions = atom("riskInfo.riskScore", "greater-than", 50);
        for (const id of ["4", "3.end", "11.end"]) {
          const rules = ((task(flow, id).next as JsonObject).rules as JsonObject[]).map((rule) =>
            rule.taskId === "5" ? { ...rule, taskId: "13" } : rule,
          );
          task(flow, id).next = { rules };
        }
        flow.contents.tasks["13"] = {
          id: "13",
          type: "automated",
          action: "risk",
          name: "Assess",
          ...to(["success", "5"]),
        };
      },
      ['risk-threshold-range error: "Is new user?" compares the risk score with 50, and it runs from 0 to 1'],
    ],
    [
      "no-error-slot",
      (flow) => {
        const was = flow.screens[1] as JsonObject;
        flow.screens[1] = screen(String(was.screenId), {
          code: ["Code", {}],
          btnVerify: ["Button", { children: "Verify" }],
        });
      },
      [
        'no-error-slot warning: The screen "Verify code" has no error message component, and an error of "Send code" is shown on it',
      ],
    ],
    [
      "dead-end of an action, a branch, an else and a button",
      (flow) => {
        rewire(flow, "1");
        rewire(flow, "5");
        rewire(flow, "0", ["btnEmail", "1"], ["btnGoogle", "3"], ["btnLink", "2"]);
      },
      [
        'no-end warning: No way leads from the start of "Sign In" to an end',
        'unreachable-task warning: "Tell us more" cannot be reached from the start, nor the 3 steps behind it',
        'unreachable-task warning: "Step up" cannot be reached from the start, nor the step behind it',
        'unreachable-task warning: "Send link" cannot be reached from the start, nor the step behind it',
        'dead-end error: "Send code" has no way on',
        'dead-end error: "Is new user?" leaves the branch "New user" without a way on',
        'dead-end warning: "Is new user?" leaves the branch "else" without a way on',
      ],
    ],
    [
      "an open button that a parent flow may wire, and a branch that shows an error",
      (flow) => {
        rewire(flow, "0", ["btnEmail", "1"], ["btnGoogle", "3"]);
        delete flow.contents.tasks["11"];
        delete flow.contents.tasks["11.end"];
        delete flow.contents.tasks["12"];
        flow.screens.pop();
        (flow.metadata.sharedInteractions as Json[]).push({ id: "0.btnLink" });
        rewire(flow, "5", ["c1", "6"]);
        branch(flow, 1).errorHandling = { errorHandlingType: "custom", errorMessage: "No" };
        delete flow.contents.tasks["8"];
      },
      [],
    ],
    [
      "missing-task",
      (flow) => rewire(flow, "10", ["success", "99"]),
      ['missing-task error: "Score" leads to step 99, which is not in the flow'],
    ],
    [
      "custom-error-unwired, both ways",
      (flow) => {
        task(flow, "1").errorHandlingV2 = {
          OTPSignUpOrInEmailFailed: { errorHandlingType: "customWithError" },
        };
        rewire(flow, "10", ["success", "9"], ["Nothing", "0"]);
      },
      [
        'custom-error-unwired error: "Send code" handles OTPSignUpOrInEmailFailed by a way of its own, and no way is wired to it',
        'custom-error-unwired warning: "Score" has a way for Nothing, and nothing says that this error goes its own way',
      ],
    ],
    [
      "error-handling-unknown",
      (flow) => (task(flow, "1").errorHandlingV2 = { X: { errorHandlingType: "magic" } }),
      ['error-handling-unknown warning: "Send code" handles X by "magic", which is not known'],
    ],
    [
      "missing-screen",
      (flow) => {
        task(flow, "12").screenId = "SC2gone";
        flow.screens.pop();
      },
      ['missing-screen error: "Link sent" shows the screen SC2gone, which is not among the flow\'s screens'],
    ],
    [
      "unlisted-screen: one that nothing shows",
      (flow) => flow.screens.push(screen("SC2spare", {})),
      ["unlisted-screen note: No step shows the screen SC2spare"],
    ],
    [
      "unknown-interaction",
      (flow) => {
        rewire(flow, "6", ["btnSave", "7"], ["btnOld", "7"]);
        rewire(flow, "5", ["c1", "6"], ["ELSE", "8"], ["c9", "8"]);
      },
      [
        'unknown-interaction warning: "Is new user?" has a way for the branch c9, which it does not have',
        'unknown-interaction warning: "Tell us more" has a way for the interaction btnOld, which its screen does not have',
      ],
    ],
    [
      "duplicate-screen-name",
      (flow) => (task(flow, "12").name = "Welcome"),
      ['duplicate-screen-name note: 2 screens are called "Welcome"'],
    ],
    [
      "operator-type",
      (flow) =>
        (branch(flow).atomicConditions = [
          ...atom("form.age", "greater-than", "old"),
          ...atom("form.x", "like", "y"),
        ]),
      [
        'operator-type warning: "Is new user?" asks whether form.age is greater than something that is no number',
        'operator-type warning: "Is new user?" uses the operator "like", which is not known',
      ],
    ],
    [
      "operator-type: a branch without a test",
      (flow) => (branch(flow).atomicConditions = []),
      ['operator-type note: The branch "New user" of "Is new user?" has nothing to test: it is never taken'],
    ],
    [
      "missing-asset",
      (flow) => (args(flow, "10").scriptCode = inline("asset:value-1.txt")),
      ["missing-asset error: The flow uses the asset value-1.txt, which is not in assets/"],
    ],
    [
      "secret-in-file: an argument and a script",
      (flow) => {
        args(flow, "7").args = inline([
          { key: "x-api-key", type: "string", value: "hJ82kfoaQ93kfpXz71" },
          { key: "token", type: "string", value: "{{form.token}}" },
          { key: "anything", type: "string", value: "sk_live_abcdefghijklmnop" },
        ]);
        args(flow, "10").scriptCode = inline(
          'const apiKey = "hJ82kfoaQ93kfpXz71";\nconst name = "some words";',
        );
      },
      [
        'secret-in-file error: The argument x-api-key of "Tell CRM" looks like a secret in clear',
        'secret-in-file error: The argument anything of "Tell CRM" looks like a secret in clear',
        'secret-in-file error: The script of "Score" holds apiKey in clear',
      ],
    ],
    [
      "cleartext-url, but for this machine",
      (flow) => {
        args(flow, "7").args = inline([
          { key: "endpoint", type: "string", value: "http://api.example.com/x" },
          { key: "other", type: "string", value: "http://localhost:8080/x" },
        ]);
        ((flow.screens[0]?.contents as JsonObject).title as JsonObject).props = {
          href: "http://shop.example.com",
        };
      },
      [
        'cleartext-url error: The argument endpoint of "Tell CRM" leads to api.example.com by http://',
        "cleartext-url error: A component of the screen SC2welcomewelcomewelcomewelco leads to shop.example.com by http://",
      ],
    ],
    [
      "merge-users",
      (flow) =>
        (task(flow, "1").arguments = { addToLoginIDs: inline(true), onMergeUseExisting: inline(true) }),
      ['merge-users warning: "Send code" adds a login id and merges with the user that has it'],
    ],
    [
      "user-enumeration",
      (flow) => {
        task(flow, "1").action = "sign-in-otp-email";
        task(flow, "1").errorHandlingV2 = {
          UserNotFound: { errorHandlingType: "custom" },
          generic_error: { errorHandlingType: "automatic" },
        };
        rewire(flow, "1", ["success", "2"], ["UserNotFound", "0"]);
      },
      ['user-enumeration warning: "Send code" goes another way for UserNotFound than for other failures'],
    ],
    [
      "unknown-context-key: a condition, an argument, a text of a screen",
      (flow) => {
        branch(flow).atomicConditions = atom("usr.email", "not-empty", "");
        args(flow, "7").args = inline([{ key: "who", type: "context", value: "scripts.scor" }]);
        ((flow.screens[3]?.contents as JsonObject).text as JsonObject).props = {
          children: "Sent to {{sentTo.maskephone}}, {{scripts.score.value}}",
        };
      },
      [
        "unknown-context-key warning: usr.email is not known; did you mean user.email?",
        "unknown-context-key warning: scripts.scor is not known; did you mean scripts.score?",
        "unknown-context-key warning: sentTo.maskephone is not known; did you mean sentTo.maskedPhone?",
      ],
    ],
    [
      "missing-connector without a choice, and missing-subflow without one",
      (flow) => {
        args(flow, "7").connectorId = inline("");
        args(flow, "8").flowId = inline("");
      },
      [
        'missing-subflow error: "Step up" calls no flow: none is chosen',
        'missing-connector error: "Tell CRM" uses a connector, and none is chosen',
      ],
    ],
  ];
  for (const [name, edit, expected] of table) test(name, () => expect(alone(edit)).toEqual(expected));

  test("every rule that a flow alone can break is in the table", () => {
    const broken = new Set(table.flatMap(([, , expected]) => expected.map((line) => line.split(" ")[0])));
    const needProject = [
      "subflow-exit-mismatch",
      "missing-role-attribute",
      "flow-not-listed",
      "method-disabled",
    ];
    expect(FLOW_RULES.map(({ code }) => code).filter((code) => !broken.has(code))).toEqual(needProject);
  });
});

describe("rules that need the project around a flow", () => {
  const whole = (edit: (files: Map<string, Json>, flow: Invented) => void): string[] => {
    const flow = copy(everyKind());
    const stepUp = {
      ...copy(everyKind()),
      id: "step-up",
      metadata: { name: "Step up", sharedInteractions: [{ id: "3.success", type: "success" }] },
    };
    stepUp.contents.tasks = {
      start: { id: "start", next: {} },
      "1": { id: "1", type: "automated", action: "loadUser", name: "Load", ...to(["success", "3"]) },
      "3": { id: "3", type: "automated", action: "logged-in", name: "End", next: {} },
    };
    stepUp.contents.startTask = "1";
    stepUp.screens = [];
    const files = new Map<string, Json>([
      ["snapshot.json", { version: 5 }],
      ["attributes.json", { user: [{ name: "plan" }] }],
      ["flows/flows.json", { flows: ["sign-in", "step-up"] }],
      ["connectors/connectors.json", { connectors: ["crm-api"] }],
      ["connectors/crm-api.json", { id: "CI2otherprojectsid", name: "CRM API", type: "http" }],
      ["auth/otp.json", { enabled: true }],
    ]);
    edit(files, flow);
    const parsed = new Map<string, JsonFile>([...files].map(([path, content]) => [path, { path, content }]));
    for (const one of [flow, stepUp]) {
      if (!files.has(`no ${one.id}`))
        for (const [name, file] of folderFiles(one)) parsed.set(`flows/${one.id}/${name}`, file);
    }
    for (const path of [...parsed.keys()]) if (path.startsWith("no ")) parsed.delete(path);
    const project = wholeProject(parsed, () => undefined);
    const read = project.flow("sign-in");
    if (read === undefined) throw new Error("no flow");
    return lintFlow({ flow: read, project, limits: DEFAULT_LIMITS }).map(
      ({ rule, level, message }) => `${rule.code} ${level ?? rule.level}: ${message}`,
    );
  };

  const table: [
    name: string,
    edit: (files: Map<string, Json>, flow: Invented) => void,
    expected: string[],
  ][] = [
    ["a sound project raises nothing", () => {}, []],
    [
      "a flow that is not there",
      (files) => {
        files.set("no step-up", null);
        files.set("flows/flows.json", { flows: ["sign-in"] });
      },
      ['missing-subflow error: "Step up" calls the flow step-up, which is not in the snapshot'],
    ],
    [
      "the same in a part of a snapshot",
      (files) => {
        files.set("no step-up", null);
        files.delete("snapshot.json");
        files.delete("flows/flows.json");
      },
      ['missing-subflow warning: "Step up" calls the flow step-up, which is not in the snapshot'],
    ],
    [
      "a flow that calls itself",
      (_files, flow) => (args(flow, "8").flowId = inline("sign-in")),
      [
        'missing-subflow error: "Step up" calls a flow that calls this one again: sign-in > sign-in',
        'subflow-exit-mismatch error: "Step up" has a way for the exit 3.success, which the flow sign-in does not offer',
        'subflow-exit-mismatch warning: "Step up" leads on from some exits of the flow sign-in, and not from its success',
      ],
    ],
    [
      "a connector that is not there",
      (files) => files.delete("connectors/crm-api.json"),
      ['missing-connector error: "Tell CRM" uses the connector "CRM API", which is not in the snapshot'],
    ],
    [
      "a role and an attribute that are not there",
      (files, flow) => {
        files.set("roles.json", { roles: [{ name: "Editor" }] });
        flow.references = {
          ...flow.references,
          roles: { Editor: "ROL1", Boss: "ROL2", "Tenant Admin": "ROL3" },
        };
        branch(flow).atomicConditions = [
          ...atom("user.customAttributes.plan", "equal", "x"),
          ...atom("user.customAttributes.plam", "equal", "x"),
        ];
      },
      [
        'missing-role-attribute warning: The flow uses the role "Boss", which is not in roles.json',
        'missing-role-attribute warning: "Is new user?" uses the custom attribute plam, which is not in attributes.json',
      ],
    ],
    [
      "a folder that is not listed",
      (files) => files.set("flows/flows.json", { flows: ["step-up"] }),
      ["flow-not-listed error: The flow sign-in has a folder and is not listed in flows/flows.json"],
    ],
    [
      "a method that is turned off",
      (files) => files.set("auth/otp.json", { enabled: false }),
      [
        'method-disabled warning: "Send code" signs in by otp, which auth/otp.json turns off',
        'method-disabled warning: "Verify" signs in by otp, which auth/otp.json turns off',
      ],
    ],
  ];
  for (const [name, edit, expected] of table) test(name, () => expect(whole(edit)).toEqual(expected));
});
