import { expect, test } from "bun:test";
import { cli } from "../../support/cli.ts";

const shells = ["bash", "zsh", "fish", "powershell"] as const;

for (const shell of shells) {
  test(`completion ${shell} prints a script that asks the program`, async () => {
    const ran = await cli(["completion", shell]);
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(ran.out).toMatch(/\b__complete\b/);
    expect(ran.out).not.toContain("__completeNoDesc");
    expect(ran.out).toContain(`Made by "descope completion ${shell}"`);
  });

  test(`completion ${shell} --no-descriptions asks for names alone`, async () => {
    const ran = await cli(["completion", shell, "--no-descriptions"]);
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(ran.out).toContain("__completeNoDesc");
    expect(ran.out).not.toMatch(/\b__complete\b/);
  });

  test(`completion ${shell} is the same on a terminal`, async () => {
    expect((await cli(["completion", shell], { tty: true })).out).toBe(
      (await cli(["completion", shell])).out,
    );
  });

  test(`completion ${shell} --help says how to install it`, async () => {
    const ran = await cli(["completion", shell, "--help"]);
    expect(ran).toMatchObject({ status: 0, err: "" });
    expect(ran.out).toContain("To have it in every new shell");
    expect(ran.out).not.toContain("--json");
  });

  test(`completion ${shell} takes neither --json nor a word`, async () => {
    const json = await cli(["completion", shell, "--json"]);
    expect(json).toMatchObject({ status: 1, err: "" });
    expect(json.json()).toMatchObject({ code: "usage", error: "Unknown flag: --json", ok: false });
    const word = await cli(["completion", shell, "x"]);
    expect(word).toMatchObject({ status: 1, out: "" });
    expect(word.err).toContain(`"descope completion ${shell}" takes no arguments, not 1`);
    expect(word.err).toContain(`descope completion ${shell} [flags]`);
  });
}

test("completion alone shows the shells", async () => {
  const ran = await cli(["completion"]);
  expect(ran).toMatchObject({ status: 0, err: "" });
  for (const shell of shells) expect(ran.out).toContain(`  ${shell}`);
});

test("a shell that there is no script for is an error with a suggestion", async () => {
  const ran = await cli(["completion", "pwershell"]);
  expect(ran).toMatchObject({ status: 1, out: "" });
  expect(ran.err).toContain('Unknown command "pwershell" for "descope completion"');
  expect(ran.err).toContain('Did you mean "completion powershell"?');
});
