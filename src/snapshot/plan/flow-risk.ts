import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import type { Risk } from "./plan.ts";

/** Steps that prove who somebody is. */
const PROOF = /^(?:verify-|exchange-|webauthn-.*-finish$|password-sign-in|loadUser$|step-up$)/;
/** Those that are a second factor, or a first one without a password. */
const STRONG = /^(?:verify-code-otp|verify-totp|webauthn-.*-finish$|step-up$)/;

/** What a change of a flow takes away from its safety, told from its meaning before and after. */
export function flowRisks(before: JsonObject, after: JsonObject, isNew: boolean): Risk[] {
  const risks: Risk[] = [];
  const old = new Steps(before);
  const next = new Steps(after);
  if (!isNew) {
    const lost = (kind: RegExp) => {
      const left = new Set(next.reachable().map((id) => next.action(id)));
      return old.reachable().filter((id) => kind.test(old.action(id)) && !left.has(old.action(id)));
    };
    for (const id of lost(STRONG))
      risks.push({
        code: "mfa-removed",
        level: "high",
        text: `no path from the start reaches "${old.name(id)}" any more`,
      });
    if (next.endsWithoutProof() && !old.endsWithoutProof())
      risks.push({
        code: "verification-skipped",
        level: "high",
        text: "the end can be reached without a step that proves who it is",
      });
    if (disabled(after) && !disabled(before))
      risks.push({ code: "flow-disabled", level: "high", text: "the flow is turned off" });
  }
  for (const [id, script] of next.scripts()) {
    const was = old.scripts().get(id);
    if (was === script || isNew) continue;
    const text = `the script of "${next.name(id)}" ${was === undefined ? "is new" : "changes"}`;
    risks.push({ code: "script-changed", level: "medium", text });
  }
  return risks;
}

function disabled(flow: JsonObject): boolean {
  return isJsonObject(flow.metadata) && flow.metadata.disabled === true;
}

/** The steps of a flow's meaning as a graph. */
class Steps {
  private readonly tasks: JsonObject;
  private readonly start: string;

  constructor(flow: JsonObject) {
    this.tasks = isJsonObject(flow.tasks) ? flow.tasks : {};
    this.start = typeof flow.startTask === "string" ? flow.startTask : "start";
  }

  action(id: string): string {
    const { action } = this.task(id);
    return typeof action === "string" ? action : "";
  }

  name(id: string): string {
    const { name } = this.task(id);
    return typeof name === "string" ? name : id;
  }

  scripts(): Map<string, Json | undefined> {
    const scripts = new Map<string, Json | undefined>();
    for (const id of Object.keys(this.tasks)) {
      if (this.action(id) !== "scriptlet") continue;
      const { arguments: given } = this.task(id);
      scripts.set(id, isJsonObject(given) ? given.scriptCode : undefined);
    }
    return scripts;
  }

  reachable(): string[] {
    return this.walk(() => true);
  }

  /** Whether the end can be reached without passing a proof; a called flow may hold one and counts as such. */
  endsWithoutProof(): boolean {
    const isOpen = (id: string) => !PROOF.test(this.action(id)) && this.task(id).type !== "flow";
    return this.walk(isOpen).some((id) => this.action(id) === "logged-in");
  }

  private walk(isOpen: (id: string) => boolean): string[] {
    const seen = new Set<string>();
    const left = [this.start, "start"].filter((id) => Object.hasOwn(this.tasks, id));
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      if (seen.has(id) || !Object.hasOwn(this.tasks, id) || !isOpen(id)) continue;
      seen.add(id);
      left.push(...this.targets(id));
    }
    return [...seen];
  }

  private targets(id: string): string[] {
    const { next } = this.task(id);
    const rules = isJsonObject(next) ? Object.values(next).flat() : [];
    return rules.flatMap((rule) => {
      if (typeof rule === "string") return [rule];
      return isJsonObject(rule) && typeof rule.taskId === "string" ? [rule.taskId] : [];
    });
  }

  private task(id: string): JsonObject {
    const task = Object.hasOwn(this.tasks, id) ? this.tasks[id] : undefined;
    return isJsonObject(task) ? task : {};
  }
}
