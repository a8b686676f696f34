/** Something that a user may let an application do or know. */
export interface Scope {
  readonly name: string;
  readonly description: string;
  readonly values: readonly string[];
  readonly [more: string]: unknown;
}

/** A scope as a request describes it. */
export interface ScopeInput {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly values?: readonly string[] | null | undefined;
}

/** The scopes that a request describes; none where it says nothing of them. */
export function scopesOf(scopes: readonly ScopeInput[] | null | undefined): Scope[] {
  return (scopes ?? []).map((scope) => ({
    ...scope,
    description: scope.description ?? "",
    values: scope.values ?? [],
  }));
}
