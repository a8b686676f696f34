import { expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import descope from "@descope/node-sdk";

/** Every function below an object, by its dotted path. */
function functionsOf(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const here = prefix === "" ? name : `${prefix}.${name}`;
    const below = typeof member === "object" && member !== null ? functionsOf(member, here) : [];
    return typeof member === "function" ? [here, ...functionsOf(member, here)] : below;
  });
}

test("every method of the SDK is called by these tests", () => {
  const sdk = descope({ projectId: "P", baseUrl: "http://127.0.0.1:9" });
  const folder = import.meta.dir;
  const sources = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".test.ts") && name !== path.basename(import.meta.path))
    .map((name) => fs.readFileSync(path.join(folder, name), "utf8"))
    .join("\n");
  const methods = functionsOf(sdk).filter((name) => !name.startsWith("httpClient."));
  expect(methods.length).toBeGreaterThan(380);
  const missing = methods.filter((name) => {
    const parts = name.replace(/^management\./, "").split(".");
    // A file may take the noun apart first, so that the last two words of the path are what it says.
    const said = parts.length === 1 ? `sdk.${parts[0]}` : parts.slice(-2).join(".");
    return !new RegExp(`\\b${said.replaceAll(".", "\\s*\\.\\s*")}\\b`).test(sources);
  });
  expect(missing).toEqual([]);
});
