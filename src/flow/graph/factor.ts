import { edgesFrom, type Edge, type Flow, type Step } from "./model.ts";

/**
 * A kind of proof that a user gives, in the words of a session's `amr` where it has one. "session" is the session that an already
 * signed-in user brings along, "subflow" whatever a called flow asks for that is not at hand to be read.
 */
export type Factor =
  "pwd" | "email" | "sms" | "totp" | "webauthn" | "oauth" | "fed" | "session" | "subflow" | "other";

/** What a user has proved once a step went well; undefined where it proves nothing. */
export function factorOf(step: Step): Factor | undefined {
  if (step.kind === "subflow") return "subflow";
  if (step.kind !== "action") return undefined;
  const actions = step.tasks.map(({ content }) => (typeof content.action === "string" ? content.action : ""));
  for (const action of actions) {
    const found = factorOfAction(action, actions);
    if (found !== undefined) return found;
  }
  return undefined;
}

function factorOfAction(action: string, all: readonly string[]): Factor | undefined {
  if (/^verify-code-otp-/.test(action) || /^verify-code-/.test(action)) return channel(action);
  if (action === "verify-totp-code") return "totp";
  if (action === "verify-magic-link" || /^verify-.*link/.test(action)) return channel(all.join(" "));
  if (action === "exchange-oauth-code") return "oauth";
  if (action === "exchange-saml-code" || action === "exchange-sso-code") return "fed";
  if (/^webauthn-.*-finish$/.test(action)) return "webauthn";
  if (/^password-(?!send)/.test(action)) return "pwd";
  if (action === "loadUser" || action === "step-up") return "session";
  return /^exchange-|(?:^|-)verify(?:-|$)/.test(action) ? "other" : undefined;
}

function channel(words: string): Factor {
  return /sms|phone|whatsapp|voice/.test(words) ? "sms" : "email";
}

/** A way through a flow, as the steps on it. */
export interface Way {
  readonly steps: readonly string[];
  readonly factors: ReadonlySet<Factor>;
}

/**
 * For every different set of proofs with which a flow can be left by one of its ends, a shortest way that gives it. A step's proof
 * counts only on the ways that leave it by its success, not by an error.
 */
export function waysToEnd(flow: Flow): Way[] {
  const from = edgesFrom(flow);
  const start: State = { step: "start", factors: [], back: undefined };
  const seen = new Set([keyOf(start)]);
  const queue: State[] = [start];
  const out = new Map<string, Way>();
  for (let i = 0; i < queue.length && seen.size < MOST_STATES; i++) {
    const state = queue[i] as State;
    const step = flow.steps.get(state.step);
    if (step?.kind === "end") {
      const key = state.factors.join();
      if (!out.has(key)) out.set(key, { steps: stepsOf(state), factors: new Set(state.factors) });
      continue;
    }
    for (const edge of from.get(state.step) ?? []) {
      if (edge.inner) continue;
      const next: State = { step: edge.to, factors: afterEdge(state.factors, step, edge), back: state };
      const key = keyOf(next);
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return [...out.values()];
}

interface State {
  readonly step: string;
  /** Sorted. */
  readonly factors: readonly Factor[];
  readonly back: State | undefined;
}

/** More than any real flow has: ten proofs make at most 1024 sets for each of 200 tasks. */
const MOST_STATES = 250_000;

function afterEdge(factors: readonly Factor[], step: Step | undefined, edge: Edge): readonly Factor[] {
  const gained =
    step === undefined || edge.kind === "error" || edge.label === "sent" ? undefined : factorOf(step);
  if (gained === undefined || factors.includes(gained)) return factors;
  return [...factors, gained].sort();
}

function keyOf({ step, factors }: State): string {
  return `${step}\0${factors.join()}`;
}

function stepsOf(state: State): string[] {
  const out: string[] = [];
  for (let here: State | undefined = state; here !== undefined; here = here.back) out.unshift(here.step);
  return out;
}
