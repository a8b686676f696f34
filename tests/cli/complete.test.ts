import { expect, test } from "bun:test";
import { cli } from "../support/cli.ts";

async function complete(...words: string[]): Promise<string[]> {
  const ran = await cli(["__completeNoDesc", ...words]);
  expect(ran.status).toBe(0);
  expect(ran.out.endsWith("\n")).toBe(true);
  return ran.out.slice(0, -1).split("\n");
}

test("a candidate stands on a line of its own, a tab before what is said about it, and the directive ends the list", async () => {
  const ran = await cli(["__complete", "user", "roles", ""]);
  expect(ran.out).toBe(
    "set\tReplace a user's roles\nadd\tAdd roles to a user\nremove\tRemove roles from a user\n:4\n",
  );
  expect(ran.err).toBe("Completion ended with directive: ShellCompDirectiveNoFileComp\n");
  expect(ran.status).toBe(0);
});

test("without descriptions there are names alone", async () => {
  expect(await complete("user", "roles", "re")).toEqual(["remove", ":4"]);
});

test.each([
  ["the root's words, help among them", ["co"], ["commands", "completion", ":4"]],
  ["help as a word", ["he"], ["help", ":4"]],
  ["what help can show", ["help", "user", "pass"], ["password", ":4"]],
  ["nothing behind a command that help shows", ["help", "tenant", "load", ""], [":4"]],
  ["no second help", ["help", "hel"], [":4"]],
  ["words of an inner group", ["apps", "inbound", "secret", ""], ["load", "rotate", ":4"]],
  ["words behind flags of every command", ["--debug", "--timeout", "5s", "tenan"], ["tenant", ":4"]],
  ["the value of a flag of every command", ["--timeout", ""], [":0"]],
  ["an argument", ["tenant", "load", ""], [":0"]],
  ["an argument that has begun", ["flow", "list", "x"], [":0"]],
  ["the value of a flag", ["user", "create", "--email", ""], [":0"]],
  ["the value of a flag behind =", ["user", "create", "--email="], [":0"]],
  ["what a flag may be given", ["flow", "draw", "x", "--format", ""], ["outline", "svg", "mermaid", ":4"]],
  ["the beginning of it", ["emulator", "env", "--shell", "p"], ["powershell", ":4"]],
  ["it behind =", ["flow", "draw", "--format=s"], ["--format=svg", ":4"]],
  ["what a flag of every command may be given", ["--color", "a"], ["auto", "always", ":4"]],
  ["it behind a command", ["tenant", "load", "x", "--color", "n"], ["never", ":4"]],
  ["what an argument may be", ["user", "test", "generate", "otp", ""], ["email", "sms", "voice", ":4"]],
  ["the argument behind it", ["user", "test", "generate", "otp", "email", ""], [":0"]],
  ["a value that looks like a flag", ["flow", "draw", "--format", "-"], [":4"]],
  ["no value behind a switch", ["flow", "diff", "a", "--exit-code", ""], [":0"]],
  ["arguments behind --", ["tenant", "load", "--", "-"], [":0"]],
  ["nothing where the words lead nowhere", ["nope", ""], [":0"]],
  ["long flags", ["tenant", "create", "A", "--d"], ["--domains", "--debug", ":4"]],
  ["a flag that was given is not given again", ["tenant", "create", "--id", "a", "--i"], [":4"]],
  ["also not by its other name", ["tenant", "create", "-i", "a", "--i"], [":4"]],
  ["a list adds up and may be given again", ["tenant", "create", "-d", "a", "--do"], ["--domains", ":4"]],
  ["a deprecated flag is never offered", ["project", "clone", "--tag"], ["--tags", ":4"]],
  ["a flag that names nothing", ["tenant", "create", "--x"], [":4"]],
  ["the version at the root", ["--ver"], ["--version", ":4"]],
  ["no version elsewhere", ["user", "--ver"], [":4"]],
  ["no --json where there is none", ["completion", "bash", "--j"], [":4"]],
])("completes %s", async (_, words, wanted) => {
  expect(await complete(...words)).toEqual(wanted);
});

test("short flags stand beside the long ones", async () => {
  expect(await complete("user", "load", "-")).toEqual([
    "--login-id",
    "-l",
    "--user-id",
    "-u",
    "--json",
    "-j",
    "--timeout",
    "--debug",
    "--color",
    "--help",
    "-h",
    ":4",
  ]);
});

test("nothing at all is completed as an empty word", async () => {
  expect(await complete()).toEqual(await complete(""));
});
