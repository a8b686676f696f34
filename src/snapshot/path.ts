/**
 * Why a path that came from a server must not be written below a folder; undefined when it may. Whoever controls a reply must not
 * be able to name a file outside the folder, or in git's own data.
 *
 * @param onWindows whether names are refused that Windows takes for something else: devices, streams, shortened names.
 */
export function hostilePath(key: string, onWindows = process.platform === "win32"): string | undefined {
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

const WINDOWS_DEVICE = /^(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)/i;

/** `.git` in any spelling that some file system takes for it: other case, 8.3 names, invisible characters. */
function isGitFolder(part: string): boolean {
  const seen = part.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "").toLowerCase();
  return seen === ".git" || /^git~\d+$/.test(seen);
}

/**
 * Two paths that cannot both be files in one folder: one is a folder of the other or, where names fold, they differ only in case or in
 * how their letters are composed.
 *
 * @param namesFold whether the system takes such names for the same, as macOS and Windows do.
 */
export function findClash(
  paths: readonly string[],
  namesFold = process.platform === "win32" || process.platform === "darwin",
): readonly [string, string] | undefined {
  const fold = (path: string) => (namesFold ? path.normalize("NFC").toLowerCase() : path);
  const folded = new Map<string, string>();
  for (const path of paths) {
    const key = fold(path);
    const other = folded.get(key);
    if (other !== undefined) return [other, path];
    folded.set(key, path);
  }
  for (const path of paths) {
    for (let slash = path.lastIndexOf("/"); slash > 0; slash = path.lastIndexOf("/", slash - 1)) {
      const other = folded.get(fold(path.slice(0, slash)));
      if (other !== undefined) return [other, path];
    }
  }
  return undefined;
}
