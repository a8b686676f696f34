import script from "./descope.ps1" with { type: "text" };
import { shellScript } from "./shell-script.ts";

export default shellScript(
  script,
  `To have it in every new shell, put this line into the file that $PROFILE names:

  descope completion powershell | Out-String | Invoke-Expression`,
  [
    "descope completion powershell | Out-String | Invoke-Expression",
    "descope completion powershell --no-descriptions",
  ],
);
