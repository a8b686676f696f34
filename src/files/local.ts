import { isUtf8 } from "node:buffer";
import fs from "node:fs";
import path from "node:path";
import { fileFailure, systemReason } from "../failure.ts";
import type { Files } from "./files.ts";

/** The files of this machine. `onInterrupt` gets what would have to be cleaned up. */
export const localFiles: Files = { read, readText, kind, checkWritable, write };

function read(file: string): Uint8Array {
  try {
    return fs.readFileSync(file);
  } catch (error) {
    throw fileFailure(`Cannot read ${file}: ${systemReason(error)}`);
  }
}

function readText(file: string): string {
  const bytes = read(file);
  if (!isUtf8(bytes)) throw fileFailure(`Cannot read ${file}: it is not UTF-8 text`);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
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

function checkWritable(file: string): void {
  if (file === "") throw fileFailure("The path of the file to write is empty");
  if (kind(file) === "folder")
    throw fileFailure(`Cannot write ${file}: it is a folder`, "Name a file in it.");
  if (kind(file) !== "nothing") return requireAccess(file, file);
  let parent = path.dirname(path.resolve(file));
  while (kind(parent) === "nothing") parent = path.dirname(parent);
  if (kind(parent) !== "folder") throw fileFailure(`Cannot write ${file}: ${parent} is not a folder`);
  requireAccess(parent, file);
}

function requireAccess(place: string, file: string): void {
  try {
    fs.accessSync(place, fs.constants.W_OK);
  } catch (error) {
    throw fileFailure(`Cannot write ${file}: ${systemReason(error)}`);
  }
}

function write(file: string, content: string | Uint8Array): void {
  checkWritable(file);
  let temporary: string | undefined;
  try {
    const exists = kind(file) !== "nothing";
    const target = exists ? fs.realpathSync(file) : path.resolve(file);
    if (exists && !fs.statSync(target).isFile()) {
      // A device or pipe (/dev/stdout, a named pipe) has no place beside it and is written as it is.
      fs.writeFileSync(target, content);
      return;
    }
    fs.mkdirSync(path.dirname(target), { recursive: true });
    temporary = path.join(path.dirname(target), temporaryName());
    fs.writeFileSync(temporary, content, { flag: "wx" });
    if (exists) fs.chmodSync(temporary, fs.statSync(target).mode & 0o7777);
    fs.renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) fs.rmSync(temporary, { force: true });
    throw fileFailure(`Cannot write ${file}: ${systemReason(error)}`);
  }
}

/** A hidden name that no one else uses, for what is renamed into place when it is whole. */
export function temporaryName(): string {
  return `.descope-${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
}
