import type { Files } from "./files.ts";

/**
 * The same files with trees that are given up when the process is interrupted: no command has to see to that, and none can forget it.
 *
 * @param onInterrupt has something done if the process is interrupted, and gives back how to forget it.
 */
export function interruptible(files: Files, onInterrupt: (cleanUp: () => void) => () => void): Files {
  return {
    ...files,
    writeTree(folder) {
      const tree = files.writeTree(folder);
      let isInterrupted = false;
      const forget = onInterrupt(() => {
        isInterrupted = true;
        tree.abort();
      });
      return {
        write: (path, content, mode) => tree.write(path, content, mode),
        remove: (path) => tree.remove(path),
        async commit() {
          await tree.commit();
          // The process is dying: nobody is to be told that the files are there.
          if (isInterrupted) await new Promise(() => {});
          forget();
        },
        abort() {
          tree.abort();
          forget();
        },
      };
    },
  };
}
