import type { Api } from "../../api/client.ts";
import { search } from "../../api/operations/audit.ts";
import { member } from "../../api/record.ts";
import { Failure } from "../../failure.ts";
import { isJsonObject, isRawNumber, type Json } from "../../json/value.ts";
import { kindOf, nameOf, type Address } from "../model/address.ts";
import type { Drifted } from "./drift.ts";

/** A record of the audit trail that may tell who changed something. */
export interface Trace {
  /** Who did it: a user's or key's id, or what else the trail says. */
  readonly actor: string;
  /** ISO 8601. */
  readonly time: string;
  readonly action: string;
}

/** What the audit trail says of what drifted. */
export interface Traces {
  /** The newest records first, by address. */
  readonly byAddress: ReadonlyMap<Address, readonly Trace[]>;
  /** What could not be found out, and why. */
  readonly notes: readonly string[];
}

/** The trail reaches back so far, and takes so many searches in a minute. */
const DAYS = 30;
const SEARCHES = 9;
const MOST = 3;

/** What users do all day and what says nothing of settings. */
const OTHERS =
  /^(?:Login|Logout|Session|OTP|Magic|Enchanted|User(?!Management)|Tenant|AccessKey|Token|Refresh|Password)/i;

/** Asks the audit trail for records that name what drifted. Nothing that it says or does not say is a failure. */
export async function traces(api: Api, drifted: readonly Drifted[], now: number): Promise<Traces> {
  const byAddress = new Map<Address, readonly Trace[]>();
  const notes: string[] = [];
  const byText = Map.groupBy(
    drifted.toSorted((a, b) => Number(a.tier === "added") - Number(b.tier === "added")),
    ({ address }) => textFor(address),
  );
  let silent = 0;
  for (const [text, entities] of [...byText].slice(0, SEARCHES)) {
    let found: Trace[];
    try {
      found = await recordsOf(api, text, now);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      notes.push(`The audit trail could not be searched: ${error.message}`);
      break;
    }
    if (found.length === 0) silent += entities.length;
    for (const { address } of found.length === 0 ? [] : entities) byAddress.set(address, found);
  }
  if (silent > 0)
    notes.push(
      `The audit trail names nobody for ${silent} of them: it reaches back ${DAYS} days, and does not hold every change`,
    );
  const left = [...byText].slice(SEARCHES).flatMap(([, entities]) => entities).length;
  if (left > 0)
    notes.push(
      `The audit trail was not asked about ${left} of ${drifted.length}: it takes 10 searches in a minute`,
    );
  return { byAddress, notes };
}

/** What a record names that tells of an entity: settings have no name of their own there. */
function textFor(address: Address): string {
  return ["project", "auth", "file"].includes(kindOf(address)) ? "Project" : nameOf(address);
}

async function recordsOf(api: Api, text: string, now: number): Promise<Trace[]> {
  const reply = await api.call(search, {
    text,
    from: now - DAYS * 86_400_000,
    to: now,
    size: 50,
    page: 0,
    noTenants: false,
  });
  const records = member(reply, "audits");
  return (Array.isArray(records) ? records : []).flatMap(traceOf).slice(0, MOST);
}

function traceOf(record: Json): Trace[] {
  if (!isJsonObject(record)) return [];
  const action = textOf(record.action);
  const time = Number(isRawNumber(record.occurred) ? record.occurred.rawJSON : record.occurred);
  if (action === "" || OTHERS.test(action) || !Number.isFinite(time) || Math.abs(time) > 8.64e15) return [];
  const actor = [record.actorId, record.userId].map(textOf).find((one) => one !== "") ?? "somebody";
  return [{ actor, time: new Date(time).toISOString(), action }];
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
