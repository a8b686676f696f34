import { byCodePoint } from "../../json/print.ts";
import { isJsonObject, isRawNumber, type Json, type JsonObject } from "../../json/value.ts";
import type { SnapshotContent } from "../content.ts";
import { addressOf, kindOf, writePlace, type Address } from "./address.ts";
import { ASSET_INDEX, assetPath, assetsOf, pathOfAsset } from "./assets.ts";
import type { Entity, IndexEntry, Problem, Storage } from "./entity.ts";
import { itemSegment, keySegment, type Pointer } from "./pointer.ts";

/** A snapshot as what it configures. */
export interface Snapshot {
  readonly content: SnapshotContent;
  /** By address, in code point order. */
  readonly entities: ReadonlyMap<Address, Entity>;
  /** Addresses of what this environment's ids stand for. */
  readonly ids: ReadonlyMap<string, Address>;
  readonly problems: readonly Problem[];
  /** The layout's version, where the snapshot says it. */
  readonly version: Json | undefined;
}

/** Lists in root files whose items are entities of their own, by name. */
const LISTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "applications.json": { applications: "application" },
  "roles.json": { roles: "role", permissions: "permission" },
  "outboundapps.json": {
    outboundapps: "outboundapp",
    outboundApps: "outboundapp",
    apps: "outboundapp",
    applications: "outboundapp",
  },
  "resources.json": { resources: "resource" },
};

/** Folders with an index and one file for each entity. */
const FILE_FOLDERS: Readonly<Record<string, string>> = { connectors: "connector", styles: "style" };
/** Folders with an index and one folder for each entity. */
const TREE_FOLDERS: Readonly<Record<string, string>> = { flows: "flow", widgets: "widget" };
const TREES = new Set(Object.values(TREE_FOLDERS));

/** Kinds whose address is their name and whose id is another in each environment. */
export const BY_NAME: ReadonlySet<string> = new Set([
  "connector",
  "application",
  "role",
  "permission",
  "outboundapp",
  "resource",
]);

/** Forms of ids that an environment makes itself: a prefix and 27 characters of base 62. */
const GENERATED_ID = /^[A-Z]{1,4}[0-9A-Za-z]{27,31}$/;

/** True for an id that an environment made itself. */
export function isGeneratedId(text: string): boolean {
  return GENERATED_ID.test(text);
}

/**
 * Reads a snapshot's files into entities. Nothing is refused or dropped: files that are not known become entities of their own,
 * `file/<path>`. What is wrong is listed in `problems`.
 */
export function readSnapshot(content: SnapshotContent): Snapshot {
  const reader = new Reader(content);
  reader.read();
  const entities = new Map([...reader.entities].sort(([a], [b]) => byCodePoint(a, b)));
  const version = content.get("snapshot.json");
  return {
    content,
    entities,
    ids: idsOf(entities),
    problems: reader.problems,
    version: isJsonObject(version) ? version.version : undefined,
  };
}

/** What each id of an environment stands for: ids of connectors, roles and their like, and what flows say of ids beyond them. */
function idsOf(entities: ReadonlyMap<Address, Entity>): Map<string, Address> {
  const ids = new Map<string, Address>();
  for (const { content } of entities.values()) {
    if (!isJsonObject(content) || !isJsonObject(content.metadata ?? null)) continue;
    const references = (content.metadata as JsonObject).references;
    if (!isJsonObject(references)) continue;
    for (const [list, kind] of [
      ["connectors", "connector"],
      ["roles", "role"],
    ] as const) {
      const named = references[list];
      if (!isJsonObject(named)) continue;
      for (const [name, id] of Object.entries(named))
        if (typeof id === "string" && id !== "") ids.set(id, addressOf(kind, name));
    }
  }
  for (const { address, id } of entities.values()) if (id !== undefined) ids.set(id, address);
  for (const { address, content } of entities.values())
    if (!TREES.has(kindOf(address))) itemIds(address, content, [], ids);
  return ids;
}

/** Ids of items that their lists know by name: templates of invitations, and whatever newer files hold. */
function itemIds(address: Address, value: Json, pointer: Pointer, ids: Map<string, Address>): void {
  if (Array.isArray(value)) {
    const by = namingMember(value);
    value.forEach((item, index) => {
      const name = by === undefined ? undefined : textMember(item, by);
      const id = textMember(item, "id");
      const place = [
        ...pointer,
        by === undefined || name === undefined ? String(index) : itemSegment(by, name),
      ];
      if (name !== undefined && id !== undefined && isGeneratedId(id) && !ids.has(id))
        ids.set(id, writePlace({ address, pointer: place }));
      itemIds(address, item, place, ids);
    });
  } else if (isJsonObject(value))
    for (const key in value)
      if (typeof value[key] === "object")
        itemIds(address, value[key] ?? null, [...pointer, keySegment(key)], ids);
}

/**
 * The member by which the items of a list are known where their ids are an environment's own; undefined where none tells them all
 * apart.
 */
export function namingMember(items: readonly Json[]): "name" | "text" | undefined {
  return (["name", "text"] as const).find((by) => {
    const names = new Set(items.map((item) => textMember(item, by)));
    return items.length > 0 && names.size === items.length && !names.has(undefined);
  });
}

class Reader {
  readonly entities = new Map<Address, Entity>();
  readonly problems: Problem[] = [];
  private readonly content: SnapshotContent;
  private readonly taken = new Set<string>(["snapshot.json", ASSET_INDEX]);

  constructor(content: SnapshotContent) {
    this.content = content;
  }

  read(): void {
    this.rest("snapshot.json", ["version"]);
    this.document("project.json", "project");
    this.attributes();
    for (const [path, lists] of Object.entries(LISTS)) this.lists(path, lists);
    for (const path of this.content.keys()) {
      const method = /^auth\/([^/]+)\.json$/.exec(path)?.[1];
      if (method !== undefined) this.document(path, addressOf("auth", method));
    }
    for (const [folder, kind] of Object.entries(FILE_FOLDERS)) this.fileFolder(folder, kind);
    for (const [folder, kind] of Object.entries(TREE_FOLDERS)) this.treeFolder(folder, kind);
    this.assets();
    const indexes = this.otherIndexes();
    for (const { path, member } of indexes.values()) this.rest(path, [member]);
    for (const path of this.content.keys()) {
      if (this.taken.has(path)) continue;
      const index = indexes.get(indexedFolder(path))?.entry(path);
      const storage: Storage = index === undefined ? { form: "file", path } : { form: "file", path, index };
      this.add(addressOf("file", path), this.content.get(path) ?? null, storage);
    }
  }

  /**
   * Indexes of folders that are not known, by folder: `lists/lists.json` `{"lists": […]}`, where there is a file or a folder for each
   * entry. As those of the known folders, they say nothing of their own: who lacks an entry, lacks what it stands for.
   */
  private otherIndexes(): Map<
    string,
    { path: string; member: string; entry(path: string): IndexEntry | undefined }
  > {
    const found: ReturnType<Reader["otherIndexes"]> = new Map();
    for (const [path, content] of this.content) {
      const folder = /^([^/]+)\/\1\.json$/.exec(path)?.[1];
      if (folder === undefined || this.taken.has(path) || !isJsonObject(content)) continue;
      const entries = content[folder];
      if (!Array.isArray(entries) || entries.length === 0) continue;
      const entryOf = (file: string) =>
        file.startsWith(`${folder}/`) && file !== path
          ? file.slice(folder.length + 1).replace(/\/.*$|\.[^./]+$/, "")
          : undefined;
      const present = new Set([...this.content.keys()].map(entryOf));
      if (!entries.every((entry) => typeof entry === "string" && present.has(entry))) continue;
      found.set(folder, {
        path,
        member: folder,
        entry: (file) => {
          const entry = entryOf(file);
          return entry !== undefined && entries.includes(entry) ? { path, member: folder, entry } : undefined;
        },
      });
    }
    return found;
  }

  private add(address: Address, content: Json, storage: Storage): void {
    if (storage.form === "file") this.taken.add(storage.path);
    const id = ownId(address, content);
    this.entities.set(address, { address, id, content, storage });
  }

  private problem(
    level: Problem["level"],
    code: string,
    path: string,
    at: readonly (string | number)[],
    text: string,
  ): void {
    this.problems.push({ level, code, path, at, text });
  }

  private document(path: string, address: Address): void {
    const content = this.content.get(path);
    if (content !== undefined) this.add(address, content, { form: "file", path });
  }

  /** What a file holds beside the members that are read elsewhere; no entity when that is nothing. */
  private rest(path: string, without: readonly string[]): void {
    const content = this.content.get(path);
    if (content === undefined) return;
    this.taken.add(path);
    if (!isJsonObject(content)) {
      this.add(addressOf("file", path), content, { form: "file", path });
      return;
    }
    const left = Object.entries(content).filter(([key]) => !without.includes(key));
    if (left.length > 0)
      this.add(addressOf("file", path), Object.fromEntries(left), { form: "rest", path, without });
  }

  private attributes(): void {
    const path = "attributes.json";
    const content = this.content.get(path);
    const lists: Record<string, string> = {};
    if (isJsonObject(content))
      for (const [key, list] of Object.entries(content))
        if (Array.isArray(list)) lists[key] = `attribute/${key}`;
    this.lists(path, lists);
  }

  /** Lists of named items. A list with an item that has no name stays with the rest of the file. */
  private lists(path: string, lists: Readonly<Record<string, string>>): void {
    const content = this.content.get(path);
    if (!isJsonObject(content)) return this.rest(path, []);
    const split: string[] = [];
    for (const [member, kind] of Object.entries(lists)) {
      const items = content[member];
      if (!Array.isArray(items) || items.some((item) => textMember(item, "name") === undefined)) continue;
      split.push(member);
      const seen = new Map<string, number>();
      for (const [index, item] of items.entries()) {
        const name = textMember(item, "name") as string;
        const count = (seen.get(name) ?? 0) + 1;
        seen.set(name, count);
        if (count > 1)
          this.problem(
            "error",
            "duplicate-name",
            path,
            [member, index, "name"],
            `"${name}" is the name of two ${member}: they cannot be told apart across environments`,
          );
        this.add(addressOf(kind, count === 1 ? name : `${name} (${count})`), item, {
          form: "item",
          path,
          member,
        });
      }
    }
    this.rest(path, split);
  }

  /** The entries of a folder's index; undefined where there is no usable index. */
  private index(folder: string): { path: string; entries: readonly string[] } | undefined {
    const path = `${folder}/${folder}.json`;
    const content = this.content.get(path);
    this.taken.add(path);
    if (content === undefined) {
      if ([...this.content.keys()].some((one) => one.startsWith(`${folder}/`)))
        this.problem("warning", "index-missing", path, [], `${path} is missing: it lists what is imported`);
      return undefined;
    }
    const entries = isJsonObject(content) ? content[folder] : undefined;
    if (entries === undefined || entries === null) return { path, entries: [] };
    if (!Array.isArray(entries) || !entries.every((entry) => typeof entry === "string")) {
      this.problem("error", "index-malformed", path, [folder], `"${folder}" must be a list of names`);
      return undefined;
    }
    const twice = entries.findIndex((entry, i) => entries.indexOf(entry) !== i);
    if (twice !== -1)
      this.problem(
        "error",
        "index-duplicate",
        path,
        [folder, twice],
        `"${entries[twice] as string}" is listed twice`,
      );
    return { path, entries: entries as string[] };
  }

  private unlisted(path: string, index: string, entry: string): void {
    this.problem(
      "warning",
      "index-unlisted",
      path,
      [],
      `${path} is not part of the snapshot: ${index} does not list "${entry}". It may be left from an earlier export`,
    );
  }

  private absent(
    index: { path: string; entries: readonly string[] },
    folder: string,
    entry: string,
    what: string,
  ): void {
    this.problem(
      "error",
      "index-absent",
      index.path,
      [folder, index.entries.indexOf(entry)],
      `"${entry}" is listed, but there is no ${what}: the snapshot is not whole`,
    );
  }

  private fileFolder(folder: string, kind: string): void {
    const index = this.index(folder);
    const indexPath = `${folder}/${folder}.json`;
    const names = new Map<string, string>();
    const pattern = new RegExp(`^${folder}/([^/]+)\\.json$`);
    for (const path of this.content.keys()) {
      const entry = pattern.exec(path)?.[1];
      if (entry === undefined || path === indexPath) continue;
      this.taken.add(path);
      if (index !== undefined && !index.entries.includes(entry)) {
        this.unlisted(path, indexPath, entry);
        continue;
      }
      const content = this.content.get(path) ?? null;
      const name = kind === "connector" ? textMember(content, "name") : entry;
      if (name === undefined) {
        this.problem("error", "name-missing", path, ["name"], `the ${kind} has no name`);
        continue;
      }
      const other = names.get(name);
      if (other !== undefined) {
        this.problem(
          "error",
          "duplicate-name",
          path,
          ["name"],
          `"${name}" is also the name of ${other}: they cannot be told apart across environments`,
        );
      } else names.set(name, path);
      this.add(addressOf(kind, other === undefined ? name : `${name} (${entry})`), content, {
        form: "file",
        path,
        index: { path: indexPath, member: folder, entry },
      });
    }
    for (const entry of index?.entries ?? []) {
      if (!this.content.has(`${folder}/${entry}.json`))
        this.absent(index!, folder, entry, `${folder}/${entry}.json`);
    }
    this.rest(indexPath, folder === "styles" ? [folder, "componentsVersion"] : [folder]);
  }

  private treeFolder(folder: string, kind: string): void {
    const index = this.index(folder);
    const indexPath = `${folder}/${folder}.json`;
    const trees = new Map<string, string[]>();
    const pattern = new RegExp(`^${folder}/([^/]+)/.+$`);
    for (const path of this.content.keys()) {
      const entry = pattern.exec(path)?.[1];
      if (entry === undefined) continue;
      const paths = trees.get(entry);
      if (paths === undefined) trees.set(entry, [path]);
      else paths.push(path);
    }
    for (const [entry, paths] of trees) {
      for (const path of paths) this.taken.add(path);
      if (index !== undefined && !index.entries.includes(entry))
        this.unlisted(`${folder}/${entry}`, indexPath, entry);
      else this.tree(kind, `${folder}/${entry}`, paths, { path: indexPath, member: folder, entry });
    }
    for (const entry of index?.entries ?? [])
      if (!trees.has(entry)) this.absent(index!, folder, entry, `folder ${folder}/${entry}`);
    this.rest(indexPath, [folder]);
  }

  private tree(kind: string, path: string, paths: readonly string[], index: IndexEntry): void {
    const screens: [string, Json][] = [];
    const files: [string, Json][] = [];
    const screenFiles: [string, string][] = [];
    const seen = new Set<string>();
    const metadata = this.content.get(`${path}/metadata.json`);
    const unlisted = this.unlistedScreens(path, metadata, paths);
    for (const file of paths) {
      if (unlisted.has(file)) continue;
      const name = file.slice(path.length + 1);
      const content = this.content.get(file) ?? null;
      const screen = /^(screen-.+)\.json$/.exec(name)?.[1];
      if (name === "metadata.json" || name === "contents.json") continue;
      const screenId = screen === undefined ? undefined : textMember(content, "screenId");
      if (screen === undefined || screenId === undefined) files.push([name, content]);
      else if (seen.has(screenId)) {
        this.problem(
          "error",
          "duplicate-screen",
          file,
          ["screenId"],
          `the screen ${screenId} stands in two files`,
        );
        files.push([name, content]);
      } else {
        seen.add(screenId);
        screens.push([screenId, content]);
        screenFiles.push([screenId, screen]);
      }
    }
    const contents = this.content.get(`${path}/contents.json`);
    if (metadata === undefined)
      this.problem("error", "file-missing", `${path}/metadata.json`, [], `${path} has no metadata.json`);
    if (contents === undefined && kind === "flow")
      this.problem("error", "file-missing", `${path}/contents.json`, [], `${path} has no contents.json`);
    const members: [string, Json][] = [];
    if (metadata !== undefined) members.push(["metadata", metadata]);
    const left: [string, Json][] = [];
    if (isJsonObject(contents))
      for (const [key, value] of Object.entries(contents))
        (RESERVED.has(key) ? left : members).push([key, value]);
    if (left.length > 0) members.push(["contents", Object.fromEntries(left)]);
    if (screens.length > 0) members.push(["screens", Object.fromEntries(screens)]);
    if (files.length > 0) members.push(["files", Object.fromEntries(files)]);
    this.add(addressOf(kind, index.entry), Object.fromEntries(members), {
      form: "folder",
      path,
      index,
      screenFiles: Object.fromEntries(screenFiles),
    });
  }

  /** Files of screens that the metadata does not list: the importer follows the list, not the folder. */
  private unlistedScreens(path: string, metadata: Json | undefined, paths: readonly string[]): Set<string> {
    const unlisted = new Set<string>();
    const listed = isJsonObject(metadata) ? metadata.screens : undefined;
    if (!Array.isArray(listed)) return unlisted;
    for (const [index, name] of listed.entries()) {
      if (typeof name === "string" && !this.content.has(`${path}/screen-${name}.json`)) {
        this.problem(
          "error",
          "screen-absent",
          `${path}/metadata.json`,
          ["screens", index],
          `the screen "${name}" is listed, but there is no screen-${name}.json`,
        );
      }
    }
    for (const file of paths) {
      const name = /\/screen-([^/]+)\.json$/.exec(file)?.[1];
      if (name === undefined || listed.includes(name)) continue;
      unlisted.add(file);
      const text = `the screen is not part of the snapshot: metadata.json does not list "${name}"`;
      this.problem("warning", "screen-unlisted", file, [], text);
    }
    return unlisted;
  }

  /** Assets belong to what refers to them. One that nothing refers to is left from an earlier export. */
  private assets(): void {
    const used = new Set<string>();
    for (const [path, content] of this.content) {
      if (path === ASSET_INDEX) continue;
      const here = assetsOf(content);
      for (const name of here) {
        used.add(name);
        if (!this.content.has(assetPath(name)))
          this.problem(
            "error",
            "asset-missing",
            path,
            pathOfAsset(content, name) ?? [],
            `it refers to the asset ${name}, but there is no ${assetPath(name)}`,
          );
      }
    }
    for (const path of this.content.keys()) {
      if (!path.startsWith("assets/") || path === ASSET_INDEX || this.taken.has(path)) continue;
      this.taken.add(path);
      if (!used.has(path.slice("assets/".length)))
        this.problem("warning", "asset-unused", path, [], "nothing refers to this asset");
    }
  }
}

/** The folder at the top that a file of an unknown folder lies in, whose index may list it. */
function indexedFolder(path: string): string {
  return path.slice(0, Math.max(0, path.indexOf("/")));
}

/** Names in a flow's tree that its contents must not take. */
const RESERVED = new Set(["metadata", "contents", "screens", "files"]);

/** The id that an entity has in its own environment, where its address is made of its name or of its file's. */
export function ownId(address: Address, content: Json): string | undefined {
  const kind = kindOf(address);
  if (!BY_NAME.has(kind) && kind !== "file") return undefined;
  const id = textMember(content, "id");
  return kind === "file" && id !== undefined && !isGeneratedId(id) ? undefined : id;
}

function textMember(value: Json, key: string): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const found = value[key];
  if (typeof found === "string" && found !== "") return found;
  return isRawNumber(found) ? found.rawJSON : undefined;
}
