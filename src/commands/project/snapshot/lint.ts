import { command } from "../../../command/command.ts";
import type { Context } from "../../../command/context.ts";
import { toFile } from "../../../command/report-file.ts";
import { bool, choice, optionalWords, text } from "../../../command/flags.ts";
import type { Report } from "../../../command/result.ts";
import { connection } from "../../../config/settings.ts";
import { Failure, invalidInput } from "../../../failure.ts";
import type { Files } from "../../../files/files.ts";
import { jsonFileText } from "../../../files/json-file.ts";
import { withoutComments } from "../../../json/comments.ts";
import { member } from "../../../json/look.ts";
import { printJson } from "../../../json/print.ts";
import { parseFile, type JsonFile } from "../../../json/source.ts";
import { isJsonObject } from "../../../json/value.ts";
import { baselineOf, byFingerprint, readBaseline } from "../../../lint/baseline.ts";
import { LEVELS, type Finding, type Found } from "../../../lint/finding.ts";
import { lintAnnotations, lintDocument, lintLines, lintSarif } from "../../../lint/render.ts";
import { fails, lintReport, type LintReport } from "../../../lint/report.ts";
import { readLintSettings, RECOMMENDED, type LintSettings } from "../../../lint/settings.ts";
import { readFolderContent } from "../../../snapshot/content.ts";
import type { Environment } from "../../../snapshot/environment/environment.ts";
import { environmentPath, readEnvironment, readEnvironments } from "../../../snapshot/environment/read.ts";
import { sharedProjects } from "../../../snapshot/lint/environment-rules.ts";
import { lintEnvironment, lintSnapshot, SNAPSHOT_RULES } from "../../../snapshot/lint/lint.ts";
import { readSnapshot } from "../../../snapshot/model/read.ts";
import { readReceipt, receiptPath, type Receipt } from "../../../snapshot/receipt.ts";
import { version } from "../../../version.ts";
import { environmentFlag } from "./environment-flag.ts";
import { snapshotFolder } from "./folder.ts";

const FORMATS = ["text", "json", "sarif", "github"] as const;

export default command({
  description:
    "Looks for mistakes and risks in a snapshot's folder, its flows and its environments, offline: nothing is asked of anybody. With an\n" +
    "environment, its values are looked at in their places; variables that it names need not be set.\n" +
    "A rules file sets levels and limits, and allows findings with a reason; a baseline holds what was there when the lint was introduced.\n" +
    "The exit status is 2 where something is found at the level of --fail-on or above, 1 where the folder cannot be read.",
  args: { folder: optionalWords("The snapshot's folder (default the current one)") },
  flags: {
    env: environmentFlag,
    allEnvs: bool("Look at every environment in envs/"),
    rules: text("A rules file (descope-lint/1)", { value: "file" }),
    baseline: text("Leave out the findings of this file", { value: "file" }),
    writeBaseline: text("Write the findings to this file, to be left out from now on", { value: "file" }),
    failOn: choice("From which level on to end with status 2 (default error)", LEVELS),
    format: choice("What to print (default text)", FORMATS),
    out: text("Write to this file", { value: "file" }),
  },
  examples: [
    "descope project snapshot lint config",
    "descope project snapshot lint config --all-envs --format github",
    "descope project snapshot lint config --format sarif --out lint.sarif",
  ],
  async run(context, { folder: named }, flags): Promise<Report> {
    const { env, allEnvs, rules, baseline, writeBaseline, failOn = "error", format, out } = flags;
    if (env !== undefined && allEnvs)
      throw new Failure("--env and --all-envs exclude each other", { code: "usage" });
    if (context.json && format !== undefined && format !== "json")
      throw new Failure(`--json and --format ${format} exclude each other`, { code: "usage" });
    if (named === "")
      throw invalidInput("The name of the folder is empty", "Leave it out for the current one.");
    const files = await context.files();
    const folder = snapshotFolder(named ?? ".", "");
    for (const output of [writeBaseline, out]) if (output !== undefined) files.checkWritable(output);
    const rulesFile =
      rules === undefined ? undefined : parseFile(rules, withoutComments(files.readText(rules)));
    const accepted =
      baseline === undefined ? [] : readBaseline(parseFile(baseline, files.readText(baseline)));
    const environments = allEnvs
      ? readEnvironments(files, folder)
      : env === undefined
        ? []
        : [readEnvironment(files, environmentPath(files, env, folder))];
    const snapshot = readSnapshot(readFolderContent(files, folder));
    const file = cached((path) =>
      lazyFile(files, folder === "." ? path : `${folder}/${path}`, snapshot.content.get(path) ?? null),
    );
    const environmentFile = cached((path) => parseFile(path, withoutComments(files.readText(path))));
    const today = new Date(context.clock.now()).toISOString().slice(0, 10);
    const settingsOf = (environment: Environment | undefined): LintSettings =>
      rulesFile === undefined
        ? RECOMMENDED
        : readLintSettings(rulesFile, knownIn(rulesFile, environment?.name), SNAPSHOT_RULES);

    const runs =
      environments.length === 0
        ? [{ environment: undefined, settings: settingsOf(undefined) }]
        : environments.map((environment) => ({ environment, settings: settingsOf(environment) }));
    const found = runs.map(({ environment, settings }, i) => {
      const lint = { snapshot, file, limits: settings.limits };
      const here: Found[] =
        environment === undefined
          ? lintSnapshot(lint)
          : lintEnvironment(
              lint,
              environment,
              environmentFile,
              (name) => context.environment[name],
              receiptOf(context, files, environment),
            );
      return {
        settings,
        found: i === 0 ? [...here, ...sharedProjects(environments, environmentFile)] : here,
      };
    });
    const reports = found.map((one) =>
      lintReport(one.found, one.settings, today, { baseline: byFingerprint(accepted) }),
    );
    const report = merged(reports);
    const isRefused = writeBaseline === undefined && fails(report, failOn);
    const document = lintDocument(report, isRefused);
    if (writeBaseline !== undefined) {
      const all = merged(found.map((one) => lintReport(one.found, one.settings, today)));
      files.write(writeBaseline, jsonFileText(baselineOf(all.findings)));
      context.note(`* Wrote ${writeBaseline}`);
    }
    const bodies: Record<(typeof FORMATS)[number], () => Report["body"]> = {
      text: () => lintLines(report),
      json: () => `${printJson(document)}\n`,
      sarif: () => lintSarif(report, SNAPSHOT_RULES, version),
      github: () => lintAnnotations(report),
    };
    const answer = isRefused ? "no" : "yes";
    const body = bodies[context.json ? "json" : (format ?? "text")]();
    return toFile(context, { kind: "report", answer, document, body }, out);
  },
});

function cached(read: (path: string) => JsonFile): (path: string) => JsonFile {
  const known = new Map<string, JsonFile>();
  return (path) => {
    const found = known.get(path) ?? read(path);
    known.set(path, found);
    return found;
  };
}

/** A file whose text is read when a place in it is looked for. */
function lazyFile(files: Files, path: string, content: JsonFile["content"]): JsonFile {
  const isText = path.endsWith(".json") && files.kind(path) === "file";
  if (!isText) return { path, content };
  return {
    path,
    content,
    get text() {
      return files.readText(path);
    },
  };
}

/** The environment's name where the rules file has a part of its own for it. */
function knownIn(rules: JsonFile, name: string | undefined): string | undefined {
  const parts = member(rules.content, "environments");
  return name !== undefined && isJsonObject(parts) && Object.hasOwn(parts, name) ? name : undefined;
}

/** What was last brought to an environment's project, where that is known here. A receipt that cannot be used says nothing. */
function receiptOf(context: Context, files: Files, { project }: Environment): Receipt | undefined {
  if (project === undefined) return undefined;
  try {
    const variables = { DESCOPE_BASE_URL: context.environment.DESCOPE_BASE_URL, DESCOPE_MANAGEMENT_KEY: "K" };
    const { baseUrl } = connection("argument", variables, project);
    return readReceipt(files, receiptPath(project), { project, baseUrl });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** The reports of several environments as one: what is the same in all is told once. */
function merged(reports: readonly LintReport[]): LintReport {
  const [only] = reports;
  if (reports.length === 1 && only !== undefined) return only;
  const findings = new Map<string, Finding>();
  for (const report of reports)
    for (const finding of report.findings) {
      const { file, line } = finding.place;
      findings.set(`${finding.fingerprint} ${file} ${line ?? ""} ${finding.level}`, finding);
    }
  const count = (of: (report: LintReport) => number) => Math.max(0, ...reports.map(of));
  const gone = reports.map((report) => new Set(report.gone));
  return {
    findings: [...findings.values()].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level)),
    allowed: count(({ allowed }) => allowed),
    known: count(({ known }) => known),
    gone: [...(gone[0] ?? [])].filter((one) => gone.every((set) => set.has(one))),
  };
}
