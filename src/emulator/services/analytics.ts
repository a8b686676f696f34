import * as operations from "../../api/operations/analytics.ts";
import { invalidArgument } from "../error.ts";
import { on, type Service } from "../service.ts";
import { allAudits } from "./audit.ts";

/** Counts of what the trail holds. */
export const analyticsService: Service = [
  on(operations.search, (query, { project }) => {
    const grouped = GROUPS.filter(([flag]) => query[flag] === true).map(([, member]) => member);
    const unit = query.groupByCreated || undefined;
    if (unit !== undefined && !Object.hasOwn(PERIODS, unit))
      throw invalidArgument(`The groupByCreated field must be ${Object.keys(PERIODS).join(", ")}`);
    const counts = new Map<string, { readonly row: Readonly<Record<string, string>>; count: number }>();
    for (const record of allAudits(project, query, KEPT)) {
      const all = {
        action: record.action,
        device: record.device ?? "Unknown",
        method: record.method ?? "",
        geo: record.geo ?? "",
        // An event of several tenants is one event.
        tenant: record.tenants?.join(",") ?? "",
        // No browser stands in front of an emulator.
        referrer: "",
      };
      const row = {
        projectId: project.id,
        ...Object.fromEntries(grouped.map((member) => [member, all[member]])),
        ...(unit === undefined ? {} : { created: PERIODS[unit as keyof typeof PERIODS](record.occurred) }),
      };
      const key = JSON.stringify(row);
      const before = counts.get(key);
      if (before === undefined) counts.set(key, { row, count: 1 });
      else before.count++;
    }
    return {
      analytics: [...counts.values()].map(({ row, count }) => ({ ...EMPTY, ...row, cnt: String(count) })),
    };
  }),
];

/** How far back is counted: a year. */
const KEPT = 366 * 86_400_000;

const EMPTY = { action: "", created: "0", device: "", method: "", geo: "", tenant: "", referrer: "" };

const GROUPS = [
  ["groupByAction", "action"],
  ["groupByDevice", "device"],
  ["groupByMethod", "method"],
  ["groupByGeo", "geo"],
  ["groupByTenant", "tenant"],
  ["groupByReferrer", "referrer"],
] as const;

const DAY = 86_400_000;

/** The beginning of the hour, day, week (from Monday), month or quarter that a time is in, in UTC, in milliseconds since 1970. */
const PERIODS = {
  h: (time: number) => beginning(time - (time % 3_600_000)),
  d: (time: number) => beginning(time - (time % DAY)),
  // 1970 began on a Thursday.
  w: (time: number) => beginning(time - ((time + 3 * DAY) % (7 * DAY))),
  m: (time: number) => month(time, 1),
  q: (time: number) => month(time, 3),
};

function beginning(milliseconds: number): string {
  return String(milliseconds);
}

function month(time: number, step: number): string {
  const date = new Date(time);
  return beginning(Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / step) * step));
}
