import { Failure } from "../failure.ts";
import { isRawNumber, type Json } from "../json/value.ts";
import type { Api, Input } from "./client.ts";
import type { Operation } from "./operation.ts";
import { member } from "./record.ts";

/** Which part of a long list is wanted. */
export interface Wanted {
  /** Every page; `page` is then the first one. */
  readonly all: boolean;
  /** Items on a page; 0 is the server's own size. */
  readonly size: number;
  /** Counted from 0. */
  readonly page: number;
}

export interface Loaded {
  /** The items as they came; undefined when the reply has none. */
  readonly items: Json[] | undefined;
  /** What to say when the server has more than was loaded; undefined when it has not. */
  more(noun: string): string | undefined;
}

/** More pages than this are not a list but a server that repeats itself. */
const MOST_PAGES = 100_000;

/**
 * Loads one page of a list or, where all is wanted, page after page until one is empty or the server's total is reached. Items that
 * come twice because the pages moved underneath are dropped.
 *
 * @param input makes the request for a page.
 * @throws {Failure} what a call throws, and "bad_reply" when the pages bring nothing new without an end.
 */
export async function loadPage(
  api: Api,
  operation: Operation,
  wanted: Wanted,
  input: (size: number, page: number) => Input,
  progress: { update(detail: string): void; stop(): void },
): Promise<Loaded> {
  const { paging } = operation;
  if (paging === undefined) throw new Error(`${operation.path} has no pages`);
  try {
    if (!wanted.all) {
      const reply = await api.call(operation, input(wanted.size, wanted.page));
      const items = itemsOf(reply, paging.items);
      const total = totalOf(reply);
      const seen = wanted.page * wanted.size + (items?.length ?? 0);
      return {
        items,
        more: (noun) => (total > seen ? `${total} ${noun} exist: --all loads them all` : undefined),
      };
    }
    const size = wanted.size === 0 ? paging.largest : wanted.size;
    const found = new Map<string, Json>();
    for (let page = wanted.page; page < wanted.page + MOST_PAGES; page++) {
      const reply = await api.call(operation, input(size, page));
      const items = itemsOf(reply, paging.items) ?? [];
      const before = found.size;
      for (const item of items) {
        const identity = member(item, paging.identity);
        found.set(typeof identity === "string" ? identity : JSON.stringify(item), item);
      }
      progress.update(String(found.size));
      // A server may give smaller pages than it was asked for: a short page is the end only where no total is named.
      const total = totalOf(reply);
      const reached = total > 0 ? found.size >= total : items.length < size;
      if (items.length === 0 || reached) return { items: [...found.values()], more: () => undefined };
      if (found.size === before) break;
    }
    throw new Failure("The server's reply cannot be used: its pages repeat without an end", {
      code: "bad_reply",
    });
  } finally {
    progress.stop();
  }
}

function itemsOf(reply: Json, key: string): Json[] | undefined {
  const items = member(reply, key);
  if (items === undefined || items === null) return undefined;
  if (!Array.isArray(items))
    throw new Failure(`The server's reply cannot be used: ${key} is not a list`, { code: "bad_reply" });
  return items;
}

function totalOf(reply: Json): number {
  const total = member(reply, "total");
  if (isRawNumber(total)) return Number(total.rawJSON);
  return typeof total === "number" ? total : 0;
}
