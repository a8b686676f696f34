import { fileFailure } from "../../failure.ts";
import type { Path } from "../../json/locate.ts";
import { asList, asObject, asText, entriesOf, member } from "../../json/look.ts";
import type { JsonFile } from "../../json/source.ts";
import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";

/** The forms in which a flow is written to files. */
export type FlowShape =
  /** A folder of a snapshot: `metadata.json`, `contents.json`, `screen-*.json`. */
  | "folder"
  /** One file, as the console and `flow export` write it today. */
  | "file"
  /** The same under `flow`: the API's own reply. */
  | "wrapped"
  /** The console's older export: `flow.dsl` and `screens[].htmlTemplate`. */
  | "console"
  /** A `contents.json` alone: the graph without screens or settings. */
  | "contents";

/** A part of a flow with the place in a file where it stands. */
export interface Part {
  readonly file: JsonFile;
  readonly path: Path;
  readonly content: JsonObject;
}

/** A screen: `content` has `screenId`, `interactions` and `contents`, whatever the shape. */
export interface ScreenPart extends Part {
  readonly id: string;
  /** The way from `path` to the components: `contents`, or `htmlTemplate` in the console's older shape. */
  readonly nodesKey: "contents" | "htmlTemplate";
}

/** A flow as its files hold it, the four shapes made one. */
export interface FlowSource {
  readonly id: string;
  readonly shape: FlowShape;
  /** Settings, in the words of today's shape whatever the shape was; without `references`. */
  readonly metadata: Part;
  /** `startTask` and `tasks`. */
  readonly contents: Part;
  readonly screens: readonly ScreenPart[];
  /** Name to id of what the flow uses: `{"connectors": {"CRM API": "CI…"}}`. */
  readonly references: JsonObject;
  /** What stands in the files and was not taken in. */
  readonly leftOver: {
    /** Screen files that `metadata.screens` does not list, which an import would not read. */
    readonly unlistedScreens: readonly string[];
    /** Names in `metadata.screens` that have no file. */
    readonly missingScreens: readonly string[];
    /** Names of assets that are used and not there. */
    readonly missingAssets: readonly string[];
  };
}

/**
 * Gives the text that an asset stands for; for an image, any text that changes with its bytes. Undefined for an asset that is not
 * there.
 */
export type Assets = (name: string) => string | undefined;

const noAssets: Assets = () => undefined;

/**
 * Reads a flow of any one-file shape.
 *
 * @param fallbackId the id where the file holds none
 * @throws {Failure} "file" for a document that is no flow.
 */
export function readFlowFile(file: JsonFile, fallbackId: string, assets: Assets = noAssets): FlowSource {
  const { content } = file;
  if (isJsonObject(member(content, "tasks"))) return bareContents(file, fallbackId, assets);
  if (isJsonObject(member(content, "contents")))
    return today(file, [], asObject(content), fallbackId, assets);
  const flow = asObject(member(content, "flow"));
  if (isJsonObject(member(flow, "contents"))) return today(file, ["flow"], flow, fallbackId, assets);
  if (isJsonObject(member(flow, "dsl"))) return older(file, flow, fallbackId, assets);
  throw fileFailure(
    `${file.path} holds no flow: there is no "tasks", "contents", "flow.contents" or "flow.dsl" in it`,
    "A flow is a folder of a snapshot, a file that flow export or the console wrote, or a saved reply of the API.",
  );
}

/**
 * Reads a flow folder of a snapshot.
 *
 * @param files the folder's own files by their names; others than a flow's are left alone
 * @throws {Failure} "file" where `metadata.json` or `contents.json` is missing or no object.
 */
export function readFlowFolder(
  id: string,
  folder: string,
  files: ReadonlyMap<string, JsonFile>,
  assets: Assets = noAssets,
): FlowSource {
  const part = (name: string): Part => {
    const file = files.get(name);
    if (file === undefined) throw fileFailure(`${folder} is not the folder of a flow: it has no ${name}`);
    if (!isJsonObject(file.content)) throw fileFailure(`${file.path} must hold a JSON object`);
    return { file, path: [], content: file.content };
  };
  const metadata = part("metadata.json");
  const contents = part("contents.json");
  if (!isJsonObject(member(contents.content, "tasks"))) {
    throw fileFailure(`${contents.file.path} holds no "tasks"`);
  }
  const { screens: listing, references, ...settings } = metadata.content;
  const listed = Array.isArray(listing) ? listing.map((name) => `screen-${asText(name)}.json`) : undefined;
  const present = [...files.keys()].filter((name) => /^screen-.+\.json$/.test(name));
  const taken = listed === undefined ? present : present.filter((name) => listed.includes(name));
  const resolve = resolver(assets);
  return {
    id,
    shape: "folder",
    metadata: { ...metadata, content: resolve.object(settings) },
    contents: { ...contents, content: resolve.object(contents.content) },
    screens: taken.flatMap((name) => {
      const file = files.get(name);
      return file === undefined ? [] : [screen(file, [], file.content, resolve)];
    }),
    references: asObject(references),
    leftOver: {
      unlistedScreens: present.filter((name) => !taken.includes(name)),
      missingScreens: (listed ?? []).filter((name) => !files.has(name)),
      missingAssets: resolve.missing,
    },
  };
}

function today(file: JsonFile, path: Path, flow: JsonObject, fallbackId: string, assets: Assets): FlowSource {
  const resolve = resolver(assets);
  const { references: nested, screens: _listing, ...settings } = asObject(member(flow, "metadata"));
  return {
    id: asText(member(flow, "flowId")) || fallbackId,
    shape: path.length === 0 ? "file" : "wrapped",
    metadata: { file, path: [...path, "metadata"], content: resolve.object(settings) },
    contents: {
      file,
      path: [...path, "contents"],
      content: resolve.object(asObject(member(flow, "contents"))),
    },
    screens: asList(member(flow, "screens")).map((content, i) =>
      screen(file, [...path, "screens", i], content, resolve),
    ),
    references: asObject(member(flow, "references") ?? nested),
    leftOver: { unlistedScreens: [], missingScreens: [], missingAssets: resolve.missing },
  };
}

/** What the older shape's `flow` holds beside the settings. */
const NOT_SETTINGS = new Set(["id", "dsl", "version", "etag", "modifiedTime", "references"]);

const TRANSLATION: Readonly<Record<string, string>> = {
  translate: "enabled",
  translateConnectorID: "connectorId",
  translateSourceLang: "sourceLanguage",
  translateTargetLangs: "targetLanguages",
};

function older(file: JsonFile, flow: JsonObject, fallbackId: string, assets: Assets): FlowSource {
  const resolve = resolver(assets);
  const members = Object.entries(flow);
  const translation = members.flatMap(([key, content]): [string, Json][] => {
    const name = Object.hasOwn(TRANSLATION, key) ? TRANSLATION[key] : undefined;
    return name === undefined ? [] : [[name, content]];
  });
  const settings: JsonObject = {
    ...Object.fromEntries(
      members.filter(([key]) => !NOT_SETTINGS.has(key) && !Object.hasOwn(TRANSLATION, key)),
    ),
    ...(translation.length === 0 ? {} : { translation: Object.fromEntries(translation) }),
  };
  const screens = asList(member(file.content, "screens"));
  const version = screens
    .map((one) => asText(member(one, "componentsVersion")))
    .findLast((one) => one !== "");
  if (version !== undefined) settings.componentsVersion = version;
  return {
    id: asText(member(flow, "id")) || fallbackId,
    shape: "console",
    metadata: { file, path: ["flow"], content: resolve.object(settings) },
    contents: { file, path: ["flow", "dsl"], content: resolve.object(asObject(member(flow, "dsl"))) },
    screens: screens.map((content, i) => olderScreen(file, ["screens", i], content, resolve)),
    references: asObject(member(file.content, "references") ?? member(flow, "references")),
    leftOver: { unlistedScreens: [], missingScreens: [], missingAssets: resolve.missing },
  };
}

function bareContents(file: JsonFile, id: string, assets: Assets): FlowSource {
  const resolve = resolver(assets);
  return {
    id,
    shape: "contents",
    metadata: { file, path: [], content: {} },
    contents: { file, path: [], content: resolve.object(asObject(file.content)) },
    screens: [],
    references: {},
    leftOver: { unlistedScreens: [], missingScreens: [], missingAssets: resolve.missing },
  };
}

function screen(file: JsonFile, path: Path, content: Json, resolve: Resolver): ScreenPart {
  const object = resolve.object(asObject(content));
  return { file, path, content: object, id: asText(member(object, "screenId")), nodesKey: "contents" };
}

/** What a screen of the older shape holds that today's shapes do not carry. */
const OLDER_SCREEN_EXTRAS = new Set(["inputs", "version", "flowId", "componentsVersion"]);

const OLDER_SCREEN_KEYS = new Map([
  ["id", "screenId"],
  ["htmlTemplate", "contents"],
]);

function olderScreen(file: JsonFile, path: Path, content: Json, resolve: Resolver): ScreenPart {
  const kept = entriesOf(content).filter(([key]) => !OLDER_SCREEN_EXTRAS.has(key));
  const out = Object.fromEntries(kept.map(([key, value]) => [OLDER_SCREEN_KEYS.get(key) ?? key, value]));
  const object = resolve.object(out);
  return { file, path, content: object, id: asText(out.screenId), nodesKey: "htmlTemplate" };
}

interface Resolver {
  object(value: JsonObject): JsonObject;
  readonly missing: string[];
}

/** Puts the texts of assets in the place of the names that stand for them; what holds none is given back as it is. */
function resolver(assets: Assets): Resolver {
  const missing: string[] = [];
  const resolve = (value: Json): Json => {
    if (typeof value === "string") {
      if (!value.startsWith("asset:")) return value;
      const name = value.slice("asset:".length);
      const text = assets(name);
      if (text !== undefined) return text;
      if (!missing.includes(name)) missing.push(name);
      return value;
    }
    if (Array.isArray(value)) {
      const out = value.map(resolve);
      return out.every((item, i) => item === value[i]) ? value : out;
    }
    return isJsonObject(value) ? object(value) : value;
  };
  const object = (value: JsonObject): JsonObject => {
    const members = Object.entries(value);
    const resolved = members.map(([key, content]): [string, Json] => [key, resolve(content)]);
    const same = resolved.every(([, content], i) => content === members[i]?.[1]);
    return same ? value : Object.fromEntries(resolved);
  };
  return { object, missing };
}
