import { isJsonObject } from "../../json/value.ts";

/** What `{{…}}` may refer to: "user", "tenant", "accessKey", "project" and so on. */
export type DynamicSources = Readonly<Record<string, unknown>>;

const ONE = /^\s*\{\{\s*([^{}]+?)\s*\}\}\s*$/;
const ANY = /\{\{\s*([^{}]+?)\s*\}\}/g;

/**
 * Puts the values of what they refer to in place of `{{user.email}}` and the like, wherever they stand in claims. A text that is one
 * reference and nothing else becomes the value itself, a list or number too. What does not exist is an empty text.
 */
export function resolveDynamic(content: unknown, sources: DynamicSources): unknown {
  if (typeof content === "string") {
    const whole = ONE.exec(content)?.[1];
    if (whole !== undefined) return lookUp(whole, sources) ?? "";
    return content.replaceAll(ANY, (_all, path: string) => asText(lookUp(path, sources)));
  }
  if (Array.isArray(content)) return content.map((item) => resolveDynamic(item, sources));
  if (!isJsonObject(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([key, member]) => [key, resolveDynamic(member, sources)]),
  );
}

function lookUp(path: string, sources: DynamicSources): unknown {
  let found: unknown = sources;
  for (const step of path.split(".")) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

function asText(found: unknown): string {
  if (found === undefined || found === null) return "";
  return typeof found === "string" ? found : JSON.stringify(found);
}
