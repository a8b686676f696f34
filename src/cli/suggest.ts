import { editDistance } from "../edit-distance.ts";

/**
 * Words that somebody may have meant, the nearest first: at most `edits` edits away, or beginning with what was typed, whatever the
 * case.
 */
export function suggest(typed: string, known: readonly string[], edits = 2): string[] {
  const wanted = typed.toLowerCase();
  return known
    .map((word) => ({ word, distance: editDistance(wanted, word.toLowerCase()) }))
    .filter(
      ({ word, distance }) => distance <= edits || (wanted !== "" && word.toLowerCase().startsWith(wanted)),
    )
    .sort((a, b) => a.distance - b.distance)
    .map(({ word }) => word);
}

/** What other command lines call the things that this one does. */
const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  activate: ["enable"],
  create: ["add", "make", "new"],
  deactivate: ["disable"],
  delete: ["del", "destroy", "remove", "rm"],
  load: ["describe", "get", "info", "read", "show", "view"],
  "load-all": ["all", "list", "ls", "search"],
  list: ["all", "load-all", "ls"],
  remove: ["delete", "rm"],
  search: ["find", "list", "ls", "query"],
  update: ["change", "edit", "modify", "set"],
};

/** Commands that somebody may have meant: what {@link suggest} finds, and what goes by another name elsewhere. */
export function suggestCommand(typed: string, known: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  const byName = known.filter((word) => OTHER_WORDS[word]?.includes(wanted) === true);
  return [...new Set([...byName, ...suggest(typed, known)])];
}
