import process from "node:process";
import { asObject, asText, entriesOf, member } from "../../src/json/look.ts";
import type { Json } from "../../src/json/value.ts";
import { secretPlaces } from "../../src/emulator/snapshot/secrets.ts";
import type { SnapshotContent } from "../../src/snapshot/content.ts";
import type { Difference } from "../../src/snapshot/diff/compare-sides.ts";
import type { NoiseKind } from "../../src/snapshot/model/normalise.ts";
import type { Blocked, Change, Conflict, Summary } from "../../src/snapshot/plan/plan.ts";
import { cli, type Ran, type RunOptions } from "./cli.ts";
import { testEmulator, type TestEmulator } from "./emulator.ts";
import { temporaryFolder, type TemporaryFolder } from "./folder.ts";
import type { Data, Files } from "./replies.ts";
import { writeSnapshot } from "./snapshot.ts";

export const STAGING = "P2staging";
export const PRODUCTION = "P2production";

/** What the commands of a promotion say with --json, as far as tests look at it. */
export interface PromotionReply extends Data {
  /** The exit status. */
  readonly status: number;
  readonly reason: string;
  readonly applyable: boolean;
  readonly fingerprint: string;
  readonly summary: Summary;
  readonly blocked: readonly Blocked[];
  readonly changes: readonly Change[];
  readonly differences: readonly Difference[];
  readonly drift: readonly unknown[];
  readonly conflicts: readonly Conflict[];
  readonly observed: Data;
  readonly noise: Record<NoiseKind, number>;
  readonly applied: number;
  readonly rewritten: number;
  readonly refusals: readonly { readonly address: string; readonly field: string }[];
}

/** A working folder beside an emulator with two projects. Commands run in the folder, as somebody would run them. */
export interface Workplace extends AsyncDisposable {
  readonly emulator: TestEmulator;
  readonly folder: TemporaryFolder;
  /** Runs `descope project snapshot …`. */
  snapshot(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** The same with --json, its document, and its status as `status`. */
  json(...words: string[]): Promise<PromotionReply>;
  /** Runs a command of any kind. */
  run(words: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Makes a project hold a snapshot; its secrets are made up. */
  put(project: string, content: SnapshotContent): Promise<void>;
  /** What a project holds. */
  export(project: string): Promise<Files>;
  /** Writes a snapshot's folder. */
  write(name: string, content: SnapshotContent): void;
  /** Paths of the calls that reached the emulator, in order. */
  readonly calls: string[];
}

/** @param production whether the second project is marked as production. */
export function workplace({ production = false }: { production?: boolean } = {}): Workplace {
  const emulator = testEmulator({
    seed: {
      managementKey: "K2keyOfTheWorkplace",
      projects: [
        { id: STAGING, name: "staging" },
        { id: PRODUCTION, name: "Acme", ...(production ? { environment: "production" } : {}) },
      ],
    },
  });
  const folder = temporaryFolder();
  const before = process.cwd();
  process.chdir(folder.path);
  const calls: string[] = [];
  const env = { DESCOPE_BASE_URL: emulator.url, DESCOPE_MANAGEMENT_KEY: emulator.managementKey };
  const run = (words: readonly string[], options: RunOptions = {}) =>
    cli(words, { ...options, env: { ...env, ...options.env } });
  const snapshot = (words: readonly string[], options?: RunOptions) =>
    run(["project", "snapshot", ...words], options);
  return {
    emulator,
    folder,
    calls,
    run,
    snapshot,
    async json(...words) {
      const ran = await snapshot([...words, "--json"]);
      return { ...ran.json<PromotionReply>(), status: ran.status };
    },
    async put(project, content) {
      const files = Object.fromEntries(content);
      await emulator.ok(
        "/v1/mgmt/project/snapshot/import",
        { files, inputSecrets: secretsFor(content) },
        { project },
      );
    },
    async export(project) {
      return (await emulator.ok("/v1/mgmt/project/snapshot/export", {}, { project })).files;
    },
    write: (name, content) => writeSnapshot(folder.at(name), content),
    async [Symbol.asyncDispose]() {
      process.chdir(before);
      folder[Symbol.dispose]();
      await emulator.stop();
    },
  };
}

/** A secret for everything in a snapshot that needs one. */
function secretsFor(content: SnapshotContent): Record<string, Json[]> {
  const connectors: Json[] = [];
  const oauthProviders: Json[] = [];
  const outboundApps: Json[] = [];
  for (const [path, file] of content) {
    if (/^connectors\/(?!connectors\.json)/.test(path)) {
      const id = asText(member(file, "id"));
      const name = asText(member(file, "name"));
      for (const { type } of secretPlaces(asObject(member(file, "configuration"))))
        connectors.push({ id, name, type, value: `secret-of-${name}` });
    }
    if (path === "auth/oauth.json")
      for (const [id, provider] of entriesOf(member(file, "providerSettings")))
        for (const { type } of secretPlaces(asObject(provider)))
          oauthProviders.push({ id, name: asText(member(provider, "name")), type, value: `secret-of-${id}` });
    if (path === "outboundapps.json")
      for (const app of Object.values(asObject(file)).flat().map(asObject))
        for (const { type } of secretPlaces(app)) {
          const name = asText(app.name);
          outboundApps.push({ id: asText(app.id), name, type, value: `secret-of-${name}` });
        }
  }
  return { connectors, oauthProviders, outboundApps };
}
