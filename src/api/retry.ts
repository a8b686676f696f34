/** At most this many repeats of one request. */
export const MAX_REPEATS = 3;

/** Statuses of a service that is away for a moment: its gateways' (502, 504) and its edge's (52x, 530). */
const AWAY = new Set([502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 530]);

/** Whether a status is worth a repeat. 429 was not processed, so any request may be repeated; the rest only where a repeat is safe. */
export function mayRepeat(status: number, idempotent: boolean): boolean {
  return status === 429 || (idempotent && AWAY.has(status));
}

/**
 * How long to wait before repeat number `attempt` (from 0), in milliseconds: what the server asked for, else 0.15, 0.6 and 2.4 seconds,
 * each shortened by up to half at random so that many clients do not come back at once.
 */
export function repeatDelay(attempt: number, retryAfter: number | undefined, random: number): number {
  if (retryAfter !== undefined) return retryAfter;
  const longest = [150, 600, 2400][attempt] ?? 2400;
  return longest * (1 - random / 2);
}

/** Reads `Retry-After`, seconds or an HTTP date, as milliseconds from `now`; undefined when absent or senseless. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const trimmed = header.trim();
  if (/^\d+$/.test(trimmed)) return Number(trimmed) * 1000;
  const date = Date.parse(trimmed);
  return Number.isNaN(date) || !/[A-Za-z]/.test(trimmed) ? undefined : Math.max(0, date - now);
}
