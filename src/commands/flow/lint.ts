import { exportFlow } from "../../api/operations/flows.ts";
import { command } from "../../command/command.ts";
import { choice, text, words } from "../../command/flags.ts";
import type { Report } from "../../command/result.ts";
import { Failure } from "../../failure.ts";
import { jsonFileText } from "../../files/json-file.ts";
import { FLOW_RULES, lintFlow } from "../../flow/lint/rules.ts";
import { printJson } from "../../json/print.ts";
import { parseFile } from "../../json/source.ts";
import { baselineOf, byFingerprint, readBaseline } from "../../lint/baseline.ts";
import { LEVELS } from "../../lint/finding.ts";
import { lintAnnotations, lintDocument, lintLines, lintSarif } from "../../lint/render.ts";
import { ALLOWANCE_RULES, entityOf, fails, lintReport } from "../../lint/report.ts";
import { readLintSettings, RECOMMENDED } from "../../lint/settings.ts";
import { withoutComments } from "../../json/comments.ts";
import { SETTINGS_RULES } from "../../snapshot/lint/settings-rules.ts";
import { version } from "../../version.ts";
import { FLOW_WORDS, namedFlow } from "./flow-side.ts";
import { onlyJson } from "./format.ts";
import { toFile } from "../../command/report-file.ts";

const FORMATS = ["text", "json", "sarif", "github"] as const;

export default command({
  description:
    `The flow is ${FLOW_WORDS}. In a snapshot's folder it is held against what stands around it too: flows that it calls, connectors, roles, attributes, methods.\n` +
    "A rules file sets levels and limits, and allows findings with a reason; a baseline holds what was there when the lint was introduced.\n" +
    "The exit status is 2 where something is found at the level of --fail-on or above.",
  operations: [exportFlow],
  connection: "named",
  args: { flow: words("The flow to look at") },
  flags: {
    format: choice("What to print (default text)", FORMATS),
    rules: text("A rules file (descope-lint/1)", { value: "file" }),
    env: text("The environment of the rules file that is looked at", { value: "name" }),
    baseline: text("Leave out the findings of this file", { value: "file" }),
    writeBaseline: text("Write the findings to this file, to be left out from now on", { value: "file" }),
    failOn: choice("From which level on to end with status 2 (default error)", LEVELS),
    out: text("Write to this file", { value: "file" }),
  },
  examples: [
    "descope flow lint project-P2abc/flows/sign-in",
    "descope flow lint sign-in.json --fail-on warning --format github",
    "descope flow lint project:P2abc/sign-in --rules lint.json --env staging",
  ],
  async run(
    context,
    { flow: named },
    { format, rules, env, baseline, writeBaseline, failOn = "error", out },
  ) {
    const chosen = onlyJson(context, format ?? "text", format !== undefined);
    if (env !== undefined && rules === undefined) {
      throw new Failure("--env chooses a part of the rules file, and none is given", {
        code: "usage",
        hint: "Name it with --rules.",
      });
    }
    const files = await context.files();
    const applied = [...FLOW_RULES, ...ALLOWANCE_RULES];
    const settings =
      rules === undefined
        ? RECOMMENDED
        : readLintSettings(parseFile(rules, withoutComments(files.readText(rules))), env, [
            ...applied,
            ...SETTINGS_RULES,
          ]);
    const known = (file: string) => readBaseline(parseFile(file, files.readText(file)));
    const accepted = baseline === undefined ? [] : known(baseline);
    if (writeBaseline !== undefined) files.checkWritable(writeBaseline);
    const { flow, project } = await namedFlow(context, named);
    const found = lintFlow({ flow, project, limits: settings.limits });
    const today = new Date(context.clock.now()).toISOString().slice(0, 10);
    const scope = { entity: `flow/${flow.id}`, codes: new Set(applied.map(({ code }) => code)) };
    const report = lintReport(found, settings, today, { baseline: byFingerprint(accepted), scope });
    const isRefused = writeBaseline === undefined && fails(report, failOn);
    const document = lintDocument(report, isRefused);
    if (writeBaseline !== undefined) {
      // One file may hold the baseline of a whole project: what is known of other flows stays.
      const before = files.kind(writeBaseline) === "file" ? known(writeBaseline) : [];
      const others = before.filter(({ address }) => entityOf(address) !== scope.entity);
      const { findings } = lintReport(found, settings, today, { scope });
      files.write(writeBaseline, jsonFileText(baselineOf(findings, others)));
      context.note(`* Wrote ${writeBaseline}`);
    }
    const bodies: Record<(typeof FORMATS)[number], () => Report["body"]> = {
      text: () => lintLines(report),
      json: () => `${printJson(document)}\n`,
      sarif: () => lintSarif(report, applied, version),
      github: () => lintAnnotations(report),
    };
    return toFile(
      context,
      { kind: "report", answer: isRefused ? "no" : "yes", document, body: bodies[chosen]() },
      out,
    );
  },
});
