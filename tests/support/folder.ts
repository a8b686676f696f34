import fs from "node:fs";
import os from "node:os";
import path from "node:path";

/** A folder for one test, removed with all that is in it when the test ends. */
export interface TemporaryFolder extends Disposable {
  readonly path: string;
  /** A path in it. */
  at(...parts: readonly string[]): string;
  /** Writes a file in it, with its parents. */
  put(file: string, content: string | Uint8Array): void;
  /** Every file in it by relative path, as text; links as `-> target`. */
  contents(below?: string): Record<string, string>;
}

export function temporaryFolder(): TemporaryFolder {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "descope-")));
  return {
    path: root,
    at: (...parts) => path.join(root, ...parts),
    put(file, content) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(path.join(root, file), content);
    },
    contents(below = "") {
      const found: Record<string, string> = {};
      const walk = (folder: string): void => {
        for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
          const full = path.join(folder, entry.name);
          const name = path.relative(path.join(root, below), full).replaceAll(path.sep, "/");
          if (entry.isDirectory()) walk(full);
          else if (entry.isSymbolicLink()) found[name] = `-> ${fs.readlinkSync(full)}`;
          else found[name] = fs.readFileSync(full, "utf8");
        }
      };
      walk(path.join(root, below));
      return found;
    },
    [Symbol.dispose]: () => fs.rmSync(root, { recursive: true, force: true }),
  };
}
