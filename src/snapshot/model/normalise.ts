import { SECRET_MEMBERS } from "../../api/secret-members.ts";
import { COPIED, DERIVED } from "../../flow/repeated-members.ts";
import { sameJson } from "../../json/equal.ts";
import { byCodePoint, printJson } from "../../json/print.ts";
import { isEmpty, isJsonObject, isRawNumber, type Json, type JsonObject } from "../../json/value.ts";
import { kindOf, type Address } from "./address.ts";
import { assetContent, assetName, binaryWords, inlineImage, isTextAsset } from "./assets.ts";
import type { SnapshotContent } from "../content.ts";
import type { Entity } from "./entity.ts";
import { numberByValue } from "./number.ts";
import { keySegment, writePointer } from "./pointer.ts";
import { BY_NAME, isGeneratedId, namingMember } from "./read.ts";

/**
 * The version of what counts as meaning. It is part of every fingerprint: plans and receipts of another version are not compared
 * with.
 */
export const NORMALISER = 1;

/** Why a difference is not shown. */
export type NoiseKind =
  /** Positions of boxes on the canvas. */
  | "layout"
  /** Copies of a screen inside the task that shows it. */
  | "screen copies"
  /** Members that the editor computes from others. */
  | "derived"
  /** The version of the component library, which follows the environment. */
  | "component version"
  /** What a newer component library wrote into screens by itself. */
  | "component defaults"
  /** Ids that stand for a name, and lists that repeat names. */
  | "ids"
  /** Members that hold nothing, where nothing and absence are the same. */
  | "empty values"
  /** File names of assets. */
  | "file names"
  /** Line ends and the newline at the end of a text. */
  | "line ends"
  /** Left out by a rule of the environment. */
  | "ignored";

/** A value that was left out, by its kind and place. */
export interface Noise {
  readonly kind: NoiseKind;
  readonly pointer: string;
  readonly value: Json;
}

/** What an entity means, and what was left out of that. */
export interface Normalised {
  readonly meaning: Json;
  readonly noise: readonly Noise[];
  /** Addresses of what it refers to by id, and of the flows that it calls. */
  readonly references: ReadonlySet<Address>;
}

/** What the values of an entity refer to. */
export interface Surroundings {
  /** Files by path; only assets are asked for. */
  readonly content: Pick<SnapshotContent, "get">;
  readonly ids: ReadonlyMap<string, Address>;
}

/**
 * Brings an entity to its meaning: two entities with one meaning configure the same, whatever their files look like. Places in the
 * meaning are places in the entity's content, but that arguments are their values alone and rules are read by interaction.
 *
 * @param listNoise whether what was left out is wanted too.
 */
export function normalise(entity: Entity, surroundings: Surroundings, listNoise = true): Normalised {
  const pass = new Pass(surroundings, listNoise);
  const meaning = pass.entity(entity);
  return { meaning, noise: pass.noise, references: pass.references };
}

/** Lists whose order means nothing, wherever they stand. */
const SETS = new Set([
  "scopes",
  "defaultScopes",
  "allowedGrantTypes",
  "prompts",
  "claims",
  "permissionNames",
  "permissions",
  "viewPermissions",
  "editPermissions",
  "roleNames",
  "tags",
  "flowsIds",
  "targetLanguages",
  "triggeringEventTypes",
]);

/** Kinds whose ids are always an environment's own. Ids of the others may have been chosen, and then mean something. */
const OWN_IDS = new Set(["connector", "role", "permission"]);

const SECRETS = new Set(SECRET_MEMBERS.map((name) => name.toLowerCase()));

/** What an export writes in place of a secret that is set. */
export const PLACEHOLDER = "PLACEHOLDER_VALUE";

/** True for a place that holds a secret, by the entity's kind and the member's name. */
export function isSecretMember(address: Address, key: string): boolean {
  const kind = kindOf(address);
  if (kind !== "connector" && kind !== "outboundapp" && address !== "auth/oauth" && address !== "auth/sso")
    return address === "project" && key === "testUserFixedAuthToken";
  return SECRETS.has(key.toLowerCase());
}

class Pass {
  readonly noise: Noise[] = [];
  readonly references = new Set<Address>();
  private readonly path: string[] = [];
  private readonly surroundings: Surroundings;
  private readonly listNoise: boolean;
  private address: Address = "";

  constructor(surroundings: Surroundings, listNoise: boolean) {
    this.surroundings = surroundings;
    this.listNoise = listNoise;
  }

  entity({ address, id, content }: Entity): Json {
    this.address = address;
    const kind = kindOf(address);
    if (!isJsonObject(content)) return this.plain(content);
    if (kind === "flow") return this.tree(content);
    if (kind === "widget") return this.tree(content);
    return this.object(content, (key, value) => {
      if (key === "id" && BY_NAME.has(kind) && (OWN_IDS.has(kind) || id === undefined || isGeneratedId(id)))
        return this.hide("ids", value);
      if (key === "id" && kind === "file" && id !== undefined) return this.hide("ids", value);
      if (key === "componentsVersion") return this.hide("component version", value);
      return this.settings(key, value);
    });
  }

  private settings(key: string, value: Json): Json | undefined {
    if (value === null) return this.hide("empty values", value);
    if (typeof value === "string" && isSecretMember(this.address, key))
      return value === "" ? this.hide("empty values", value) : PLACEHOLDER;
    if (Array.isArray(value)) return this.list(key, value, (item) => this.settings("", item) ?? null);
    if (isJsonObject(value)) return this.object(value, (inner, member) => this.settings(inner, member));
    return this.plain(value);
  }

  private list(key: string, items: readonly Json[], each: (item: Json) => Json): Json[] {
    const isNamed = namingMember(items) !== undefined;
    const done = items.map((item, index) =>
      this.at(String(index), () => each(isNamed ? this.withoutOwnId(item) : item)),
    );
    return SETS.has(key) || this.isIndexList(key) ? sorted(done) : done;
  }

  /** In an index of a folder that is not known, the list of names is a set: `lists/lists.json` `{"lists": […]}`. */
  private isIndexList(key: string): boolean {
    const found = /^file\/(?:.*\/)?([^/]+)\/\1\.json$/.exec(this.address);
    return found !== null && found[1] === key;
  }

  /** An item that is known by something better than the id that its environment made. */
  private withoutOwnId(item: Json): Json {
    if (!isJsonObject(item) || item.id === undefined) return item;
    const { id, ...rest } = item;
    const isOwn = this.address === "auth/securityquestions" || (typeof id === "string" && isGeneratedId(id));
    if (!isOwn) return item;
    this.at("id", () => this.hide("ids", id));
    return rest;
  }

  private tree(content: JsonObject): Json {
    return this.object(content, (key, value) => {
      if (key === "metadata" && isJsonObject(value)) return this.metadata(value);
      if (key === "tasks" && isJsonObject(value)) return this.tasks(value);
      if (key === "screens" && isJsonObject(value))
        return this.object(value, (_id, screen) =>
          isJsonObject(screen) ? this.screen(screen) : this.deep(screen),
        );
      return this.deep(value);
    });
  }

  private metadata(metadata: JsonObject): Json {
    return this.object(metadata, (key, value) => {
      if (key === "componentsVersion") return this.hide("component version", value);
      if (key === "screens" || key === "references") {
        if (key === "references") this.readReferences(value);
        return this.hide("ids", value);
      }
      if (key === "sharedInteractions" && Array.isArray(value))
        return this.full(
          sorted(
            value.map((item) => this.full(item) ?? null),
            "id",
          ),
        );
      const kept = this.full(value);
      if (key === "flowsIds") for (const id of Array.isArray(value) ? value : []) this.refer(id);
      return Array.isArray(kept) && SETS.has(key) ? sorted(kept) : kept;
    });
  }

  private readReferences(references: Json): void {
    if (!isJsonObject(references)) return;
    for (const [list, kind] of [
      ["connectors", "connector"],
      ["roles", "role"],
    ] as const) {
      const named = references[list];
      if (isJsonObject(named)) for (const name of Object.keys(named)) this.references.add(`${kind}/${name}`);
    }
  }

  private refer(flowId: Json | undefined): void {
    if (typeof flowId === "string" && flowId !== "") this.references.add(`flow/${flowId}`);
  }

  private tasks(tasks: JsonObject): Json {
    return this.object(tasks, (id, task) => {
      if (!isJsonObject(task)) return this.deep(task);
      const base = id.endsWith(".end") ? tasks[id.slice(0, -".end".length)] : undefined;
      return this.task(id, task, isJsonObject(base) ? base : undefined);
    });
  }

  /** `base` is the first half of a two-step action, of which this is the second: what both say is said once. */
  private task(id: string, task: JsonObject, base: JsonObject | undefined): Json {
    const isCondition = task.type === "condition";
    return this.object(task, (key, value) => {
      if (key === "view") return this.hide("layout", value);
      if (key === "id" && value === id) return undefined;
      if (task.type === "screen" && COPIED.has(key)) return this.hide("screen copies", value);
      if (DERIVED.has(key) || (isCondition && key === "screenId")) return this.hide("derived", value);
      if (base !== undefined && (key === "name" || key === "arguments") && sameJson(base[key], value))
        return this.hide("derived", value);
      if (key === "arguments" && isJsonObject(value)) {
        if (task.type === "flow") this.refer(argumentValue(value.flowId));
        return this.arguments(value);
      }
      if (key === "next" && isJsonObject(value)) return this.next(value);
      return this.deep(value);
    });
  }

  private arguments(all: JsonObject): Json | undefined {
    const kept = this.object(all, (_name, argument) => {
      if (!isJsonObject(argument) || argument.type !== "inline") return this.full(argument);
      const { type: _type, value, ...more } = argument;
      if (Object.keys(more).length > 0) return this.full(argument);
      return value === undefined ? undefined : this.full(value);
    });
    return Object.keys(kept).length === 0 ? undefined : kept;
  }

  /** Rules by interaction; one that holds more than where it leads keeps the list as it is. */
  private next(next: JsonObject): Json | undefined {
    const { rules, ...more } = next;
    const kept = this.full(more);
    if (rules === undefined || rules === null) return kept;
    const plain =
      Array.isArray(rules) &&
      kept === undefined &&
      rules.every(
        (rule) =>
          isJsonObject(rule) &&
          typeof rule.taskId === "string" &&
          Object.keys(rule).every((key) => key === "taskId" || key === "interactionId"),
      );
    if (!plain) {
      const full = Array.isArray(rules) ? sorted(rules.map((rule) => this.deep(rule))) : this.deep(rules);
      return { ...(isJsonObject(kept) ? kept : {}), rules: full };
    }
    const targets = new Map<string, string[]>();
    for (const rule of rules as { interactionId?: Json; taskId: string }[]) {
      const interaction = typeof rule.interactionId === "string" ? rule.interactionId : "";
      const list = targets.get(interaction) ?? [];
      if (!list.includes(rule.taskId)) list.push(rule.taskId);
      targets.set(interaction, list);
    }
    if (targets.size === 0) return undefined;
    return Object.fromEntries(
      [...targets].map(([interaction, list]) => {
        const [only] = list;
        return [interaction, list.length === 1 && only !== undefined ? only : list.sort(byCodePoint)];
      }),
    );
  }

  private screen(screen: JsonObject): Json {
    return this.object(screen, (key, value) => {
      if (key === "componentsVersion") return this.hide("component version", value);
      if (key === "interactions" && Array.isArray(value)) {
        const items = value.map((item, index) => this.at(String(index), () => this.full(item) ?? null));
        return items.length === 0 ? undefined : items;
      }
      return this.deep(value);
    });
  }

  /** A value as it is, but for ids, assets, number spelling and line ends. What needs no change is not copied: most of a screen. */
  private deep(value: Json): Json {
    if (Array.isArray(value)) {
      let copy: Json[] | undefined;
      for (let i = 0; i < value.length; i++) {
        const item = value[i] as Json;
        const kept = this.at(String(i), () => this.deep(item));
        if (kept !== item) (copy ??= [...value])[i] = kept;
      }
      return copy ?? value;
    }
    if (!isJsonObject(value)) return this.plain(value);
    let copy: JsonObject | undefined;
    for (const key in value) {
      const member = value[key] ?? null;
      this.path.push(key);
      const kept = this.deep(member);
      this.path.pop();
      if (kept === value[key]) continue;
      copy ??= Object.fromEntries(Object.entries(value)) as JsonObject;
      define(copy, key, kept);
    }
    return copy ?? value;
  }

  /** A value without members that hold nothing; undefined when nothing is left. */
  private full(value: Json): Json | undefined {
    if (isEmpty(value) && value !== 0) return this.hide("empty values", value);
    if (Array.isArray(value))
      return value.map((item, index) =>
        this.at(String(index), () => (isJsonObject(item) ? (this.full(item) ?? {}) : this.deep(item))),
      );
    if (!isJsonObject(value)) return this.plain(value);
    const kept = this.object(value, (_key, member) => this.full(member));
    return Object.keys(kept).length === 0 ? undefined : kept;
  }

  private object(value: JsonObject, each: (key: string, member: Json) => Json | undefined): JsonObject {
    const out: JsonObject = {};
    for (const key in value) {
      this.path.push(key);
      const member = each(key, value[key] ?? null);
      this.path.pop();
      if (member !== undefined) define(out, key, member);
    }
    return out;
  }

  private at<T>(segment: string, run: () => T): T {
    this.path.push(segment);
    const out = run();
    this.path.pop();
    return out;
  }

  private hide(kind: NoiseKind, value: Json): undefined {
    if (this.listNoise) this.noise.push({ kind, pointer: writePointer(this.path.map(keySegment)), value });
    return undefined;
  }

  private plain(value: Json): Json {
    if (isRawNumber(value)) return numberByValue(value);
    if (Object.is(value, -0)) return 0;
    if (typeof value !== "string") return value;
    const asset = assetName(value);
    if (asset !== undefined) {
      const found = assetContent(this.surroundings.content, asset);
      if (found === undefined) return value;
      this.hide("file names", asset);
      return isTextAsset(asset) ? this.text(found) : binaryWords(found);
    }
    const image = inlineImage(value);
    if (image !== undefined) return binaryWords(image);
    const address = value.length < 24 ? undefined : this.surroundings.ids.get(value);
    if (address !== undefined) {
      // A place within an entity is no entity that could be missing.
      if (!address.includes("#/")) this.references.add(address);
      this.hide("ids", value);
      return address;
    }
    return this.text(value);
  }

  private text(value: string): string {
    const unix = value.includes("\r\n") ? value.replaceAll("\r\n", "\n") : value;
    const cut = unix.endsWith("\n") ? unix.slice(0, -1) : unix;
    if (cut.length !== value.length) this.hide("line ends", value.length - cut.length);
    return cut;
  }
}

/** Sets a member whatever its name is: an assignment to `__proto__` would do something else. */
function define(target: JsonObject, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

function argumentValue(argument: Json | undefined): Json | undefined {
  return isJsonObject(argument) ? argument.value : undefined;
}

function sorted(items: readonly Json[], by?: string): Json[] {
  const key = (item: Json) => {
    const known = by !== undefined && isJsonObject(item) ? item[by] : undefined;
    return typeof known === "string" ? known : printJson(item, "compact");
  };
  return items
    .map((item) => [key(item), item] as const)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([, item]) => item);
}

export function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex");
}
