import type { Api } from "../api/client.ts";
import { exportSnapshot, importSnapshot, list, validateSnapshot } from "../api/operations/projects.ts";
import { member } from "../api/record.ts";
import { Failure } from "../failure.ts";
import { JsonSyntaxError, parseJson } from "../json/parse.ts";
import { printJson } from "../json/print.ts";
import { isJsonObject, type Json } from "../json/value.ts";
import { contentObject, ReplyContent, type SnapshotContent } from "./content.ts";
import type { Problem } from "./model/entity.ts";
import { readSnapshot, type Snapshot } from "./model/read.ts";
import { ReplyReader } from "./reply.ts";
import type { InputSecret } from "./secrets.ts";

/** Secrets of an import, by the list that they travel in. */
export type InputSecrets = Readonly<Record<string, readonly InputSecret[]>>;

/** What the server says of a snapshot before it is imported. */
export interface Verdict {
  readonly ok: boolean;
  readonly failures: readonly string[];
  /** By list, with the id that the snapshot has. */
  readonly missing: readonly {
    readonly list: string;
    readonly id: string;
    readonly name: string;
    readonly type: string;
  }[];
}

/** A project as something that is exported from, asked about and imported into. */
export interface TargetProject {
  /** Its name and environment; undefined when the key may not read them. */
  describe(): Promise<{ readonly name: string; readonly environment: string } | undefined>;
  /**
   * @param like what most of it is likely to be the same as; see {@link ReplyContent}.
   * @throws {Failure} also when the reply is incomplete.
   */
  export(like?: SnapshotContent): Promise<SnapshotContent>;
  validate(files: SnapshotContent, secrets: InputSecrets): Promise<Verdict>;
  import(files: SnapshotContent, secrets: InputSecrets): Promise<void>;
}

/** A project behind the API. */
export function apiTarget(api: Api, project: string): TargetProject {
  return {
    async describe() {
      try {
        const projects = member(await api.call(list), "projects");
        if (!Array.isArray(projects)) return undefined;
        const found = projects.find((one) => isJsonObject(one) && one.id === project);
        if (!isJsonObject(found)) return undefined;
        const text = (value: Json | undefined) => (typeof value === "string" ? value : "");
        return { name: text(found.name), environment: text(found.environment) };
      } catch (error) {
        // A key of one project may not list them; all else would show in the export.
        if (error instanceof Failure) return undefined;
        throw error;
      }
    },
    async export(like) {
      const files = new ReplyContent(like);
      await api.receive(exportSnapshot, "{}", () => {
        files.clear();
        return new ReplyReader(files);
      });
      if (files.content.size === 0) throw files.unusable("it holds no files");
      return files.content;
    },
    validate: async (files, secrets) =>
      readVerdict(await api.exchange(validateSnapshot, body(files, secrets))),
    import: async (files, secrets) => void (await api.exchange(importSnapshot, body(files, secrets))),
  };
}

/**
 * Reads what a target holds, to be compared with or written over. An asset that the target itself misses is sent back as it came.
 *
 * @param like a snapshot of the same form: where it has indexes and project settings, the target's has them too.
 * @throws {Failure} "bad_reply" when it is not whole: what an export left out would look deleted.
 */
export function readTarget(content: SnapshotContent, like?: SnapshotContent): Snapshot {
  const snapshot = readSnapshot(content);
  const isBroken = ({ level, code, path }: Problem) =>
    code === "index-missing"
      ? like === undefined || like.has(path)
      : level === "error" && code !== "asset-missing";
  const broken = snapshot.problems.filter(isBroken).map(({ path, text }) => `${path}: ${text}`);
  if (like?.has(SETTINGS) === true && !content.has(SETTINGS)) broken.push(`${SETTINGS} is missing`);
  if (broken.length === 0) return snapshot;
  throw new Failure(`The target's snapshot cannot be compared with: ${broken.join("; ")}`, {
    code: "bad_reply",
  });
}

/** The file that every project has. */
const SETTINGS = "project.json";

function body(files: SnapshotContent, secrets: InputSecrets): string {
  const more = Object.keys(secrets).length === 0 ? {} : { inputSecrets: secrets };
  return JSON.stringify({ files: contentObject(files), ...more });
}

function readVerdict(reply: Uint8Array): Verdict {
  let content: Json;
  try {
    content = parseJson(new TextDecoder().decode(reply));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new Failure(`The server's reply cannot be used: it is not JSON (${error.message})`, {
      code: "bad_reply",
    });
  }
  if (!isJsonObject(content))
    throw new Failure("The server's reply cannot be used: it is no object", { code: "bad_reply" });
  const failures = Array.isArray(content.failures) ? content.failures : [];
  const lists = isJsonObject(content.missingSecrets) ? Object.entries(content.missingSecrets) : [];
  const text = (value: Json | undefined) => (typeof value === "string" ? value : "");
  return {
    ok: content.ok === true,
    failures: failures.map((failure) =>
      typeof failure === "string" ? failure : printJson(failure, "compact"),
    ),
    missing: lists.flatMap(([name, secrets]) =>
      (Array.isArray(secrets) ? secrets : []).flatMap((secret) =>
        isJsonObject(secret)
          ? [{ list: name, id: text(secret.id), name: text(secret.name), type: text(secret.type) }]
          : [],
      ),
    ),
  };
}
