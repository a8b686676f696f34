import script from "./descope.zsh" with { type: "text" };
import { shellScript } from "./shell-script.ts";

export default shellScript(
  script,
  `To have it in every new shell, put this line into ~/.zshrc:

  source <(descope completion zsh)

Or put the script into a folder of $fpath, which starts the shell a little faster:

  descope completion zsh > "\${fpath[1]}/_descope"`,
  ["source <(descope completion zsh)", "descope completion zsh --no-descriptions"],
);
