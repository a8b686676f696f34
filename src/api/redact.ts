/**
 * Masks secrets by value: whatever was once given as a secret is masked wherever it appears, in whatever form it was encoded.
 */
export class Redactor {
  private readonly forms = new Set<string>();

  /** Remembers a secret. Texts of fewer than four characters are too common to be masked by value. */
  add(secret: string): void {
    if (secret.length < 4) return;
    this.forms.add(secret);
    this.forms.add(JSON.stringify(secret).slice(1, -1));
    this.forms.add(encodeURIComponent(secret));
    this.forms.add(new URLSearchParams({ s: secret }).toString().slice(2));
  }

  /** Remembers the texts at `paths` of a JSON value; see {@link Operation.secretInput} for the form of a path. */
  addFrom(value: unknown, paths: readonly string[]): void {
    for (const path of paths) this.walk(value, path.split("."));
  }

  redact(text: string): string {
    let out = text;
    // Longest first, so that a secret which contains another one is masked whole.
    for (const form of [...this.forms].sort((a, b) => b.length - a.length))
      out = out.replaceAll(form, "[redacted]");
    return out;
  }

  private walk(value: unknown, path: readonly string[]): void {
    const [step, ...rest] = path;
    if (step === undefined) {
      if (typeof value === "string") this.add(value);
      return;
    }
    if (typeof value !== "object" || value === null) return;
    // Names match without regard to case, as they do where replies are read.
    for (const [name, member] of Object.entries(value))
      if (step === "*" || name.toLowerCase() === step.toLowerCase()) this.walk(member, rest);
  }
}
