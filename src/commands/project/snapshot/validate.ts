import { validateSnapshot } from "../../../api/operations/projects.ts";
import { member } from "../../../api/record.ts";
import { command } from "../../../command/command.ts";
import { text, words } from "../../../command/flags.ts";
import { done } from "../../../command/result.ts";
import { Failure } from "../../../failure.ts";
import { JsonSyntaxError, parseJson } from "../../../json/parse.ts";
import { printJson } from "../../../json/print.ts";
import { isJsonObject, Ordered, type Json } from "../../../json/value.ts";
import { describeMissing, readMissing, secretsToFill } from "../../../snapshot/secrets.ts";
import { folderFlag, snapshotFolder } from "./folder.ts";
import { readFolder, readSecrets, secretsInputFlag } from "./payload.ts";

export default command({
  description:
    "Asks the server whether the folder could be imported; nothing is changed. Exit status 2 when it could not.",
  operations: [validateSnapshot],
  connection: "argument",
  args: { projectId: words("Id of the project") },
  flags: {
    path: folderFlag,
    secretsInput: secretsInputFlag,
    secretsOutput: text("Write the missing secrets to this file, to be filled in", { value: "path" }),
    failuresOutput: text("Write the failures to this file, one on a line", { value: "path" }),
  },
  examples: [
    "descope project snapshot validate P2abc --path config",
    "descope project snapshot validate P2abc --secrets-output missing.json",
  ],
  async run(context, _args, { path, secretsInput, secretsOutput = "", failuresOutput = "" }) {
    const files = await context.files();
    const snapshot = await readFolder(context, snapshotFolder(path, context.project));
    const inputSecrets = await readSecrets(context, secretsInput);
    for (const output of [secretsOutput, failuresOutput]) if (output !== "") files.checkWritable(output);
    const working = context.progress("Validating the snapshot");
    const reply = await context.api
      .exchange(validateSnapshot, snapshot.body(inputSecrets === undefined ? {} : { inputSecrets }))
      .finally(() => working.stop());
    const { ok, failures, missing } = readVerdict(reply);
    if (ok) {
      context.note("* The snapshot can be imported");
      return done();
    }
    if (failuresOutput !== "")
      files.write(failuresOutput, failures.map((failure) => `${failure}\n`).join(""));
    if (secretsOutput !== "" && missing !== undefined && missing.entries.length > 0) {
      files.write(secretsOutput, `${printJson(secretsToFill(missing))}\n`);
    }
    const document: [string, Json][] = [["ok", false]];
    if (failures.length > 0) document.push(["failures", failures]);
    if (missing !== undefined) document.push(["missingSecrets", missing]);
    const reasons = [...failures, ...(missing === undefined ? [] : describeMissing(missing))];
    return {
      kind: "no",
      document: new Ordered(document),
      lines: ["* The snapshot cannot be imported:", ...reasons.map((reason) => `  - ${reason}`)],
    };
  },
});

/** What the server said of a snapshot. @throws {Failure} "bad_reply" */
function readVerdict(reply: Uint8Array): { ok: boolean; failures: string[]; missing: Ordered | undefined } {
  const unusable = (what: string) =>
    new Failure(`The server's reply cannot be used: ${what}`, { code: "bad_reply" });
  let content: Json;
  try {
    content = parseJson(new TextDecoder().decode(reply));
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw unusable(`it is not JSON (${error.message})`);
    throw error;
  }
  if (!isJsonObject(content)) throw unusable("it is not an object");
  const ok = member(content, "ok") ?? false;
  if (typeof ok !== "boolean") throw unusable('"ok" is neither true nor false');
  const failures = member(content, "failures") ?? [];
  if (!Array.isArray(failures)) throw unusable('"failures" is not a list');
  return {
    ok,
    failures: failures.map((failure) => {
      if (failure !== null && typeof failure !== "string") throw unusable('"failures" holds more than texts');
      return failure ?? "";
    }),
    missing: readMissing(member(content, "missingSecrets")),
  };
}
