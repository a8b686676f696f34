import * as projects from "../../../src/api/operations/projects.ts";
import * as mapping from "../../../src/api/operations/scope-claim-mapping.ts";
import { example, sending, type Examples } from "./example.ts";
import type { Scene } from "./scene.ts";
import { flag, free, list, nothing, projectInfoReply, strict, text, unknown } from "./shapes.ts";

const copy = (scene: Scene) => ({ name: scene.fresh("Copy"), environment: "production", tags: ["blue"] });

/** The files of the project as it is, to go where they came from. */
async function snapshot(scene: Scene): Promise<{ files: unknown }> {
  const { files } = await scene.manage("/v1/mgmt/project/snapshot/export", { format: "" });
  return { files };
}

export const projectExamples: Examples = [
  example(
    projects.list,
    strict({ projects: list(strict({ id: text, name: text, environment: text, tags: list(text) })) }),
  ),
  example(projects.clone, projectInfoReply, copy),
  example(projects.cloneAsync, strict({ processId: text }), copy),
  example(projects.cloneProcess, projectInfoReply, async (scene) => {
    const { processId } = await scene.manage("/v1/mgmt/project/clone/async", copy(scene));
    return { processId };
  }),
  example(projects.updateName, nothing, (scene) => ({ name: scene.fresh("Project") })),
  example(projects.updateTags, nothing, () => ({ tags: ["blue", "green"] })),
  sending(projects.remove, nothing, async (scene) => ({ project: await scene.otherProject(), input: {} })),
  example(projects.exportSnapshot, strict({ files: free }), () => ({ format: "" })),
  example(projects.importSnapshot, nothing, snapshot),
  example(
    projects.validateSnapshot,
    strict({
      ok: flag,
      failures: list(unknown),
      missingSecrets: strict({
        connectors: list(unknown),
        oauthProviders: list(unknown),
        outboundApps: list(unknown),
        externalAuth: list(unknown),
      }),
    }),
    snapshot,
  ),
];

const mappings = [{ scope: "profile", claims: { nick: "{{user.name}}" }, description: "The name" }];

export const scopeClaimMappingExamples: Examples = [
  example(mapping.replace, nothing, () => ({ mappings })),
  example(
    mapping.load,
    strict({ mappings: list(strict({ scope: text, claims: free, description: text })) }),
    async (scene) => {
      await scene.manage("/v1/mgmt/scopeClaimMapping/set", { mappings });
      return {};
    },
  ),
  example(mapping.remove, nothing),
];
