import { Failure } from "../../src/failure.ts";
import type { Json, JsonObject } from "../../src/json/value.ts";
import type { SnapshotContent } from "../../src/snapshot/content.ts";
import type { InputSecrets, TargetProject, Verdict } from "../../src/snapshot/target.ts";
import { structuredCopy } from "./snapshot.ts";

/** How a target misbehaves. */
export interface Manners {
  /** Changes every document that is imported. */
  readonly rewrite?: (path: string, document: Json) => Json;
  /** Files that an import does not take. */
  readonly drops?: (path: string) => boolean;
  /** The import takes this many of the files that change, then fails. */
  readonly failsAfter?: number;
  /** What validate says. */
  readonly verdict?: Verdict;
  /** Entities that are missing from an import stay. */
  readonly keepsAbsent?: boolean;
}

/** A project in memory, as a pure stand-in for the API. */
export class FakeTarget implements TargetProject {
  content: Map<string, Json>;
  manners: Manners;
  readonly calls: string[] = [];
  readonly secrets: InputSecrets[] = [];

  constructor(content: SnapshotContent, manners: Manners = {}) {
    this.content = copy(content);
    this.manners = manners;
  }

  async describe() {
    this.calls.push("describe");
    return { name: "Acme", environment: "" };
  }

  async export() {
    this.calls.push("export");
    return copy(this.content);
  }

  async validate(_files: SnapshotContent, secrets: InputSecrets): Promise<Verdict> {
    this.calls.push("validate");
    this.secrets.push(secrets);
    return this.manners.verdict ?? { ok: true, failures: [], missing: [] };
  }

  async import(files: SnapshotContent, secrets: InputSecrets) {
    this.calls.push("import");
    this.secrets.push(secrets);
    const { rewrite, drops, failsAfter, keepsAbsent } = this.manners;
    const next =
      keepsAbsent === true || failsAfter !== undefined ? copy(this.content) : new Map<string, Json>();
    let taken = 0;
    for (const [path, document] of copy(files)) {
      const old = this.content.get(path);
      if (drops?.(path) === true) {
        if (old !== undefined) next.set(path, old);
        continue;
      }
      const isNew = JSON.stringify(old) !== JSON.stringify(document);
      if (failsAfter !== undefined && isNew && taken++ >= failsAfter) break;
      next.set(path, rewrite?.(path, document) ?? document);
    }
    this.content = next;
    if (failsAfter !== undefined) throw new Failure("[E000000] half of it", { code: "server", status: 500 });
  }
}

function copy(content: SnapshotContent): Map<string, Json> {
  return new Map([...content].map(([path, value]) => [path, structuredCopy(value)]));
}

/** The document with a member that a server would add. */
export function withServerDefaults(document: Json): Json {
  return typeof document === "object" && document !== null && !Array.isArray(document)
    ? { ...(document as JsonObject), addedByServer: true }
    : document;
}
