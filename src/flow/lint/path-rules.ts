import { factorOf, waysToEnd } from "../graph/factor.ts";
import { edgesFrom, type Flow, type Step } from "../graph/model.ts";
import { branchesOf, componentsOf, errorsOf } from "../graph/task.ts";
import { atFlow, atScreen, atStep, type FlowRule } from "./rule.ts";

const endWithoutAuth: FlowRule = {
  code: "end-without-auth",
  level: "warning",
  severity: 8.1,
  summary: "A way reaches an end without a step that proves who the user is",
  help: "An end hands out tokens only to a user who was authenticated on the way. A flow for users that are signed in already begins with loading the user; allow it there.",
  *find({ flow }) {
    const ways = waysToEnd(flow);
    const bare = ways.find(({ factors }) => factors.size === 0);
    // A flow in which nothing ever proves anything is no sign-in: it is run by the backend, or for a user who is signed in.
    if (bare === undefined || ![...flow.steps.values()].some((step) => factorOf(step) !== undefined)) return;
    const end = flow.steps.get(bare.steps.at(-1) ?? "");
    if (end === undefined) return;
    yield atStep(this, flow, end, {
      message: `"${end.name}" is reached without any proof of who the user is: ${wayText(flow, bare.steps)}`,
      fix: "Lead the way through a step that verifies the user, or allow this where the user is signed in already.",
    });
  },
};

const noEnd: FlowRule = {
  code: "no-end",
  level: "warning",
  summary: "No way leads from the start to an end",
  help: "Without an end a flow never finishes: its users stay on their last screen. A flow that others embed may be left by its exits alone.",
  *find({ flow }) {
    const reachable = [...flow.steps.values()].filter((step) => step.reachable);
    if (reachable.length < 2 || reachable.some(({ kind }) => kind === "end")) return;
    if (flow.open.some(({ kind, from }) => kind === "exit" && flow.steps.get(from)?.reachable === true))
      return;
    const start = flow.steps.get("start");
    if (start === undefined) return;
    yield atFlow(this, flow, {
      message: `No way leads from the start of "${flow.name}" to an end`,
      fix: "Add an End step and lead the last step to it.",
    });
  },
};

const unreachableTask: FlowRule = {
  code: "unreachable-task",
  level: "warning",
  summary: "A step cannot be reached from the start",
  help: "It may be parked on purpose, or what led to it was taken away by mistake.",
  *find({ flow }) {
    for (const [step, behind] of parkedGroups(flow)) {
      const more = behind === 0 ? "" : `, nor ${behind === 1 ? "the step" : `the ${behind} steps`} behind it`;
      yield atStep(this, flow, step, {
        message: `"${step.name}" cannot be reached from the start${more}`,
        fix: "Lead a way to it, or take it out.",
      });
    }
  },
};

/** What cannot be reached, each group by the step that it begins with, and how many stand behind that. */
function parkedGroups(flow: Flow): [Step, number][] {
  const parked = [...flow.steps.values()].filter(
    ({ reachable, kind }) => !reachable && kind !== "start" && kind !== "missing",
  );
  const led = new Set(flow.edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const covered = new Set<string>();
  const out: [Step, number][] = [];
  // Of a circle that nothing leads to, the first step stands for all.
  for (const step of [...parked.filter(({ id }) => !led.has(id)), ...parked]) {
    if (covered.has(step.id)) continue;
    const behind = behindOf(flow, step);
    for (const id of behind) covered.add(id);
    out.push([step, behind.size - 1]);
  }
  return out;
}

function behindOf(flow: Flow, step: Step): Set<string> {
  const edges = edgesFrom(flow);
  const out = new Set([step.id]);
  for (const id of out) {
    for (const { to } of edges.get(id) ?? []) if (flow.steps.get(to)?.reachable === false) out.add(to);
  }
  return out;
}

const loopWithoutScreen: FlowRule = {
  code: "loop-without-screen",
  level: "error",
  summary: "Steps run in a circle, or for very long, without a screen",
  help: "A run is cut off after 200 steps. A circle needs a screen, a redirect or a subflow in it that waits for the user.",
  *find({ flow, limits }) {
    const edges = edgesFrom(flow);
    const waits = (step: Step | undefined) =>
      step === undefined ||
      step.kind === "screen" ||
      step.kind === "subflow" ||
      step.kind === "end" ||
      step.kind === "missing" ||
      step.tasks.length > 1;
    const depth = new Map<string, number>();
    const open = new Set<string>();
    const told = new Set<string>();
    // Depth first without calling itself: a flow may be longer than the stack is deep.
    for (const first of flow.steps.values()) {
      if (waits(first) || depth.has(first.id)) continue;
      const stack: { id: string; next: number }[] = [{ id: first.id, next: 0 }];
      open.add(first.id);
      for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
        const ways = edges.get(top.id) ?? [];
        const way = ways[top.next++];
        if (way === undefined) {
          const longest = Math.max(0, ...ways.map(({ to }) => depth.get(to) ?? 0));
          depth.set(top.id, longest + 1);
          open.delete(top.id);
          stack.pop();
        } else if (open.has(way.to)) {
          const circle = stack.slice(stack.findIndex(({ id }) => id === way.to)).map(({ id }) => id);
          const key = [...circle].sort().join();
          const step = flow.steps.get(way.to);
          if (told.has(key) || step === undefined || !step.reachable) continue;
          told.add(key);
          yield atStep(this, flow, step, {
            key,
            message: `These steps run in a circle without a screen: ${[...circle, way.to].map((id) => flow.steps.get(id)?.name ?? id).join(" > ")}`,
            fix: "Put a screen on the circle, or lead one of the ways out of it.",
          });
        } else if (!depth.has(way.to) && !waits(flow.steps.get(way.to))) {
          open.add(way.to);
          stack.push({ id: way.to, next: 0 });
        }
      }
    }
    for (const [id, length] of depth) {
      const step = flow.steps.get(id);
      const isFirst = !flow.edges.some(({ from, to }) => to === id && (depth.get(from) ?? 0) > length);
      if (length <= limits.stepsWithoutScreen || !isFirst || step?.reachable !== true) continue;
      yield atStep(this, flow, step, {
        key: "long",
        message: `From "${step.name}" on, up to ${length} steps run without a screen`,
        fix: "Shorten the way: a run is cut off after 200 steps.",
      });
    }
  },
};

const riskNotAssessed: FlowRule = {
  code: "risk-not-assessed",
  level: "error",
  severity: 6.5,
  summary: "A condition looks at a risk score that was not assessed on some way to it",
  help: "riskInfo.riskScore and riskInfo.botDetected are empty until a step that assesses the risk has run; the branch is then never taken.",
  *find({ flow }) {
    const edges = edgesFrom(flow);
    const blind = new Set(["start"]);
    for (const id of blind) {
      for (const { to } of edges.get(id) ?? []) {
        const step = flow.steps.get(to);
        // A connector may deliver the score, and so may what a called flow does.
        const assesses = step?.action === "risk" || step?.kind === "connector" || step?.kind === "subflow";
        if (step !== undefined && !assesses) blind.add(to);
      }
    }
    for (const step of flow.steps.values()) {
      if (step.kind !== "condition" || !blind.has(step.id)) continue;
      for (const task of step.tasks) {
        for (const branch of branchesOf(task.content, task.path)) {
          const atom = branch.atoms.find(({ target }) =>
            /^riskInfo\.(?:riskScore|botDetected)$/.test(target),
          );
          if (atom === undefined) continue;
          yield atStep(
            this,
            flow,
            step,
            {
              key: branch.outcome,
              message: `"${step.name}" looks at ${atom.target}, and a way leads to it on which no step has assessed the risk`,
              fix: "Put a step that assesses the risk on every way to it.",
            },
            atom.path,
          );
        }
      }
    }
  },
};

const noErrorSlot: FlowRule = {
  code: "no-error-slot",
  level: "warning",
  summary: "A screen has no place for the error that leads back to it",
  help: "An automatic error goes back to the last screen and is shown in its error message component. Without one the user sees nothing happen.",
  *find({ flow }) {
    const edges = edgesFrom(flow);
    for (const step of flow.steps.values()) {
      const { screen } = step;
      if (screen === undefined || !step.reachable) continue;
      if ([...componentsOf(screen.content).values()].some(({ type }) => type === "ErrorMessage")) continue;
      const behind = new Set<string>();
      const queue = (edges.get(step.id) ?? []).map(({ to }) => to);
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
        const next = flow.steps.get(id);
        if (behind.has(id) || next === undefined || next.kind === "screen" || next.kind === "subflow")
          continue;
        behind.add(id);
        // Whatever runs behind the first step that does something may have another screen's place to show its errors.
        if (next.kind === "condition") queue.push(...(edges.get(id) ?? []).map(({ to }) => to));
      }
      const failing = [...behind]
        .map((id) => flow.steps.get(id))
        .find((next) =>
          next?.tasks.some(({ content, path }) =>
            errorsOf(content, path).some(({ how }) => how === "automatic"),
          ),
        );
      if (failing === undefined) continue;
      yield atScreen(this, flow, screen, {
        message: `The screen "${step.name}" has no error message component, and an error of "${failing.name}" is shown on it`,
        fix: "Add an error message component to the screen.",
      });
    }
  },
};

function wayText(flow: Flow, steps: readonly string[]): string {
  const names = steps.map((id) => flow.steps.get(id)?.name ?? id);
  return (names.length > 8 ? [...names.slice(0, 4), "…", ...names.slice(-3)] : names).join(" > ");
}

export const PATH_RULES: readonly FlowRule[] = [
  endWithoutAuth,
  noEnd,
  unreachableTask,
  loopWithoutScreen,
  riskNotAssessed,
  noErrorSlot,
];
