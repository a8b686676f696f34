/** How a request says who sends it. */
export interface Credentials {
  /** The management key, trimmed. */
  readonly key: string;
  /** The project's id; empty where a company key goes without one. */
  readonly project: string;
}

/** `Bearer <project>:<key>`, or `Bearer <key>` where there is no project. */
export function authorization({ key, project }: Credentials): string {
  return `Bearer ${project === "" ? key : `${project}:${key}`}`;
}

/**
 * The API's address for a project: ids of 32 characters and more name their region in characters 2 to 5.
 */
export function defaultBaseUrl(project: string): string {
  return project.length >= 32 ? `https://api.${project.slice(1, 5)}.descope.com` : "https://api.descope.com";
}
