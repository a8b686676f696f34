import { invalidArgument, notFound } from "../error.ts";
import type { Project } from "../project.ts";
import { Collection } from "../store/collection.ts";

/** A list of texts or addresses, or an object, that flows look things up in. */
export type List = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
} & (
  | { readonly type: "texts" | "ips"; readonly data: readonly string[] }
  | { readonly type: "json"; readonly data: Readonly<Record<string, unknown>> }
);

type ListOf<T extends List["type"]> = List & { readonly type: T };

export const lists = new Collection<List>(
  "list",
  ({ id }) => id,
  ({ name }) => name,
);

/** @throws {EmulatorError} when there is none with that id, or it is of another type than `type`. */
export function requireList(project: Project, id: string): List;
export function requireList<T extends "texts" | "ips">(project: Project, id: string, type: T): ListOf<T>;
export function requireList(project: Project, id: string, type?: List["type"]): List {
  const found = lists.get(project, id);
  if (found === undefined) throw notFound(`There is no list ${id}`);
  if (type !== undefined && found.type !== type)
    throw invalidArgument(`The list ${id} is of the type ${found.type}, not ${type}`);
  return found;
}
