import { Failure } from "../failure.ts";
import { faultOfKey, MAKE_A_KEY } from "./auth/signing-keys.ts";
import { DEFAULT_HOST } from "./address.ts";
import { localFiles } from "../files/local.ts";
import { EmulatorClock } from "./clock.ts";
import { Outbox } from "./control/outbox.ts";
import { controlGuard, controlService } from "./control/control.ts";
import { Faults } from "./control/faults.ts";
import { Journal } from "./control/journal.ts";
import { restore } from "./export/restore.ts";
import { Ids } from "./ids.ts";
import { DEFAULT_MANAGEMENT_KEY, rootKey } from "./management-keys.ts";
import { allProjects, findProject, Project, type ProjectInfo } from "./project.ts";
import { createProject } from "./projects.ts";
import { readiness, type Readiness } from "./readiness.ts";
import { Router } from "./requests/router.ts";
import { applySeed } from "./seed/apply-seed.ts";
import type { Seed } from "./seed/seed.ts";
import { serve } from "./requests/server.ts";
import { served } from "./services.ts";
import { Store } from "./store/store.ts";
import type { World } from "./world.ts";

/** The project of an emulator that was started without one. */
const DEFAULT_PROJECT = { id: "PEmulatorProject000000000001", name: "Emulator" } as const;

export interface EmulatorOptions {
  /** The address to listen on. Default: this machine alone. */
  readonly host?: string;
  /** 0, the default, for any port that is free. */
  readonly port?: number;
  /** Projects to make where they are not there yet. Default: one, unless a seed has some. */
  readonly projects?: readonly { readonly id: string; readonly name: string }[];
  readonly managementKey?: string;
  /** The file that keeps the state. Default: memory. */
  readonly stateFile?: string;
  /** What is put in when there is no state yet, in order. */
  readonly seeds?: readonly Seed[];
  /** The one code that every one-time code is. */
  readonly otp?: string;
  /** The private key, as PEM, that tokens are signed with. */
  readonly signingKey?: string;
  /** Milliseconds since 1970. Default: the machine's clock. */
  readonly machineTime?: () => number;
  /** Fills bytes at random. */
  readonly random?: (bytes: Uint8Array) => Uint8Array;
  /** Takes lines for whoever runs the emulator. */
  readonly warn?: (line: string) => void;
}

/** An emulator that serves. */
export interface Emulator {
  /** Its address, without a slash at the end. */
  readonly url: string;
  /** The projects that it has now. */
  readonly projects: readonly ProjectInfo[];
  readonly managementKey: string;
  readonly world: World;
  /** What its users have to know. */
  readiness(): Readiness;
  /** Goes back to how it was when it was first started: seeds and all, nothing else. */
  reset(): void;
  /** Stops serving, answering what has come already, and closes the state. */
  stop(): Promise<void>;
}

/**
 * Starts an emulator in this process. It serves when this returns.
 *
 * @throws {Failure} when a setting is wrong, the port is taken, a seed does not hold together or the state file cannot be used.
 */
export function startEmulator(options: EmulatorOptions = {}): Emulator {
  checkOptions(options);
  checkSigningKey(options.signingKey);
  const store = Store.open(options.stateFile);
  const clock = new EmulatorClock(options.machineTime);
  const world: World = {
    store,
    clock,
    ids: new Ids(clock, options.random),
    outbox: new Outbox(),
    settings: { otp: options.otp, signingKey: options.signingKey, url: "" },
    warn: options.warn ?? (() => {}),
  };
  const emulator = {
    get url() {
      return world.settings.url;
    },
    get projects() {
      return allProjects(world);
    },
    get managementKey() {
      return rootKey(world);
    },
    world,
    readiness: () => readiness(world),
    reset() {
      // What the seeds make is as old as it was at the first start, whatever time it is by now.
      clock.reset();
      store.transaction(() => {
        store.clear();
        prepare(world, options);
      });
      world.outbox.clear();
    },
  };
  try {
    if (!store.isNew && (options.seeds ?? []).length > 0)
      world.warn(`${options.stateFile} holds a state already: the seeds are not put in, but for a reset`);
    store.transaction(() => prepare(world, options));
    const host = options.host ?? DEFAULT_HOST;
    const faults = new Faults();
    const journal = new Journal(clock, (method, path) => router.find(method, path)?.served.operation);
    const controlled = {
      world,
      faults,
      journal,
      served: () => served,
      reset: () => {
        emulator.reset();
        faults.clear();
        journal.clear();
      },
    };
    const router = new Router([...served, ...controlService(controlled)]);
    const server = serve({
      world,
      router,
      interceptors: [controlGuard(host), journal.interceptor, faults.interceptor],
      host,
      port: options.port ?? 0,
    });
    world.settings.url = `http://${urlHost(host)}:${server.port}`;
    return Object.defineProperties(
      {
        async stop() {
          await server.stop(true);
          store.close();
        },
      },
      Object.getOwnPropertyDescriptors(emulator),
    ) as Emulator;
  } catch (error) {
    store.close();
    throw error;
  }
}

/**
 * What an emulator that is started with these options will say of itself. Nothing listens, and no file is written.
 *
 * @throws {Failure} as {@link startEmulator} does for its options and files.
 */
export function plannedReadiness(options: EmulatorOptions): Readiness {
  checkOptions(options);
  const { host = DEFAULT_HOST, port = 0, stateFile } = options;
  const isThere = stateFile !== undefined && localFiles.kind(stateFile) !== "nothing";
  const store = isThere ? Store.openExisting(stateFile) : Store.open();
  const clock = new EmulatorClock();
  const settings = { url: `http://${urlHost(host)}:${port}` };
  const world = { store, clock, ids: new Ids(clock), outbox: new Outbox(), settings, warn() {} };
  try {
    // Undone at once where it is a file: what it would make is looked at, and not kept.
    return store.peek(() => {
      prepare(world, options);
      return readiness(world);
    });
  } finally {
    store.close();
  }
}

/** Makes what is not there yet: the key, the projects and, in a new state, what the seeds hold. */
function prepare(world: World, options: EmulatorOptions): void {
  const { store } = world;
  const isNew = store.isNew;
  const seeds = isNew ? (options.seeds ?? []) : [];
  const seededKey = seeds.findLast(({ managementKey }) => managementKey !== undefined)?.managementKey;
  const named = options.projects ?? [];
  const wanted = new Map<string, Omit<ProjectInfo, "createdTime">>();
  for (const { id, name } of named) wanted.set(id, { id, name, environment: "", tags: [] });
  for (const { projects } of seeds) {
    for (const { id, name, environment, tags } of projects) wanted.set(id, { id, name, environment, tags });
  }
  if (isNew && wanted.size === 0)
    wanted.set(DEFAULT_PROJECT.id, { ...DEFAULT_PROJECT, environment: "", tags: [] });
  for (const info of wanted.values()) {
    if (findProject(world, info.id) === undefined)
      createProject(world, { ...info, createdTime: world.clock.now() });
  }
  for (const { path, projects, content, exported } of seeds) {
    if (exported !== undefined) restore(world, exported);
    for (const { id, content: own } of projects) applySeed(new Project(id, world), own, path);
    if (content === undefined) continue;
    const everywhere = named.length > 0 ? named.map(({ id }) => id) : [...wanted.keys()];
    for (const id of everywhere) applySeed(new Project(id, world), content, path);
  }
  const key = options.managementKey ?? seededKey;
  if (key !== undefined || isNew) store.setMeta("managementKey", key ?? DEFAULT_MANAGEMENT_KEY);
}

const PROJECT_ID = /^P[0-9A-Za-z_-]+$/;

/** Ids of more characters than this name a region, and SDKs disagree on which. */
const LONGEST_PROJECT_ID = 28;

function checkOptions({ projects = [], seeds = [], managementKey, port = 0 }: EmulatorOptions): void {
  const ids = [...projects, ...seeds.flatMap((seed) => seed.projects)].map(({ id }) => id);
  for (const id of ids) {
    if (!PROJECT_ID.test(id))
      throw refused(
        `${JSON.stringify(id)} is not the id of a project`,
        "It starts with P, then letters and digits.",
      );
    if (id.length > LONGEST_PROJECT_ID)
      throw refused(
        `The project id ${id} is longer than ${LONGEST_PROJECT_ID} characters`,
        "Longer ids belong to regions of the real service; choose one like P2staging.",
      );
  }
  const keys = [managementKey, ...seeds.map((seed) => seed.managementKey)].filter((key) => key !== undefined);
  if (keys.some((key) => !/^K[\x21-\x39\x3b-\x7e]*$/.test(key)))
    throw refused("The management key must start with K and hold no spaces and no colon");
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw refused("The port must be 0 to 65535");
}

function checkSigningKey(pem: string | undefined): void {
  const fault = pem === undefined ? undefined : faultOfKey(pem);
  if (fault !== undefined) throw refused(`The signing key cannot be used: ${fault}`, MAKE_A_KEY);
}

function refused(message: string, hint?: string): Failure {
  return new Failure(message, { code: "configuration", hint });
}

/** An address to listen on as it stands in a URL: all of a machine's are reached by its loopback. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::" || host === "") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
