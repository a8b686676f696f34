import * as operations from "../../api/operations/localization.ts";
import { audit } from "../audit.ts";
import { notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { on, type Call, type Service } from "../service.ts";
import { listFlows } from "../snapshot/flow-files.ts";
import { Collection } from "../store/collection.ts";

export const localizationService: Service = [
  on(operations.exportFlow, ({ flowId }, { project }) => {
    requireFlow(project, flowId);
    return { overrides: reply(project, flowId) };
  }),
  on(operations.importFlow, ({ flowId, overrides }, call) => {
    requireFlow(call.project, flowId);
    return { overrides: save(call, flowId, overrides.languages ?? {}) };
  }),
  on(operations.exportMessaging, (_input, { project }) => ({ overrides: reply(project, MESSAGING) })),
  on(operations.importMessaging, ({ overrides }, call) => ({
    overrides: save(call, MESSAGING, overrides.languages ?? {}),
  })),
];

/** Texts of a flow, or of the messages that are sent, in other languages. */
interface Localization {
  readonly id: string;
  /** The flow's id, or nothing for those of messages. */
  readonly of: string;
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly modifiedTime: number;
  readonly languages: Readonly<Record<string, unknown>>;
}

/** What messages stand under in place of a flow's id. */
const MESSAGING = "";

const localizations = new Collection<Localization>("localization", ({ of }) => of);

/** Forgets the texts of a flow that is gone. */
export function forgetLocalization(project: Project, flowId: string): void {
  localizations.delete(project, flowId);
}

function save({ project, actorId }: Call, of: string, languages: Localization["languages"]) {
  const before = localizations.get(project, of);
  localizations.put(project, {
    id: before?.id ?? project.ids.next("LOC"),
    of,
    version: (before?.version ?? 0) + 1,
    modifiedTime: project.clock.now(),
    languages,
  });
  audit(project, {
    action: "LocalizationImported",
    actorId,
    data: { flowId: of, languages: Object.keys(languages) },
  });
  return reply(project, of);
}

function reply(project: Project, of: string) {
  const found = localizations.get(project, of);
  return {
    id: found?.id ?? "",
    version: found?.version ?? 0,
    modifiedTime: String(found?.modifiedTime ?? 0),
    ...(of === MESSAGING ? {} : { flowId: of }),
    languages: found?.languages ?? {},
  };
}

function requireFlow(project: Project, flowId: string): void {
  if (!listFlows(project).some(({ id }) => id === flowId)) throw notFound(`There is no flow ${flowId}`);
}
