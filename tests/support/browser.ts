import fs from "node:fs";
import path from "node:path";
import { temporaryFolder } from "./folder.ts";

/** Chromium on this machine; undefined where there is none. */
export const chromium = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => Bun.which(name))
  .find((found) => found !== null);

/** Mermaid's own file for browsers, where somebody installed it beside the repository's packages; undefined elsewhere. */
export const mermaid = [
  process.env.MERMAID_FILE,
  path.join(import.meta.dir, "../../node_modules/mermaid/dist/mermaid.min.js"),
].find((file) => file !== undefined && fs.existsSync(file));

/**
 * Opens a page in a browser without a window and gives back what stands in it after its scripts ran. Nothing is fetched over the
 * network.
 */
export async function opened(
  name: string,
  content: string,
  beside: Readonly<Record<string, string>> = {},
): Promise<string> {
  if (chromium === undefined || chromium === null) throw new Error("there is no browser");
  using folder = temporaryFolder();
  for (const [file, source] of Object.entries(beside)) fs.copyFileSync(source, folder.at(file));
  fs.writeFileSync(folder.at(name), content);
  const child = Bun.spawn(
    [
      chromium,
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--host-resolver-rules=MAP * ~NOTFOUND",
      `--user-data-dir=${folder.at("profile")}`,
      "--virtual-time-budget=20000",
      "--dump-dom",
      `file://${folder.at(name)}`,
    ],
    { stdin: "ignore", stdout: "pipe", stderr: "ignore", timeout: 50_000, killSignal: "SIGKILL" },
  );
  const out = await child.stdout.text();
  await child.exited;
  return out;
}
