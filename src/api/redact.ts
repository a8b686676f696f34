/**
 * Masks secrets by value: whatever was once given as a secret is masked wherever it appears, in whatever form it was encoded.
 */
export class Redactor {
  private readonly forms = new Set<string>();

  /** Remembers a secret. Texts of fewer than four characters are too common to be masked by value. */
  add(secret: string): void {
    if (secret.length < 4) return;
    this.forms.add(secret);
    const json = JSON.stringify(secret).slice(1, -1);
    this.forms.add(json);
    // As files of snapshots are written, and as servers that guard against HTML answer.
    this.forms.add(json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`));
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
    if (step === "**") this.walk(value, rest);
    const matches = matcher(step);
    for (const [name, member] of Object.entries(value))
      if (matches(name)) this.walk(member, step === "**" ? path : rest);
  }
}

/** What a step of a path names, without regard to case, as members are found where replies are read. */
function matcher(step: string): (name: string) => boolean {
  if (step === "*" || step === "**") return () => true;
  const all = step.toLowerCase().split("|");
  const exact = new Set(all);
  const beginnings = all.filter((one) => one.endsWith("*")).map((one) => one.slice(0, -1));
  return (name) => {
    const lower = name.toLowerCase();
    return exact.has(lower) || beginnings.some((one) => lower.startsWith(one));
  };
}
