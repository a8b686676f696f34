import { BEARER, type Behaviour, type SentRequest, type Wire } from "../case.ts";
import { isEmptyWire, lean } from "../wire.ts";

type Made = {
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: Wire;
  readonly as?: string;
};

/** A request that is expected, as the project unless `as` says otherwise. */
export function sent(to: string, { query = {}, body = null, as = BEARER }: Made = {}): SentRequest {
  const full = Object.fromEntries(Object.entries(query).map(([key, content]) => [key, [content].flat()]));
  const shown = lean(body);
  return {
    to,
    ...(Object.keys(full).length === 0 ? {} : { query: full }),
    ...(isEmptyWire(shown) ? {} : { body: shown }),
    authorization: as,
  };
}

/** It went well: these requests, this JSON (`ok` added), these files. */
export function succeeds(
  requests: readonly SentRequest[],
  rest: { readonly json?: { readonly [key: string]: Wire }; readonly files?: Behaviour["files"] } = {},
): Behaviour {
  return {
    exit: 0,
    requests,
    ...(rest.json === undefined ? {} : { json: { ...rest.json, ok: true } }),
    files: rest.files ?? {},
  };
}

/** It failed after these requests (none where none are given) and left nothing behind. */
export function fails(requests: readonly SentRequest[] = []): Behaviour {
  return { exit: 1, requests, files: {} };
}

/** It failed, and said so in JSON. */
export function failsInJson(requests: readonly SentRequest[] = []): Behaviour {
  return { ...fails(requests), json: { ok: false, error: "…" } };
}

/** It ran, and the answer is no. */
export function saysNo(requests: readonly SentRequest[], rest: Partial<Behaviour> = {}): Behaviour {
  return { exit: 2, requests, files: {}, ...rest };
}
