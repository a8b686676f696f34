import { search } from "../../../api/operations/audit.ts";
import { exportSnapshot, list as listProjects } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { bool, id, list, text } from "../../../command/flags.ts";
import { fileFailure, invalidInput } from "../../../failure.ts";
import { driftOf, driftSince, TIERS, withOpenPlan, type Drift } from "../../../snapshot/drift/drift.ts";
import { traces } from "../../../snapshot/drift/who.ts";
import { environmentPath, readEnvironment } from "../../../snapshot/environment/read.ts";
import { namingNothing } from "../../../snapshot/model/address.ts";
import { Meanings } from "../../../snapshot/model/meanings.ts";
import { readPlan } from "../../../snapshot/plan/check.ts";
import { ignoredPlaces, readReceipt, receiptPath } from "../../../snapshot/receipt.ts";
import { quoted } from "../../../snapshot/render/plan-view.ts";
import { apiTarget, readTarget, type TargetProject } from "../../../snapshot/target.ts";
import {
  baseUrlOf,
  gatherPlan,
  liveContent,
  places,
  planningFlags,
  requireKnown,
  scopeWords,
} from "./planning.ts";
import { driftReport, formatFlags } from "./report.ts";
import { snapshotFolder } from "./folder.ts";

export default command({
  description:
    "Tells what somebody changed in a project beside the folder that declares it, or since the receipt of the last apply. Exit status 2\n" +
    "when something that was declared is changed or gone there; 1 when the project could not be read.\n" +
    "Against a folder, the receipt of the last apply tells what the folder itself changed since; without one, all that differs is drift.\n" +
    "--who adds who may have done it, from the audit trail: that reaches back 30 days and does not hold every change.",
  operations: [exportSnapshot, listProjects, search],
  connection: "named",
  args: { projectId: id("Id of the project that is looked at") },
  flags: {
    against: text("The folder that declares it, the file of a receipt, or the word receipt", {
      value: "folder",
    }),
    env: planningFlags.env,
    only: planningFlags.only,
    except: planningFlags.except,
    base: planningFlags.base,
    receipt: text("The project's receipt (default .descope/receipts/<projectId>.json)", { value: "file" }),
    who: bool("Also say who may have done it, from the audit trail"),
    plan: text("Mark what this open plan would change too", { value: "file" }),
    failOn: list(`Exit with status 2 on any of: ${TIERS.join(", ")} (default declared,deleted)`, {
      value: "tiers",
    }),
    ...formatFlags,
  },
  examples: [
    "descope project snapshot drift P2abc --against config --env prod",
    "descope project snapshot drift P2abc --against config --who --format markdown",
    "descope project snapshot drift P2abc --against receipt",
  ],
  async run(context, { projectId }, flags) {
    const unknown = (flags.failOn ?? []).find((one) => !(TIERS as readonly string[]).includes(one));
    if (unknown !== undefined)
      throw invalidInput(`--fail-on does not know "${unknown}"`, `It knows ${TIERS.join(", ")}.`);
    const files = await context.files();
    const openPlan = flags.plan === undefined ? undefined : readPlan(files.readText(flags.plan), flags.plan);
    const api = await context.connect(projectId, "read");
    const target = apiTarget(api, projectId);
    const baseUrl = baseUrlOf(context, projectId);
    const { against } = flags;
    const isReceipt = against === "receipt" || (against !== undefined && files.kind(against) === "file");
    const found = isReceipt
      ? await againstReceipt(against === "receipt" ? (flags.receipt ?? receiptPath(projectId)) : against)
      : await againstFolder(target);
    const drift = openPlan === undefined ? found.drift : withOpenPlan(found.drift, openPlan);
    const report = {
      project: projectId,
      ...found,
      drift,
      traces: flags.who ? await traces(api, drift.drifted, context.clock.now()) : undefined,
      next: drift.drifted.length === 0 ? [] : found.next,
    };
    const failOn: readonly string[] = flags.failOn ?? ["declared", "deleted"];
    const isDrift = drift.drifted.some(({ tier }) => failOn.includes(tier));
    return driftReport(
      report,
      { ...flags, listNoise: flags.show !== undefined },
      isDrift ? "drift_found" : undefined,
    );

    async function againstFolder(project: TargetProject): Promise<Found> {
      const folder = snapshotFolder(against, projectId);
      const { plan, ours, theirs, environment } = await gatherPlan(
        context,
        projectId,
        { ...flags, path: folder, prune: false, listNoise: flags.show !== undefined, recordState: false },
        { kind: "project", target: project, baseUrl },
      );
      const meanings = new Meanings((environment?.ignore ?? []).map(({ at }) => at));
      const scope = scopeWords(flags)
        .map((word) => ` ${quoted(word)}`)
        .join("");
      // A plan with a base leaves alone what the project alone changed.
      const undo = plan.base.kind === "none" ? scope : `${scope} --base none`;
      return {
        against: environment === undefined ? folder : `${folder} (${environment.name})`,
        environment: environment?.name,
        drift: driftOf(plan, ours, theirs, meanings),
        notes: [
          ...(plan.base.kind === "none"
            ? [
                "Without a base (a receipt, or --base git:REF:FOLDER), what the folder changed and nobody applied yet counts as drift.",
              ]
            : []),
          ...namingNothing({ only: places(flags.only, "--only"), except: places(flags.except, "--except") }, [
            ...ours.entities.keys(),
            ...theirs.entities.keys(),
          ]),
        ],
        next: [
          `descope project snapshot record ${projectId} --path ${quoted(folder)}${scope}   accepts it into the folder`,
          `descope project snapshot plan ${projectId} --path ${quoted(folder)}${undo}   plans to undo it`,
        ],
      };
    }

    async function againstReceipt(file: string): Promise<Found> {
      const environment =
        flags.env === undefined
          ? undefined
          : readEnvironment(files, environmentPath(files, flags.env, undefined));
      const receipt = readReceipt(files, file, { project: projectId, baseUrl });
      if (receipt === undefined)
        throw fileFailure(`There is no receipt at ${file}`, "The first apply to a project writes one.");
      const meanings = new Meanings([
        ...(environment?.ignore ?? []).map(({ at }) => at),
        ...ignoredPlaces(receipt),
      ]);
      const scope = { only: places(flags.only, "--only"), except: places(flags.except, "--except") };
      const theirs = readTarget(await liveContent(context, files, { kind: "project", target, baseUrl }));
      requireKnown(scope.only, [Object.keys(receipt.entities), theirs.entities.keys()]);
      return {
        against: file,
        environment: environment?.name,
        drift: driftSince(receipt, theirs, meanings, scope),
        notes: [
          "A receipt holds no values: what was there before is not known.",
          ...namingNothing(scope, [...Object.keys(receipt.entities), ...theirs.entities.keys()]),
        ],
        next: [],
      };
    }
  },
});

interface Found {
  readonly against: string;
  readonly environment: string | undefined;
  readonly drift: Drift;
  readonly notes: readonly string[];
  readonly next: readonly string[];
}
