import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { readSegment, type Pointer, type Step } from "./pointer.ts";

/**
 * Reading and changing values at places in an entity's content. Values are never changed in place: what leads to a changed value is
 * copied, all else is shared.
 */

/** The value at a place; undefined where there is none. */
export function valueAt(content: Json | undefined, pointer: Pointer): Json | undefined {
  let here = content;
  for (const segment of pointer) {
    if (here === undefined) return undefined;
    here = child(here, readSegment(segment));
  }
  return unwrap(here, pointer);
}

/** Every concrete place that a pattern with `*` leads to. A pattern without one leads to its own place, if there is a value. */
export function placesOf(content: Json, pattern: Pointer): Pointer[] {
  let places: { readonly pointer: Pointer; readonly value: Json }[] = [{ pointer: [], value: content }];
  for (const segment of pattern) {
    const step = readSegment(segment);
    places = places.flatMap(({ pointer, value }) => {
      const inner = unwrapInner(value);
      if (step.kind === "any")
        return children(inner).map(([name, one]) => ({ pointer: [...pointer, name], value: one }));
      const found = child(inner, step);
      return found === undefined ? [] : [{ pointer: [...pointer, segment], value: found }];
    });
  }
  return places.map(({ pointer }) => pointer);
}

/**
 * The content with `value` at a place: parents that are missing are made, an item that is missing is put at the end of its list.
 * Undefined when a parent is neither an object nor a list.
 */
export function withValue(content: Json | undefined, pointer: Pointer, value: Json): Json | undefined {
  const [segment, ...rest] = pointer;
  if (segment === undefined) return isInline(content) ? { ...(content as JsonObject), value } : value;
  const step = readSegment(segment);
  if (step.kind === "any") return undefined;
  if (Array.isArray(content)) {
    const index = indexOf(content, step);
    if (index === undefined) return undefined;
    const inner = withValue(content[index], rest, value);
    if (inner === undefined) return undefined;
    const copy = [...content];
    copy[index] = inner;
    return copy;
  }
  if (content !== undefined && !isJsonObject(content)) return undefined;
  if (step.kind === "item") {
    if (content !== undefined) return undefined;
    const inner = withValue(undefined, rest, value);
    return inner === undefined ? undefined : [inner];
  }
  const own = content !== undefined && Object.hasOwn(content, step.key) ? content[step.key] : undefined;
  const wrapped = isInline(content) && step.key !== "value" && step.key !== "type";
  if (wrapped) {
    const inner = withValue((content as JsonObject).value, pointer, value);
    return inner === undefined ? undefined : { ...(content as JsonObject), value: inner };
  }
  const inner = withValue(own, rest, value);
  return inner === undefined ? undefined : withMember(content, step.key, inner);
}

/** The content without the value at a place; the same when there is none. */
export function withoutValue(content: Json, pointer: Pointer): Json {
  const [segment, ...rest] = pointer;
  if (segment === undefined) return content;
  const step = readSegment(segment);
  if (Array.isArray(content)) {
    const index = indexOf(content, step);
    if (index === undefined || index >= content.length) return content;
    if (rest.length === 0) return content.filter((_, i) => i !== index);
    const copy = [...content];
    copy[index] = withoutValue(content[index] ?? null, rest);
    return copy;
  }
  if (!isJsonObject(content)) return content;
  if (isInline(content) && step.kind === "key" && step.key !== "value" && step.key !== "type")
    return { ...content, value: withoutValue(content.value ?? null, pointer) };
  if (step.kind !== "key" || !Object.hasOwn(content, step.key)) return content;
  if (rest.length > 0) return withMember(content, step.key, withoutValue(content[step.key] ?? null, rest));
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== step.key));
}

function withMember(content: JsonObject | undefined, key: string, value: Json): JsonObject {
  const entries = Object.entries(content ?? {});
  const index = entries.findIndex(([name]) => name === key);
  if (index === -1) entries.push([key, value]);
  else entries[index] = [key, value];
  return Object.fromEntries(entries);
}

function indexOf(items: readonly Json[], step: Step): number | undefined {
  if (step.kind === "item") {
    const index = items.findIndex((item) => isJsonObject(item) && item[step.by] === step.value);
    return index === -1 ? items.length : index;
  }
  if (step.kind === "any" || !/^\d+$/.test(step.key)) return undefined;
  const index = Number(step.key);
  return index <= items.length ? index : undefined;
}

function child(content: Json, step: Step): Json | undefined {
  if (Array.isArray(content)) {
    const index = indexOf(content, step);
    return index === undefined ? undefined : content[index];
  }
  if (!isJsonObject(content) || step.kind !== "key") return undefined;
  if (Object.hasOwn(content, step.key)) return content[step.key];
  return isInline(content) ? child(content.value ?? null, step) : undefined;
}

function children(content: Json): [string, Json][] {
  if (Array.isArray(content)) return content.map((item, i) => [String(i), item]);
  return isJsonObject(content) ? Object.entries(content).map(([key, value]) => [key, value]) : [];
}

/** An argument of a task: `{"type": "inline", "value": …}`, whose place is its value's. */
function isInline(content: Json | undefined): boolean {
  if (!isJsonObject(content) || content.type !== "inline") return false;
  return Object.keys(content).every((key) => key === "type" || key === "value");
}

function unwrap(content: Json | undefined, pointer: Pointer): Json | undefined {
  return pointer.at(-2) === "arguments" && isInline(content) ? (content as JsonObject).value : content;
}

function unwrapInner(content: Json): Json {
  return isInline(content) ? ((content as JsonObject).value ?? null) : content;
}
