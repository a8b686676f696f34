import { isRawNumber, type Json, type JsonObject } from "../json/value.ts";
import type { Project } from "./project.ts";
import { getObject } from "./snapshot/snapshot-files.ts";

const MILLISECONDS: Readonly<Record<string, number>> = {
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
};

/** A method's settings: `auth/<method>.json`. */
export function methodSettings(project: Project, method: string): JsonObject {
  return getObject(project, `auth/${method}.json`);
}

/** The project's general settings: `project.json`. */
export function projectSettings(project: Project): JsonObject {
  return getObject(project, "project.json");
}

/** A duration that stands as `<key>` and `<key>Unit`, in milliseconds. */
export function duration(settings: JsonObject, key: string, fallback: number): number {
  const amount = number(settings[key]);
  const unit = settings[`${key}Unit`];
  if (amount === undefined || amount <= 0) return fallback;
  return amount * (MILLISECONDS[typeof unit === "string" ? unit : "minutes"] ?? 60_000);
}

/** A number of the settings. */
export function number(content: Json | undefined): number | undefined {
  if (isRawNumber(content)) return Number(content.rawJSON);
  return typeof content === "number" ? content : undefined;
}

/** A text of the settings; empty where there is none. */
export function text(content: Json | undefined): string {
  return typeof content === "string" ? content : "";
}
