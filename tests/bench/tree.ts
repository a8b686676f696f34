/**
 * Writes a snapshot of 2,400 files and 25 MB below the folder that is named first, the reply that exports it to the file that is named
 * second, and to the file that is named third the reply of another environment: the same, with every box of every flow moved and some
 * texts changed. Flows with their screens for the most part, texts, pages and images beside them. Always the same one. Prints how many
 * bytes the files have.
 *
 * It runs in a process of its own: a process that is started takes over the peak memory of the one that starts it.
 */
import fs from "node:fs";
import path from "node:path";
import { printJson } from "../../src/json/print.ts";
import type { Json } from "../../src/json/value.ts";

const FILES = 2_400;
const BYTES = 25_000_000;
/** Files of a flow: its metadata, its graph, its screens, and an asset that one of those shows. */
const PER_FLOW = 12;
const SCREENS = 9;
const FLOWS = FILES / PER_FLOW;
/** Of so many flows, one has another text in the other environment. */
const CHANGED = 16;

interface Made {
  readonly path: string;
  readonly bytes: Buffer;
  /** What the API sends of it. */
  readonly sent: Json;
}

function json(file: string, value: Json): Made {
  return { path: file, bytes: Buffer.from(`${printJson(value)}\n`), sent: value };
}

/** An asset's file: an image, a page or a text. */
function asset(i: number, size: number): Made {
  if (i % 2 === 0) {
    const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
    return { path: `assets/image-${i}.png`, bytes, sent: bytes.toString("base64") };
  }
  const text = `${sentence(size - 1)}\n`;
  return { path: `assets/page-${i}.${i % 4 === 1 ? "html" : "txt"}`, bytes: Buffer.from(text), sent: text };
}

/** The files of one flow; `sizes` are those of its asset and its screens, in bytes. */
function flow(i: number, sizes: readonly number[]): Made[] {
  const picture = asset(i, sizes[0] ?? 0);
  const screens = Array.from({ length: SCREENS }, (_, n) => `${i}-${n}`);
  const at = `flows/flow-${i}`;
  return [
    picture,
    json(`${at}/metadata.json`, {
      componentsVersion: "3.18.2",
      description: "",
      disabled: false,
      fingerprint: false,
      name: `Flow ${i}`,
      screens,
      sharedInteractions: [],
    }),
    json(`${at}/contents.json`, graph(screens, 0)),
    ...screens.map((id, n) =>
      json(
        `${at}/screen-${id}.json`,
        screen(id, sizes[n + 1] ?? 0, n === 0 ? `asset:${path.basename(picture.path)}` : ""),
      ),
    ),
  ];
}

/** Screen after screen, and an end. `shift` moves the boxes. */
function graph(screens: readonly string[], shift: number): Json {
  const steps = screens.map((id, n): [string, Json] => [
    String(n),
    {
      id: String(n),
      name: `Screen ${n}`,
      next: { rules: [{ interactionId: "part-0", taskId: String(n + 1) }] },
      screenId: `SC${id}`,
      type: "screen",
      view: { x: n * 300 + shift, y: shift },
    },
  ]);
  const end = String(screens.length);
  return {
    startTask: "0",
    tasks: {
      ...Object.fromEntries(steps),
      [end]: {
        action: "logged-in",
        id: end,
        name: "End",
        next: {},
        type: "automated",
        view: { x: shift, y: 0 },
      },
      start: {
        id: "start",
        next: { rules: [{ interactionId: "", taskId: "0" }] },
        view: { x: -300, y: shift },
      },
    },
  };
}

/** A screen's node map of about `size` bytes. */
function screen(id: string, size: number, picture: string): Json {
  const nodes: Record<string, Json> = {};
  // What a part takes when it is printed with its indentation.
  const partSize = 620;
  for (let left = size - 700; left > 0; left -= partSize) {
    const name = `part-${Object.keys(nodes).length}`;
    nodes[name] = {
      custom: {},
      displayName: "Text",
      hidden: random() < 0.5,
      isCanvas: false,
      linkedNodes: {},
      nodes: [],
      parent: "ROOT",
      props: {
        children: sentence(120),
        color: "#0082B5",
        order: Math.floor(random() * 1e6),
        picture,
        width: Math.floor(random() * 1000) / 4,
      },
      type: { resolvedName: "Text" },
    };
  }
  return {
    contents: {
      ROOT: {
        custom: {},
        displayName: "Container",
        hidden: false,
        isCanvas: true,
        linkedNodes: {},
        nodes: Object.keys(nodes),
        props: { id: "ROOT" },
        type: { resolvedName: "Container" },
      },
      ...nodes,
    },
    interactions: [{ icon: "", id: "part-0", label: "Continue", subType: "", type: "button" }],
    screenId: `SC${id}`,
  };
}

/** What texts are made of. */
const WORDS = "sign in with your e-mail or phone number and continue 你好 über".split(" ");

function sentence(length: number): string {
  let out = "";
  while (out.length < length) out += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return out.slice(0, length);
}

/** Numbers from 0 to 1 that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const [folder = "", reply = "", elsewhere = ""] = process.argv.slice(2);
const random = generator(FILES);
const made: Made[] = [
  json("snapshot.json", { version: 5 }),
  json("flows/flows.json", { flows: Array.from({ length: FLOWS }, (_, i) => `flow-${i}`).sort() }),
];
let bytes = 0;
for (let i = 0; i < FLOWS; i++) {
  // The graph and the metadata are small: the rest makes up for them.
  const each = ((BYTES - bytes) / (FLOWS - i) - 5_000) / (SCREENS + 1);
  const files = flow(
    i,
    Array.from({ length: SCREENS + 1 }, () => Math.round(each * (0.5 + random()))),
  );
  made.push(...files);
  bytes += files.reduce((sum, file) => sum + file.bytes.length, 0);
}
const files: Record<string, Json> = {};
const others: Record<string, Json> = {};
for (const { path: file, bytes: content, sent } of made) {
  const full = path.join(folder, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, content);
  files[file] = sent;
  const flowOf = /^flows\/flow-(\d+)\/(contents|screen-\d+-0)\.json$/.exec(file);
  const isChanged = flowOf !== null && Number(flowOf[1]) % CHANGED === 0;
  if (flowOf?.[2] === "contents")
    others[file] = graph(
      Array.from({ length: SCREENS }, (_, n) => `${flowOf[1]}-${n}`),
      17.5,
    );
  else others[file] = isChanged ? changed(sent) : sent;
}
fs.writeFileSync(reply, JSON.stringify({ files }));
if (elsewhere !== "") fs.writeFileSync(elsewhere, JSON.stringify({ files: others }));
console.log(bytes);

/** A screen with another text. */
function changed(sent: Json): Json {
  return JSON.parse(JSON.stringify(sent).replace(/"children":"[^"]*"/, '"children":"Another text"')) as Json;
}
