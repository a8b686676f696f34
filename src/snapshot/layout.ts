/** How a file of a snapshot travels: by its extension, in lower case only, as the vendor's import has it. */
export type Carried = "json" | "text" | "binary" | "not carried";

/** How the importer sends a file, by its name. */
export function carried(path: string): Carried {
  switch (extension(path)) {
    case ".json":
      return "json";
    case ".txt":
    case ".html":
      return "text";
    case ".png":
    case ".jpg":
    case ".svg":
    case ".webp":
      return "binary";
    default:
      return "not carried";
  }
}

/** The part of a name from its last dot on, with the dot; empty without one. */
export function extension(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot === -1 ? "" : name.slice(dot);
}

/** Names that import leaves out at every level, with all that is in them: hidden ones and what macOS puts into archives. */
export function isLeftOut(name: string): boolean {
  return name.startsWith(".") || name.startsWith("__MACOSX");
}

const AUTH_METHODS =
  "embeddedlink|enchantedlink|magiclink|notp|oauth|otp|password|securityquestions|sso|totp|webauthn";
const SLUG = "[a-z0-9]+(?:-[a-z0-9]+)*";

/** The files of a snapshot, as exports have been seen to name them. */
const LAYOUT: readonly RegExp[] = [
  /^(?:snapshot|project|applications|attributes|outboundapps|resources|roles)\.json$/,
  new RegExp(`^auth/(?:${AUTH_METHODS})\\.json$`),
  new RegExp(`^connectors/${SLUG}\\.json$`),
  /^flows\/flows\.json$/,
  /^flows\/[\w-]+\/(?:metadata|contents|screen-[\w-]+)\.json$/,
  /^styles\/[\w-]+\.json$/,
  /^widgets\/widgets\.json$/,
  /^widgets\/[\w-]+\/(?:metadata|screen-[\w-]+)\.json$/,
  /^assets\/assets\.json$/,
  /^assets\/[a-z]+-[0-9a-f]{64}\.[a-z0-9]+$/,
];

/** True for a path that an export would have written, by its form alone: the only files that may be taken for an export's own. */
export function fitsLayout(path: string): boolean {
  return LAYOUT.some((pattern) => pattern.test(path));
}

/** The folder of a project's snapshot where none is named. */
export function defaultFolder(project: string): string {
  return `project-${project}`;
}
