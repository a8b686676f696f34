import { expect, test } from "bun:test";
import { against } from "../../support/project.ts";
import { scriptedServer, type Answer } from "../../support/server.ts";

const SEARCH = "POST /v2/mgmt/user/search";

function page(ids: readonly string[], total?: number): Answer {
  return { body: { users: ids.map((userId) => ({ userId })), ...(total === undefined ? {} : { total }) } };
}
const ids = (from: number, count: number) => Array.from({ length: count }, (_, i) => `U${from + i}`);

test.each<[string, string[], Answer[], number, number[]]>([
  ["to the total", [], [page(ids(0, 100), 150), page(ids(100, 50), 150)], 150, [0, 1]],
  ["to a short page where no total is named", [], [page(ids(0, 100)), page(ids(100, 3))], 103, [0, 1]],
  ["to an empty page", [], [page(ids(0, 100)), page([])], 100, [0, 1]],
  [
    "over short pages of a server with its own idea of them",
    [],
    [page(ids(0, 10), 25), page(ids(10, 10), 25), page(ids(20, 5), 25)],
    25,
    [0, 1, 2],
  ],
  [
    "in pages of the size that is asked for",
    ["-l", "2"],
    [page(ids(0, 2)), page(ids(2, 2)), page(ids(4, 1))],
    5,
    [0, 1, 2],
  ],
  ["from the page that is asked for", ["-l", "2", "-p", "3"], [page(ids(6, 2)), page(ids(8, 1))], 3, [3, 4]],
  ["without those that come twice", ["-l", "2"], [page(["a", "b"], 3), page(["b", "c"], 3)], 3, [0, 1]],
  ["of none", [], [page([], 0)], 0, [0]],
])("--all loads every page, %s", async (_, flags, answers, count, pages) => {
  using server = scriptedServer({ [SEARCH]: answers });
  const ran = await against(server, ["user", "load-all", "--all", "-j", ...flags]);
  expect(ran).toMatchObject({ status: 0, err: "" });
  expect(ran.json()).toMatchObject({ ok: true, count });
  const users = (ran.json() as { users: { userId: string }[] }).users.map(({ userId }) => userId);
  expect(new Set(users).size).toBe(count);
  expect(server.seen.map(({ body }) => (body as { page: number }).page)).toEqual(pages);
});

test("pages that repeat without an end are an error, and not a loop", async () => {
  using server = scriptedServer({ [SEARCH]: page(["a", "b"], 10) });
  const ran = await against(server, ["user", "load-all", "--all", "-l", "2", "-j"]);
  expect(ran.json()).toMatchObject({
    ok: false,
    code: "bad_reply",
    error: expect.stringContaining("repeat"),
  });
  expect(server.seen).toHaveLength(2);
});

test("an error in the middle gives no half of a list", async () => {
  using server = scriptedServer({
    [SEARCH]: [page(ids(0, 100), 150), { status: 400, body: { errorCode: "E1", errorDescription: "No" } }],
  });
  const ran = await against(server, ["user", "load-all", "--all"]);
  expect(ran).toMatchObject({ status: 1, out: "" });
  expect(ran.err).toStartWith("* Error: [E1] No");
});

test("one page says for people when there are more, and for programs not", async () => {
  using server = scriptedServer({ [SEARCH]: page(ids(0, 2), 7) });
  const text = await against(server, ["user", "load-all", "-l", "2"]);
  expect(text.err).toBe("* 7 users exist: --all loads them all\n");
  expect((await against(server, ["user", "load-all", "-l", "2", "-j"])).err).toBe("");
  expect((await against(server, ["user", "load-all", "-l", "2", "-p", "3"])).err).toBe("");
});

test.each([
  ["0", 0],
  ["100", 100],
  ["0x64", 100],
  ["010", 8],
])("--limit %s is sent as %d", async (typed, sent) => {
  using server = scriptedServer({ [SEARCH]: page([]) });
  await against(server, ["user", "load-all", "--limit", typed]);
  expect(server.seen[0]?.body).toMatchObject({ limit: sent, page: 0 });
});

test.each([
  ["--limit", "101"],
  ["--limit", "-1"],
  ["--limit", "4294967297"],
  ["--page", "-1"],
  ["--page", "2147483648"],
])("%s %s is refused before any request", async (flag, typed) => {
  using server = scriptedServer({});
  const ran = await against(server, ["user", "load-all", flag, typed, "-j"]);
  expect(ran.json()).toMatchObject({ ok: false, code: "invalid_input", errorCode: "E011004" });
  expect(server.seen).toEqual([]);
});
