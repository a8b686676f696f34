import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import type { Json } from "../../json/value.ts";
import { matchesAddress, writePlace, type Address, type Place } from "../model/address.ts";
import type { Entity } from "../model/entity.ts";
import { isSecretMember } from "../model/normalise.ts";
import { placesOf, withoutValue, withValue } from "../model/place.ts";
import { covers, readSegment, writePointer, type Pointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import type { Environment, Origin } from "./environment.ts";

/** Something wrong with an environment's rules. */
export interface RuleProblem {
  readonly level: "error" | "warning";
  readonly code: string;
  readonly origin: Origin;
  readonly text: string;
}

/** A snapshot as an environment wants it. */
export interface Overlaid {
  readonly snapshot: Snapshot;
  /** Places whose value came from the environment's file. */
  readonly touched: readonly Place[];
  readonly problems: readonly RuleProblem[];
}

/**
 * Puts an environment's own values into a snapshot. The files stay as they are: only the entities change.
 *
 * @param variable the value of an environment variable; only those that the rules name are asked for.
 */
export function overlay(
  snapshot: Snapshot,
  environment: Environment,
  variable: (name: string) => string | undefined,
): Overlaid {
  const entities = new Map(snapshot.entities);
  const touched: Place[] = [];
  const problems: RuleProblem[] = [];
  const problem = (origin: Origin, code: string, text: string) =>
    void problems.push({ level: "error", code, origin, text });

  const each = (at: Place, origin: Origin, change: (entity: Entity) => boolean): void => {
    const matched = [...entities.values()].filter(({ address }) => matchesAddress(at.address, address));
    if (matched.length === 0)
      return problem(origin, "rule-unused", `${writePlace(at)}: there is no ${at.address} in the snapshot`);
    const done = matched.map((entity) => change(entity)).some((changed) => changed);
    if (!done)
      problem(
        origin,
        "rule-unused",
        `${writePlace(at)}: nothing in ${at.address} is at ${writePointer(at.pointer)}`,
      );
  };

  for (const { at, origin, value, variable: name } of environment.set) {
    const ignored = environment.ignore.find(
      (rule) => matchesAddress(rule.at.address, at.address) && covers(rule.at.pointer, at.pointer),
    );
    if (ignored !== undefined) {
      problem(
        origin,
        "set-ignored",
        `${writePlace(at)} is set here and ignored by ${writePlace(ignored.at)}`,
      );
      continue;
    }
    if (isSecretPlace(at)) {
      problem(
        origin,
        "set-secret",
        `${writePlace(at)} holds a secret: name its source under "secrets" instead`,
      );
      continue;
    }
    const read = name === undefined ? value : readVariable(name, variable(name));
    if (read === undefined) {
      problem(
        origin,
        "variable-missing",
        `${writePlace(at)} takes its value from ${name as string}, which is not set`,
      );
      continue;
    }
    each(at, origin, (entity) => {
      const places = at.pointer.includes("*") ? placesOf(entity.content, at.pointer) : [at.pointer];
      let content: Json = entity.content;
      for (const pointer of places) {
        const changed = withValue(content, pointer, read);
        if (changed === undefined) return false;
        content = changed;
        touched.push({ address: entity.address, pointer });
      }
      entities.set(entity.address, { ...entity, content });
      return places.length > 0;
    });
  }
  for (const { at, origin } of environment.unset) {
    if (at.pointer.length === 0) {
      problem(
        origin,
        "rule-malformed",
        `${writePlace(at)} names no place; whole entities are listed under "delete"`,
      );
      continue;
    }
    each(at, origin, (entity) => {
      const places = placesOf(entity.content, at.pointer);
      let content: Json = entity.content;
      // From the last on, so that positions in lists stay true.
      for (const pointer of places.toReversed()) {
        content = withoutValue(content, pointer);
        touched.push({ address: entity.address, pointer });
      }
      entities.set(entity.address, { ...entity, content });
      return places.length > 0;
    });
  }
  return { snapshot: { ...snapshot, entities }, touched, problems };
}

function isSecretPlace({ address, pointer }: Place): boolean {
  const step = readSegment(pointer.at(-1) ?? "");
  return step.kind === "key" && isSecretMember(address, step.key);
}

/** A variable's value: JSON where it is an object, a list, a number or a word of JSON, else the text itself. */
function readVariable(name: string, text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  if (!name.endsWith("_JSON")) return text;
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return undefined;
    throw error;
  }
}

/** True when a place was set by the environment, or stands in or above one that was. */
export function isFromOverlay(touched: readonly Place[], address: Address, pointer: Pointer): boolean {
  return touched.some(
    (place) =>
      place.address === address && (covers(place.pointer, pointer) || covers(pointer, place.pointer)),
  );
}
