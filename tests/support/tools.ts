/** Whether this machine lacks one of the programs that scripts for CI call. What needs them is skipped there, and counted as skipped. */
export function lacks(...programs: readonly string[]): boolean {
  return process.platform === "win32" || programs.some((program) => Bun.which(program) === null);
}
