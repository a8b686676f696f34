import { expect, test } from "bun:test";
import fs from "node:fs";
import { Failure } from "../../src/failure.ts";
import { localFiles } from "../../src/files/local.ts";
import { writeTree } from "../../src/files/tree.ts";
import { temporaryFolder } from "../support/folder.ts";

test.each(["new/", "there.txt/", "folder/", "folder", ""])("%p cannot be written as a file", (name) => {
  using folder = temporaryFolder();
  folder.put("there.txt", "old");
  folder.put("folder/x", "x");
  const file = name === "" ? "" : folder.at(name);
  expect(() => localFiles.checkWritable(file)).toThrow(Failure);
  expect(() => localFiles.write(file, "new")).toThrow(Failure);
  expect(folder.contents()).toEqual({ "there.txt": "old", "folder/x": "x" });
});

test("a link is written through, whether or not anything is at its end yet", () => {
  using folder = temporaryFolder();
  folder.put("real/there.txt", "old");
  fs.symlinkSync("real/there.txt", folder.at("there"));
  fs.symlinkSync("second", folder.at("first"));
  fs.symlinkSync("real/made.txt", folder.at("second"));
  localFiles.write(folder.at("there"), "new");
  localFiles.write(folder.at("first"), "made");
  expect(folder.contents("real")).toEqual({ "there.txt": "new", "made.txt": "made" });
  expect(["there", "first", "second"].map((link) => fs.readlinkSync(folder.at(link)))).toEqual([
    "real/there.txt",
    "second",
    "real/made.txt",
  ]);
});

test("what is made may be written by its owner alone, even where the process masks nothing", async () => {
  using folder = temporaryFolder();
  const mask = process.umask(0);
  try {
    localFiles.write(folder.at("a/b/file.txt"), "");
    const fresh = writeTree(folder.at("c/tree"));
    fresh.write("d/file.txt", "");
    await fresh.commit();
    const overlay = writeTree(folder.at("c/tree"));
    overlay.write("e/file.txt", "");
    await overlay.commit();
  } finally {
    process.umask(mask);
  }
  const mode = (name: string) => (fs.statSync(folder.at(name)).mode & 0o777).toString(8);
  expect(["a", "a/b", "c", "c/tree", "c/tree/d", "c/tree/e"].map(mode)).toEqual(Array(6).fill("755"));
  expect(["a/b/file.txt", "c/tree/d/file.txt", "c/tree/e/file.txt"].map(mode)).toEqual(Array(3).fill("644"));
});
