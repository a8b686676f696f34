import { Failure, fileFailure } from "../failure.ts";

/** What a working tree is at. */
export interface GitState {
  readonly commit: string;
  /** True when something in the folder differs from the commit. */
  readonly dirty: boolean;
}

/** The commit that a folder is at; undefined where there is no git or the folder is in no repository. */
export function gitState(folder: string): GitState | undefined {
  const commit = git(folder, ["rev-parse", "--verify", "HEAD"]);
  if (commit === undefined) return undefined;
  const changed = git(folder, ["status", "--porcelain", "--", "."]);
  return { commit: decode(commit).trim(), dirty: changed === undefined || changed.length > 0 };
}

/**
 * The files below a folder as they were at a commit, by path relative to the folder. An empty map when there was no such folder.
 *
 * @param ref a commit, branch or tag.
 * @throws {Failure} "file" when there is no git, no repository or no such commit.
 */
export function gitTree(ref: string, folder: string): Map<string, Uint8Array> {
  const commit = git(".", ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`]);
  if (commit === undefined) {
    throw git(".", ["rev-parse", "--git-dir"]) === undefined
      ? fileFailure(`Cannot read git:${ref}: this folder is in no git repository, or git is not installed`)
      : fileFailure(
          `There is no commit ${ref}`,
          "In a shallow clone, fetch it first: git fetch --depth=1 origin REF.",
        );
  }
  const id = decode(commit).trim();
  const listing = git(".", ["ls-tree", "-r", "-z", "--full-name", id, "--", folder]);
  const prefix = git(".", ["rev-parse", "--show-prefix"]);
  if (listing === undefined || prefix === undefined) throw fileFailure(`Cannot read ${folder} at ${ref}`);
  const base = relativeTo(decode(prefix).trim(), folder);
  const entries = decode(listing)
    .split("\0")
    .flatMap((line) => {
      const found = /^\d+ blob ([0-9a-f]+)\t(.+)$/s.exec(line);
      const path = found?.[2] ?? "";
      return found !== null && path.startsWith(base)
        ? [{ id: found[1] as string, path: path.slice(base.length) }]
        : [];
    });
  const contents = readBlobs(entries.map((entry) => entry.id));
  return new Map(entries.map(({ path }, i) => [path, contents[i] ?? new Uint8Array()]));
}

/** A folder's path from the root of the repository, with a slash at the end; empty for the root itself. */
function relativeTo(prefix: string, folder: string): string {
  const parts: string[] = [];
  for (const part of `${prefix}/${folder}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.length === 0 ? "" : `${parts.join("/")}/`;
}

function readBlobs(ids: readonly string[]): Uint8Array[] {
  if (ids.length === 0) return [];
  const out = git(".", ["cat-file", "--batch"], `${ids.join("\n")}\n`);
  if (out === undefined) throw new Failure("git could not read its own files", { code: "file" });
  const blobs: Uint8Array[] = [];
  let offset = 0;
  for (const id of ids) {
    const end = out.indexOf(0x0a, offset);
    const size = Number(decode(out.subarray(offset, end)).split(" ")[2]);
    if (!Number.isInteger(size)) throw fileFailure(`git has lost the object ${id}`);
    blobs.push(out.subarray(end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return blobs;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** Runs git and gives back what it printed; undefined when it failed or is not there. */
function git(folder: string, args: readonly string[], input?: string): Uint8Array | undefined {
  try {
    // A repository's own settings could have git run a program when it looks at files.
    const ran = Bun.spawnSync(["git", "-c", "core.fsmonitor=false", "-C", folder, ...args], {
      stdin: input === undefined ? "ignore" : new TextEncoder().encode(input),
      stdout: "pipe",
      stderr: "ignore",
      env: { ...process.env, GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
    });
    return ran.exitCode === 0 ? ran.stdout : undefined;
  } catch {
    return undefined;
  }
}
