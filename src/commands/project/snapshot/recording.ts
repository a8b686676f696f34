import type { Context } from "../../../command/context.ts";
import type { Files } from "../../../files/files.ts";
import { fileContent } from "../../../snapshot/content.ts";
import { Meanings } from "../../../snapshot/model/meanings.ts";
import { recording, type Recording } from "../../../snapshot/record/record.ts";
import { apiTarget } from "../../../snapshot/target.ts";
import { baseUrlOf, gatherPlan, places, type PlanningFlags } from "./planning.ts";

/** What a folder would take over from a project, with the environment's values lifted out. */
export async function gatherRecording(
  context: Context,
  project: string,
  flags: Pick<PlanningFlags, "path" | "env" | "only" | "except">,
  prune: boolean,
): Promise<Recording> {
  const target = apiTarget(context.api, project);
  const { plan, folder, theirs, touched, environment } = await gatherPlan(
    context,
    project,
    { ...flags, base: "none", prune: false, listNoise: false, recordState: false },
    { kind: "project", target, baseUrl: baseUrlOf(context, project) },
  );
  const meanings = new Meanings((environment?.ignore ?? []).map(({ at }) => at));
  const keep = [...(environment?.keep ?? []), ...(environment?.ignore ?? [])].map(({ at }) => at);
  return recording(plan, folder, theirs, meanings, {
    prune,
    overlay: touched,
    keep,
    only: [...places(flags.only, "--only"), ...(environment?.only ?? []).map(({ at }) => at)],
    except: places(flags.except, "--except"),
  });
}

/** Writes what is taken over into the folder, whole or not at all. */
export async function writeRecording(files: Files, folder: string, made: Recording): Promise<void> {
  if (made.written.size + made.removed.length === 0) return;
  const tree = files.writeTree(folder);
  try {
    for (const [path, value] of made.written) tree.write(path, fileContent(path, value));
    for (const path of made.removed) tree.remove(path);
    await tree.commit();
  } finally {
    tree.abort();
  }
}

/** What is taken over, as lines for people. */
export function recordingLines({ changes, left, overlaid }: Recording): string[] {
  const symbols = { add: "+", update: "~", rename: ">", remove: "-" } as const;
  return [
    ...changes.map(({ address, action }) => `  ${symbols[action]} ${address}`),
    ...left.map((address) => `    ${address} is only in the folder; --prune would remove it there`),
    ...overlaid.map((place) => `    ${place} is another than the environment sets: change that in its file`),
  ];
}
