/** A number with what it counts, `1 file` or `3 files`; `what` is one of it and takes an "s". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
