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

/** The files of a snapshot, as exports have been seen to name them, by the folder that holds them. */
const LAYOUT: ReadonlyMap<string, RegExp> = new Map([
  ["", /^(?:snapshot|project|applications|attributes|outboundapps|resources|roles)\.json$/],
  ["auth", new RegExp(`^(?:${AUTH_METHODS})\\.json$`)],
  ["connectors", new RegExp(`^${SLUG}\\.json$`)],
  ["flows", /^(?:flows\.json|[\w-]+\/(?:metadata|contents|screen-[\w-]+)\.json)$/],
  ["styles", /^[\w-]+\.json$/],
  ["widgets", /^(?:widgets\.json|[\w-]+\/(?:metadata|screen-[\w-]+)\.json)$/],
  ["assets", /^(?:assets\.json|[a-z]+-[0-9a-f]{64}\.[a-z0-9]+)$/],
]);

/** True for a path that an export would have written, by its form alone: the only files that may be taken for an export's own. */
export function fitsLayout(path: string): boolean {
  const folder = topFolder(path);
  const below = folder === "" ? path : path.slice(folder.length + 1);
  return LAYOUT.get(folder)?.test(below) === true;
}

/** True for the name of a folder that an export makes beside its first files. */
export function isLayoutFolder(name: string): boolean {
  return name !== "" && LAYOUT.has(name);
}

/** The first folder of a path; empty for a file beside none. */
export function topFolder(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf("/")));
}

/** The folder of a project's snapshot where none is named. */
export function defaultFolder(project: string): string {
  return `project-${project}`;
}
