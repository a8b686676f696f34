import { expect, test } from "bun:test";
import { against } from "../../support/project.ts";
import { scriptedServer, type Answer } from "../../support/server.ts";

const LIST = "POST /v1/mgmt/projects/list";
const DELETE = "POST /v1/mgmt/project/delete";
const line = ["project", "delete", "P2a"];

function projects(name: string): Record<string, Answer> {
  return {
    [LIST]: {
      body: {
        projects: [
          { id: "P2b", name: "Other" },
          { id: "P2a", name },
        ],
      },
    },
    [DELETE]: { raw: "" },
  };
}

test.each<[string, string, string | undefined]>([
  ["the name", "Shop", "Shop\n"],
  ["the name with space around it", "Shop", "  Shop \r\n"],
  ["the name without a line end", "Shop", "Shop"],
  ["a name that has space around it", " Shop ", "Shop\n"],
  ["the id of a project without a name", "", "P2a\n"],
  ["the id of a project whose name is blank", "  ", "P2a\n"],
])("%s confirms it, on a terminal and in a script", async (_, name, typed) => {
  for (const tty of [false, true]) {
    using server = scriptedServer(projects(name));
    const ran = await against(
      server,
      line,
      tty ? { tty, answers: [typed?.replace(/\r?\n$/, "")] } : { stdin: typed ?? "" },
    );
    expect(ran.status).toBe(0);
    expect(ran.out).toBe(`* Deleted project "${name.trim() === "" ? "P2a" : name}"\n`);
    expect(ran.err).toContain("Type its name, ");
    expect(server.seen.map(({ path }) => path)).toEqual([
      "/v1/mgmt/projects/list",
      "/v1/mgmt/project/delete",
    ]);
    expect(server.seen[1]?.text).toBe("");
  }
});

test.each<[string, string, string]>([
  ["another name", "Shop", "Other\n"],
  ["another case", "Shop", "shop\n"],
  ["an empty line", "Shop", "\n"],
  ["the end of input", "Shop", ""],
  ["the id of a project that has a name", "Shop", "P2a\n"],
  ["an empty line for a project without a name", "", "\n"],
  ["the end of input for a project without a name", "", ""],
  ["blanks for a project whose name is blank", "  ", "  \n"],
])("%s does not, and nothing is sent", async (_, name, typed) => {
  using server = scriptedServer(projects(name));
  const ran = await against(server, line, { stdin: typed });
  expect(ran).toMatchObject({ status: 0, out: "* Cancelled\n" });
  expect(server.seen.map(({ path }) => path)).toEqual(["/v1/mgmt/projects/list"]);
});

test.each<[string, Answer]>([
  ["is turned away", { status: 403, body: { errorCode: "E1", errorDescription: "No" } }],
  ["fails", { status: 500, raw: "oops" }],
  ["is no JSON", { raw: "<html>" }],
  ["has another shape", { body: { projects: 5 } }],
])("a look-up of the name that %s is said, and the id stands in its place", async (_, answer) => {
  using server = scriptedServer({ ...projects("Shop"), [LIST]: answer });
  const asked = await against(server, line, { stdin: "P2a\n" });
  expect(asked).toMatchObject({ status: 0, out: '* Deleted project "P2a"\n' });
  expect(asked.err).toStartWith("* The project's name could not be looked up (");
  expect(asked.err).toContain("Type its name, P2a, to go on: ");
  const forced = await against(server, [...line, "-f", "-j"]);
  expect(forced).toMatchObject({ status: 0, out: '{\n  "ok": true\n}\n', err: "" });
});

test("a project that does not exist is an error", async () => {
  using server = scriptedServer({
    [LIST]: { status: 400, body: { errorCode: "E011008", errorDescription: "Project not found" } },
  });
  const ran = await against(server, [...line, "-f", "-j"]);
  expect(ran.json()).toMatchObject({ ok: false, errorCode: "E011008", status: 400 });
  expect(server.seen).toHaveLength(1);
});

test("--json needs --force, whatever the name and the terminal, and the project has to exist", async () => {
  for (const tty of [false, true]) {
    using server = scriptedServer(projects("Shop"));
    const ran = await against(server, [...line, "--json"], { tty, answers: ["Shop"] });
    expect(ran).toMatchObject({ status: 1, err: "" });
    expect(ran.json()).toMatchObject({ ok: false, code: "not_confirmed" });
    expect(server.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([LIST]);
  }
  using server = scriptedServer({ [LIST]: { status: 400, body: { errorCode: "E011008" } } });
  expect((await against(server, [...line, "--json"])).json()).toMatchObject({ errorCode: "E011008" });
});

test("a name that would act on the terminal is shown harmless", async () => {
  using server = scriptedServer(projects("Sh\u001b[2Jop"));
  const ran = await against(server, line, { tty: true, answers: ["Sh\u001b[2Jop"] });
  expect(ran.status).toBe(0);
  expect(ran.out + ran.err).not.toContain("\u001b");
});

test("the project is the argument's, whatever the variable says", async () => {
  using server = scriptedServer(projects("Shop"));
  await against(server, [...line, "-f"], { env: { DESCOPE_PROJECT_ID: "garbage" } });
  expect(server.seen.map(({ authorization }) => authorization)).toEqual(
    Array.from({ length: 2 }, () => "Bearer P2a:K2ManagementKeyForTests"),
  );
});
