import { importTheme } from "../../api/operations/flows.ts";
import { command } from "../../command/command.ts";
import { words } from "../../command/flags.ts";
import { done } from "../../command/result.ts";
import { readJsonObject } from "../../files/json-file.ts";

export default command({
  description: "The project's theme is replaced by the file's.",
  operations: [importTheme],
  args: { sourcePath: words("A file that theme export wrote") },
  examples: ["descope theme import theme.json"],
  async run(context, { sourcePath }) {
    const theme = readJsonObject(await context.files(), sourcePath);
    const working = context.progress("Importing the theme");
    await context.api.call(importTheme, { theme }).finally(() => working.stop());
    return done();
  },
});
