import { expect, test } from "bun:test";
import { against } from "../../support/project.ts";
import { scriptedServer } from "../../support/server.ts";

test.each<[string, string]>([
  ["user load", "No user is named"],
  ["user load --login-id= --user-id=", "No user is named"],
  ["user load -l ann -u U2", "Two users are named"],
  ["user delete", "No user is named"],
  ["user delete -l ann -u U2", "Two users are named"],
  ["user roles add ann", "[E011004] No role is named"],
  ["user roles add ann -r=", "[E011004] No role is named"],
  ["user roles remove ann", "[E011004] No role is named"],
  ["user test generate otp SMS ann", "[E011004] <method> must be email, sms or voice"],
  ["user test generate magic-link voice ann", "[E011004] <method> must be email or sms"],
])("%s is refused before any request", async (line, message) => {
  using server = scriptedServer({});
  // `-r=` gives the value "=" to pflag; an empty one is a word of its own.
  const tokens = line.split(" ").flatMap((token) => (token === "-r=" ? ["-r", ""] : [token]));
  const ran = await against(server, [...tokens, "-j"]);
  expect(ran).toMatchObject({ status: 1, err: "" });
  expect(ran.json()).toMatchObject({ ok: false, code: "invalid_input", error: message });
  expect(server.seen).toEqual([]);
});

test.each([
  ["access-key create", 1],
  ["access-key load", 1],
  ["access-key delete", 1],
  ["access-key activate", 1],
  ["access-key deactivate", 1],
  ["user create", 1],
  ["user activate", 1],
  ["user deactivate", 1],
  ["user password expire", 1],
  ["user roles set", 1],
  ["user test create", 1],
  ["user test generate enchanted-link", 1],
  ["tenant create", 1],
  ["tenant load", 1],
  ["tenant delete", 1],
  ["apps inbound load", 1],
  ["apps inbound delete", 1],
  ["apps inbound secret load", 1],
  ["apps inbound secret rotate", 1],
])("%s refuses an empty id", async (line) => {
  using server = scriptedServer({});
  const ran = await against(server, [...line.split(" "), "", "-j"]);
  expect(ran.json()).toMatchObject({
    ok: false,
    code: "invalid_input",
    errorCode: "E011004",
    error: expect.stringMatching(/^\[E011004\] <\w+> must not be empty$/),
  });
  expect(server.seen).toEqual([]);
});

test("roles of a comma alone are two empty names, as the vendor's tool sends them", async () => {
  using server = scriptedServer({ "POST /v2/mgmt/user/update/role/add": { body: {} } });
  await against(server, ["user", "roles", "add", "ann", "-r", ","]);
  expect(server.seen[0]?.body).toEqual({ loginId: "ann", tenantId: "", roleNames: ["", ""] });
});

test("set without roles removes them all, and with an empty list too", async () => {
  using server = scriptedServer({ "POST /v1/mgmt/user/update/role/set": { body: {} } });
  await against(server, ["user", "roles", "set", "ann"]);
  await against(server, ["user", "roles", "set", "ann", "-r", ""]);
  expect(server.seen.map(({ body }) => body)).toEqual([
    { loginId: "ann", tenantId: "" },
    { loginId: "ann", tenantId: "", roleNames: [] },
  ]);
});

test.each([["abc"], ["?t=1"], [""]])(
  "a link without an address (%j) is an error with a way out",
  async (link) => {
    for (const [call, words] of [
      ["POST /v1/mgmt/tests/generate/magiclink", ["magic-link", "email", "tester"]],
      ["POST /v1/mgmt/tests/generate/enchantedlink", ["enchanted-link", "tester"]],
    ] as const) {
      using server = scriptedServer({ [call]: { body: { link, pendingRef: "ref" } } });
      const ran = await against(server, ["user", "test", "generate", ...words, "-j"]);
      expect(ran.json()).toMatchObject({ ok: false, code: "bad_reply" });
      expect(JSON.stringify(ran.json())).toContain("--redirect-url");
    }
  },
);
