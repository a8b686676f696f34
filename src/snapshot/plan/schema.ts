import * as v from "valibot";
import { PLAN_SCHEMA } from "./plan.ts";

/** A plan's file as it is read: what is not known is left alone, so that later versions may say more. */

const json = v.custom<unknown>(() => true);
const texts = v.array(v.string());
const hash = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));

const after = v.looseObject({
  content: json,
  hash,
  assets: v.record(v.string(), v.string()),
  ids: v.record(v.string(), v.string()),
  file: v.optional(v.string()),
  list: v.optional(v.looseObject({ path: v.string(), member: v.string() })),
  index: v.optional(v.looseObject({ path: v.string(), member: v.string(), entry: v.string() })),
  screenFiles: v.optional(v.record(v.string(), v.string())),
});

const field = v.looseObject({
  path: v.string(),
  op: v.picklist(["add", "remove", "change", "reorder"]),
  old: json,
  new: json,
  sensitive: v.boolean(),
  from: v.picklist(["folder", "overlay"]),
});

const change = v.looseObject({
  address: v.string(),
  kind: v.string(),
  action: v.picklist(["create", "update", "rename", "delete"]),
  class: v.picklist(["change", "conflict", "resolved"]),
  before: v.nullable(hash),
  desired: v.nullable(v.looseObject({ hash, shape: v.optional(json) })),
  after: v.nullable(after),
  previousAddress: v.nullable(v.string()),
  fields: v.array(field),
  graph: v.array(
    v.looseObject({
      op: v.picklist(["add", "remove", "change"]),
      subject: v.string(),
      weight: v.string(),
      step: v.nullable(v.string()),
      heading: v.nullable(v.string()),
      words: v.string(),
      lines: texts,
    }),
  ),
  picture: v.optional(
    v.looseObject({ boxes: v.array(v.looseObject({})), arrows: v.array(v.looseObject({})) }),
  ),
  risk: v.array(
    v.looseObject({ code: v.string(), level: v.picklist(["high", "medium", "note"]), text: v.string() }),
  ),
  noiseHidden: v.number(),
  references: texts,
});

const secret = v.looseObject({
  address: v.string(),
  at: v.string(),
  name: v.string(),
  write: v.picklist(["keep", "create", "rotate", "clear"]),
  source: v.nullable(v.string()),
  version: v.nullable(v.number()),
});

const left = v.looseObject({ address: v.string(), fields: texts, why: v.string() });

export const planSchema = v.looseObject({
  schema: v.literal(PLAN_SCHEMA),
  tool: v.string(),
  createdAt: v.string(),
  normalizer: v.number(),
  mode: v.picklist(["apply", "sync"]),
  fingerprint: v.pipe(v.string(), v.regex(/^dp1-[0-9a-f]{64}$/)),
  target: v.looseObject({
    project: v.string(),
    baseUrl: v.string(),
    name: v.optional(v.string()),
    environment: v.optional(v.string()),
  }),
  source: v.looseObject({
    path: v.string(),
    git: v.optional(v.string()),
    dirty: v.optional(v.boolean()),
    overlay: v.optional(v.string()),
    flags: v.optional(v.array(v.string())),
  }),
  base: v.looseObject({
    kind: v.picklist(["receipt", "git", "folder", "none"]),
    fingerprint: v.optional(v.string()),
    label: v.optional(v.string()),
  }),
  scope: v.looseObject({ only: texts, except: texts }),
  ignore: texts,
  protection: v.picklist(["production", "none", "unknown"]),
  allowDelete: v.nullable(v.number()),
  complete: v.boolean(),
  applyable: v.boolean(),
  blocked: v.array(v.looseObject({ code: v.string(), address: v.string(), text: v.string() })),
  summary: v.record(v.string(), v.number()),
  changes: v.array(change),
  secrets: v.array(secret),
  observed: v.record(v.string(), v.nullable(hash)),
  state: v.optional(v.record(v.string(), v.string())),
  conflicts: v.array(v.looseObject({ at: v.string(), ours: json, theirs: json, last: v.optional(json) })),
  drift: v.array(left),
  kept: v.array(left),
  accepted: v.record(
    v.string(),
    v.looseObject({ desired: hash, live: hash, liveShape: v.optional(json), desiredShape: v.optional(json) }),
  ),
  unmanaged: texts,
  same: texts,
  noise: v.record(v.string(), v.number()),
  noiseList: v.optional(texts),
  warnings: texts,
  checksum: hash,
});
