import { expect, test } from "bun:test";
import type { Json, JsonObject } from "../../../src/json/value.ts";
import { plainLine } from "../../../src/output/line.ts";
import type { SnapshotContent } from "../../../src/snapshot/content.ts";
import type { PlanInput } from "../../../src/snapshot/plan/input.ts";
import { planLines } from "../../../src/snapshot/render/text.ts";
import { place, planOf } from "../../support/planning.ts";
import { snapshot, withFile } from "../../support/snapshot.ts";

const base = snapshot();

/** The lines of a plan that say what changes from `theirs` to `ours`, without their indent. */
function lines(
  ours: SnapshotContent,
  theirs: SnapshotContent = base,
  more: Partial<PlanInput> = {},
): string[] {
  return planLines(planOf(ours, theirs, more)).map((line) => plainLine(line).trim());
}

test("what changes in a widget's screen is told, not only that something does", () => {
  const file = "widgets/user-management/screen-root.json";
  const told = lines(
    withFile(base, file, (screen) => ({
      ...screen,
      contents: { ...(screen.contents as JsonObject), ROOT: { nodes: [], props: { title: "All users" } } },
    })),
  );
  expect(told).toContain("~ widget/user-management  2 fields");
  expect(told).toContain('+ screen root  ROOT/props/title  "All users"');
  expect(told).toContain('- screen root  ROOT/type  {"resolvedName":"Container"}');
});

test("choices in another order are that, and not other choices", () => {
  const options = (...values: string[]): Json =>
    values.map((value) => ({ value, label: value.toUpperCase() }));
  const withOptions = (list: Json) =>
    withFile(base, "attributes.json", (document) => ({
      ...document,
      user: (document.user as JsonObject[]).map((attribute) => ({ ...attribute, options: list })),
    }));
  const told = lines(withOptions(options("totp", "sms")), withOptions(options("sms", "totp")));
  expect(told).toContain('~ options  order ["sms","totp"] -> ["totp","sms"]');
});

test("a new connector tells of no secret where it has only room for one", () => {
  const bare = snapshot();
  const files = new Map<string, Json>([
    ...bare,
    ["connectors/connectors.json", { connectors: [...names(bare), "audit"].sort() }],
    [
      "connectors/audit.json",
      { name: "Audit", type: "http", configuration: { authentication: { apiKey: {}, method: "none" } } },
    ],
  ]);
  const told = lines(files);
  expect(told).toContain("+ connector/Audit  new");
  expect(told.filter((line) => line.includes("apiKey"))).toEqual([]);
});

test("templates that come and go are shown as they read", () => {
  const file = "auth/magiclink.json";
  const withTemplates = (...bodies: string[]) =>
    withFile(base, file, (document) => ({
      ...document,
      textTemplates: bodies.map((body) => ({ active: true, body })),
    }));
  const told = lines(withTemplates("a", "<b>{{.link}}</b>"), withTemplates("a"));
  expect(told).toContain('~ textTemplates  + {"active":true,"body":"<b>{{.link}}</b>"}');
});

test("a text's last line break is no line of it", () => {
  const told = lines(new Map<string, Json>([...base, ["fga/schema.txt", "model\ntype user\n"]]));
  expect(told).toContain("+ content  text: 2 lines added, 0 removed");
});

test("what is kept is counted by what it is, however many places of it are kept", () => {
  const told = lines(
    withFile(base, "project.json", (document) => ({ ...document, inviteUrl: "https://a", rotateJwt: "x" })),
    base,
    {
      keep: ["project#/inviteUrl", "project#/rotateJwt"].map(place),
    },
  );
  expect(told.find((line) => line.startsWith("Left alone:"))).toContain("1 kept (project)");
});

test("a new flow is counted as the outline counts it: an action in two halves is one step", () => {
  const files = new Map<string, Json>([
    ...base,
    [
      "flows/flows.json",
      { flows: ["pair", ...((base.get("flows/flows.json") as JsonObject).flows as string[])] },
    ],
    ["flows/pair/metadata.json", { name: "Pair", screens: [] }],
    [
      "flows/pair/contents.json",
      {
        startTask: "1",
        tasks: {
          start: { id: "start", next: {} },
          "1": { id: "1", type: "automated", action: "oauth-start", next: {} },
          "1.end": { id: "1.end", type: "automated", action: "exchange-oauth-code", next: {} },
        },
      },
    ],
  ]);
  expect(lines(files)).toContain("+ flow/pair  new, 2 steps, 0 screens");
});

function names(content: SnapshotContent): string[] {
  return (content.get("connectors/connectors.json") as JsonObject).connectors as string[];
}

test("what is told is not counted as hidden too", () => {
  const file = "auth/magiclink.json";
  const edited = withFile(base, file, (document) => ({
    ...document,
    emailTemplates: (document.emailTemplates as JsonObject[]).map((one) => ({ ...one, body: "short" })),
    emailServiceProvider: "Descope",
  }));
  const told = lines(edited);
  expect(told).toContain("~ auth/magiclink  2 fields");
  expect(told.find((line) => line.startsWith("0 create"))).toContain("0 noise fields hidden");
});
