import { text } from "../../../command/flags.ts";

/** The flag that names an environment. */
export const environmentFlag = text("Environment: a name in envs/, or the path of its file", {
  value: "name",
});
