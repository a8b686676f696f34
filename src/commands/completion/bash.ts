import script from "./descope.bash" with { type: "text" };
import { shellScript } from "./shell-script.ts";

export default shellScript(
  script,
  `To have it in every new shell, with the package "bash-completion":

  descope completion bash > ~/.local/share/bash-completion/completions/descope

Without that package, or with the bash of macOS, put this line into ~/.bashrc:

  source /dev/stdin <<<"$(descope completion bash)"`,
  ['source /dev/stdin <<<"$(descope completion bash)"', "descope completion bash --no-descriptions"],
);
