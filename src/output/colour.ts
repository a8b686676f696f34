/** When to colour. */
export type ColourChoice = "auto" | "always" | "never";

/**
 * Decides on colour: the flag wins, then `NO_COLOR` (any value but empty), then `FORCE_COLOR` (any value but empty and 0), then
 * whether the stream is a terminal that can show it.
 */
export function wantsColour(
  choice: ColourChoice,
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: () => boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  if ((environment.NO_COLOR ?? "") !== "") return false;
  const forced = environment.FORCE_COLOR ?? "";
  if (forced !== "") return forced !== "0" && forced !== "false";
  return environment.TERM !== "dumb" && isTerminal();
}
