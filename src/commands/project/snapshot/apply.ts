import {
  exportSnapshot,
  importSnapshot,
  list as listProjects,
  validateSnapshot,
} from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import type { Context } from "../../../command/context.ts";
import { bool, id, int, text } from "../../../command/flags.ts";
import type { Report } from "../../../command/result.ts";
import { invalidInput } from "../../../failure.ts";
import type { Files } from "../../../files/files.ts";
import { visible } from "../../../output/terminal-text.ts";
import { applyPlan, type ApplyPorts, type Outcome, type Phase } from "../../../snapshot/apply/apply.ts";
import {
  backupPath,
  pendingPath,
  pendingText,
  readBegun,
  saveSnapshot,
} from "../../../snapshot/apply/store.ts";
import {
  FROM_FILE,
  ownersOf,
  suppliedSecrets,
  type SuppliedSecrets,
} from "../../../snapshot/apply/supplied-secrets.ts";
import { readPlan } from "../../../snapshot/plan/check.ts";
import type { Plan } from "../../../snapshot/plan/plan.ts";
import { readReceipt, receiptPath, receiptText } from "../../../snapshot/receipt.ts";
import { apiTarget } from "../../../snapshot/target.ts";
import { version } from "../../../version.ts";
import { parseAge } from "./age.ts";
import { expects } from "./expect.ts";
import { folderFlag } from "./folder.ts";
import { outcomeReport, refusalReport } from "./outcome.ts";
import { secretsInputFlag } from "./payload.ts";
import { baseUrlOf, gatherPlan, planningFlags } from "./planning.ts";
import { secretsFile } from "./secrets-file.ts";

export default command({
  description:
    "Carries out a reviewed plan: the file that plan wrote, or the folder again, held against the fingerprint that was reviewed.\n" +
    "Refused with exit status 2, with nothing written, when the project is no longer what the plan saw. What the plan does not name is\n" +
    "sent back as it is. The API has no lock: what somebody changes in the console in the seconds between the export and the import can\n" +
    "be overwritten; the comparison afterwards shows it, and the backup undoes it.",
  operations: [exportSnapshot, listProjects, validateSnapshot, importSnapshot],
  connection: "argument",
  args: { projectId: id("Id of the project that is changed") },
  flags: {
    plan: text("The plan's file", { value: "file" }),
    path: folderFlag,
    ...planningFlags,
    prune: bool("The plan that was reviewed deletes"),
    expect: text("The fingerprint that was reviewed", { value: "fingerprint" }),
    yes: bool("Do not ask"),
    confirm: text("The project's name, in place of typing it", { value: "name" }),
    allowDelete: int("How many deletes are meant", { value: "count" }),
    secretsInput: secretsInputFlag,
    backup: text("Write what the project held to this folder (default in .descope/backups)", {
      value: "folder",
    }),
    receipt: text("The project's receipt (default .descope/receipts/<projectId>.json)", { value: "file" }),
    maxAge: text("Refuse a plan's file that is older, such as 30m or 7d (default 24h)", { value: "time" }),
    strict: bool("Also refuse when something moved that the plan does not touch"),
  },
  examples: [
    "descope project snapshot apply P2abc --plan plan.json",
    "descope project snapshot apply P2abc -p config --expect dp1-7f3c9a21b0d4 --yes",
  ],
  async run(context, { projectId }, flags) {
    const files = await context.files();
    const baseUrl = baseUrlOf(context, projectId);
    const target = apiTarget(context.api, projectId);
    const receiptFile = flags.receipt ?? receiptPath(projectId);
    const pendingFile = pendingPath(projectId);
    for (const file of [receiptFile, pendingFile]) files.checkWritable(file);
    const begun = readBegun(files, pendingFile);
    const maxAge = parseAge(flags.maxAge ?? "24h");
    const secrets = secretsFile(files, flags.secretsInput);

    let plan: Plan;
    if (flags.plan !== undefined) {
      const beside = (["path", "env", "only", "except", "base", "resolve", "unprotect"] as const).filter(
        (key) => flags[key] !== undefined,
      );
      if (beside.length > 0 || flags.prune)
        throw invalidInput(
          `--${beside[0] ?? "prune"} cannot be used with --plan: the plan says what is done`,
        );
      plan = readPlan(files.readText(flags.plan), flags.plan);
      const age = context.clock.now() - Date.parse(plan.createdAt);
      if (!(age <= maxAge))
        return refusalReport(
          "plan_too_old",
          [{ address: projectId, text: `the plan was made ${plan.createdAt}; --max-age allows older ones` }],
          plan,
        );
    } else {
      if (flags.expect === undefined && !context.terminal.inputIsTerminal)
        return refusalReport("not_reviewed", [
          {
            address: projectId,
            text: "a folder alone is not applied without somebody at a terminal: give --plan FILE, or --expect with the fingerprint that was reviewed",
          },
        ]);
      // An apply that was interrupted behind its import goes on with the plan that it was given then.
      const resumed =
        begun !== undefined && flags.expect !== undefined && expects(flags.expect, begun.plan.fingerprint);
      plan = resumed
        ? begun.plan
        : (
            await gatherPlan(
              context,
              projectId,
              { ...flags, listNoise: false, recordState: false, ...secrets },
              { kind: "project", target, baseUrl },
            )
          ).plan;
    }
    const environmentAllows = plan.allowDelete;
    if (flags.expect !== undefined && !expects(flags.expect, plan.fingerprint)) {
      return refusalReport(
        "expect_differs",
        [
          {
            address: projectId,
            text: `the plan is now ${plan.fingerprint.slice(0, 16)}: the folder or the project changed since the review. Plan and review again`,
          },
        ],
        plan,
      );
    }
    if (plan.target.project !== projectId || plan.target.baseUrl !== baseUrl) {
      return refusalReport(
        "other_target",
        [
          {
            address: projectId,
            text: `the plan is for ${plan.target.project} at ${plan.target.baseUrl}, not for ${projectId} at ${baseUrl}`,
          },
        ],
        plan,
      );
    }
    const deletes = plan.summary.delete;
    const allowed = Number(flags.allowDelete ?? 0n);
    if (deletes > allowed)
      return refusalReport(
        "too_many_deletes",
        [{ address: projectId, text: `the plan deletes ${deletes}: say so with --allow-delete ${deletes}` }],
        plan,
      );
    if (environmentAllows !== null && deletes > environmentAllows)
      return refusalReport(
        "too_many_deletes",
        [
          {
            address: projectId,
            text: `the plan deletes ${deletes}; the environment allows ${environmentAllows}`,
          },
        ],
        plan,
      );

    const supplied = supply(plan, secrets.secrets);
    const unknown = await confirmed(context, plan, flags);
    if (unknown !== undefined) return unknown;

    let current: Phase = "checking";
    const forget = context.onInterrupt(() => {
      context.note(
        `* Interrupted while ${current}. Run the same command again: it goes on from there${current === "importing" ? ", whether the import arrived or not" : ""}.`,
        "always",
      );
    });
    const working = context.progress("Applying the plan");
    const backup = flags.backup ?? backupPath(files, projectId, new Date(context.clock.now()));
    const ports: ApplyPorts = {
      target,
      receipt: readReceipt(files, receiptFile, { project: projectId, baseUrl }),
      pending: begun?.pending,
      strict: flags.strict,
      tool: `descope ${version}`,
      now: () => new Date(context.clock.now()).toISOString(),
      phase(phase) {
        current = phase;
        working.update(phase);
      },
      secret: (source, label) => {
        const value =
          secretFrom(context, files, source) ??
          (source === FROM_FILE ? supplied?.values.get(label) : undefined);
        if (value !== undefined) context.api.keepSecret(value);
        return value;
      },
      async saveBackup(content) {
        await saveSnapshot(files, backup, content);
        return backup;
      },
      savePending: (kept, where) => files.write(pendingFile, pendingText(kept, where), 0o600),
      saveReceipt: (receipt) => files.write(receiptFile, receiptText(receipt)),
      forgetPending: () => files.remove(pendingFile),
    };
    let outcome: Outcome;
    try {
      outcome = await applyPlan(plan, ports);
    } finally {
      working.stop();
      forget();
    }
    return outcome.kind === "refused"
      ? refusalReport(outcome.reason, outcome.refusals, plan)
      : outcomeReport(plan, outcome);
  },
});

function supply(plan: Plan, secrets: ReturnType<typeof secretsFile>["secrets"]): SuppliedSecrets | undefined {
  if (secrets === undefined) return undefined;
  const entities = plan.changes.flatMap(({ address, after }) =>
    after === null ? [] : [{ address, content: after.content }],
  );
  const ids = plan.changes.flatMap(({ after }) => Object.entries(after?.ids ?? {}));
  return suppliedSecrets(secrets.content, secrets.file, new Map([...ids, ...ownersOf(entities)]));
}

/** A secret's value out of the environment or a file. */
function secretFrom(context: Context, files: Files, source: string): string | undefined {
  if (source.startsWith("env:")) return context.environment[source.slice("env:".length)];
  if (!source.startsWith("file:")) return undefined;
  const path = source.slice("file:".length);
  return files.kind(path) === "file" ? files.readText(path).replace(/\r?\n$/, "") : undefined;
}

/** Asks in proportion to the danger; undefined when it may go on. */
async function confirmed(
  context: Context,
  plan: Plan,
  flags: {
    readonly yes: boolean;
    readonly confirm?: string | undefined;
    readonly expect?: string | undefined;
    readonly plan?: string | undefined;
  },
): Promise<Report | undefined> {
  if (plan.changes.length === 0 || plan.blocked.length > 0) return undefined;
  const { project, name } = plan.target;
  const known = name === undefined || name === "" ? project : name;
  const refuse = (what: string) => refusalReport("not_confirmed", [{ address: project, text: what }], plan);
  if (flags.confirm !== undefined) {
    return flags.confirm.trim() === known.trim()
      ? undefined
      : refuse(`--confirm is not the project's name, which is ${visible(known)}`);
  }
  const { inputIsTerminal, errorIsTerminal } = context.terminal;
  const canAsk = inputIsTerminal && errorIsTerminal && !context.json;
  if (flags.yes) return undefined;
  if (!canAsk) return refuse("nobody is here to say yes: give --yes with --plan, or with --expect");
  const { planLines } = await import("../../../snapshot/render/text.ts");
  const { plainLine } = await import("../../../output/line.ts");
  context.note(
    planLines(plan)
      .map((line) => visible(plainLine(line)))
      .join("\n"),
  );
  if (plan.protection === "none") {
    return (await context.terminal.confirm(`Apply this plan to ${visible(known)}?`))
      ? undefined
      : refuse("it was not confirmed");
  }
  const what =
    plan.protection === "production"
      ? "This is a production project"
      : "It is not known whether this is a production project";
  const answer = await context.terminal.ask(`${what}. Type its name, ${visible(known)}, to apply the plan: `);
  return answer !== undefined && answer.trim() !== "" && answer.trim() === known.trim()
    ? undefined
    : refuse("it was not confirmed");
}
