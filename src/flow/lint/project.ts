import { asList, asText, member } from "../../json/look.ts";
import type { JsonFile } from "../../json/source.ts";
import { readFlow } from "../graph/build.ts";
import type { Flow, Surroundings } from "../graph/model.ts";
import { readFlowFolder, type Assets, type FlowSource } from "../graph/source.ts";

/** The project around a flow, as far as a snapshot folder shows it. */
export interface Project {
  /** Every JSON file of the snapshot by its path in it: `flows/sign-in/metadata.json`. */
  readonly files: ReadonlyMap<string, JsonFile>;
  /** Ids of the flows that have a folder. */
  readonly flowIds: ReadonlySet<string>;
  /** Ids in `flows/flows.json`; undefined where that file is missing. */
  readonly flowIndex: ReadonlySet<string> | undefined;
  readonly connectors: readonly { readonly id: string; readonly name: string; readonly path: string }[];
  /** A flow of the project; undefined where it has no folder, or one that cannot be read. */
  flow(id: string): Flow | undefined;
  /** Names, for reading one of its flows. */
  readonly surroundings: Surroundings;
}

/** Where a project's files come from. */
export interface ProjectFiles {
  /** JSON files of the snapshot by their paths in it; those of flows may be left out. */
  readonly files: ReadonlyMap<string, JsonFile>;
  readonly flowIds: Iterable<string>;
  /** The files of a flow's folder by their names; asked for once for each flow, when it is first needed. */
  flowFiles(id: string): ReadonlyMap<string, JsonFile> | undefined;
  readonly assets: Assets;
}

/** All files of a snapshot as a project's. */
export function wholeProject(files: ReadonlyMap<string, JsonFile>, assets: Assets): Project {
  const folders = new Map<string, Map<string, JsonFile>>();
  for (const [path, file] of files) {
    const [folder, id, name, ...deeper] = path.split("/");
    if (folder !== "flows" || id === undefined || name === undefined || deeper.length > 0) continue;
    folders.set(id, (folders.get(id) ?? new Map<string, JsonFile>()).set(name, file));
  }
  return projectOf({ files, assets, flowIds: folders.keys(), flowFiles: (id) => folders.get(id) });
}

/** Looks at the files of a snapshot as a project. Flows are read when they are first asked for. */
export function projectOf({ files, flowIds, flowFiles, assets }: ProjectFiles): Project {
  const connectors = [...files]
    .filter(([path]) => /^connectors\/(?!connectors\.json$)[^/]+$/.test(path))
    .map(([path, { content }]) => ({
      id: asText(member(content, "id")),
      name: asText(member(content, "name")),
      path,
    }));
  const index = files.get("flows/flows.json");
  const sources = new Map<string, FlowSource | undefined>();
  const source = (id: string): FlowSource | undefined => {
    if (!sources.has(id)) sources.set(id, readSource(id, flowFiles(id), assets));
    return sources.get(id);
  };
  const flows = new Map<string, Flow | undefined>();
  const surroundings: Surroundings = {
    flow: source,
    connector: (id) => connectors.find((one) => one.id === id)?.name,
  };
  return {
    files,
    flowIds: new Set(flowIds),
    flowIndex: index === undefined ? undefined : new Set(asList(member(index.content, "flows")).map(asText)),
    connectors,
    surroundings,
    flow(id) {
      if (!flows.has(id)) {
        const read = source(id);
        flows.set(id, read === undefined ? undefined : readFlow(read, surroundings));
      }
      return flows.get(id);
    },
  };
}

function readSource(
  id: string,
  files: ReadonlyMap<string, JsonFile> | undefined,
  assets: Assets,
): FlowSource | undefined {
  if (files === undefined) return undefined;
  try {
    return readFlowFolder(id, `flows/${id}`, files, assets);
  } catch {
    // What is wrong with its files is for whoever looks at that flow itself.
    return undefined;
  }
}
