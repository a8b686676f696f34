import { describe, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { binary, spawnBinary } from "../support/binary.ts";
import { emptyHome, shellAtTerminal, shellEnvironment } from "../support/shell.ts";

/** Writes a shell's script into a home and gives back its path. */
async function script(shell: string, home: string, ...flags: string[]): Promise<string> {
  const file = path.join(home, `descope.${shell}`);
  writeFileSync(file, (await spawnBinary(["completion", shell, ...flags])).out);
  return file;
}

/** Runs a shell with a program of its own and gives back what it printed, line by line. */
async function linesOf(command: readonly string[], home: string): Promise<string[]> {
  const child = Bun.spawn([...command], {
    cwd: home,
    env: shellEnvironment(home),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  await child.exited;
  expect(err).toBe("");
  return out.split("\n").filter((line) => line !== "");
}

/** Shells that are not on this machine are skipped, which the summary of the run counts. */
const inShell = (name: string) => describe.skipIf(Bun.which(name) === null);

inShell("bash")("completion in bash", () => {
  /** What bash would offer for a line that is cut into words as bash cuts it. */
  async function offered(home: string, words: readonly string[], ...flags: string[]): Promise<string[]> {
    const file = await script("bash", home, ...flags);
    return linesOf(
      [
        "bash",
        "--noprofile",
        "--norc",
        "-c",
        'source "$1"; shift; compopt() { echo "compopt $*"; }; COLUMNS=60; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _descope; ((${#COMPREPLY[@]})) && printf "%s\\n" "${COMPREPLY[@]}"; exit 0',
        "bash",
        file,
        ...words,
      ],
      home,
    );
  }

  test.each([
    ["one candidate alone", ["descope", "ten"], ["tenant"]],
    ["one candidate that is no word of another", ["descope", "user", "activ"], ["activate"]],
    ["flags", ["descope", "tenant", "create", "--do"], ["--domains"]],
    ["no file behind a word that is none", ["descope", "nop"], []],
    ["what a flag may be given", ["descope", "--color", "a"], ["auto", "always"]],
    ["the value alone behind =", ["descope", "flow", "draw", "--format", "=", "s"], ["svg"]],
    ["files for an argument", ["descope", "flow", "list", ""], ["compopt -o default"]],
    ["files for a value behind =", ["descope", "user", "create", "--name", "="], ["compopt -o default"]],
    [
      "files for a value that has begun",
      ["descope", "user", "create", "--name", "=", "a"],
      ["compopt -o default"],
    ],
    ["a program by its path", [binary, "ten"], ["tenant"]],
    ["a program that is not there, by the one that is", ["/nowhere/descope", "ten"], ["tenant"]],
  ])("offers %s", async (_, words, wanted) => {
    using home = emptyHome();
    expect(await offered(home.path, words)).toEqual(wanted);
  });

  test("several candidates come with what they do, cut to the terminal", async () => {
    using home = emptyHome();
    expect(await offered(home.path, ["descope", "user", "password", "set-"])).toEqual([
      "set-temporary  (Set a password that the user must change)",
      "set-active     (Set a password that is valid at once)",
    ]);
    const cut = await offered(home.path, ["descope", "tenant", "create", "-"]);
    expect(cut.every((line) => line.length <= 60)).toBe(true);
    expect(cut.some((line) => line.endsWith("...)"))).toBe(true);
  });

  test("without descriptions there are names alone", async () => {
    using home = emptyHome();
    expect(await offered(home.path, ["descope", "user", "password", "set-"], "--no-descriptions")).toEqual([
      "set-temporary",
      "set-active",
    ]);
  });

  test("a Tab at a terminal puts the word into the line", async () => {
    using home = emptyHome();
    const file = await script("bash", home.path);
    await using shell = await shellAtTerminal(
      ["bash", "--noprofile", "--norc", "-i"],
      home.path,
      `source ${file}`,
    );
    await shell.type("descope apps inb\t", /descope apps inbound $/);
    await shell.type("sec\trot\t", /secret rotate $/);
    await shell.type("desc\t", /descope\.bash $/);
  });
});

inShell("zsh")("completion in zsh", () => {
  test.each([
    ["sourced alone", (file: string) => `source ${file}`],
    ["sourced before compinit", (file: string) => `source ${file}; autoload -U compinit; compinit -u`],
    ["sourced behind compinit", (file: string) => `autoload -U compinit; compinit -u; source ${file}`],
    [
      "found on fpath",
      (file: string) => `cp ${file} $HOME/_descope; fpath=($HOME $fpath); autoload -U compinit; compinit -u`,
    ],
  ])("a Tab at a terminal completes words, flags and files: %s", async (_, begin) => {
    using home = emptyHome();
    const file = await script("zsh", home.path);
    await using shell = await shellAtTerminal(["zsh", "-f", "-i"], home.path, begin(file));
    await shell.type("descope apps inb\t", /apps inbound $/);
    await shell.type("sec\trot\t", /secret rotate $/);
    await shell.type("desc\t", /descope\.zsh $/);
    await shell.type("--deb\t", /--debug $/);
    await shell.type("\u0015descope flow draw --format sv\t", /--format svg $/);
    await shell.type("\u0015descope flow draw --format=sv\t", /--format=svg $/);
    const listed = await shell.type("\u0015descope user password \t", /expire.*set-active.*set-temporary/s);
    expect(listed).toContain("Set a password that the user must change");
  });
});

inShell("fish")("completion in fish", () => {
  async function offered(home: string, line: string, ...flags: string[]): Promise<string[]> {
    const file = await script("fish", home, ...flags);
    return linesOf(["fish", "--no-config", "-c", `source ${file}; complete -C "$argv[1]"`, line], home);
  }

  test.each([
    [
      "words",
      "descope user password set-",
      [
        "set-temporary\tSet a password that the user must change",
        "set-active\tSet a password that is valid at once",
      ],
    ],
    ["flags", "descope tenant create --do", ["--domains\tDomains whose users join the tenant by themselves"]],
    ["files for an argument", "descope flow list desc", ["descope.fish"]],
    ["what a flag may be given", "descope flow draw --format s", ["svg"]],
    ["it behind =", "descope flow draw --format=s", ["--format=svg"]],
    ["files for a value behind =", "descope user create --name=desc", ["--name=descope.fish"]],
    ["no file behind a word that is none", "descope desc", []],
    ["a program by its path", `${binary} ten`, ["tenant\tCreate, load and delete tenants"]],
  ])("offers %s", async (_, line, wanted) => {
    using home = emptyHome();
    expect(await offered(home.path, line)).toEqual(wanted);
  });

  test("without descriptions there are names alone", async () => {
    using home = emptyHome();
    expect(await offered(home.path, "descope user password set-", "--no-descriptions")).toEqual([
      "set-temporary",
      "set-active",
    ]);
  });
});

inShell("pwsh")("completion in PowerShell", () => {
  async function offered(home: string, line: string, ...flags: string[]): Promise<string[]> {
    const file = await script("powershell", home, ...flags);
    const program = `. ([scriptblock]::Create((Get-Content -Raw '${file}')))
$line = '${line}'
(TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object { "$($_.CompletionText)|$($_.ToolTip)" }`;
    return linesOf(["pwsh", "-NoProfile", "-NonInteractive", "-Command", program], home);
  }

  test.each([
    [
      "words",
      "descope user password set-",
      [
        "set-temporary|Set a password that the user must change",
        "set-active|Set a password that is valid at once",
      ],
    ],
    [
      "words behind a space",
      "descope apps inbound secret ",
      ["load|Load an inbound application's secret", "rotate|Replace an inbound application's secret"],
    ],
    ["flags", "descope tenant create --do", ["--domains|Domains whose users join the tenant by themselves"]],
  ])("offers %s", async (_, line, wanted) => {
    using home = emptyHome();
    expect(await offered(home.path, line)).toEqual(wanted);
  });
});
