import { describe, expect, test } from "bun:test";
import path from "node:path";
import fc from "fast-check";
import { fitsLayout } from "../../src/snapshot/layout.ts";
import { findClash, hostilePath } from "../../src/snapshot/path.ts";

const harmless = [
  "snapshot.json",
  "flows/sign-in/screen-a b.json",
  "assets/body-00.html",
  "a..b/c...d.json",
  "...a/x",
  "línea/你好.txt",
  "~/x.txt",
  ".gitignore",
  "git/x.json",
];
/** Names of files, but not on Windows. */
const hostileOnWindows = ["nul", "a/CON.json", "com1.txt", "a./b", "a /b", "ab:c", "a|b", "a?b"];
const hostile = [
  "",
  "/",
  "/etc/passwd",
  "../x",
  "a/../b",
  "a/..",
  "..",
  ".",
  "./a",
  "a/./b",
  "a//b",
  "a/",
  "a\\b",
  "..\\x",
  "C:/x",
  "c:x",
  "a\0b",
  "a\nb",
  "a\u001b[31mb",
  ".git/config",
  "a/.GIT/hooks/pre-commit",
  ".g\u200cit/config",
  "git~1/config",
  "\ud800",
  `${"é".repeat(200)}/x`,
  `${"a".repeat(256)}/x`,
];

describe("paths from a server", () => {
  for (const key of harmless) test(`allowed: ${key}`, () => expect(hostilePath(key)).toBeUndefined());
  for (const key of hostile) {
    test(`refused: ${JSON.stringify(key)}`, () => expect(hostilePath(key, false)).toBeString());
  }
  for (const key of hostileOnWindows) {
    test(`refused on Windows alone: ${key}`, () => {
      expect(hostilePath(key, true)).toBeString();
      expect(hostilePath(key, false)).toBeUndefined();
    });
  }

  test("whatever is allowed stays below the folder, on every system", () => {
    const piece = fc.oneof(
      fc.constantFrom("..", ".", "/", "\\", "a", ".git", "C:", "\0", " ", "", "//", "~", "é", "..a", "a.."),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const key = pieces.join("");
        for (const system of [path.posix, path.win32]) {
          if (hostilePath(key, system === path.win32) !== undefined) continue;
          const root = system === path.win32 ? "C:\\snap" : "/snap";
          const full = system.resolve(root, key);
          expect(full.startsWith(root + system.sep)).toBe(true);
          expect(system.relative(root, full).split(system.sep).join("/")).toBe(key);
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe("paths that cannot stand beside each other", () => {
  const table: [paths: string[], anywhere: boolean, whereNamesFold: boolean][] = [
    [["a", "b"], false, false],
    [["a", "a/b"], true, true],
    [["a/b/c", "a/b"], true, true],
    [["a", "a.json", "a-b/c"], false, false],
    [["Auth/otp.json", "auth/otp.json"], false, true],
    [["caf\u00e9.txt", "cafe\u0301.txt"], false, true],
    [["A/x", "a/y"], false, false],
    [["A", "a/y"], false, true],
  ];
  for (const [paths, anywhere, whereNamesFold] of table) {
    test(paths.join(" "), () => {
      expect(findClash(paths, false) !== undefined).toBe(anywhere);
      expect(findClash(paths, true) !== undefined).toBe(whereNamesFold);
    });
  }
});

describe("the layout of a snapshot", () => {
  const hash = "0".repeat(64);
  const own = [
    "snapshot.json",
    "auth/oauth.json",
    "connectors/connectors.json",
    "connectors/crm-api.json",
    "flows/flows.json",
    "flows/sign-in/screen-magic-link-sent.json",
    "styles/sso-suite-default-dark.json",
    "widgets/user-management/screen-root.json",
    `assets/body-${hash}.html`,
  ];
  const users = [
    "README.md",
    "notes.json",
    "package.json",
    "auth/notes.json",
    "auth/otp.json.bak",
    "connectors/My Notes.json",
    "flows/README.json",
    "flows/sign-in/notes.json",
    "flows/sign-in/a/contents.json",
    "assets/logo.png",
    "envs/prod.json",
    ".github/workflows/x.json",
  ];
  for (const file of own) test(`its own: ${file}`, () => expect(fitsLayout(file)).toBe(true));
  for (const file of users) test(`not its own: ${file}`, () => expect(fitsLayout(file)).toBe(false));
});
