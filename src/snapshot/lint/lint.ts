import { Failure } from "../../failure.ts";
import { wholeProject, type Project } from "../../flow/lint/project.ts";
import { FLOW_RULES, lintFlow } from "../../flow/lint/rules.ts";
import { at as valueIn } from "../../json/look.ts";
import type { JsonFile } from "../../json/source.ts";
import type { Found, Rule } from "../../lint/finding.ts";
import type { Limits } from "../../lint/settings.ts";
import { ALLOWANCE_RULES } from "../../lint/report.ts";
import type { Environment } from "../environment/environment.ts";
import { overlay } from "../environment/overlay.ts";
import { matchesAddress } from "../model/address.ts";
import { assetContent, isTextAsset } from "../model/assets.ts";
import { Meanings } from "../model/meanings.ts";
import { sameJson } from "../../json/equal.ts";
import { sha256 } from "../model/normalise.ts";
import { keySegment, touches } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { Draft } from "../plan/after.ts";
import { compose } from "../plan/compose.ts";
import type { Receipt } from "../receipt.ts";
import { ENVIRONMENT_RULES, environmentFindings, unsourcedSecrets } from "./environment-rules.ts";
import { MEMBER_RULES, memberFindings } from "./member-rules.ts";
import { lintSettings, SETTINGS_RULES } from "./settings-rules.ts";
import { STRUCTURE_RULES, structureFindings } from "./structure-rules.ts";

const FLOW_UNREADABLE: Rule = {
  code: "flow-unreadable",
  level: "error",
  summary: "A flow cannot be read",
  help: "Its files do not hold what a flow is made of: it is compared as plain JSON, and no rule about flows is applied to it.",
};

/** All rules about snapshots, their flows and their environments. */
export const SNAPSHOT_RULES: readonly Rule[] = [
  ...STRUCTURE_RULES,
  ...MEMBER_RULES,
  ...SETTINGS_RULES,
  ...FLOW_RULES,
  FLOW_UNREADABLE,
  ...ENVIRONMENT_RULES,
  ...ALLOWANCE_RULES,
];

/** A snapshot's folder as it is looked at. */
export interface SnapshotLint {
  readonly snapshot: Snapshot;
  /** A JSON file by its path in the folder. */
  file(path: string): JsonFile;
  readonly limits: Limits;
}

/** What the rules find in a snapshot as it lies in its folder. */
export function lintSnapshot(lint: SnapshotLint): Found[] {
  const { snapshot } = lint;
  return [
    ...structureFindings(snapshot.problems, lint.file),
    ...contentFindings(jsonFiles(snapshot.content, lint.file), snapshot, lint.limits),
  ];
}

/** The same of a snapshot with an environment's values in it; what these values do is told at their place in the environment's file. */
export function lintEnvironment(
  lint: SnapshotLint,
  environment: Environment,
  environmentFile: (path: string) => JsonFile,
  variable: (name: string) => string | undefined,
  receipt: Receipt | undefined,
): Found[] {
  const { snapshot, limits } = lint;
  const laid = overlay(snapshot, environment, variable);
  const base = jsonFiles(snapshot.content, lint.file);
  const meanings = new Meanings([]);
  const steps = [...new Set(laid.touched.map(({ address }) => address))].flatMap((address) => {
    const entity = laid.snapshot.entities.get(address);
    if (entity === undefined) return [];
    const { after } = new Draft(laid.snapshot, entity.content).finish(entity, meanings);
    return [{ address, after, previousAddress: null }];
  });
  const content = steps.length === 0 ? snapshot.content : compose(snapshot, steps);
  const files = new Map(
    [...base].map(([path, file]) => {
      const changed = content.get(path);
      return changed === undefined || sameJson(changed, file.content)
        ? ([path, file] as const)
        : ([path, withContent(file, changed)] as const);
    }),
  );
  const paths = new Map([...base].map(([path, { path: shown }]) => [shown, path]));
  const placed = contentFindings(files, { ...laid.snapshot, content }, limits).map((found): Found => {
    const path = paths.get(found.file.path) ?? "";
    const before = base.get(path)?.content;
    const after = files.get(path)?.content;
    if (before === after || sameJson(valueIn(before, found.path), valueIn(after, found.path))) return found;
    const pointer = found.path.map((step) => (typeof step === "number" ? String(step) : keySegment(step)));
    const entity = found.address.split("#")[0] ?? "";
    const rules = [...environment.set, ...environment.unset];
    const rule =
      rules.find((one) => matchesAddress(one.at.address, entity) && touches(one.at.pointer, pointer)) ??
      rules.find((one) => matchesAddress(one.at.address, entity));
    return rule === undefined
      ? found
      : { ...found, file: environmentFile(rule.origin.file), path: rule.origin.path };
  });
  return [
    ...structureFindings(snapshot.problems, lint.file),
    ...placed,
    ...environmentFindings(environment, snapshot, laid.problems, environmentFile),
    ...(receipt === undefined
      ? []
      : unsourcedSecrets(environment, snapshot, receipt, (address) => {
          const storage = snapshot.entities.get(address)?.storage;
          return lint.file(
            storage?.form === "folder" ? `${storage.path}/metadata.json` : (storage?.path ?? ""),
          );
        })),
  ];
}

/** A file with another content: places that its text still has are found in it. */
function withContent(file: JsonFile, content: JsonFile["content"]): JsonFile {
  return {
    path: file.path,
    content,
    get text() {
      return file.text ?? "";
    },
  };
}

function jsonFiles(
  content: Snapshot["content"],
  file: (path: string) => JsonFile,
): ReadonlyMap<string, JsonFile> {
  return new Map(
    [...content.keys()].filter((path) => path.endsWith(".json")).map((path) => [path, file(path)]),
  );
}

function contentFindings(
  files: ReadonlyMap<string, JsonFile>,
  { content }: Pick<Snapshot, "content">,
  limits: Limits,
): Found[] {
  const assets = (name: string): string | undefined => {
    const found = assetContent(content, name);
    if (found === undefined) return undefined;
    return isTextAsset(name) ? found.replace(/\n$/, "") : `sha256:${sha256(found)}`;
  };
  const project = wholeProject(files, assets);
  return [
    ...memberFindings(files),
    ...lintSettings({ files, limits }),
    ...[...project.flowIds].flatMap((id) => flowFindings(id, project, files, limits)),
  ];
}

function flowFindings(
  id: string,
  project: Project,
  files: ReadonlyMap<string, JsonFile>,
  limits: Limits,
): Found[] {
  const path = `flows/${id}/contents.json`;
  const file = files.get(path) ?? files.get(`flows/${id}/metadata.json`);
  const unreadable = (why: string): Found[] =>
    file === undefined
      ? []
      : [
          {
            rule: FLOW_UNREADABLE,
            address: `flow/${id}`,
            message: `The flow ${id} cannot be read${why}`,
            fix: "Export it anew.",
            file,
            path: [],
          },
        ];
  try {
    const flow = project.flow(id);
    if (flow !== undefined) return lintFlow({ flow, project, limits });
    // Of a flow that is listed, it is told which file is missing.
    return project.flowIndex?.has(id) === true
      ? []
      : unreadable(", and flows/flows.json does not list it: it may be left from an earlier export");
  } catch (error) {
    if (error instanceof Failure) return unreadable(`: ${error.message}`);
    throw error;
  }
}
