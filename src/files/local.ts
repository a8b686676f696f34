import { isUtf8 } from "node:buffer";
import fs from "node:fs";
import path from "node:path";
import { fileFailure, systemReason } from "../failure.ts";
import { byCodePoint } from "../json/print.ts";
import { absolute } from "./absolute.ts";
import type { Files, Listed } from "./files.ts";
import { FOLDER_MODE } from "./modes.ts";
import { writeNewFile } from "./new-file.ts";
import { temporaryName } from "./temporary.ts";
import { writeTree } from "./tree.ts";

/** The files of this machine. */
export const localFiles: Files = {
  read,
  readUtf8,
  readText,
  kind,
  realPath,
  checkWritable,
  write,
  remove,
  list,
  writeTree,
};

function read(file: string): Uint8Array {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw fileFailure(`Cannot read ${file}: ${systemReason(error)}`);
  }
}

/** Where `readUtf8` reads to: with thousands of files, new memory for each would cost more than reading it. */
let shared = new Uint8Array(1 << 16);

function readUtf8(file: string): Uint8Array {
  let length = 0;
  try {
    const descriptor = fs.openSync(file, "r");
    try {
      for (;;) {
        const read = fs.readSync(descriptor, shared, length, shared.length - length, null);
        if (read === 0) break;
        length += read;
        if (length === shared.length) {
          const grown = new Uint8Array(length * 2);
          grown.set(shared);
          shared = grown;
        }
      }
    } finally {
      fs.closeSync(descriptor);
    }
  } catch (error) {
    throw fileFailure(`Cannot read ${file}: ${systemReason(error)}`);
  }
  const bytes = shared.subarray(0, length);
  if (!isUtf8(bytes)) throw fileFailure(`Cannot read ${file}: it is not UTF-8 text`);
  return bytes;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function readText(file: string): string {
  return decoder.decode(readUtf8(file));
}

function kind(file: string): "file" | "folder" | "other" | "nothing" {
  try {
    const found = fs.statSync(file);
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === "ENOENT" || code === "ENOTDIR") return "nothing";
    throw fileFailure(`Cannot look at ${file}: ${systemReason(error)}`);
  }
}

function realPath(file: string): string {
  try {
    return fs.realpathSync(absolute(file));
  } catch (error) {
    throw fileFailure(`Cannot look at ${file}: ${systemReason(error)}`);
  }
}

function checkWritable(file: string): void {
  if (file === "") throw fileFailure("The path of the file to write is empty");
  if (file.endsWith("/") || file.endsWith(path.sep))
    throw fileFailure(`Cannot write ${file}: that is the name of a folder`, "Name a file in it.");
  const found = kind(file);
  if (found === "folder") throw fileFailure(`Cannot write ${file}: it is a folder`, "Name a file in it.");
  if (found !== "nothing") return requireAccess(file, file);
  let parent = path.dirname(absolute(file));
  while (!isThere(parent)) parent = path.dirname(parent);
  if (kind(parent) !== "folder") throw fileFailure(`Cannot write ${file}: ${parent} is not a folder`);
  requireAccess(parent, file);
}

/** True for anything of that name, be it a link that leads nowhere. */
function isThere(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A part of the path is not a folder: what is in the way is found further up.
    return false;
  }
}

function requireAccess(place: string, file: string): void {
  try {
    fs.accessSync(place, fs.constants.W_OK);
  } catch (error) {
    throw fileFailure(`Cannot write ${file}: ${systemReason(error)}`);
  }
}

function write(file: string, content: string | Uint8Array, mode?: number): void {
  checkWritable(file);
  let temporary: string | undefined;
  try {
    const exists = fs.existsSync(file);
    const place = absolute(file);
    const target = exists ? fs.realpathSync(place) : endOfLinks(place);
    if (exists && !fs.statSync(target).isFile()) {
      // A device or pipe (/dev/stdout) has no place beside it, and is written as it is.
      fs.writeFileSync(file, content);
      return;
    }
    fs.mkdirSync(path.dirname(target), { recursive: true, mode: FOLDER_MODE });
    temporary = path.join(path.dirname(target), temporaryName());
    writeNewFile(temporary, content, mode);
    if (exists && mode === undefined) fs.chmodSync(temporary, fs.statSync(target).mode & 0o7777);
    fs.renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
    throw fileFailure(`Cannot write ${file}: ${systemReason(error)}`);
  }
}

function remove(file: string): void {
  try {
    fs.rmSync(file, { force: true });
  } catch (error) {
    throw fileFailure(`Cannot remove ${file}: ${systemReason(error)}`);
  }
}

/** Where a file that does not exist is to be made: a link that leads to nothing yet is followed, as it is once it leads somewhere. */
function endOfLinks(file: string): string {
  const isLink = fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  return isLink ? endOfLinks(path.resolve(path.dirname(file), fs.readlinkSync(file))) : path.resolve(file);
}

function list(folder: string, skip: (name: string, path: string) => boolean): Listed[] {
  const found: Listed[] = [];
  collect(folder, "", skip, found);
  return found;
}

function collect(
  root: string,
  below: string,
  skip: (name: string, path: string) => boolean,
  found: Listed[],
): void {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(path.join(root, below), { withFileTypes: true });
  } catch (error) {
    throw fileFailure(`Cannot read ${path.join(root, below)}: ${systemReason(error)}`);
  }
  entries.sort((a, b) => byCodePoint(a.name, b.name));
  for (const entry of entries) {
    const relative = below === "" ? entry.name : `${below}/${entry.name}`;
    if (skip(entry.name, relative)) continue;
    if (entry.isDirectory()) collect(root, relative, skip, found);
    else found.push({ path: relative, kind: entry.isFile() ? "file" : linkKind(path.join(root, relative)) });
  }
}

/** What a link leads to, or that it is none. */
function linkKind(file: string): Listed["kind"] {
  const target = kind(file);
  if (target === "nothing") return "dangling link";
  return target === "folder" ? "link to a folder" : target;
}
