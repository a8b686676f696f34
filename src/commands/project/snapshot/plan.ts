import { exportSnapshot, list as listProjects, validateSnapshot } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { bool, id, list, text } from "../../../command/flags.ts";
import { invalidInput } from "../../../failure.ts";
import { printJson } from "../../../json/print.ts";
import type { Json } from "../../../json/value.ts";
import type { Plan } from "../../../snapshot/plan/plan.ts";
import { apiTarget } from "../../../snapshot/target.ts";
import { folderFlag } from "./folder.ts";
import { baseUrlOf, gatherPlan, planningFlags, type Live } from "./planning.ts";
import { expects } from "./expect.ts";
import { secretsInputFlag } from "./payload.ts";
import { formatFlags, planReport } from "./report.ts";
import { secretsFile } from "./secrets-file.ts";

const CONDITIONS = ["change", "drift", "conflict", "delete", "risk"] as const;

export default command({
  description:
    "Compares the folder, with the environment's own values in it, with what the project holds now, and says what an apply would do.\n" +
    "Nothing is changed. What the folder does not name is left alone; nothing is deleted without --prune.",
  operations: [exportSnapshot, listProjects, validateSnapshot],
  connection: "named",
  args: { projectId: id("Id of the project that would change") },
  flags: {
    path: folderFlag,
    ...planningFlags,
    prune: bool("Also plan to delete what the base had and the folder has no more"),
    receipt: text("The project's receipt (default .descope/receipts/<projectId>.json)", { value: "file" }),
    out: text("Write the plan to this file, to be applied as it was reviewed", { value: "file" }),
    ...formatFlags,
    secretsInput: secretsInputFlag,
    offline: text("Compare with this folder instead of the project; nothing is requested", {
      value: "folder",
    }),
    validate: bool("Also ask the server whether it would take the import"),
    exitCode: bool("Exit with status 2 when something would change"),
    failOn: list(`Exit with status 2 on any of: ${CONDITIONS.join(", ")}`, { value: "conditions" }),
    expect: text("Exit with status 2 unless the plan has this fingerprint", { value: "fingerprint" }),
  },
  examples: [
    "descope project snapshot plan P2abc --path config --env prod",
    "descope project snapshot plan P2abc -p config --env prod --out plan.json",
    "descope project snapshot plan P2abc -p config --base git:main:config",
  ],
  async run(context, { projectId }, flags) {
    const unknown = (flags.failOn ?? []).find((one) => !(CONDITIONS as readonly string[]).includes(one));
    if (unknown !== undefined)
      throw invalidInput(`--fail-on does not know "${unknown}"`, `It knows ${CONDITIONS.join(", ")}.`);
    const files = await context.files();
    if (flags.out !== undefined) files.checkWritable(flags.out);
    const live: Live =
      flags.offline === undefined
        ? {
            kind: "project",
            target: apiTarget(await context.connect(projectId, "read"), projectId),
            baseUrl: baseUrlOf(context, projectId),
          }
        : { kind: "folder", folder: flags.offline };
    const gathered = await gatherPlan(
      context,
      projectId,
      {
        ...flags,
        listNoise: flags.show !== undefined,
        recordState: flags.out !== undefined,
        ...secretsFile(files, flags.secretsInput),
      },
      live,
    );
    const plan =
      flags.validate && live.kind === "project" ? await validated(gathered, live.target) : gathered.plan;
    if (flags.out !== undefined) files.write(flags.out, `${printJson(plan as unknown as Json)}\n`, 0o600);
    const reason = reasonFor(plan, flags);
    if (reason === "expect_differs")
      context.note(
        `* The fingerprint is ${plan.fingerprint.slice(0, 16)}, not the one that was expected: the folder or the project changed since.`,
        "always",
      );
    return planReport(plan, flags, reason);
  },
});

/** Why the answer is no; undefined when it is yes. */
function reasonFor(
  plan: Plan,
  flags: { exitCode: boolean; failOn?: readonly string[] | undefined; expect?: string | undefined },
): string | undefined {
  if (flags.expect !== undefined && !expects(flags.expect, plan.fingerprint)) return "expect_differs";
  const met: Record<(typeof CONDITIONS)[number], boolean> = {
    conflict: plan.conflicts.length > 0,
    delete: plan.summary.delete > 0,
    risk: plan.changes.some(({ risk }) => risk.some(({ level }) => level !== "note")),
    drift: plan.drift.length > 0,
    change: plan.changes.length > 0,
  };
  for (const condition of ["conflict", "delete", "risk", "drift", "change"] as const)
    if (met[condition] && flags.failOn?.includes(condition) === true) return `${condition}_found`;
  return flags.exitCode && plan.changes.length > 0 ? "changes_found" : undefined;
}

/** The plan with what the server says of the import that it leads to. */
async function validated(
  { plan, theirs }: Awaited<ReturnType<typeof gatherPlan>>,
  target: ReturnType<typeof apiTarget>,
): Promise<Plan> {
  if (plan.changes.length === 0) return plan;
  const { compose } = await import("../../../snapshot/plan/compose.ts");
  const { withBlocks } = await import("../../../snapshot/plan/check.ts");
  const verdict = await target.validate(compose(theirs, plan.changes), {});
  const sourced = plan.secrets.filter(({ source }) => source !== null).map(({ name }) => name);
  const missing = verdict.missing.filter(({ type }) => !sourced.includes(type.toLowerCase()));
  return withBlocks(plan, [
    ...verdict.failures.map((what) => ({ code: "validation" as const, address: "project", text: what })),
    ...missing.map(({ name, type }) => ({
      code: "secret-missing" as const,
      address: `connector/${name}`,
      text: `the server misses the secret ${type}: name its source under "secrets" in the environment's file`,
    })),
  ]);
}
