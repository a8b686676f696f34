import fs from "node:fs";
import path from "node:path";
import type { Behaviour, Replies, Reply, Wire } from "../case.ts";
import { isObject, parseWire } from "../wire.ts";

function read(file: string): unknown {
  return parseWire(fs.readFileSync(path.join(import.meta.dir, "..", file), "utf8"));
}

const { replies } = read("cases.json") as { replies: Replies };
const recordings = read("recorded.json") as Readonly<Record<string, Behaviour>>;

/** A member of the JSON that was recorded in a case. */
export function recorded(id: string, key: string): Wire {
  const json = recordings[id]?.json;
  if (!isObject(json) || json[key] === undefined) throw new Error(`${id} has no recorded "${key}"`);
  return json[key];
}

/** What the server says to a request in every case. */
export function reply(to: string): Wire {
  const found = replies[to] as Reply | undefined;
  if (found?.body === undefined) throw new Error(`nothing is said to ${to}`);
  return found.body;
}

/** A member of what the server says to a request in every case. */
export function replyMember(to: string, key: string): Wire {
  const body = reply(to);
  if (!isObject(body) || body[key] === undefined) throw new Error(`no "${key}" is said to ${to}`);
  return body[key];
}
