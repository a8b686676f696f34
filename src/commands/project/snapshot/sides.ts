import type { Context } from "../../../command/context.ts";
import { fileFailure } from "../../../failure.ts";
import { readBytesContent, readFolderContent } from "../../../snapshot/content.ts";
import { planSide, receiptSide, snapshotSide, type Side } from "../../../snapshot/diff/side.ts";
import type { Place } from "../../../snapshot/model/address.ts";
import type { Meanings } from "../../../snapshot/model/meanings.ts";
import { readSnapshot } from "../../../snapshot/model/read.ts";
import { readPlan } from "../../../snapshot/plan/check.ts";
import { ignoredPlaces, parseReceipt } from "../../../snapshot/receipt.ts";
import { apiTarget } from "../../../snapshot/target.ts";
import { problemText } from "./problems.ts";

/** The forms in which a side is named, for help. */
export const SIDE_FORMS = "a folder, project:ID, git:REF:FOLDER, or the file of a plan or receipt";

/** Places that a receipt among the sides was made without, which nothing can be held against it. */
export async function ignoredBySides(context: Context, named: readonly string[]): Promise<Place[]> {
  const files = await context.files();
  return named
    .filter((one) => !one.startsWith("project:") && !one.startsWith("git:") && files.kind(one) === "file")
    .flatMap((one) => {
      const text = files.readText(one);
      return isReceipt(text) ? ignoredPlaces(parseReceipt(text, one)) : [];
    });
}

function isReceipt(text: string): boolean {
  return /"schema"\s*:\s*"descope-receipt\//.test(text);
}

/** Reads one side of a comparison. @throws {Failure} naming what is wrong with it. */
export async function readSide(context: Context, named: string, meanings: Meanings): Promise<Side> {
  const files = await context.files();
  if (named.startsWith("project:")) {
    const project = named.slice("project:".length);
    const working = context.progress(`Exporting ${project}`);
    const content = await apiTarget(await context.connect(project, "read"), project)
      .export()
      .finally(() => working.stop());
    return snapshotSide(named, readSnapshot(content), meanings);
  }
  const git = /^git:([^:]+):(.+)$/.exec(named);
  if (git !== null) {
    const { gitTree } = await import("../../../files/git.ts");
    const [, ref = "", folder = ""] = git;
    return snapshotSide(named, readSnapshot(readBytesContent(gitTree(ref, folder), named)), meanings);
  }
  const kind = files.kind(named);
  if (kind === "file") {
    const text = files.readText(named);
    return isReceipt(text)
      ? receiptSide(named, parseReceipt(text, named))
      : planSide(named, readPlan(text, named), meanings);
  }
  if (kind === "nothing") throw fileFailure(`There is no ${named}`, `A side is ${SIDE_FORMS}.`);
  const snapshot = readSnapshot(readFolderContent(files, named));
  for (const problem of snapshot.problems) context.note(`* ${problemText(files, named, problem)}`);
  return snapshotSide(named, snapshot, meanings);
}
