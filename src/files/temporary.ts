/** A hidden name that no one else uses, for what is renamed into place when it is whole. Imports leave such names out. */
export function temporaryName(): string {
  return `.descope-${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
}
