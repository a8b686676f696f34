import type { SQLQueryBindings } from "bun:sqlite";
import type { Store } from "../store/store.ts";

/** How many users fit some conditions, kept true while users change. */
interface Kept {
  readonly where: string;
  readonly values: readonly SQLQueryBindings[];
  n: number;
  /** Changes since it was last asked for. */
  changes: number;
  /** Whether the user that is about to change fits. */
  fitted: number;
}

/** So many counts are kept; each makes every change of a user a little slower. */
const MOST_KEPT = 8;

/** After so many changes that nobody asked for it, a count is forgotten: to count anew costs less than to go along with a batch. */
const MOST_CHANGES = 50;

interface Counts {
  undone: number;
  readonly kept: Map<string, Kept>;
}

const ofStore = new WeakMap<Store, Counts>();

function countsOf(store: Store): Counts {
  let counts = ofStore.get(store);
  if (counts?.undone !== store.usersUndone)
    ofStore.set(store, (counts = { undone: store.usersUndone, kept: new Map() }));
  return counts;
}

/**
 * How many users fit. To count many takes as long as there are users, so what was counted lately is kept, and goes along with every
 * user that changes.
 *
 * @param where conditions on a row of `users`, which depend on nothing but that user.
 */
export function countUsers(store: Store, where: string, values: readonly SQLQueryBindings[]): number {
  const { kept } = countsOf(store);
  const key = JSON.stringify([where, values]);
  const known = kept.get(key);
  // The one that was asked for last is the last to go.
  kept.delete(key);
  const n = known?.n ?? countNow(store, where, values);
  kept.set(key, { where, values, n, changes: 0, fitted: 0 });
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return n;
}

/** Counts without keeping. */
export function countNow(store: Store, where: string, values: readonly SQLQueryBindings[]): number {
  return store.get<{ n: number }>(`SELECT count(*) AS n FROM users WHERE ${where}`, ...values)?.n ?? 0;
}

/** Says that a user is about to change; undefined for one that is not there yet. */
export function beforeUserChange(store: Store, seq: number | undefined): void {
  store.touchUsers();
  for (const one of countsOf(store).kept.values()) one.fitted = seq === undefined ? 0 : fits(store, one, seq);
}

/** Says that the user has changed; undefined for one that is gone. */
export function afterUserChange(store: Store, seq: number | undefined): void {
  const { kept } = countsOf(store);
  for (const [key, one] of kept) {
    if (++one.changes > MOST_CHANGES) kept.delete(key);
    else one.n += (seq === undefined ? 0 : fits(store, one, seq)) - one.fitted;
  }
}

function fits(store: Store, { where, values }: Kept, seq: number): number {
  return store.get(`SELECT 1 FROM users WHERE seq = ? AND ${where}`, seq, ...values) === undefined ? 0 : 1;
}
