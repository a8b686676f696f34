import { connection } from "../../../config/settings.ts";
import type { Context } from "../../../command/context.ts";
import { list, text } from "../../../command/flags.ts";
import { fileFailure, invalidInput } from "../../../failure.ts";
import type { Files } from "../../../files/files.ts";
import type { Json } from "../../../json/value.ts";
import { readBytesContent, readFolderContent, type SnapshotContent } from "../../../snapshot/content.ts";
import type { Environment } from "../../../snapshot/environment/environment.ts";
import { overlay } from "../../../snapshot/environment/overlay.ts";
import { environmentPath, readEnvironment } from "../../../snapshot/environment/read.ts";
import { editDistance } from "../../../edit-distance.ts";
import {
  kindOf,
  matchesAddress,
  readPlace,
  writePlace,
  type Address,
  type Place,
} from "../../../snapshot/model/address.ts";
import { Meanings } from "../../../snapshot/model/meanings.ts";
import { ownersOf, suppliedSecrets } from "../../../snapshot/apply/supplied-secrets.ts";
import { readSnapshot, type Snapshot } from "../../../snapshot/model/read.ts";
import { noBase, recordedBase, snapshotBase, type Base } from "../../../snapshot/plan/base.ts";
import { makePlan } from "../../../snapshot/plan/make.ts";
import type { Plan } from "../../../snapshot/plan/plan.ts";
import { readReceipt, receiptPath, type Receipt } from "../../../snapshot/receipt.ts";
import { readTarget, type TargetProject } from "../../../snapshot/target.ts";
import { version } from "../../../version.ts";
import { environmentFlag } from "./environment-flag.ts";
import { snapshotFolder } from "./folder.ts";
import { problemText } from "./problems.ts";

/** Flags that say what a plan is made of, of all commands that make one. */
export const planningFlags = {
  env: environmentFlag,
  only: list("Only these entities or places, such as flow/sign-in or project#/inviteUrl", {
    value: "addresses",
  }),
  except: list("Everything but these entities or places", { value: "addresses" }),
  base: text("What both sides last had in common: receipt[:file], git:REF:FOLDER, a folder, or none", {
    value: "base",
  }),
  resolve: list("Where both sides moved, take ours or theirs: ADDRESS=ours", { value: "choices" }),
  unprotect: list("Addresses whose protection is lifted", { value: "addresses" }),
} as const;

export interface PlanningFlags {
  readonly path?: string | undefined;
  readonly env?: string | undefined;
  readonly only?: readonly string[] | undefined;
  readonly except?: readonly string[] | undefined;
  readonly base?: string | undefined;
  readonly resolve?: readonly string[] | undefined;
  readonly unprotect?: readonly string[] | undefined;
  readonly prune: boolean;
  readonly receipt?: string | undefined;
  readonly listNoise: boolean;
  readonly recordState: boolean;
  /** The content of a secrets file; of its values only that they are there. */
  readonly secrets?: { readonly content: Json; readonly file: string };
}

/** A plan with what it was made of. */
export interface Gathered {
  readonly plan: Plan;
  /** The folder's snapshot as it is. */
  readonly folder: Snapshot;
  /** The same with the environment's values. */
  readonly ours: Snapshot;
  readonly theirs: Snapshot;
  /** Places whose value the environment set. */
  readonly touched: readonly Place[];
  readonly environment: Environment | undefined;
  readonly receipt: Receipt | undefined;
  readonly receiptPath: string;
}

/** Where the state of the target comes from. */
export type Live =
  | { readonly kind: "project"; readonly target: TargetProject; readonly baseUrl: string }
  | { readonly kind: "folder"; readonly folder: string };

/** The address of the API that requests for a project go to. */
export function baseUrlOf(context: Context, project: string): string {
  return connection("argument", context.environment, project).baseUrl;
}

/** Makes a plan of what the flags say. Everything on this machine is read and checked before the first request. */
export async function gatherPlan(
  context: Context,
  project: string,
  flags: PlanningFlags,
  live: Live,
): Promise<Gathered> {
  const files = await context.files();
  const folder = snapshotFolder(flags.path, project);
  const environment =
    flags.env === undefined ? undefined : readEnvironment(files, environmentPath(files, flags.env, folder));
  if (environment?.project !== undefined && environment.project !== project) {
    throw fileFailure(
      `The environment "${environment.name}" is for the project ${environment.project}, not for ${project}`,
      "Name the project that belongs to it.",
    );
  }
  const folderSnapshot = readSnapshot(readFolderContent(files, folder));
  const errors = folderSnapshot.problems.filter(({ level }) => level === "error");
  if (errors.length > 0) throw fileFailure(errors.map((one) => problemText(files, folder, one)).join("\n"));
  const warnings = folderSnapshot.problems.map((one) => problemText(files, folder, one));
  const { ours, touched } = wanted(context, folderSnapshot, environment);
  const only = [...places(flags.only, "--only"), ...(environment?.only ?? []).map(({ at }) => at)];
  const except = places(flags.except, "--except");
  for (const place of only) {
    if (place.pointer.length > 0 && ["flow", "widget"].includes(kindOf(place.address)))
      throw invalidInput(
        `--only ${writePlace(place)}: a part of a flow or widget cannot be brought over alone`,
      );
  }
  const target = { project, baseUrl: live.kind === "project" ? live.baseUrl : "offline" };
  const receiptFile = flags.receipt ?? receiptPath(project);
  const { base, receipt } = await readBase(context, files, flags.base, environment, {
    receiptFile,
    target,
    isOffline: live.kind === "folder",
  });
  const resolve = choices(flags.resolve);

  const theirs = readTarget(
    await liveContent(context, files, live, folderSnapshot.content),
    folderSnapshot.content,
  );
  requireKnown(only, [ours.entities.keys(), theirs.entities.keys(), base.addresses]);
  const described = live.kind === "project" ? await live.target.describe() : undefined;
  const { gitState } = await import("../../../files/git.ts");
  const state = gitState(folder);
  const plan = makePlan({
    ours,
    theirs,
    base,
    mode: flags.prune ? "sync" : "apply",
    only,
    except,
    keep: (environment?.keep ?? []).map(({ at }) => at),
    ignore: (environment?.ignore ?? []).map(({ at }) => at),
    protect: (environment?.protect ?? []).map(({ at }) => at),
    unprotect: flags.unprotect ?? [],
    remove: (environment?.delete ?? []).map(({ at }) => at.address),
    resolve,
    touched,
    secrets: [
      ...(environment?.secrets ?? []).map((rule) => ({
        address: rule.address,
        at: rule.at.pointer,
        name: rule.name,
        source: rule.from ?? null,
        version: rule.version ?? null,
      })),
      ...(flags.secrets === undefined
        ? []
        : suppliedSecrets(flags.secrets.content, flags.secrets.file, ownersOf(ours.entities.values())).rules),
    ],
    writtenSecrets: receipt === undefined ? undefined : new Map(Object.entries(receipt.secrets)),
    target: {
      ...target,
      ...(described === undefined ? {} : { name: described.name, environment: described.environment }),
    },
    source: {
      path: folder,
      ...(state === undefined ? {} : { git: state.commit.slice(0, 12), dirty: state.dirty }),
      ...(environment === undefined ? {} : { overlay: environment.name }),
      flags: flagWords(flags),
    },
    protection: protectionOf(environment, described?.environment),
    allowDelete: environment?.allowDelete ?? null,
    tool: `descope ${version}`,
    createdAt: new Date(context.clock.now()).toISOString(),
    warnings: [...warnings, ...versionWarning(folderSnapshot, theirs)],
    listNoise: flags.listNoise,
    recordState: flags.recordState,
  });
  return {
    plan,
    folder: folderSnapshot,
    ours,
    theirs,
    touched,
    environment,
    receipt,
    receiptPath: receiptFile,
  };
}

function one(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

function many(name: string, values: readonly string[] | undefined): string[] {
  return values === undefined || values.length === 0 ? [] : [name, values.map(listItem).join(",")];
}

/** The flags that say which environment and which entities are meant, as words of a command line. */
export function scopeWords({ env, only, except }: Pick<PlanningFlags, "env" | "only" | "except">): string[] {
  return [...one("--env", env), ...many("--only", only), ...many("--except", except)];
}

/** The flags that say what a plan is made of, as words of a command line. */
function flagWords(flags: PlanningFlags): string[] {
  return [
    ...scopeWords(flags),
    ...one("--base", flags.base),
    ...one("--receipt", flags.receipt),
    ...many("--resolve", flags.resolve),
    ...many("--unprotect", flags.unprotect),
    ...one("--secrets-input", flags.secrets?.file),
  ];
}

/** An item of a comma-separated list. */
export function listItem(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function protectionOf(environment: Environment | undefined, tag: string | undefined): Plan["protection"] {
  if (tag === "production" || environment?.isProtected === true) return "production";
  return tag === undefined && environment?.isProtected === undefined ? "unknown" : "none";
}

function versionWarning(ours: Snapshot, theirs: Snapshot): string[] {
  const words = (version: unknown) => (version === undefined ? "none" : String(version));
  return words(ours.version) === words(theirs.version)
    ? []
    : [`the folder has the snapshot version ${words(ours.version)}, the target ${words(theirs.version)}`];
}

/** The folder's snapshot with the environment's values. @throws {Failure} "file" when a rule cannot be followed. */
function wanted(
  context: Context,
  snapshot: Snapshot,
  environment: Environment | undefined,
): { ours: Snapshot; touched: readonly Place[] } {
  if (environment === undefined) return { ours: snapshot, touched: [] };
  const done = overlay(snapshot, environment, (name) => context.environment[name]);
  const errors = done.problems.filter(({ level }) => level === "error");
  if (errors.length > 0) {
    throw fileFailure(
      errors
        .map(({ origin, text: what }) => `${origin.file}:${origin.line}:${origin.column}: ${what}`)
        .join("\n"),
    );
  }
  return { ours: done.snapshot, touched: done.touched };
}

/** Reads addresses given as flags. @throws {Failure} "invalid_input" */
export function places(given: readonly string[] | undefined, flag: string): Place[] {
  return (given ?? []).map((written) => {
    const place = readPlace(written);
    if (place === undefined)
      throw invalidInput(
        `${flag} ${written}: this is no address`,
        "Write it as the plan does: flow/sign-in, project#/inviteUrl.",
      );
    return place;
  });
}

/**
 * Refuses to look at nothing: of entities that are asked for alone, one that is nowhere is a slip of the pen, and what is left would
 * read as if there were nothing to do.
 *
 * @param known addresses of all that there is, on any side.
 */
export function requireKnown(only: readonly Place[], known: readonly Iterable<Address>[]): void {
  const all = new Set(known.flatMap((addresses) => [...addresses]));
  const isKnown = ({ address }: Place) => [...all].some((one) => matchesAddress(address, one));
  const lost = only.filter((place) => !isKnown(place));
  const wrong =
    lost.find(({ address }) => !address.endsWith("*")) ?? (lost.length === only.length ? lost[0] : undefined);
  if (wrong === undefined) return;
  const near = [...all]
    .map((address) => ({ address, distance: editDistance(wrong.address, address) }))
    .filter(({ address, distance }) => distance <= 3 || address.startsWith(wrong.address))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ address }) => address)
    .join(", ");
  throw invalidInput(
    `${wrong.address} is asked for alone, and there is nothing of that name`,
    near === "" ? "Write it as a plan shows it: flow/sign-in." : `There is ${near}.`,
  );
}

function choices(given: readonly string[] | undefined): Map<string, "ours" | "theirs"> {
  const out = new Map<string, "ours" | "theirs">();
  for (const written of given ?? []) {
    const at = written.lastIndexOf("=");
    const choice = written.slice(at + 1);
    if (at < 1 || (choice !== "ours" && choice !== "theirs") || readPlace(written.slice(0, at)) === undefined)
      throw invalidInput(`--resolve ${written}: write ADDRESS=ours or ADDRESS=theirs`);
    out.set(written.slice(0, at), choice);
  }
  return out;
}

/** Reads the state of the target; `like` is what most of it is likely to be the same as. */
export async function liveContent(
  context: Context,
  files: Files,
  live: Live,
  like?: SnapshotContent,
): Promise<SnapshotContent> {
  if (live.kind === "folder") return readFolderContent(files, live.folder);
  const working = context.progress("Exporting the project");
  return live.target.export(like).finally(() => working.stop());
}

async function readBase(
  context: Context,
  files: Files,
  given: string | undefined,
  environment: Environment | undefined,
  receipts: { receiptFile: string; target: { project: string; baseUrl: string }; isOffline: boolean },
): Promise<{ base: Base; receipt: Receipt | undefined }> {
  const { receiptFile, target, isOffline } = receipts;
  const named = given === "receipt" || given?.startsWith("receipt:") === true;
  const path = given?.startsWith("receipt:") === true ? given.slice("receipt:".length) : receiptFile;
  const receipt = isOffline && !named ? undefined : readReceipt(files, path, target);
  if (named && receipt === undefined)
    throw fileFailure(`There is no receipt at ${path}`, "The first apply to a project writes one.");
  if (given === undefined || named) {
    if (receipt === undefined) return { base: noBase, receipt };
    return { base: recordedBase(receipt.fingerprint, new Map(Object.entries(receipt.entities))), receipt };
  }
  if (given === "none") return { base: noBase, receipt };
  const meanings = new Meanings((environment?.ignore ?? []).map(({ at }) => at));
  const snapshot = (content: SnapshotContent) => {
    const read = readSnapshot(content);
    // What the environment sets is part of what was wanted then as now.
    return environment === undefined
      ? read
      : overlay(read, environment, (name) => context.environment[name]).snapshot;
  };
  const git = /^git:([^:]+):(.+)$/.exec(given);
  if (git !== null) {
    const { gitTree } = await import("../../../files/git.ts");
    const [, ref = "", folder = ""] = git;
    const tree = gitTree(ref, folder);
    return {
      base: snapshotBase(
        "git",
        `${ref}:${folder}`,
        snapshot(readBytesContent(tree, `git:${ref}:${folder}`)),
        meanings,
      ),
      receipt,
    };
  }
  return {
    base: snapshotBase("folder", given, snapshot(readFolderContent(files, given)), meanings),
    receipt,
  };
}
