import { expect, test } from "bun:test";
import { against } from "../../support/project.ts";
import { scriptedServer } from "../../support/server.ts";

const answers = { "POST /v1/mgmt/project/clone": { body: { projectId: "P2c" } } };

test.each([
  [["--tag", "production"], "production"],
  [["-t", "production"], "production"],
  [["-e", "production", "-t", ""], ""],
  [["-t", "x", "-e", "production"], "production"],
])("the old spelling of --environment still works, with a warning: %j", async (flags, environment) => {
  using server = scriptedServer(answers);
  const ran = await against(server, ["project", "clone", "P2a", "", ...flags, "-j"]);
  expect(ran.status).toBe(0);
  expect(ran.err).toBe("* Warning: the flag --tag is deprecated: use --environment\n");
  expect(server.seen[0]?.body).toEqual({ name: "", environment });
  expect(ran.json()).toEqual({
    ok: true,
    result: { projectId: "P2c", projectName: "", environment: "", tags: [] },
  });
});

test.each([["staging"], ["Production"], [" "]])(
  "the environment %j is refused before any request",
  async (environment) => {
    using server = scriptedServer({});
    const ran = await against(server, ["project", "clone", "P2a", "Copy", "-e", environment, "-j"]);
    expect(ran.json()).toMatchObject({ ok: false, code: "invalid_input" });
    expect(server.seen).toEqual([]);
  },
);
