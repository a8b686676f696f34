import { byCodePoint } from "../../json/print.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { kindOf, nameOf, type Address } from "../model/address.ts";
import { ASSET_INDEX, assetPath, assetsIn, assetTree, isTextAsset } from "../model/assets.ts";
import type { SnapshotContent } from "../content.ts";
import type { Entity, IndexEntry, Storage } from "../model/entity.ts";
import type { Snapshot } from "../model/read.ts";
import type { After } from "./plan.ts";
import { withOwnSecrets } from "./secrets.ts";

/** What becomes of one entity. */
export interface Step {
  readonly address: Address;
  /** Null for a delete. */
  readonly after: Pick<
    After,
    "content" | "assets" | "ids" | "file" | "list" | "index" | "screenFiles"
  > | null;
  readonly previousAddress: Address | null;
}

/**
 * The files of a snapshot that is `live` with some entities changed: everything else is sent back as it is, to the byte.
 *
 * Ids in what is put in are turned into those that `live` has for the same names.
 */
export function compose(live: Snapshot, steps: readonly Step[]): SnapshotContent {
  const composer = new Composer(live);
  for (const step of steps) composer.take(step);
  return composer.finish();
}

class Composer {
  private readonly live: Snapshot;
  private readonly files: Map<string, Json>;
  /** Documents that changed, whose assets are to be listed anew. */
  private readonly changed = new Set<string>();
  /** Assets that something stopped referring to. */
  private readonly released = new Set<string>();
  private readonly idOf = new Map<Address, string>();

  constructor(live: Snapshot) {
    this.live = live;
    this.files = new Map(live.content);
    for (const [id, address] of live.ids) if (!this.idOf.has(address)) this.idOf.set(address, id);
    for (const { address, id } of live.entities.values()) if (id !== undefined) this.idOf.set(address, id);
  }

  take({ address, after, previousAddress }: Step): void {
    const existing = this.live.entities.get(previousAddress ?? address);
    if (after === null) {
      if (existing !== undefined) this.remove(existing);
      return;
    }
    const own =
      existing === undefined
        ? after.content
        : withOwnSecrets(existing.address, after.content, existing.content);
    const content = this.withLiveIds(own, after.ids);
    const assets = this.addAssets(after.assets, content);
    if (existing === undefined) this.create(address, assets, after);
    else this.replace(existing, address, assets, after);
  }

  finish(): SnapshotContent {
    this.dropReleased();
    this.listAssets();
    return new Map([...this.files].sort(([a], [b]) => byCodePoint(a, b)));
  }

  private replace(
    existing: Entity,
    address: Address,
    content: Json,
    after: NonNullable<Step["after"]>,
  ): void {
    const { storage } = existing;
    this.release(existing);
    switch (storage.form) {
      case "file":
        this.set(storage.path, this.withOwnId(content, existing));
        break;
      case "item":
        this.setItem(storage, nameOf(existing.address), this.withOwnId(content, existing));
        break;
      case "rest":
        this.setRest(storage, content);
        break;
      case "folder":
        this.removeTree(storage.path);
        this.setTree(address, storage.path, storage.index, content, {
          ...after.screenFiles,
          ...storage.screenFiles,
        });
        break;
    }
  }

  /** The target's own id of an entity stays. */
  private withOwnId(content: Json, existing: Entity): Json {
    if (existing.id === undefined || !isJsonObject(content)) return content;
    return { ...content, id: existing.id };
  }

  private create(address: Address, content: Json, after: NonNullable<Step["after"]>): void {
    const storage = this.storageOf(address, after);
    switch (storage.form) {
      case "file":
        if (storage.index !== undefined) this.list(storage.index);
        this.set(storage.path, content);
        break;
      case "item":
        this.setItem(storage, undefined, content);
        break;
      case "rest":
        this.setRest(storage, content);
        break;
      case "folder":
        this.list(storage.index);
        this.setTree(address, storage.path, storage.index, content, storage.screenFiles);
        break;
    }
  }

  /** Where a new entity goes. */
  private storageOf(address: Address, after: NonNullable<Step["after"]>): Storage {
    const kind = kindOf(address);
    const name = nameOf(address);
    switch (kind) {
      case "project":
        return { form: "file", path: "project.json" };
      case "auth":
        return { form: "file", path: `auth/${name}.json` };
      case "connector":
      case "style": {
        const folder = kind === "connector" ? "connectors" : "styles";
        const wanted = /^[^/]+\/([^/]+)\.json$/.exec(after.file ?? "")?.[1] ?? name;
        const entry = this.freeEntry(folder, wanted);
        const index = { path: `${folder}/${folder}.json`, member: folder, entry };
        return { form: "file", path: `${folder}/${entry}.json`, index };
      }
      case "flow":
      case "widget": {
        const folder = `${kind}s`;
        const index = { path: `${folder}/${folder}.json`, member: folder, entry: name };
        return { form: "folder", path: `${folder}/${name}`, index, screenFiles: after.screenFiles ?? {} };
      }
      case "file": {
        const existing = this.files.get(name);
        if (after.index !== undefined) return { form: "file", path: name, index: after.index };
        if (existing === undefined || after.file !== undefined) return { form: "file", path: name };
        return { form: "rest", path: name, without: [] };
      }
      default:
        if (after.list === undefined) throw new Error(`nothing says where ${address} is to be put`);
        return { form: "item", ...after.list };
    }
  }

  /** A file name that the folder does not have yet. */
  private freeEntry(folder: string, wanted: string): string {
    let entry = wanted;
    for (let n = 2; this.files.has(`${folder}/${entry}.json`) || entry === folder; n++)
      entry = `${wanted}-${n}`;
    return entry;
  }

  private remove(existing: Entity): void {
    const { storage } = existing;
    this.release(existing);
    switch (storage.form) {
      case "file":
        this.files.delete(storage.path);
        this.changed.add(storage.path);
        if (storage.index !== undefined) this.unlist(storage.index);
        break;
      case "item":
        this.setItem(storage, nameOf(existing.address), undefined);
        break;
      case "rest":
        this.setRest(storage, {});
        break;
      case "folder":
        this.removeTree(storage.path);
        this.unlist(storage.index);
        break;
    }
  }

  private set(path: string, content: Json): void {
    this.files.set(path, content);
    this.changed.add(path);
  }

  private setItem(
    { path, member }: { readonly path: string; readonly member: string },
    name: string | undefined,
    content: Json | undefined,
  ): void {
    const file = this.files.get(path);
    const document: JsonObject = isJsonObject(file) ? { ...file } : {};
    const items = Array.isArray(document[member]) ? [...(document[member] as Json[])] : [];
    const wanted = name?.slice(path === "attributes.json" ? member.length + 1 : 0);
    const index =
      wanted === undefined ? -1 : items.findIndex((item) => isJsonObject(item) && item.name === wanted);
    if (content === undefined) {
      if (index !== -1) items.splice(index, 1);
    } else if (index === -1) items.push(content);
    else items[index] = content;
    document[member] = items;
    this.set(path, document);
  }

  /** The members of a file beside its lists. */
  private setRest(
    { path, without }: { readonly path: string; readonly without: readonly string[] },
    content: Json,
  ): void {
    const file = this.files.get(path);
    const kept = isJsonObject(file) ? Object.entries(file).filter(([key]) => without.includes(key)) : [];
    this.set(path, Object.fromEntries([...kept, ...(isJsonObject(content) ? Object.entries(content) : [])]));
  }

  private removeTree(path: string): void {
    for (const file of [...this.files.keys()]) {
      if (!file.startsWith(`${path}/`)) continue;
      this.files.delete(file);
      this.changed.add(file);
    }
  }

  /** Writes a flow or widget back into its files. */
  private setTree(
    address: Address,
    path: string,
    _index: IndexEntry,
    content: Json,
    screenFiles: Readonly<Record<string, string>>,
  ): void {
    if (!isJsonObject(content)) return this.set(`${path}/contents.json`, content);
    const { metadata, contents, screens, files, ...rest } = content;
    const names: string[] = [];
    const taken = new Set<string>();
    for (const [screenId, screen] of isJsonObject(screens) ? Object.entries(screens) : []) {
      const wanted = screenFiles[screenId] ?? `screen-${screenId.replace(/[^A-Za-z0-9_-]+/g, "-")}`;
      let name = wanted;
      for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
      taken.add(name);
      names.push(name.slice("screen-".length));
      this.set(`${path}/${name}.json`, screen);
    }
    if (isJsonObject(metadata)) {
      const listed = Object.hasOwn(metadata, "screens") || names.length > 0;
      this.set(
        `${path}/metadata.json`,
        listed ? { ...metadata, screens: names.sort(byCodePoint) } : metadata,
      );
    }
    const left = isJsonObject(contents) ? contents : {};
    const graph = Object.fromEntries([...Object.entries(rest), ...Object.entries(left)]);
    if (kindOf(address) === "flow" || Object.keys(graph).length > 0) this.set(`${path}/contents.json`, graph);
    for (const [name, file] of isJsonObject(files) ? Object.entries(files) : [])
      this.set(`${path}/${name}`, file);
  }

  private list({ path, member, entry }: IndexEntry): void {
    const index = this.files.get(path);
    const there = isJsonObject(index) ? index[member] : undefined;
    // Where there are files and no index, the form has none: one that names a single file would leave out the others.
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    if (index === undefined && [...this.files.keys()].some((file) => file.startsWith(folder))) return;
    // An index of a form that is not known is left as it is.
    if (Array.isArray(there) && there.some((one) => typeof one !== "string")) return;
    const entries = this.entries(path, member);
    if (!entries.includes(entry)) this.setEntries(path, member, [...entries, entry].sort(byCodePoint));
  }

  private unlist({ path, member, entry }: IndexEntry): void {
    if (!this.files.has(path)) return;
    this.setEntries(
      path,
      member,
      this.entries(path, member).filter((one) => one !== entry),
    );
  }

  private entries(path: string, member: string): string[] {
    const index = this.files.get(path);
    const entries = isJsonObject(index) ? index[member] : undefined;
    return Array.isArray(entries) ? entries.filter((entry) => typeof entry === "string") : [];
  }

  private setEntries(path: string, member: string, entries: string[]): void {
    const index = this.files.get(path);
    this.files.set(path, { ...(isJsonObject(index) ? index : {}), [member]: entries });
  }

  /** Turns ids of another environment into those of this one, by what they stand for. */
  private withLiveIds(value: Json, ids: Readonly<Record<string, Address>>): Json {
    if (Object.keys(ids).length === 0) return value;
    if (typeof value === "string") {
      const address = Object.hasOwn(ids, value) ? ids[value] : undefined;
      return address === undefined ? value : (this.idOf.get(address) ?? value);
    }
    if (Array.isArray(value)) return value.map((item) => this.withLiveIds(item, ids));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.withLiveIds(member, ids)]),
    );
  }

  private release(existing: Entity): void {
    for (const name of assetsIn(existing.content)) this.released.add(name);
  }

  /** Adds the assets that come with a content, under other names where the target has something else under theirs. */
  private addAssets(assets: Readonly<Record<string, string>>, content: Json): Json {
    const renamed = new Map<string, string>();
    for (const [name, text] of Object.entries(assets)) {
      const there = this.files.get(assetPath(name));
      if (there === undefined || sameAsset(name, there, text)) this.files.set(assetPath(name), there ?? text);
      else {
        const other = this.freeAsset(name, text);
        this.files.set(assetPath(other), text);
        renamed.set(`asset:${name}`, `asset:${other}`);
      }
    }
    return renamed.size === 0 ? content : renameIn(content, renamed);
  }

  private freeAsset(name: string, text: string): string {
    const dot = name.lastIndexOf(".");
    const [stem, extension] = dot === -1 ? [name, ""] : [name.slice(0, dot), name.slice(dot)];
    for (let n = 2; ; n++) {
      const other = `${stem}-${n}${extension}`;
      const there = this.files.get(assetPath(other));
      if (there === undefined || sameAsset(other, there, text)) return other;
    }
  }

  private dropReleased(): void {
    if (this.released.size === 0) return;
    const used = new Set<string>();
    for (const [path, content] of this.files) if (path !== ASSET_INDEX) assetsIn(content, used);
    for (const name of this.released) if (!used.has(name)) this.files.delete(assetPath(name));
  }

  /** Brings the list of where assets belong up to date for the documents that changed. */
  private listAssets(): void {
    if (this.changed.size === 0) return;
    const index = this.files.get(ASSET_INDEX);
    const mapping = isJsonObject(index) && isJsonObject(index.mapping) ? { ...index.mapping } : {};
    for (const path of this.changed) {
      delete mapping[path];
      const content = this.files.get(path);
      const tree = content === undefined ? undefined : assetTree(content);
      if (tree !== undefined) mapping[path] = tree;
    }
    if (index === undefined && Object.keys(mapping).length === 0) return;
    this.files.set(ASSET_INDEX, { ...(isJsonObject(index) ? index : {}), mapping });
  }
}

function sameAsset(name: string, left: Json, right: string): boolean {
  if (left === right) return true;
  const cut = (text: string) => (text.endsWith("\n") ? text.slice(0, -1) : text);
  return isTextAsset(name) && typeof left === "string" && cut(left) === cut(right);
}

function renameIn(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return renamed.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renameIn(item, renamed));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, renameIn(member, renamed)]));
}
