import { marked, type Line } from "../../output/line.ts";
import {
  edgesFrom,
  sizeWords,
  type Edge,
  type Flow,
  type OpenEnd,
  type Step,
  type StepKind,
} from "../graph/model.ts";

const SIGNS: Readonly<Record<StepKind, string>> = {
  start: ">",
  end: "◉",
  screen: "▢",
  condition: "◇",
  action: "○",
  connector: "⇄",
  subflow: "▣",
  missing: "✗",
};

/**
 * A flow as an outline, from its start on: one line per step. In one column stand the steps of one way, each with its other ways on
 * under it (`├─`) before the column goes on (`└▶`); `↩` names a step that stands above, `↓` one that comes below. Steps that cannot
 * be reached stand at the end.
 */
export function outline(flow: Flow): Line[] {
  const name = flow.name === flow.id ? "" : `  ${flow.name}`;
  const out: Line[] = [[marked("heading", flow.id), `${name}  `, marked("quiet", sizeWords(flow))], ""];
  const walk = new Walk(flow, out);
  if (flow.steps.has("start")) walk.from("start");
  else out.push([marked("warning", "Nothing says where it begins.")]);
  const parked = [...flow.steps.values()].filter(({ reachable, kind }) => !reachable && kind !== "start");
  if (parked.length > 0) {
    out.push("", [marked("warning", `${parked.length} cannot be reached from start:`)]);
    // First those that nothing leads to, so that the others stand under them.
    const led = new Set(flow.edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
    for (const { id } of parked.filter((step) => !led.has(step.id))) walk.from(id);
    for (const { id } of parked) if (!walk.seen.has(id)) walk.from(id);
  }
  return out;
}

class Walk {
  readonly seen = new Set<string>();
  private readonly flow: Flow;
  private readonly out: Line[];
  private readonly edges: ReadonlyMap<string, readonly Edge[]>;
  private readonly open: ReadonlyMap<string, readonly OpenEnd[]>;

  constructor(flow: Flow, out: Line[]) {
    this.flow = flow;
    this.out = out;
    this.edges = edgesFrom(flow);
    this.open = Map.groupBy(flow.open, ({ from }) => from);
  }

  from(id: string): void {
    const step = this.flow.steps.get(id);
    if (step !== undefined) this.column(step, "", "", "", new Set());
  }

  /**
   * Shows a step and the way on from it in one column.
   *
   * @param first what stands before the first step, in the column of its parent
   * @param way the words of the way that leads to it
   * @param margin what stands before everything else
   * @param later steps that have their place further below
   */
  private column(start: Step, first: string, way: Line, margin: string, later: ReadonlySet<string>): void {
    let [step, lead, words] = [start, first, way];
    for (;;) {
      this.seen.add(step.id);
      this.out.push([marked("quiet", lead), ...pieces(words), ...pieces(this.words(step))]);
      const edges = (this.edges.get(step.id) ?? []).filter(({ inner }) => !inner);
      const main = this.main(edges, later);
      const reserved = main === undefined ? later : new Set([...later, ...this.reach(main.to, later)]);
      const sides = edges.filter((edge) => edge !== main);
      const open = this.open.get(step.id) ?? [];
      const last = main === undefined ? sides.length + open.length - 1 : -1;
      for (const [i, one] of open.entries()) {
        const label = one.label === "" ? "" : `${one.label} → `;
        this.out.push([
          marked("quiet", `${margin}   ${i === last ? "└─ " : "├─ "}`),
          label,
          openWords(one.kind),
        ]);
      }
      for (const [i, edge] of sides.entries()) {
        const isLast = open.length + i === last;
        this.side(edge, margin, isLast, reserved);
      }
      const next = main === undefined ? undefined : this.flow.steps.get(main.to);
      if (main === undefined || next === undefined) return;
      [step, lead, words] = [next, `${margin}└▶ `, wayWords(main)];
    }
  }

  private side(edge: Edge, margin: string, isLast: boolean, reserved: ReadonlySet<string>): void {
    const target = this.flow.steps.get(edge.to);
    if (target === undefined) return;
    const lead = `${margin}   ${isLast ? "└─ " : "├─ "}`;
    const known = this.seen.has(target.id) ? "↩ " : reserved.has(target.id) ? "↓ " : undefined;
    if (known === undefined) {
      return this.column(target, lead, wayWords(edge), `${margin}   ${isLast ? "   " : "│  "}`, reserved);
    }
    const words = edge.label === "" ? [] : pieces(wayWords(edge));
    this.out.push([marked("quiet", lead), ...words, known, target.name, ...this.idOf(target)]);
  }

  /** The way on that has most before it: the column goes that way, so that little is set in. */
  private main(edges: readonly Edge[], later: ReadonlySet<string>): Edge | undefined {
    let [best, most] = [undefined as Edge | undefined, 0];
    for (const edge of edges) {
      if (this.seen.has(edge.to) || later.has(edge.to)) continue;
      const size = this.reach(edge.to, later).size;
      if (size > most) [best, most] = [edge, size];
    }
    return best;
  }

  /** What can be reached from a step and has no place yet. */
  private reach(from: string, later: ReadonlySet<string>): Set<string> {
    const out = new Set([from]);
    for (const id of out) {
      for (const { to } of this.edges.get(id) ?? []) if (!this.seen.has(to) && !later.has(to)) out.add(to);
    }
    return out;
  }

  private words(step: Step): Line {
    const { kind, name, detail, connector, calls } = step;
    const words = kind === "action" ? detail : detail === "" ? kind : `${kind}: ${detail}`;
    const warn = kind === "missing" || connector?.id === "" || calls === "";
    return [
      `${SIGNS[kind]} `,
      marked("heading", name),
      ...this.idOf(step),
      ...(kind === "start" || kind === "end" || words === ""
        ? []
        : ["  ", marked(warn ? "warning" : "quiet", words)]),
    ];
  }

  /** The id, where the name alone does not tell which step it is. */
  private idOf(step: Step): (string | ReturnType<typeof marked>)[] {
    const isAmbiguous = [...this.flow.steps.values()].some(
      (other) => other !== step && other.name === step.name,
    );
    return isAmbiguous ? [marked("quiet", ` #${step.id}`)] : [];
  }
}

function openWords(kind: OpenEnd["kind"]): ReturnType<typeof marked> {
  if (kind === "exit") return marked("quiet", "the calling flow");
  if (kind === "message") return marked("quiet", "shows an error");
  return marked("warning", "✗ leads nowhere");
}

function wayWords({ label, kind }: Edge): Line {
  if (label === "") return [];
  return [kind === "error" ? marked("error", `! ${label}`) : label, marked("quiet", " → ")];
}

function pieces(line: Line): Exclude<Line, string> {
  return typeof line === "string" ? (line === "" ? [] : [line]) : line;
}
