import { hunks } from "../../diff/lines.ts";
import { Failure } from "../../failure.ts";
import { compareFlows, type FlowDiff } from "../../flow/diff/compare.ts";
import { flowRisks } from "../../flow/diff/risk.ts";
import { grouped } from "../../flow/diff/text.ts";
import { diffPicture, flowPicture, type Picture } from "../../flow/draw/picture.ts";
import { readFlow } from "../../flow/graph/build.ts";
import type { Flow } from "../../flow/graph/model.ts";
import { readFlowFolder } from "../../flow/graph/source.ts";
import type { JsonFile } from "../../json/source.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { kindOf, nameOf, type Address } from "../model/address.ts";
import { assetContent, binaryWords, isTextAsset, withImagesHashed } from "../model/assets.ts";
import type { FieldChange } from "../model/compare.ts";
import type { NoiseKind, Surroundings } from "../model/normalise.ts";
import type { GraphChange, Risk } from "./plan.ts";

/** A flow with what its values refer to. */
export interface FlowSide {
  readonly content: Json;
  readonly surroundings: Surroundings;
}

/** What changes in a flow, in the words of flows. */
export interface FlowChange {
  /** Empty where the two mean the same after all. */
  readonly graph: readonly GraphChange[];
  readonly risks: readonly Risk[];
  /** Differences that a newer component library wrote by itself. */
  readonly libraryEffects: number;
  readonly picture: Picture;
}

/** Compares two states of a flow. Undefined where one of them makes no flow that could be read. */
export function flowChange(
  address: Address,
  before: FlowSide | undefined,
  after: FlowSide,
): FlowChange | undefined {
  const right = flowOf(address, after);
  if (right === undefined) return undefined;
  if (before === undefined)
    return { graph: [], risks: [], libraryEffects: 0, picture: asJson(flowPicture(right)) };
  const left = flowOf(address, before);
  if (left === undefined) return undefined;
  const names = new Map([...namesOf(before.surroundings), ...namesOf(after.surroundings)]);
  const diff = compareFlows(left, right, { names });
  return {
    graph: graphOf(diff),
    risks: flowRisks(diff).map(({ code, level, text }) => ({ code, level, text })),
    libraryEffects: diff.noise.find(({ kind }) => kind === "library")?.count ?? 0,
    // Most flows of another component library differ in nothing that is drawn.
    get picture() {
      return asJson(diffPicture(diff));
    },
  };
}

/**
 * How differences are counted where two states of a flow differ in nothing that flows are made of: they were written by the component
 * library, or mean nothing. Undefined where they differ in more than that.
 */
export function unseenIn(
  flow: FlowChange,
  fields: readonly FieldChange[],
): { readonly kind: NoiseKind; readonly count: number } | undefined {
  if (flow.graph.length > 0 || fields.some(({ pointer }) => pointer[0] === BESIDE)) return undefined;
  return flow.libraryEffects > 0
    ? { kind: "component defaults", count: flow.libraryEffects }
    : { kind: "empty values", count: Math.max(1, fields.length) };
}

/** The member of a flow's content that holds files of its folder which no flow is known to have. */
const BESIDE = "files";

/** A picture without members that are there and undefined: it is read back as it was written. */
function asJson(picture: Picture): Picture {
  return JSON.parse(JSON.stringify(picture)) as Picture;
}

/** The flow of an entity's content; undefined where it is none that could be read. */
function flowOf(address: Address, { content, surroundings }: FlowSide): Flow | undefined {
  if (!isJsonObject(content)) return undefined;
  const { metadata, contents, screens, files: _files, ...graph } = content;
  const { screens: _listed, ...settings } = isJsonObject(metadata) ? metadata : {};
  const file = (name: string, value: Json): [string, JsonFile] => [
    name,
    { path: `${address}/${name}`, content: withImagesHashed(value) },
  ];
  const parts = new Map([
    file("metadata.json", settings),
    file("contents.json", { ...graph, ...(isJsonObject(contents) ? contents : {}) }),
    ...Object.values(isJsonObject(screens) ? screens : {}).map((screen, i) =>
      file(`screen-${i}.json`, screen),
    ),
  ]);
  const assets = (name: string): string | undefined => {
    const found = assetContent(surroundings.content, name);
    if (found === undefined || !isTextAsset(name))
      return found === undefined ? undefined : binaryWords(found);
    return found.endsWith("\n") ? found.slice(0, -1) : found;
  };
  try {
    return readFlow(readFlowFolder(nameOf(address), address, parts, assets), {
      flow: () => undefined,
      connector: (id) => {
        const known = surroundings.ids.get(id);
        return known === undefined ? undefined : nameOf(known);
      },
    });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function namesOf({ ids }: Surroundings): [string, string][] {
  return [...ids].map(([id, address]) => [id, `${kindOf(address)}:${nameOf(address)}`]);
}

function graphOf(diff: FlowDiff): GraphChange[] {
  return grouped(diff).flatMap(({ heading, changes }) =>
    changes.map(({ op, subject, weight, step, words, lines }) => ({
      op,
      subject,
      weight,
      step: step ?? null,
      heading: heading ?? null,
      words,
      lines: hunks(lines ?? []).flatMap((hunk) => [
        `@@ line ${hunk.left} -> ${hunk.right} @@`,
        ...hunk.lines.map(
          (line) => `${line.op === "same" ? " " : line.op === "add" ? "+" : "-"} ${line.text}`,
        ),
      ]),
    })),
  );
}
