import script from "./descope.fish" with { type: "text" };
import { shellScript } from "./shell-script.ts";

export default shellScript(
  script,
  `To have it in every new shell:

  descope completion fish > ~/.config/fish/completions/descope.fish`,
  ["descope completion fish | source", "descope completion fish --no-descriptions"],
);
