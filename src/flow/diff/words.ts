import type { Difference } from "../../diff/json.ts";
import { asText, member } from "../../json/look.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import type { Edge, Flow, Step } from "../graph/model.ts";
import { componentText, valueText, type Component } from "../graph/task.ts";
import { valueChange } from "./change-list.ts";

/** Of a text in passing, no more than this is shown. */
const LONG = 80;

export function differenceWords({ path, old, new: now }: Difference): string {
  return `${path.join(".")} ${valueChange(old, now)}`;
}

export function stepWords(step: Step | undefined, id: string): string {
  if (step === undefined) return `step ${id}`;
  const detail = step.detail === "" ? "" : `, ${step.detail}`;
  return `${step.kind} "${step.name}" (step ${id}${detail})`;
}

export function nameOf(flow: Flow, id: string): string {
  const step = flow.steps.get(id);
  if (step === undefined) return `step ${id}`;
  const isAmbiguous = [...flow.steps.values()].some((other) => other.id !== id && other.name === step.name);
  return isAmbiguous ? `"${step.name}" (${id})` : `"${step.name}"`;
}

/** The way as an arrow with its words on it. */
export function wayWords({ label, kind }: Edge): string {
  const words = label === "" && kind === "success" ? "next" : label;
  return words === "" ? "-->" : `--${words}-->`;
}

export function componentWords(component: Component): string {
  const name = component.displayName === "" ? component.type : component.displayName;
  const text = componentText(component);
  const short = text.length > LONG ? `${text.slice(0, LONG)}…` : text;
  return text === name || text === component.type ? name || component.id : `${name} "${short}"`;
}

export function errorWords(handling: Json): string {
  const how = asText(member(handling, "errorHandlingType"));
  const message = asText(member(handling, "errorMessage"));
  return message === "" ? how : `${how} "${message}"`;
}

export function itemWords(item: Json): string {
  if (!isJsonObject(item)) return valueText(item);
  const { key: _key, type, value } = item;
  return type === "context" ? `the value of ${asText(value)}` : valueText(value ?? null);
}
