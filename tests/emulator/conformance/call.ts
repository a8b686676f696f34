import type { Operation } from "../../../src/api/operation.ts";
import type { Data, ErrorReply } from "../../support/replies.ts";
import type { Sent } from "./example.ts";
import type { Scene } from "./scene.ts";

/** A request as it goes over the wire, and what came back. */
export interface Exchange {
  readonly method: string;
  /** The path with its open parts, as it is declared. */
  readonly route: string;
  readonly query: Readonly<Record<string, string>>;
  /** The body; undefined where there is none. */
  readonly body: unknown;
  readonly status: number;
  readonly reply: ErrorReply & Data;
  /** Where a browser is sent. */
  readonly location: string | null;
}

/** A request, ready to be sent. */
export interface WireRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly authorization: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The request of an example on one of the operation's paths. */
export function requestOf(
  scene: Scene,
  operation: Operation,
  route: string,
  { input = {}, query: beside = {}, token, project, headers }: Sent,
): WireRequest {
  const { method } = operation;
  const rest = Array.isArray(input) ? input : { ...(input as Record<string, unknown>) };
  const path = route.replaceAll(/\{(\w+)\}/g, (_match, name: string) => {
    const value = (input as Record<string, unknown>)[name];
    if (value === undefined) throw new Error(`the example of ${method} ${route} lacks ${name}`);
    delete (rest as Record<string, unknown>)[name];
    return encodeURIComponent(String(value));
  });
  const asQuery = method === "GET" || method === "DELETE";
  const query = asQuery ? (rest as Record<string, string>) : beside;
  const search = Object.keys(query).length === 0 ? "" : `?${new URLSearchParams(query)}`;
  return {
    method,
    target: path + search,
    query,
    body: asQuery ? undefined : rest,
    authorization: `Bearer ${authorization(scene, operation, route, token, project)}`,
    headers,
  };
}

/** Sends the request of an example on one of the operation's paths. */
export async function exchange(
  scene: Scene,
  operation: Operation,
  route: string,
  sent: Sent,
): Promise<Exchange> {
  const { method, target, query, body, authorization, headers } = requestOf(scene, operation, route, sent);
  const {
    status,
    body: reply,
    headers: got,
  } = await scene.emulator.call(target, body, {
    method,
    authorization,
    ...(headers === undefined ? {} : { headers }),
  });
  return { method, route, query, body, status, reply, location: got.get("location") };
}

function authorization(
  { emulator }: Scene,
  { company }: Operation,
  route: string,
  token: string | undefined,
  project = emulator.project,
): string {
  if (company === true) return emulator.managementKey;
  const isManagement = route.includes("/mgmt/") || route.startsWith("/scim/");
  const second = token ?? (isManagement ? emulator.managementKey : undefined);
  return second === undefined ? project : `${project}:${second}`;
}
