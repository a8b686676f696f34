import * as operations from "../../api/operations/lists.ts";
import { audit } from "../audit.ts";
import { lists, requireList, type List } from "../entities/list.ts";
import { invalidArgument, missingArgument, notFound } from "../error.ts";
import { canonicalAddress, isAddress, isAddressOrRange, isInRange, addressesOrRanges } from "../ip-range.ts";
import type { Project } from "../project.ts";
import { on, type Call, type InputOf, type Service } from "../service.ts";

export const listService: Service = [
  on(operations.create, (input, call) => ({ list: create(call, input) })),
  on(operations.update, (input, call) => {
    const list = requireList(call.project, input.id);
    return { list: save(call, list, input) };
  }),
  on(operations.remove, ({ id }, call) => {
    const list = requireList(call.project, id);
    lists.delete(call.project, id);
    auditList(call, "ListDeleted", list);
    return {};
  }),
  on(operations.load, ({ id }, { project }) => ({ list: requireList(project, id) })),
  on(operations.loadByName, ({ name }, { project }) => {
    const list = lists.named(project, name);
    if (list === undefined) throw notFound(`There is no list called ${name}`);
    return { list };
  }),
  on(operations.loadAll, (_input, { project }) => ({ lists: lists.all(project) })),
  on(operations.importAll, ({ lists: given }, call) => {
    for (const input of given) {
      const before = input.id ? lists.get(call.project, input.id) : undefined;
      if (before === undefined) create(call, input);
      else save(call, before, input);
    }
    return {};
  }),
  on(operations.clear, ({ id }, call) => {
    const list = requireList(call.project, id);
    keep(call, { ...list, data: emptyData(list.type) });
    return {};
  }),
  on(operations.addIps, ({ id, ips }, call) => {
    const list = requireList(call.project, id, "ips");
    addressesOrRanges("ips", ips);
    const known = new Set(list.data.map(canonicalAddress));
    const fresh = ips.filter((ip) => {
      const isNew = !known.has(canonicalAddress(ip));
      known.add(canonicalAddress(ip));
      return isNew;
    });
    keep(call, { ...list, data: [...list.data, ...fresh] });
    return {};
  }),
  on(operations.removeIps, ({ id, ips }, call) => {
    const list = requireList(call.project, id, "ips");
    const gone = new Set(ips.map(canonicalAddress));
    keep(call, { ...list, data: list.data.filter((ip) => !gone.has(canonicalAddress(ip))) });
    return {};
  }),
  on(operations.checkIp, ({ id, ip }, { project }) => {
    const list = requireList(project, id, "ips");
    if (!isAddressOrRange(ip)) throw invalidArgument(`The ip field must be an address, not ${ip}`);
    const exists = isAddress(ip)
      ? list.data.some((range) => isInRange(ip, range) === true)
      : list.data.some((range) => canonicalAddress(range) === canonicalAddress(ip));
    return { exists };
  }),
  on(operations.addTexts, ({ id, texts }, call) => {
    const list = requireList(call.project, id, "texts");
    keep(call, { ...list, data: [...new Set([...list.data, ...texts])] });
    return {};
  }),
  on(operations.removeTexts, ({ id, texts }, call) => {
    const list = requireList(call.project, id, "texts");
    keep(call, { ...list, data: list.data.filter((text) => !texts.includes(text)) });
    return {};
  }),
  on(operations.checkText, ({ id, text, texts, matchAll }, { project }) => {
    const { data } = requireList(project, id, "texts");
    const wanted = texts?.length ? texts : text == null ? [] : [text];
    if (wanted.length === 0) throw missingArgument("One of the text and texts fields is required");
    const has = (item: string) => data.includes(item);
    return { exists: matchAll === true ? wanted.every(has) : wanted.some(has) };
  }),
];

/** What a request says of a list. */
type ListInput = InputOf<typeof operations.create>;

function create(call: Call, input: ListInput & { readonly id?: string | null | undefined }): List {
  const list = listOf(call.project, input.id || call.project.ids.next("LST"), input);
  lists.put(call.project, list);
  auditList(call, "ListCreated", list);
  return list;
}

function save(call: Call, before: List, input: ListInput): List {
  return keep(call, listOf(call.project, before.id, input));
}

function keep(call: Call, list: List): List {
  lists.put(call.project, list);
  auditList(call, "ListUpdated", list);
  return list;
}

function listOf(project: Project, id: string, { name, description, type, data }: ListInput): List {
  if (name === "") throw missingArgument("The name field is empty");
  const named = lists.named(project, name);
  if (named !== undefined && named.id !== id) throw invalidArgument(`There is a list called ${name} already`);
  const members = { id, name, description: description ?? "" };
  const given = data ?? emptyData(type);
  if (type === "json") {
    if (Array.isArray(given)) throw invalidArgument("The data field must be an object for the type json");
    return { ...members, type, data: given as Readonly<Record<string, unknown>> };
  }
  // What is not set comes as an empty object from some clients.
  if (!Array.isArray(given) && Object.keys(given).length > 0)
    throw invalidArgument(`The data field must be a list of strings for the type ${type}`);
  const items = Array.isArray(given) ? (given as readonly string[]) : [];
  if (type === "ips") addressesOrRanges("data", items);
  return { ...members, type, data: [...new Set(items)] };
}

function emptyData(type: List["type"]): never {
  return (type === "json" ? {} : []) as never;
}

function auditList({ project, actorId }: Call, action: string, { id, name }: List): void {
  audit(project, { action, actorId, data: { listId: id, name } });
}
