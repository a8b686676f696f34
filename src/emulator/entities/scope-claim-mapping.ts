import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

/** The claims that a scope puts into tokens of the project. */
export interface ScopeClaimMapping {
  readonly scope: string;
  /** Values by the names of claims; `{{…}}` stands for what is known when the token is made. */
  readonly claims: Readonly<Record<string, string>>;
  readonly description: string;
}

const mappings = new Collection<{ readonly id: string; readonly list: readonly ScopeClaimMapping[] }>(
  "scopeClaimMapping",
  ({ id }) => id,
);

/** A project has one list of them. */
const ID = "project";

/** The mappings in their order: where two set the same claim, the later one counts. */
export function scopeClaimMappings(project: Project): readonly ScopeClaimMapping[] {
  return mappings.get(project, ID)?.list ?? [];
}

export function putScopeClaimMappings(project: Project, list: readonly ScopeClaimMapping[]): void {
  if (list.length === 0) mappings.delete(project, ID);
  else mappings.put(project, { id: ID, list });
}
