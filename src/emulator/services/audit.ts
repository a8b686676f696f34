import type { SQLQueryBindings } from "bun:sqlite";
import * as operations from "../../api/operations/audit.ts";
import { audit, type AuditRecord } from "../audit.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { text } from "../project-settings.ts";
import { on, type InputOf, type Service } from "../service.ts";
import { slug } from "../snapshot/flow-files.ts";
import { getIndex, getObject, putFile } from "../snapshot/snapshot-files.ts";
import { read } from "../store/store.ts";
import { userById } from "../users/user-store.ts";
import type { JsonObject } from "../../json/value.ts";

export const auditService: Service = [
  on(operations.search, (query, { project }) => {
    const { records, total } = searchAudit(project, query);
    return { audits: records.map(auditReply), total };
  }),
  on(operations.createEvent, ({ action, type, actorId, tenantId, userId, data }, { project }) => {
    const tenants = tenantId ? [requireTenant(project, tenantId).id] : [];
    const user = userId ? userById(project, userId) : undefined;
    audit(project, {
      action,
      type,
      actorId,
      tenants,
      // Also of users whom the project does not know: the trail may tell of other systems.
      ...(userId ? { userId, loginIds: user?.loginIds ?? [] } : {}),
      ...(data == null ? {} : { data }),
    });
    return {};
  }),
  on(operations.setWebhook, (input, { project, actorId }) => {
    if (!URL.canParse(input.url ?? "")) throw invalidArgument("The url field must be an address");
    for (const { filterType, operator } of input.filters ?? []) {
      if (!FILTERED.includes(filterType))
        throw invalidArgument(`The filterType field must be ${FILTERED.join(", ")}`);
      if (!["includes", "excludes"].includes(operator))
        throw invalidArgument("The operator field must be includes or excludes");
    }
    putWebhook(project, input);
    audit(project, { action: "AuditWebhookModified", actorId, data: { name: input.name } });
    return {};
  }),
];

/** The type of the connector that a webhook is. */
const WEBHOOK = "audit-webhook";

/** What the filters of a webhook look at. */
const FILTERED = ["actions", "tenants"];

type WebhookInput = InputOf<typeof operations.setWebhook>;

/** Keeps a webhook as the connector that it is; its secrets are not kept, for nothing is sent to it. */
function putWebhook(
  project: Project,
  { name, description, url, headers, insecure, filters }: WebhookInput,
): void {
  const index = "connectors/connectors.json";
  const part = slug(name);
  const file = `connectors/${part}.json`;
  const before = getObject(project, file);
  if (before.type !== undefined && (before.type !== WEBHOOK || before.name !== name))
    throw invalidArgument(`There is another connector called ${text(before.name)} in the place of ${name}`);
  putFile(project, file, {
    id: text(before.id) || project.ids.next("CI"),
    name,
    description: description ?? "",
    type: WEBHOOK,
    configuration: {
      baseUrl: url ?? "",
      headers: (headers ?? {}) as JsonObject,
      insecure: insecure ?? false,
      auditFilters: (filters ?? []).map(({ filterType, operator, values }) => ({
        key: filterType,
        operator,
        values: [...(values ?? [])],
      })),
    },
  });
  putFile(project, index, {
    connectors: [...new Set([...getIndex(project, index, "connectors"), part])].sort(),
  });
}

type Texts = readonly string[] | null | undefined;
type Time = number | string | null | undefined;

/** What a search of the trail asks for. Null, "", 0, negative times and empty lists ask for nothing. */
export interface AuditQuery {
  readonly text?: string | null | undefined;
  readonly from?: Time;
  readonly to?: Time;
  readonly size?: number | null | undefined;
  readonly page?: number | null | undefined;
  readonly oldestFirst?: boolean | null | undefined;
  readonly noTenants?: boolean | null | undefined;
  readonly userIds?: Texts;
  readonly actorIds?: Texts;
  readonly actions?: Texts;
  readonly excludedActions?: Texts;
  readonly devices?: Texts;
  readonly methods?: Texts;
  readonly geos?: Texts;
  readonly remoteAddresses?: Texts;
  readonly externalIds?: Texts;
  readonly excludedExternalIds?: Texts;
  readonly loginIdsContain?: Texts;
  readonly loginIdsNotContain?: Texts;
  readonly tenants?: Texts;
  readonly auditTypes?: Texts;
  readonly levels?: Texts;
}

/** No more of the trail can be searched, as with Descope. */
const KEPT = 30 * 86_400_000;

/** Records on a page at most, and where the request does not say. */
const LARGEST_PAGE = 1000;

/** A page of the records that fit, the newest first unless asked otherwise, and how many fit in all. */
function searchAudit(
  project: Project,
  query: AuditQuery,
): { readonly records: AuditRecord[]; readonly total: number } {
  const size = query.size == null || query.size === 0 ? LARGEST_PAGE : query.size;
  const page = query.page ?? 0;
  if (size < 0 || size > LARGEST_PAGE || page < 0)
    throw invalidArgument(`The size field must be 0 to ${LARGEST_PAGE}, the page field 0 or more`);
  const { where, values } = conditions(project, query);
  const direction = query.oldestFirst === true ? "ASC" : "DESC";
  const records = project.store
    .all<{ doc: string }>(
      `SELECT doc FROM audit WHERE ${where} ORDER BY occurred ${direction}, seq ${direction} LIMIT ? OFFSET ?`,
      ...values,
      size,
      page * size,
    )
    .map(({ doc }) => read<AuditRecord>(doc));
  const total =
    project.store.get<{ n: number }>(`SELECT count(*) AS n FROM audit WHERE ${where}`, ...values)?.n ?? 0;
  return { records, total };
}

/** All records that fit, however long ago they are from. */
export function* allAudits(project: Project, query: AuditQuery, kept: number): Generator<AuditRecord> {
  const { where, values } = conditions(project, query, kept);
  for (const { doc } of project.store.all<{ doc: string }>(
    `SELECT doc FROM audit WHERE ${where} ORDER BY occurred, seq`,
    ...values,
  ))
    yield read<AuditRecord>(doc);
}

function conditions(project: Project, query: AuditQuery, kept = KEPT) {
  const where = ["project = ?", "occurred >= ?"];
  const values: SQLQueryBindings[] = [project.id, project.clock.now() - kept];
  const add = (sql: string, ...more: SQLQueryBindings[]) => {
    where.push(sql);
    values.push(...more);
  };
  const bound = (field: string, time: Time, sql: string) => {
    if (time == null || time === "") return;
    const milliseconds = Number(time);
    if (Number.isNaN(milliseconds))
      throw invalidArgument(`The ${field} field must be a time in milliseconds since 1970`);
    if (milliseconds > 0) add(sql, milliseconds);
  };
  bound("from", query.from, "occurred >= ?");
  bound("to", query.to, "occurred <= ?");

  const marks = (list: readonly unknown[]) => list.map(() => "?").join(", ");
  const among = (sql: string, list: Texts, not = "") => {
    if (list != null && list.length > 0) add(`${sql} ${not} IN (${marks(list)})`, ...list);
  };
  const member = (name: string) => `coalesce(json_extract(doc, '$.${name}'), '')`;
  among("user", query.userIds);
  among("action", query.actions);
  among("action", query.excludedActions, "NOT");
  among(member("actorId"), query.actorIds);
  among(member("device"), query.devices);
  among(member("method"), query.methods);
  among(member("geo"), query.geos);
  among(member("remoteAddress"), query.remoteAddresses);
  const types = [...(query.auditTypes ?? []), ...(query.levels ?? [])];
  among("coalesce(json_extract(doc, '$.type'), 'info')", types);

  const holds = (list: string, test: string, items: Texts, not = "") => {
    if (items == null || items.length === 0) return;
    add(
      `${not} EXISTS (SELECT 1 FROM json_each(doc, '$.${list}') WHERE ${items.map(() => `json_each.value ${test}`).join(" OR ")})`,
      ...items,
    );
  };
  holds("loginIds", "= ?", query.externalIds);
  holds("loginIds", "= ?", query.excludedExternalIds, "NOT");
  const like = (items: Texts) => items?.map((item) => `%${escapeLike(item)}%`);
  holds("loginIds", "LIKE ? ESCAPE '\\'", like(query.loginIdsContain));
  holds("loginIds", "LIKE ? ESCAPE '\\'", like(query.loginIdsNotContain), "NOT");
  if (query.noTenants === true) add("coalesce(json_array_length(doc, '$.tenants'), 0) = 0");
  else holds("tenants", "= ?", query.tenants);
  if (query.text) add("doc LIKE ? ESCAPE '\\'", `%${escapeLike(query.text)}%`);
  return { where: where.join(" AND "), values };
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (char) => `\\${char}`);
}

/** A record as the API gives it: the time as a text of milliseconds, login ids under their other name. */
function auditReply(record: AuditRecord): Record<string, unknown> {
  return {
    ID: record.id,
    projectId: record.projectId,
    userId: record.userId ?? "",
    action: record.action,
    type: record.type ?? "info",
    actorId: record.actorId ?? "",
    occurred: String(record.occurred),
    device: record.device ?? "Unknown",
    method: record.method ?? "",
    geo: record.geo ?? "",
    remoteAddress: record.remoteAddress ?? "",
    externalIds: record.loginIds ?? [],
    tenants: record.tenants ?? [],
    data: record.data ?? {},
  };
}
