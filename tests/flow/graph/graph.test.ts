import { describe, expect, test } from "bun:test";
import { readFlow } from "../../../src/flow/graph/build.ts";
import { readFlowFile, readFlowFolder } from "../../../src/flow/graph/source.ts";
import type { Flow } from "../../../src/flow/graph/model.ts";
import type { Json } from "../../../src/json/value.ts";
import { allShapes, copy, everyKind, folderFiles, source, to } from "../../support/flows.ts";

const arrows = (flow: Flow) =>
  flow.edges
    .filter(({ inner }) => !inner)
    .map(({ from, label, to: target, kind }) => `${from} -${label}-> ${target} (${kind})`)
    .sort();

test("every kind of step, with the halves of an action as one, and words on every way", () => {
  const flow = readFlow(source(everyKind()));
  expect([...flow.steps.values()].map(({ id, kind, name, detail }) => [id, kind, name, detail])).toEqual([
    ["start", "start", "Start", ""],
    ["0", "screen", "Welcome", ""],
    ["1", "action", "Send code", "sign-up-or-in-otp-email"],
    ["2", "screen", "Verify code", ""],
    ["3", "action", "Google", "oauth-start"],
    ["4", "action", "Verify", "verify-code-otp-email"],
    ["5", "condition", "Is new user?", ""],
    ["6", "screen", "Tell us more", ""],
    ["7", "connector", "Tell CRM", "CRM API"],
    ["8", "subflow", "Step up", "step-up"],
    ["9", "end", "End", ""],
    ["10", "action", "Score", "scriptlet"],
    ["11", "action", "Send link", "sign-up-or-in-magic-link-email"],
    ["12", "screen", "Link sent", ""],
  ]);
  expect(arrows(flow)).toEqual(
    [
      "start --> 0 (start)",
      "0 -Continue-> 1 (choice)",
      "0 -Continue with Google-> 3 (choice)",
      "0 -Send me a link-> 11 (choice)",
      "1 --> 2 (success)",
      "2 -Verify-> 4 (choice)",
      "2 -resend-> 1 (choice)",
      "3 --> 5 (success)",
      "3 -OAuthExchangeCodeFailed-> 0 (error)",
      "4 --> 5 (success)",
      "4 -OTPVerifyCodeExpired-> 2 (error)",
      "5 -New user-> 6 (branch)",
      "5 -else-> 8 (branch)",
      "6 -Save-> 7 (choice)",
      "7 --> 10 (success)",
      "7 -ConnectorFailed-> 10 (error)",
      "8 -success-> 9 (exit)",
      "10 --> 9 (success)",
      "11 --> 5 (success)",
      "11 -sent-> 12 (success)",
      "12 -polling-> 11 (choice)",
    ].sort(),
  );
  expect(flow.open).toEqual([]);
  expect([...flow.steps.values()].every(({ reachable }) => reachable)).toBe(true);
});

test("all four shapes of a flow give one graph", () => {
  const shapes = allShapes(everyKind());
  const shown = (flow: Flow) => ({
    id: flow.id,
    name: flow.name,
    steps: [...flow.steps.values()].map(({ id, kind, name, position, reachable }) => ({
      id,
      kind,
      name,
      position,
      reachable,
    })),
    edges: flow.edges.map(({ path: _, ...edge }) => edge),
    open: flow.open,
  });
  const expected = shown(readFlow(shapes.folder));
  for (const shape of ["file", "wrapped", "console"] as const) {
    expect(shapes[shape].shape).toBe(shape);
    expect(shown(readFlow(shapes[shape]))).toEqual(expected);
  }
  const bare = readFlowFile(
    { path: "contents.json", content: everyKind().contents as unknown as Json },
    "sign-in",
  );
  expect(bare.shape).toBe("contents");
  expect(readFlow(bare).steps.size).toBe(14);
});

describe("what is not as it should be is shown, not refused", () => {
  test("a rule to a task that is not there", () => {
    const flow = copy(everyKind());
    flow.contents.tasks["10"] = { ...flow.contents.tasks["10"], ...to(["success", "77"]) };
    const read = readFlow(source(flow));
    expect(read.steps.get("77")).toMatchObject({
      kind: "missing",
      name: "Step 77 is missing",
      reachable: true,
    });
  });

  test("start without a rule takes startTask", () => {
    const flow = copy(everyKind());
    flow.contents.tasks.start = { id: "start", next: {} };
    const first = readFlow(source(flow)).edges.find(({ from }) => from === "start");
    expect(first).toMatchObject({ to: "0", kind: "start" });
    expect(first).not.toHaveProperty("path");
  });

  test("no start task at all", () => {
    const flow = copy(everyKind());
    delete flow.contents.tasks.start;
    expect(readFlow(source(flow)).steps.get("start")).toMatchObject({ kind: "start", reachable: true });
  });

  test("what leads nowhere is listed by its reason", () => {
    const flow = copy(everyKind());
    flow.contents.tasks["0"] = { ...flow.contents.tasks["0"], ...to(["btnEmail", "1"]) };
    flow.contents.tasks["5"] = { ...flow.contents.tasks["5"], ...to(["ELSE", "8"]) };
    flow.contents.tasks["10"] = { ...flow.contents.tasks["10"], next: {} };
    (flow.metadata.sharedInteractions as Json[]).push({ id: "0.btnLink", label: "Link" });
    expect(readFlow(source(flow)).open.map(({ from, label, kind }) => [from, label, kind])).toEqual([
      ["0", "Continue with Google", "interaction"],
      ["0", "Send me a link", "exit"],
      ["5", "New user", "branch"],
      ["10", "", "success"],
    ]);
  });

  test("parked steps are unreachable", () => {
    const flow = copy(everyKind());
    flow.contents.tasks["0"] = { ...flow.contents.tasks["0"], ...to(["btnEmail", "1"], ["btnGoogle", "3"]) };
    const unreachable = [...readFlow(source(flow)).steps.values()].filter(({ reachable }) => !reachable);
    expect(unreachable.map(({ id }) => id)).toEqual(["11", "12"]);
  });

  test("tasks, rules and screens of any type, and keys that are names of the language's own", () => {
    const hostile = JSON.parse(
      '{"flowId":"x","contents":{"startTask":"__proto__","tasks":{"__proto__":{"type":"condition","conditions":[7,{"interactionId":"constructor"}],' +
        '"next":{"rules":[null,{"interactionId":"toString","taskId":"constructor"}]}},"constructor":5,"a":{"type":"flow","arguments":[]}}},"screens":[1,null,{"screenId":"s"}]}',
    ) as Json;
    const read = readFlow(readFlowFile({ path: "x.json", content: hostile }, "x"));
    expect([...read.steps.keys()]).toContain("__proto__");
    expect(read.edges.map(({ from, to: target }) => `${from}>${target}`)).toEqual([
      "start>__proto__",
      "__proto__>constructor",
    ]);
  });
});

test("what holds no flow is refused with its path", () => {
  const table: Json[] = [{}, [], null, { flow: {} }, { screens: [] }, { contents: 5 }];
  for (const content of table)
    expect(() => readFlowFile({ path: "a/b.json", content }, "b")).toThrow(/^a\/b.json holds no flow/);
  const files = folderFiles(everyKind());
  files.delete("contents.json");
  expect(() => readFlowFolder("x", "flows/x", files)).toThrow(
    "flows/x is not the folder of a flow: it has no contents.json",
  );
});

test("assets stand where their names stood; what is not there is listed", () => {
  const flow = copy(everyKind());
  const script = flow.contents.tasks["10"]?.arguments as Record<string, { value: string }>;
  script.scriptCode = { value: "asset:value-1.txt" };
  const files = folderFiles(flow);
  const read = readFlowFolder("sign-in", "flows/sign-in", files, (name) =>
    name === "value-1.txt" ? "return 1;" : undefined,
  );
  const task = (read.contents.content.tasks as Record<string, { arguments: typeof script }>)["10"];
  expect(task?.arguments.scriptCode?.value).toBe("return 1;");
  expect(readFlowFolder("sign-in", "flows/sign-in", files).leftOver.missingAssets).toEqual(["value-1.txt"]);
});

test("the folder's own list of screens decides which are read", () => {
  const files = folderFiles(everyKind());
  const metadata = files.get("metadata.json");
  if (metadata === undefined) throw new Error("no metadata");
  const content = { ...(metadata.content as Record<string, Json>) };
  content.screens = [...(content.screens as string[]).slice(1), "gone"];
  files.set("metadata.json", { path: metadata.path, content });
  const read = readFlowFolder("sign-in", "flows/sign-in", files);
  expect(read.screens).toHaveLength(3);
  expect(read.leftOver.missingScreens).toEqual(["screen-gone.json"]);
  expect(read.leftOver.unlistedScreens).toHaveLength(1);
});
