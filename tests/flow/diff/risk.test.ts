import { expect, test } from "bun:test";
import { compareFlows } from "../../../src/flow/diff/compare.ts";
import { flowRisks } from "../../../src/flow/diff/risk.ts";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { waysToEnd } from "../../../src/flow/graph/factor.ts";
import type { JsonObject } from "../../../src/json/value.ts";
import { copy, everyKind, inline, source, to, type Invented } from "../../support/flows.ts";

/** Password, then a code by SMS, then the end; a wrong code leads back. */
function twoFactors(): Invented {
  const flow = copy(everyKind());
  const action = (id: string, name: string, what: string, ...rules: [string, string][]): JsonObject => ({
    id,
    type: "automated",
    action: what,
    name,
    ...to(...rules),
  });
  flow.contents = {
    startTask: "1",
    tasks: {
      start: { id: "start", ...to(["", "1"]) },
      "1": action("1", "Password", "password-sign-in-v2", ["success", "2"]),
      "2": action("2", "Assess", "risk", ["success", "3"]),
      "3": action("3", "Verify SMS", "verify-code-otp-sms", ["success", "4"], ["OTPVerifyCodeExpired", "1"]),
      "4": { id: "4", type: "automated", action: "logged-in", name: "End", next: {} },
    },
  };
  flow.screens = [];
  return flow;
}

const risks = (before: Invented, edit: (flow: Invented) => void) => {
  const after = copy(before);
  edit(after);
  const diff = compareFlows(readFlow(source(before)), readFlow(source(after)));
  return flowRisks(diff).map(({ code, level, text }) => `${level} ${code}: ${text}`);
};
const rewire = (flow: Invented, id: string, ...rules: [string, string][]) =>
  Object.assign(flow.contents.tasks[id] as JsonObject, to(...rules));

test("the ways to an end, by what they prove", () => {
  const proofs = (flow: Invented) =>
    waysToEnd(readFlow(source(flow))).map(({ factors }) => [...factors].sort().join("+"));
  expect(proofs(twoFactors())).toEqual(["pwd+sms"]);
  expect(proofs(everyKind()).sort()).toEqual(["email", "email+subflow", "oauth", "oauth+subflow"]);
});

test("an error's way out of a check proves nothing", () => {
  const flow = twoFactors();
  rewire(flow, "3", ["OTPVerifyCodeExpired", "4"]);
  expect(waysToEnd(readFlow(source(flow))).map(({ factors }) => [...factors])).toEqual([["pwd"]]);
});

test("risks are found on the ways, not on single changes", () => {
  const table: [name: string, before: Invented, edit: (flow: Invented) => void, expected: string[]][] = [
    ["nothing changed", twoFactors(), () => {}, []],
    [
      "the second factor is led past",
      twoFactors(),
      (flow) => rewire(flow, "2", ["success", "4"]),
      [
        "high mfa-skippable: a way now reaches an end with one factor alone (pwd): Start > Password > Assess > End",
        'high mfa-removed: no path from start reaches "Verify SMS" any more',
      ],
    ],
    [
      "one way leads past it, another does not",
      twoFactors(),
      (flow) => rewire(flow, "2", ["success", "3"], ["generic_error", "4"]),
      [
        "high mfa-skippable: a way now reaches an end with one factor alone (pwd): Start > Password > Assess > End",
      ],
    ],
    [
      "no check at all is left",
      twoFactors(),
      (flow) => {
        flow.contents.startTask = "4";
        rewire(flow, "start", ["", "4"]);
      },
      [
        "high verification-skipped: a way now reaches an end without any proof of who it is: Start > End",
        'high mfa-removed: no path from start reaches "Password" any more',
        'high mfa-removed: no path from start reaches "Verify SMS" any more',
        'medium risk-check-removed: no path from start reaches "Assess" any more: the risk of a sign-in is not assessed there',
      ],
    ],
    [
      "one of several ways to sign in is gone",
      everyKind(),
      (flow) => rewire(flow, "0", ["btnEmail", "1"], ["btnLink", "11"]),
      [
        'medium method-removed: no path from start reaches "Google" any more: nobody signs in that way (oauth)',
      ],
    ],
    [
      "other code, another connector",
      everyKind(),
      (flow) => {
        (flow.contents.tasks["10"]?.arguments as JsonObject).scriptCode = inline("return 2;");
        (flow.contents.tasks["7"]?.arguments as JsonObject).connectorId = inline("CI2another");
      },
      [
        'medium connector-changed: "Tell CRM" uses another connector: connectorId  "connector:CRM API" -> "CI2another"',
        'medium script-changed: "Score" runs other code: scriptCode  1 line added, 2 removed',
      ],
    ],
  ];
  for (const [name, before, edit, expected] of table)
    expect({ name, risks: risks(before, edit) }).toEqual({ name, risks: expected });
});
