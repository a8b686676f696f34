import { cleartextHost } from "../../lint/address.ts";
import { asList, asText, entriesOf, member } from "../../json/look.ts";
import type { Path } from "../../json/locate.ts";
import { isJsonObject, isRawNumber, type Json } from "../../json/value.ts";
import { looksSecret, secretsInCode } from "../../lint/secret.ts";
import { edgesFrom, type Flow } from "../graph/model.ts";
import { argument, argumentText, branchesOf, componentsOf, errorsOf } from "../graph/task.ts";
import { doubtKey, placeholders } from "./context-keys.ts";
import { atScreen, atStep, type FlowRule } from "./rule.ts";

const secretInFile: FlowRule = {
  code: "secret-in-file",
  level: "error",
  severity: 7.5,
  summary: "A secret stands in a file in clear",
  help: "Whoever can read the repository can use it. Put it into a connector, where Descope keeps it, and change it at its service.",
  *find({ flow }) {
    for (const { step, task, name, path, value } of argumentTexts(flow)) {
      if (name === "scriptCode") {
        for (const secret of secretsInCode(value)) {
          yield atStep(
            this,
            flow,
            step,
            {
              key: `script ${secret}`,
              message: `The script of "${step.name}" holds ${secret} in clear`,
              fix: "Hand it over by a connector, and change it.",
            },
            path,
            task,
          );
        }
      } else if (looksSecret(name, value)) {
        yield atStep(
          this,
          flow,
          step,
          {
            key: name,
            message: `The argument ${name} of "${step.name}" looks like a secret in clear`,
            fix: "Put it into the connector's settings, and change it.",
          },
          path,
          task,
        );
      }
    }
  },
};

const cleartextUrl: FlowRule = {
  code: "cleartext-url",
  level: "error",
  severity: 5.9,
  summary: "An address is http:// and not this machine",
  help: "Everything that is sent there can be read and changed on the way.",
  *find({ flow }) {
    for (const { step, task, name, path, value } of argumentTexts(flow)) {
      const host = name === "scriptCode" ? undefined : cleartextHost(value);
      if (host !== undefined) {
        yield atStep(
          this,
          flow,
          step,
          {
            key: name,
            message: `The argument ${name} of "${step.name}" leads to ${host} by http://`,
            fix: "Write https://.",
          },
          path,
          task,
        );
      }
    }
    for (const screen of flow.source.screens) {
      for (const { component, path, value, name } of screenTexts(screen.content)) {
        const host = /^(?:href|url|src|link)/i.test(name) ? cleartextHost(value) : undefined;
        if (host !== undefined) {
          yield atScreen(
            this,
            flow,
            screen,
            {
              key: `${component} ${name}`,
              message: `A component of the screen ${screen.id} leads to ${host} by http://`,
              fix: "Write https://.",
            },
            path,
          );
        }
      }
    }
  },
};

const riskThresholdRange: FlowRule = {
  code: "risk-threshold-range",
  level: "error",
  severity: 6.5,
  summary: "A risk score is compared with a number that it never reaches",
  help: "riskInfo.riskScore runs from 0 to 1; a threshold such as 50 is never passed.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      for (const task of step.tasks) {
        for (const branch of branchesOf(task.content, task.path)) {
          for (const { target, predicate, path } of branch.atoms) {
            if (target !== "riskInfo.riskScore") continue;
            const number = numberOf(predicate);
            if (number === undefined || (number >= 0 && number <= 1)) continue;
            yield atStep(
              this,
              flow,
              step,
              {
                key: branch.outcome,
                message: `"${step.name}" compares the risk score with ${number}, and it runs from 0 to 1`,
                fix: `Write a number between 0 and 1${number > 1 && number <= 100 ? `, such as ${number / 100}` : ""}.`,
              },
              path,
            );
          }
        }
      }
    }
  },
};

const mergeUsers: FlowRule = {
  code: "merge-users",
  level: "warning",
  severity: 6.8,
  summary: "A step may merge two users, which deletes one of them",
  help: "With an added login id and merging of what exists, whoever verifies an address takes over the user that has it.",
  *find({ flow }) {
    for (const step of flow.steps.values()) {
      for (const task of step.tasks.slice(0, 1)) {
        const isOn = (name: string) =>
          [true, "true"].includes(argument(task.content, name) as boolean | string);
        if (!isOn("addToLoginIDs") || !isOn("onMergeUseExisting")) continue;
        yield atStep(
          this,
          flow,
          step,
          {
            message: `"${step.name}" adds a login id and merges with the user that has it`,
            fix: "Turn merging off, or make sure that the user was verified before.",
          },
          ["arguments", "onMergeUseExisting"],
        );
      }
    }
  },
};

const userEnumeration: FlowRule = {
  code: "user-enumeration",
  level: "warning",
  severity: 5.3,
  summary: "A failed sign-in tells whether the user exists",
  help: "When one failure leads elsewhere than the others, anybody can find out who has an account. Treat all failures alike, or mitigate them.",
  *find({ flow }) {
    const edges = edgesFrom(flow);
    for (const step of flow.steps.values()) {
      if (!/^(?:sign-in|password-sign-in|webauthn-sign-in)/.test(step.action)) continue;
      const errors = step.tasks.flatMap((task) => errorsOf(task.content, task.path));
      const target = (name: string) =>
        (edges.get(step.id) ?? []).find(({ outcome }) => outcome === name)?.to ?? "";
      for (const { name, how, path } of errors) {
        if (
          !/(?:not|no|un)[-_ ]?(?:exist|found|such|known)|(?:user|login|account).*(?:not|missing)/i.test(name)
        )
          continue;
        if (!/^custom/.test(how)) continue;
        const isAlike = errors.every(
          (other) =>
            other.name === name || (/^custom/.test(other.how) && target(other.name) === target(name)),
        );
        if (isAlike && errors.length > 1) continue;
        yield atStep(
          this,
          flow,
          step,
          {
            key: name,
            message: `"${step.name}" goes another way for ${name} than for other failures`,
            fix: "Lead all failures of a sign-in the same way.",
          },
          path,
        );
      }
    }
  },
};

const unknownContextKey: FlowRule = {
  code: "unknown-context-key",
  level: "warning",
  summary: "A value is looked at that nothing delivers",
  help: "A misspelled name is empty at run time: a test never holds, a text shows a gap.",
  *find({ flow }) {
    const outputs = outputsOf(flow);
    const hasSubflows = [...flow.steps.values()].some(({ kind }) => kind === "subflow");
    const judge = (key: string) => {
      const doubt = doubtKey(key, outputs);
      // A called flow may deliver what nothing here does.
      if (doubt === undefined || (!doubt.certain && hasSubflows)) return undefined;
      return {
        key,
        message: `${key} is not known${doubt.suggestion === undefined ? "" : `; did you mean ${doubt.suggestion}?`}`,
        fix: doubt.suggestion === undefined ? "Check its spelling." : `Write ${doubt.suggestion}.`,
        ...(doubt.certain ? {} : { level: "note" as const }),
      };
    };
    for (const step of flow.steps.values()) {
      for (const task of step.tasks) {
        for (const branch of branchesOf(task.content, task.path)) {
          for (const { target, predicate, path } of branch.atoms) {
            for (const key of [...(target === "" ? [] : [target]), ...placeholders(asText(predicate))]) {
              const words = judge(key);
              if (words !== undefined) yield atStep(this, flow, step, words, path);
            }
          }
        }
      }
    }
    for (const { step, task, name, path, value, type } of argumentTexts(flow)) {
      if (name === "scriptCode") continue;
      for (const key of type === "context" ? [value] : placeholders(value)) {
        const words = judge(key);
        if (words !== undefined) yield atStep(this, flow, step, words, path, task);
      }
    }
    for (const screen of flow.source.screens) {
      for (const { path, value } of screenTexts(screen.content)) {
        for (const key of placeholders(value)) {
          const words = judge(key);
          if (words !== undefined) yield atScreen(this, flow, screen, words, path);
        }
      }
    }
  },
};

/** The paths that steps of a flow write their results to. */
function outputsOf(flow: Flow): Set<string> {
  const out = new Set<string>();
  for (const step of flow.steps.values()) {
    for (const { content } of step.tasks) {
      const result = argumentText(content, "resultPath");
      const output = argumentText(content, "outputPath");
      if (result !== "") out.add(result).add(`connectors.${result}`);
      if (output !== "") out.add(`scripts.${output}`).add(output);
    }
  }
  return out;
}

interface ArgumentText {
  readonly step: Flow["steps"] extends ReadonlyMap<string, infer S> ? S : never;
  readonly task: ArgumentText["step"]["tasks"][number];
  /** Of the argument, or of the item in its list. */
  readonly name: string;
  readonly value: string;
  /** "context" for a path whose value is taken, else "string". */
  readonly type: string;
  readonly path: Path;
}

/** Every text in the arguments of a flow's steps. */
function* argumentTexts(flow: Flow): Generator<ArgumentText> {
  for (const step of flow.steps.values()) {
    // Both halves of an action have the same arguments.
    const [task] = step.tasks;
    if (task === undefined) continue;
    for (const [name, wrapped] of entriesOf(task.content.arguments)) {
      const value = isJsonObject(wrapped) ? member(wrapped, "value") : wrapped;
      const path: Path = ["arguments", name, ...(isJsonObject(wrapped) ? ["value"] : [])];
      if (typeof value === "string") yield { step, task, name, value, type: "string", path };
      for (const [i, item] of asList(value).entries()) {
        const text = member(item, "value");
        if (typeof text !== "string") continue;
        const key = asText(member(item, "key"));
        yield {
          step,
          task,
          name: key === "" ? name : key,
          value: text,
          type: asText(member(item, "type")),
          path: [...path, i, "value"],
        };
      }
    }
  }
}

/** Every text in the properties of a screen's components. */
function* screenTexts(
  screen: Json & object,
): Generator<{ component: string; name: string; value: string; path: Path }> {
  for (const { id, props } of componentsOf(screen as never).values()) {
    for (const [name, value] of Object.entries(props)) {
      if (typeof value === "string")
        yield { component: id, name, value, path: ["contents", id, "props", name] };
    }
  }
}

function numberOf(value: Json | undefined): number | undefined {
  const text = isRawNumber(value)
    ? value.rawJSON
    : typeof value === "number" || typeof value === "string"
      ? String(value)
      : "";
  return text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
}

/** The rules about values in steps and screens. */
export const VALUE_RULES: readonly FlowRule[] = [
  secretInFile,
  cleartextUrl,
  riskThresholdRange,
  mergeUsers,
  userEnumeration,
  unknownContextKey,
];
