/**
 * Why a path that came from a server must not be written below a folder; undefined when it may. Whoever controls a reply must not
 * be able to name a file outside the folder, or in git's own data.
 *
 * @param onWindows whether names are refused that Windows takes for something else: devices, streams, shortened names.
 */
export function hostilePath(key: string, onWindows = process.platform === "win32"): string | undefined {
  if (!onWindows && key.length <= 255 && PLAIN.test(key)) return undefined;
  if (key === "") return "it is empty";
  if (key.includes("\0")) return "it holds a NUL character";
  if (/[\u0001-\u001f\u007f]/.test(key)) return "it holds a control character";
  if (key.includes("\\")) return "it holds a backslash";
  if (key.startsWith("/")) return "it is absolute";
  if (/^[A-Za-z]:/.test(key)) return "it starts with a drive letter";
  if (!key.isWellFormed()) return "it is not valid Unicode";
  for (const part of key.split("/")) {
    if (part === "") return "a part of it is empty";
    if (part === "." || part === "..") return `it holds "${part}"`;
    if (isGitFolder(part)) return "it leads into git's own folder";
    if (Buffer.byteLength(part) > 255) return "a part of it is too long";
    if (onWindows && (WINDOWS_DEVICE.test(part) || /[. ]$/.test(part) || /[<>:"|?*]/.test(part))) {
      return `"${part}" is not the name of a file on Windows`;
    }
  }
  return undefined;
}

/** What nearly all paths are: names of letters and digits that do not begin with a dot. There is nothing more to look at in them. */
const PLAIN = /^(?:[A-Za-z0-9_-][\w.-]*\/)*[A-Za-z0-9_-][\w.-]*$/;

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;

/** `.git` in any spelling that some file system takes for it: other case, 8.3 names, invisible characters. */
function isGitFolder(part: string): boolean {
  const seen = part.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "").toLowerCase();
  return seen === ".git" || /^git~\d+$/.test(seen);
}

/** Paths of files in one folder. */
export class PathSet {
  private readonly fold: (path: string) => string;
  /** The paths, and one below each folder, by what names them on this system. */
  private readonly files = new Map<string, string>();
  private readonly folders = new Map<string, string>();

  /** @param namesFold whether names that differ only in case or in how their letters are composed are the same, as on macOS and Windows. */
  constructor(namesFold = process.platform === "win32" || process.platform === "darwin") {
    this.fold = namesFold ? (path) => path.normalize("NFC").toLowerCase() : (path) => path;
  }

  /** Adds a path. Gives back one that it cannot stand beside, since they are the same or one is a folder of the other. */
  add(path: string): string | undefined {
    const name = this.fold(path);
    const other = this.files.get(name) ?? this.folders.get(name);
    if (other !== undefined) return other;
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const folder = this.fold(path.slice(0, slash));
      // Those above it are known too, and are no files.
      if (this.folders.has(folder)) break;
      const file = this.files.get(folder);
      if (file !== undefined) return file;
      this.folders.set(folder, path);
    }
    this.files.set(name, path);
    return undefined;
  }
}

/** Two paths that cannot both be files in one folder; see {@link PathSet}. */
export function findClash(
  paths: Iterable<string>,
  namesFold?: boolean,
): readonly [string, string] | undefined {
  const set = new PathSet(namesFold);
  for (const path of paths) {
    const other = set.add(path);
    if (other !== undefined) return [other, path];
  }
  return undefined;
}
