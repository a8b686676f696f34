import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { temporaryFolder } from "../support/folder.ts";
import { randomFrom, type Random } from "../support/random.ts";
import type { Reply } from "../support/replies.ts";
import { startServing, type Serving } from "../support/serving.ts";

const KILLS = 50;
const WRITERS = 12;
const BATCH = 25;

/** Names by key (`user:ann`, `tenant:acme`); what is not there has none. */
type Names = Map<string, string | undefined>;

/** What the emulator must have: all that it has acknowledged, and each call that it has not whole or not at all. */
class Model {
  acknowledged = 0;
  /** What went wrong other than that the emulator was gone. */
  readonly faults: string[] = [];
  private readonly known: Names = new Map();
  private readonly unanswered = new Set<Names>();
  private wanted = 0;
  private reach = () => {};

  /** Waits until so many calls more are acknowledged. */
  async more(count: number): Promise<void> {
    this.wanted = this.acknowledged + count;
    await new Promise<void>((resolve) => (this.reach = resolve));
  }

  /** Makes a call that gives keys new names, and takes note of it when it is acknowledged. */
  async write(changes: Names, call: () => Promise<{ status: number; body: Reply }>): Promise<void> {
    this.unanswered.add(changes);
    const { status, body } = await call();
    if (status !== 200 || (body.failedUsers ?? []).length > 0)
      this.faults.push(`${status} ${JSON.stringify(body)}`);
    this.unanswered.delete(changes);
    for (const [key, name] of changes) this.known.set(key, name);
    if (++this.acknowledged >= this.wanted) this.reach();
  }

  /** Holds what there is against what there must be, and goes on from what there is. */
  check(actual: ReadonlyMap<string, string>): void {
    for (const changes of this.unanswered) {
      const done = [...changes].filter(([key, name]) => actual.get(key) === name).length;
      expect([0, changes.size]).toContain(done);
      if (done > 0) for (const [key, name] of changes) this.known.set(key, name);
    }
    this.unanswered.clear();
    const expected = [...this.known].filter(([, name]) => name !== undefined).sort();
    expect([...actual].sort()).toEqual(expected as [string, string][]);
  }
}

/** Everything that the emulator has, by key. */
async function everything({ call }: Serving): Promise<Map<string, string>> {
  const { users, total } = (await call("/v2/mgmt/user/search", { limit: 100_000 })).body;
  expect(users).toHaveLength(total);
  const { tenants } = (await call("/v1/mgmt/tenant/all")).body;
  const names = [
    ...users.map(({ loginIds, name }) => [`user:${loginIds[0]}`, name] as const),
    ...tenants.map(({ id, name }) => [`tenant:${id}`, name] as const),
  ];
  const actual = new Map<string, string>(names);
  expect(actual.size).toBe(names.length);
  return actual;
}

/** Writes one call after the other until the emulator is gone. */
async function writeOn({ call }: Serving, model: Model, random: Random, prefix: string): Promise<void> {
  const mine: string[] = [];
  for (let i = 0; ; i++) {
    const id = `${prefix}-${i}`;
    const name = `Name ${id}`;
    const kind = random.below(8);
    const old = kind < 3 ? mine[random.below(mine.length)] : undefined;
    if (kind === 0 && old !== undefined) {
      mine.splice(mine.indexOf(old), 1);
      await model.write(new Map([[`user:${old}`, undefined]]), () =>
        call("/v1/mgmt/user/delete", { loginId: old }),
      );
    } else if (old !== undefined) {
      await model.write(new Map([[`user:${old}`, name]]), () =>
        call("/v1/mgmt/user/update/name", { loginId: old, displayName: name }),
      );
    } else if (kind === 3) {
      await model.write(new Map([[`tenant:${id}`, name]]), () =>
        call("/v1/mgmt/tenant/create", { id, name }),
      );
    } else if (kind === 4) {
      const users = Array.from({ length: BATCH }, (_, n) => ({ loginId: `${id}-${n}`, displayName: name }));
      await model.write(new Map(users.map(({ loginId }) => [`user:${loginId}`, name])), () =>
        call("/v1/mgmt/user/create/batch", { users }),
      );
    } else {
      mine.push(id);
      await model.write(new Map([[`user:${id}`, name]]), () =>
        call("/v1/mgmt/user/create", { loginId: id, displayName: name }),
      );
    }
  }
}

test(`killed ${KILLS} times while many write: all that was acknowledged is there, and no call is there by half`, async () => {
  using folder = temporaryFolder();
  const file = folder.at("state.db");
  const random = randomFrom(25);
  const model = new Model();
  for (let round = 0; round < KILLS; round++) {
    await using serving = await startServing("--state", file);
    model.check(await everything(serving));
    const enough = model.more(random.below(60));
    const writers = Array.from({ length: WRITERS }, (_, n) =>
      writeOn(serving, model, random, `${round}-${n}`),
    );
    const gone = Promise.allSettled(writers);
    await Promise.race([enough, gone]);
    // Somewhere between this reply and the next ones.
    await Bun.sleep(random.below(4));
    await serving.kill();
    await gone;
    expect(model.faults).toEqual([]);
  }
  {
    await using serving = await startServing("--state", file);
    model.check(await everything(serving));
  }
  expect(model.acknowledged).toBeGreaterThan(KILLS * 20);
  using database = new Database(file);
  expect(database.query("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
}, 60_000);
