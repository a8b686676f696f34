import { exportTheme } from "../../api/operations/flows.ts";
import { decodeFree, member } from "../../api/record.ts";
import { command } from "../../command/command.ts";
import { optionalWords } from "../../command/flags.ts";
import { document, done } from "../../command/result.ts";
import { jsonFileText } from "../../files/json-file.ts";
import { cleanTheme } from "../../flow/clean.ts";

export default command({
  description:
    "Without a file the theme goes to standard output. Empty values of its references are left out.",
  operations: [exportTheme],
  args: { targetPath: optionalWords("The file to write") },
  examples: ["descope theme export", "descope theme export theme.json"],
  async run(context, { targetPath }) {
    if (targetPath !== undefined) (await context.files()).checkWritable(targetPath);
    const working = context.progress("Exporting the theme");
    const reply = await context.api.call(exportTheme).finally(() => working.stop());
    const theme = cleanTheme(decodeFree(member(reply, "theme"), "theme"));
    if (targetPath === undefined) return document("theme", theme);
    (await context.files()).write(targetPath, jsonFileText(theme));
    return done();
  },
});
