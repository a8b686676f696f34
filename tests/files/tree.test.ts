import { expect, test } from "bun:test";
import fs from "node:fs";
import { writeTree } from "../../src/files/tree.ts";
import { Failure } from "../../src/failure.ts";
import { temporaryFolder } from "../support/folder.ts";

test("a new folder appears with all of its files at once, parents made", async () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("deep/er/out"));
  tree.write("a.txt", "1");
  tree.write("b/c.txt", new Uint8Array([0x32]));
  expect(fs.existsSync(folder.at("deep/er/out"))).toBe(false);
  await tree.commit();
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

test("an aborted new folder leaves nothing of files that are still being written", () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("out"));
  for (let i = 0; i < 2000; i++) tree.write(`${i % 50}/${i}.txt`, "x".repeat(1000));
  tree.abort();
  expect(fs.readdirSync(folder.path)).toEqual([]);
});

test("a new folder with a file that cannot be written does not appear, and the error names that file", async () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("out"));
  // The system takes the folder's path, and not the file's.
  const deep = `${"d".repeat(200)}/`.repeat(20).slice(0, 3990 - folder.path.length);
  const file = `${deep}/${"f".repeat(200)}.txt`;
  tree.write("first.txt", "1");
  tree.write(file, "2");
  const failed = await tree.commit().catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(Failure);
  expect((failed as Failure).message).toContain(file.slice(-204));
  expect(() => tree.write("last.txt", "3")).toThrow(failed as Failure);
  tree.abort();
  expect(fs.readdirSync(folder.path)).toEqual([]);
});

test("files of every size are written, whole and as they were when they were added", async () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("out"));
  const sizes = [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20, ...Array.from({ length: 100 }, (_, i) => i * 5000)];
  const lent = new Uint8Array(3 << 20);
  for (const [i, size] of sizes.entries()) {
    const content = lent.subarray(0, size).fill(i);
    tree.write(`${i}.bin`, content);
    content.fill(255);
    // Some of them are written now, and their memory is used again.
    if (i % 7 === 0) await Bun.sleep(0);
  }
  await tree.commit();
  for (const [i, size] of sizes.entries())
    expect(fs.readFileSync(folder.at(`out/${i}.bin`)).equals(Buffer.alloc(size, i))).toBe(true);
});

for (const [what, before] of [
  ["a new folder", {}],
  ["a folder that is there", { "a.txt": "0", "b.txt": "1" }],
] as const) {
  test(`what is added to ${what} twice is there as it was added last`, async () => {
    using folder = temporaryFolder();
    for (const [name, content] of Object.entries(before)) folder.put(`out/${name}`, content);
    const tree = writeTree(folder.at("out"));
    const lent = new TextEncoder().encode("1");
    for (const name of ["a.txt", "b.txt", "c.txt"]) {
      for (const content of ["3", "2", "1"]) {
        lent.set(new TextEncoder().encode(content));
        tree.write(name, lent);
      }
    }
    lent.fill(0);
    await tree.commit();
    expect(folder.contents("out")).toEqual({ "a.txt": "1", "b.txt": "1", "c.txt": "1" });
  });
}

test("files of an existing folder are replaced, the others stay, modes are kept", async () => {
  using folder = temporaryFolder();
  folder.put("out/a.txt", "old");
  folder.put("out/mine.md", "mine");
  fs.chmodSync(folder.at("out/a.txt"), 0o600);
  const tree = writeTree(folder.at("out"));
  tree.write("a.txt", "new");
  tree.write("b/c/d.txt", "d");
  expect(folder.contents("out")["a.txt"]).toBe("old");
  await tree.commit();
  expect(folder.contents("out")).toEqual({ "a.txt": "new", "b/c/d.txt": "d", "mine.md": "mine" });
  expect(fs.statSync(folder.at("out/a.txt")).mode & 0o777).toBe(0o600);
});

test("a file with the same content is left as it is", async () => {
  using folder = temporaryFolder();
  folder.put("out/a.txt", "same");
  const before = fs.statSync(folder.at("out/a.txt"));
  const tree = writeTree(folder.at("out"));
  tree.write("a.txt", "same");
  await tree.commit();
  const after = fs.statSync(folder.at("out/a.txt"));
  expect([after.ino, after.mtimeMs]).toEqual([before.ino, before.mtimeMs]);
});

test("a commit that fails half way puts everything back", async () => {
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
  await expect(tree.commit()).rejects.toThrow(Failure);
  tree.abort();
  expect(folder.contents("out")).toEqual({ ...before, z: "a file" });
  expect(fs.readdirSync(folder.at("out")).sort()).toEqual(["a.txt", "gone.txt", "z"]);
});

test("removing takes the folders along that it empties, and no others", async () => {
  using folder = temporaryFolder();
  folder.put("out/flows/old/a.json", "{}");
  folder.put("out/flows/keep/b.json", "{}");
  const tree = writeTree(folder.at("out"));
  tree.remove("flows/old/a.json");
  tree.remove("not/there.json");
  await tree.commit();
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

test("a link that stays inside is followed", async () => {
  using folder = temporaryFolder();
  folder.put("out/real/a.json", "old");
  fs.symlinkSync("real", folder.at("out/alias"));
  const tree = writeTree(folder.at("out"));
  tree.write("alias/a.json", "new");
  await tree.commit();
  expect(folder.contents("out")).toEqual({ alias: "-> real", "real/a.json": "new" });
});

test("a new folder that is given up while its files are written takes nothing more, and does not appear", async () => {
  using folder = temporaryFolder();
  const tree = writeTree(folder.at("out"));
  for (let i = 0; i < 200; i++) tree.write(`${i % 5}/${i}.txt`, "x");
  const committing = tree.commit();
  tree.abort();
  tree.write("later/b.txt", "b");
  await committing;
  await tree.commit();
  expect(fs.readdirSync(folder.path)).toEqual([]);
});

test("a folder that is there stays as it is when it is given up, whatever is added and committed then", async () => {
  using folder = temporaryFolder();
  folder.put("out/a.txt", "old");
  const tree = writeTree(folder.at("out"));
  tree.write("a.txt", "new");
  tree.abort();
  tree.write("later/b.txt", "b");
  tree.remove("a.txt");
  await tree.commit();
  expect(folder.contents()).toEqual({ "out/a.txt": "old" });
});
