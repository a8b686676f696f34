import { asText, entriesOf } from "../../json/look.ts";
import { isJsonObject } from "../../json/value.ts";
import {
  branchesOf,
  componentsOf,
  errorsOf,
  interactionsOf,
  isKnownOperator,
  rulesOf,
} from "../graph/task.ts";
import type { Rule } from "../../lint/finding.ts";
import { atContents, atFlow, atScreen, atStep, type FlowRule } from "./rule.ts";

const malformedStep: FlowRule = {
  code: "malformed-step",
  level: "error",
  summary: "A step is not what steps are made of",
  help: "Steps are objects under tasks, by their ids. An import may refuse the flow, or leave the step out.",
  *find({ flow }) {
    for (const [id, task] of entriesOf(flow.source.contents.content.tasks)) {
      if (isJsonObject(task)) continue;
      yield atContents(this, flow, ["tasks", id], {
        message: `Step ${id} is no object: nothing says what it does`,
        fix: "Export the flow anew, or take the step out.",
      });
    }
  },
};

const noStart: FlowRule = {
  code: "no-start",
  level: "error",
  summary: "Nothing says where the flow begins",
  help: "Neither the start nor startTask leads to a step: a user who opens the flow sees nothing.",
  *find({ flow }) {
    const steps = [...flow.steps.values()].filter(({ kind }) => kind !== "start");
    if (steps.length === 0 || flow.edges.some(({ from }) => from === "start")) return;
    yield atContents(this, flow, [], {
      message: `Nothing leads from the start of "${flow.name}" to a step`,
      fix: "Lead the start to the first step.",
    });
  },
};

const deadEnd: FlowRule = {
  code: "dead-end",
  level: "error",
  summary: "An outcome of a step leads nowhere",
  help: "A user who comes there gets the error E102116, next flow step was not found. A screen's button may be left open where the flows that embed this one wire it.",
  *find({ flow }) {
    for (const { from, outcome, label, kind, path } of flow.open) {
      const step = flow.steps.get(from);
      if (step === undefined || !step.reachable || kind === "message" || kind === "exit") continue;
      const words =
        kind === "success"
          ? "has no way on"
          : `leaves ${kind === "branch" ? "the branch" : ""} "${label}" without a way on`.replace("  ", " ");
      // The ELSE of a condition that always holds is often left open; a screen's button may be a link.
      const isMild = kind === "interaction" || outcome === "ELSE";
      yield atStep(
        this,
        flow,
        step,
        {
          key: outcome,
          message: `"${step.name}" ${words}`,
          fix:
            kind === "interaction" ? "Lead it to a step, or take the component out." : "Lead it to a step.",
          ...(isMild ? { level: "warning" as const } : {}),
        },
        path,
      );
    }
  },
};

const missingTask: FlowRule = {
  code: "missing-task",
  level: "error",
  summary: "A rule leads to a step that is not there",
  help: "The flow fails for every user who comes that way.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      if (step.kind !== "missing") continue;
      for (const edge of flow.edges) {
        const from = flow.steps.get(edge.from);
        if (edge.to !== step.id || from === undefined) continue;
        yield atStep(
          this,
          flow,
          from,
          {
            key: `${edge.outcome} ${step.id}`,
            message: `"${from.name}" leads to step ${step.id}, which is not in the flow`,
            fix: "Lead it to a step that exists.",
          },
          edge.path ?? [],
        );
      }
    }
  },
};

const customErrorUnwired: FlowRule = {
  code: "custom-error-unwired",
  level: "error",
  summary: "An error that is to go its own way has none, or a way belongs to no error",
  help: "With custom error handling the step needs a rule with the error's name; a rule without a handling entry is never used.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      const errors = step.tasks.flatMap(({ content, path }) => errorsOf(content, path));
      const rules = step.tasks.flatMap(({ content, path }) => rulesOf(content, path));
      for (const { name, how, path } of errors) {
        if (!/^custom/.test(how) || rules.some(({ outcome }) => outcome === name)) continue;
        yield atStep(
          this,
          flow,
          step,
          {
            key: name,
            message: `"${step.name}" handles ${name} by a way of its own, and no way is wired to it`,
            fix: "Wire the error to a step, or set its handling to automatic.",
          },
          path,
        );
      }
      if (step.kind !== "action" && step.kind !== "connector") continue;
      for (const { outcome, path } of rules) {
        if (outcome === "" || outcome === "success" || errors.some(({ name }) => name === outcome)) continue;
        yield atStep(
          this,
          flow,
          step,
          {
            key: outcome,
            message: `"${step.name}" has a way for ${outcome}, and nothing says that this error goes its own way`,
            fix: "Set the error's handling to custom, or take the way out.",
            level: "warning",
          },
          path,
        );
      }
    }
  },
};

const errorHandlingUnknown: FlowRule = {
  code: "error-handling-unknown",
  level: "warning",
  summary: "An error is handled in a way that is not known",
  help: "Known are automatic, custom, customWithError, ignore and mitigate.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      for (const { name, how, path } of step.tasks.flatMap((task) => errorsOf(task.content, task.path))) {
        if (/^(?:automatic|custom|customWithError|ignore|mitigate)?$/.test(how)) continue;
        yield atStep(
          this,
          flow,
          step,
          {
            key: name,
            message: `"${step.name}" handles ${name} by "${how}", which is not known`,
            fix: "Choose another handling.",
          },
          path,
        );
      }
    }
  },
};

const missingScreen: FlowRule = {
  code: "missing-screen",
  level: "error",
  summary: "A step shows a screen that has no file, or a listed file is missing",
  help: "An import leaves the step without its screen.",
  *find({ flow }) {
    // A graph alone holds no screens at all.
    if (flow.source.shape === "contents") return;
    for (const step of flow.steps.values()) {
      if (step.kind !== "screen" || step.screen !== undefined) continue;
      const screenId = asText(step.tasks[0]?.content.screenId);
      yield atStep(
        this,
        flow,
        step,
        {
          message: `"${step.name}" shows the screen ${screenId === "" ? "without an id" : screenId}, which is not among the flow's screens`,
          fix: "Export the flow again, or add the screen's file to metadata.json and the folder.",
        },
        ["screenId"],
      );
    }
    for (const name of flow.source.leftOver.missingScreens) {
      yield atFlow(
        this,
        flow,
        {
          key: name,
          message: `metadata.json lists ${name}, which is not in the folder`,
          fix: "Add the file, or take it off the list.",
        },
        ["screens"],
      );
    }
  },
};

const unlistedScreen: FlowRule = {
  code: "unlisted-screen",
  level: "warning",
  summary: "A screen is not listed or not shown by any step",
  help: "An import reads the screens that metadata.json lists, and no others.",
  *find({ flow }) {
    for (const name of flow.source.leftOver.unlistedScreens) {
      yield atFlow(
        this,
        flow,
        {
          key: name,
          message: `${name} is not listed in metadata.json: an import leaves it out`,
          fix: 'List it under "screens", or delete the file.',
        },
        ["screens"],
      );
    }
    const shown = new Set(
      [...flow.steps.values()].flatMap(({ screen }) => (screen === undefined ? [] : [screen.id])),
    );
    for (const screen of flow.source.screens) {
      if (shown.has(screen.id)) continue;
      yield atScreen(
        this,
        flow,
        { ...screen },
        {
          message: `No step shows the screen ${screen.id === "" ? "without an id" : screen.id}`,
          fix: "Take it out, or lead a step to it.",
          level: "note",
        },
      );
    }
  },
};

const unknownInteraction: FlowRule = {
  code: "unknown-interaction",
  level: "warning",
  summary:
    "A rule belongs to an interaction that its screen does not have, or to a branch that its condition does not have",
  help: "Nothing can set it off: the button was taken out or made anew.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      for (const { content, path } of step.tasks) {
        const rules = rulesOf(content, path);
        if (step.kind === "condition") {
          const outcomes = new Set(branchesOf(content, path).map(({ outcome }) => outcome));
          for (const rule of rules) {
            if (outcomes.has(rule.outcome)) continue;
            yield atStep(
              this,
              flow,
              step,
              {
                key: rule.outcome,
                message: `"${step.name}" has a way for the branch ${rule.outcome}, which it does not have`,
                fix: "Take the way out, or add the branch.",
              },
              rule.path,
            );
          }
        }
        if (step.kind !== "screen" || step.screen === undefined) continue;
        const known = new Set([
          ...interactionsOf(step.screen.content).map(({ id }) => id),
          ...componentsOf(step.screen.content).keys(),
          ...FIXED,
        ]);
        for (const rule of rules) {
          if (known.has(rule.outcome) || rule.outcome === "") continue;
          yield atStep(
            this,
            flow,
            step,
            {
              key: rule.outcome,
              message: `"${step.name}" has a way for the interaction ${rule.outcome}, which its screen does not have`,
              fix: "Take the way out, or wire the button that took its place.",
            },
            rule.path,
          );
        }
      }
    }
  },
};

/** Interactions that no component stands for. */
const FIXED = ["polling", "polling-error", "resend", "oneTimeCodeId", "update-password", "submit", "success"];

const duplicateScreenName: FlowRule = {
  code: "duplicate-screen-name",
  level: "note",
  summary: "Two screens of a flow have one name",
  help: "An application that draws its own screens finds them by their names.",
  *find({ flow }) {
    const screens = [...flow.steps.values()].filter(({ kind, reachable }) => kind === "screen" && reachable);
    for (const [name, steps] of Map.groupBy(screens, (step) => step.name)) {
      const [first, second] = steps;
      if (first === undefined || second === undefined || first.screen?.id === second.screen?.id) continue;
      yield atStep(
        this,
        flow,
        second,
        { message: `${steps.length} screens are called "${name}"`, fix: "Give each a name of its own." },
        ["name"],
      );
    }
  },
};

const operatorType: FlowRule = {
  code: "operator-type",
  level: "warning",
  summary: "A condition compares in a way that can never hold, or by an operator that is not known",
  help: "An order between texts, a range without two numbers or an unknown operator is always false.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      for (const task of step.tasks) {
        for (const branch of branchesOf(task.content, task.path)) {
          for (const [i, { operator, predicate, target, path }] of branch.atoms.entries()) {
            const text = typeof predicate === "string" ? predicate.trim() : undefined;
            const isPlain = text !== undefined && !text.includes("{{");
            const what = !isKnownOperator(operator)
              ? `uses the operator "${operator}", which is not known`
              : /^(?:greater|less)-than/.test(operator) &&
                  isPlain &&
                  (text === "" || Number.isNaN(Number(text)))
                ? `asks whether ${target} is ${operator.replaceAll("-", " ")} something that is no number`
                : /in-range$/.test(operator) && isPlain && !/^-?[\d.]+\s*,\s*-?[\d.]+$/.test(text)
                  ? `asks for the range of ${target} without two numbers`
                  : undefined;
            if (what === undefined) continue;
            yield atStep(
              this,
              flow,
              step,
              {
                key: `${branch.outcome} ${i}`,
                message: `"${step.name}" ${what}`,
                fix: "Choose another operator or value.",
              },
              path,
            );
          }
          if (branch.isElse || branch.atoms.length > 0) continue;
          yield atStep(
            this,
            flow,
            step,
            {
              key: branch.outcome,
              message: `The branch "${branch.name || branch.outcome}" of "${step.name}" has nothing to test: it is never taken`,
              level: "note",
              fix: "Give it a test, or take it out.",
            },
            branch.path,
          );
        }
      }
    }
  },
};

const missingAsset: FlowRule = {
  code: "missing-asset",
  level: "error",
  summary: "A text or image that the flow uses is not among the assets",
  help: "An import has nothing to put in its place.",
  *find({ flow }) {
    for (const name of flow.source.leftOver.missingAssets) {
      yield atFlow(this, flow, {
        key: name,
        message: `The flow uses the asset ${name}, which is not in assets/`,
        fix: "Export the snapshot again, or put the file back.",
      });
    }
  },
};

/** The rules about how the parts of a flow fit together. */
export const WIRING_RULES: readonly FlowRule[] = [
  malformedStep,
  noStart,
  deadEnd,
  missingTask,
  customErrorUnwired,
  errorHandlingUnknown,
  missingScreen,
  unlistedScreen,
  unknownInteraction,
  duplicateScreenName,
  operatorType,
  missingAsset,
] satisfies readonly Rule[];
