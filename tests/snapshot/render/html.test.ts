import { expect, test } from "bun:test";
import type { Json, JsonObject } from "../../../src/json/value.ts";
import { planHtml } from "../../../src/snapshot/render/html.ts";
import { planOf } from "../../support/planning.ts";
import { snapshot, withFile } from "../../support/snapshot.ts";

const base = snapshot({ environment: "production" });

/** The folder with another name of a step. */
function renamed(name: string): Map<string, Json> {
  return withFile(base, "flows/step-up/contents.json", (document) => {
    const tasks = document.tasks as JsonObject;
    return { ...document, tasks: { ...tasks, "1": { ...(tasks["1"] as JsonObject), name } } };
  });
}

test("the old flow and the new one stand beside each other, each with its own words", async () => {
  const html = await planHtml(planOf(renamed("Ask again"), base));
  const [before = "", after = ""] = html.split("<figcaption>").slice(1);
  expect([before.startsWith("Before"), after.startsWith("After")]).toEqual([true, true]);
  expect([before.includes(">Send code<"), before.includes("Ask again")]).toEqual([true, false]);
  expect([after.includes(">Ask again<"), after.includes("Send code")]).toEqual([true, false]);
});

test("a page needs nothing else, runs nothing and obeys no name", async () => {
  const name = `</title></code><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202e`;
  const ours = withFile(renamed(name), "project.json", (document) => ({ ...document, [name]: name }));
  const plan = planOf(ours, base, { warnings: [name], source: { path: name }, listNoise: true });
  const html = await planHtml(plan);
  expect(html).not.toMatch(/<script|<img|<link|<iframe|<[^<>]*\s(?:on\w+|src|href)=|url\((?!#)/i);
  expect(html).not.toContain("\u202e");
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
});
