import { expect, test } from "bun:test";
import fs from "node:fs";
import { writeTree } from "../../src/files/tree.ts";
import { Failure } from "../../src/failure.ts";
import { temporaryFolder } from "../support/folder.ts";

test("a new folder appears with all of its files at once, parents made", () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("deep/er/out"));
  tree.write("a.txt", "1");
  tree.write("b/c.txt", new Uint8Array([0x32]));
  expect(fs.existsSync(folder.at("deep/er/out"))).toBe(false);
  tree.commit();
  tree.abort();
  expect(folder.contents()).toEqual({ "deep/er/out/a.txt": "1", "deep/er/out/b/c.txt": "2" });
});

test("an aborted new folder leaves nothing, not even the parents that were made", () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("deep/er/out"));
  tree.write("a.txt", "1");
  tree.abort();
  expect(fs.readdirSync(folder.path)).toEqual([]);
});

test("files of an existing folder are replaced, the others stay, modes are kept", () => {
  using folder = temporaryFolder();
  folder.put("out/a.txt", "old");
  folder.put("out/mine.md", "mine");
  fs.chmodSync(folder.at("out/a.txt"), 0o600);
  const tree = writeTree(folder.at("out"));
  tree.write("a.txt", "new");
  tree.write("b/c/d.txt", "d");
  expect(folder.contents("out")["a.txt"]).toBe("old");
  tree.commit();
  expect(folder.contents("out")).toEqual({ "a.txt": "new", "b/c/d.txt": "d", "mine.md": "mine" });
  expect(fs.statSync(folder.at("out/a.txt")).mode & 0o777).toBe(0o600);
});

test("a file with the same content is left as it is", () => {
  using folder = temporaryFolder();
  folder.put("out/a.txt", "same");
  const before = fs.statSync(folder.at("out/a.txt"));
  const tree = writeTree(folder.at("out"));
  tree.write("a.txt", "same");
  tree.commit();
  const after = fs.statSync(folder.at("out/a.txt"));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test("a commit that fails half way puts everything back", () => {
  using folder = temporaryFolder();
  folder.put("out/a.txt", "old a");
  folder.put("out/gone.txt", "old gone");
  const before = folder.contents("out");
  const tree = writeTree(folder.at("out"));
  tree.write("a.txt", "new a");
  tree.write("new/b.txt", "new b");
  tree.remove("gone.txt");
  tree.write("z/last.txt", "never");
  // Something comes in the way between the check and the commit.
  folder.put("out/z", "a file");
  expect(() => tree.commit()).toThrow(Failure);
  tree.abort();
  expect(folder.contents("out")).toEqual({ ...before, z: "a file" });
  expect(fs.readdirSync(folder.at("out")).sort()).toEqual(["a.txt", "gone.txt", "z"]);
});

test("removing takes the folders along that it empties, and no others", () => {
  using folder = temporaryFolder();
  folder.put("out/flows/old/a.json", "{}");
  folder.put("out/flows/keep/b.json", "{}");
  const tree = writeTree(folder.at("out"));
  tree.remove("flows/old/a.json");
  tree.remove("not/there.json");
  tree.commit();
  expect(folder.contents("out")).toEqual({ "flows/keep/b.json": "{}" });
  expect(fs.existsSync(folder.at("out/flows/old"))).toBe(false);
});

const inTheWay: [what: string, prepare: (root: string) => void, file: string][] = [
  ["a file where a folder is needed", (root) => fs.writeFileSync(`${root}/out/flows`, ""), "flows/a.json"],
  ["a folder where a file is needed", (root) => fs.mkdirSync(`${root}/out/a.json`), "a.json"],
  [
    "a link to a folder outside",
    (root) => fs.symlinkSync(`${root}/outside`, `${root}/out/flows`),
    "flows/a.json",
  ],
  ["a link to a file outside", (root) => fs.symlinkSync(`${root}/outside/x`, `${root}/out/a.json`), "a.json"],
  ["a link to nothing", (root) => fs.symlinkSync(`${root}/nowhere`, `${root}/out/a.json`), "a.json"],
  ["a relative link out", (root) => fs.symlinkSync("../outside", `${root}/out/flows`), "flows/x"],
];
for (const [what, prepare, file] of inTheWay) {
  test(`refused: ${what}`, () => {
    using folder = temporaryFolder();
    folder.put("out/keep.txt", "keep");
    folder.put("outside/x", "outside");
    prepare(folder.path);
    const before = folder.contents();
    const tree = writeTree(folder.at("out"));
    expect(() => tree.write(file, "evil")).toThrow(Failure);
    tree.abort();
    expect(folder.contents()).toEqual(before);
  });
}

test("a link that stays inside is followed", () => {
  using folder = temporaryFolder();
  folder.put("out/real/a.json", "old");
  fs.symlinkSync("real", folder.at("out/alias"));
  const tree = writeTree(folder.at("out"));
  tree.write("alias/a.json", "new");
  tree.commit();
  expect(folder.contents("out")).toEqual({ alias: "-> real", "real/a.json": "new" });
});
