import { challengeById, putChallenge } from "../auth/challenges.ts";
import { currentKey, jwkOf, revokeKey, rotateKeys, signingKeys } from "../auth/signing-keys.ts";
import type { EmulatorClock } from "../clock.ts";
import { forbidden, invalidRequest, notFound, projectNotFound, unauthorized } from "../error.ts";
import { answerDevice, devicePage } from "../oauth/device-page.ts";
import { allProjects, findProject, type Project } from "../project.ts";
import { failureResponse, type Interceptor } from "../requests/server.ts";
import { readiness } from "../readiness.ts";
import { HttpReply, on, type Call, type Served } from "../service.ts";
import type { World } from "../world.ts";
import { coverage } from "./coverage.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Journal } from "./journal.ts";
import { lengthOfTime } from "./length-of-time.ts";
import * as operations from "./operations.ts";

/** What the control calls work on. */
export interface Controlled {
  readonly world: World;
  readonly faults: Faults;
  readonly journal: Journal;
  /** Goes back to how the emulator began. */
  reset(): void;
  /** Everything that is served. */
  served(): readonly Served[];
}

/** The emulator's own calls. */
export function controlService({ world, faults, journal, reset, served }: Controlled): readonly Served[] {
  const { clock, outbox } = world;
  return [
    on(operations.health, () => ({
      status: "ok",
      time: clock.now(),
      projects: allProjects(world).map(({ id }) => id),
    })),
    on(operations.environment, () => readiness(world)),
    on(
      operations.state,
      () => new HttpReply(200, { "content-type": "application/vnd.sqlite3" }, world.store.image()),
    ),
    on(operations.reset, () => {
      reset();
      return {};
    }),
    on(operations.readClock, () => clockReply(clock)),
    on(operations.setClock, (input) => {
      if (input.reset === true) clock.reset();
      if (input.set != null) clock.set(pointInTime(input.set));
      if (input.advance != null) clock.advance(lengthOfTime("advance", input.advance));
      if (input.freeze === true) clock.freeze();
      if (input.freeze === false) clock.unfreeze();
      return clockReply(clock);
    }),
    on(operations.addFault, (input) => faultReply(faults.add(input))),
    on(operations.listFaults, () => ({ faults: faults.all().map(faultReply) })),
    on(operations.clearFaults, () => {
      faults.clear();
      return {};
    }),
    on(operations.removeFault, ({ id }) => {
      if (!faults.remove(id))
        throw notFound(`There is no fault ${id}, or it has happened as often as it was to`);
      return {};
    }),
    on(operations.requests, (query) => ({ requests: journal.read(query) })),
    on(operations.clearRequests, () => {
      journal.clear();
      return {};
    }),
    on(operations.messages, ({ loginId, project, kind }) => ({
      messages: outbox.find({
        loginId: loginId || undefined,
        projectId: project || undefined,
        kind: kind || undefined,
      }),
    })),
    on(operations.clearMessages, () => {
      outbox.clear();
      return {};
    }),
    on(operations.keys, ({ project }, call) => keysReply(named(call, project))),
    on(operations.rotateKeys, ({ project }, call) => {
      const found = named(call, project);
      rotateKeys(found);
      return keysReply(found);
    }),
    on(operations.revokeKey, ({ project, kid }, call) => {
      const found = named(call, project);
      revokeKey(found, kid);
      return keysReply(found);
    }),
    on(operations.coverage, () => coverage(served())),
    on(operations.devicePage, ({ user_code }, call) => devicePage(call, user_code ?? "")),
    on(operations.answerDevice, (input, call) => answerDevice(call, input)),
    on(operations.notp, ({ project, t }, call) => {
      const found = named(call, project);
      const challenge = challengeById(found, t);
      if (challenge?.kind !== "notp" || challenge.expires <= clock.now())
        throw unauthorized("The link is not known, or has expired");
      putChallenge(found, { ...challenge, verified: true });
      return new HttpReply(200, { "content-type": "text/html; charset=utf-8" }, SENT);
    }),
  ];
}

const SENT =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Message sent</title>' +
  "<p>The message counts as sent. The device that waits for it goes on.</p></html>\n";

/**
 * Keeps the emulator's own calls from everybody but this machine, unless the emulator was told to listen to others: they need no key
 * and give out everything. A page of another site that is open in a browser here is not this machine, be it that it asks as what it
 * is (its origin tells) or that it has made its own name lead here (the name that was asked for tells).
 *
 * @param host what it listens on.
 */
export function controlGuard(host: string): Interceptor {
  const open = !isLoopback(host);
  return async ({ path, remoteAddress, headers }, next) => {
    if (!path.startsWith(operations.CONTROL_PATH) || open) return next();
    if (isLoopback(remoteAddress) && isOfThisMachine(headers)) return next();
    return failureResponse(
      forbidden("These calls are for this machine alone; --host opens them together with the rest"),
    );
  };
}

/** Whether what a request says of itself names nobody but this machine. */
function isOfThisMachine(headers: Headers): boolean {
  const host = headers.get("host");
  const origin = headers.get("origin");
  return (host === null || isLocalUrl(`http://${host}`)) && (origin === null || isLocalUrl(origin));
}

function isLocalUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const name = new URL(url).hostname.replace(/^\[|\]$/g, "");
  return isLoopback(name) || name.endsWith(".localhost");
}

function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || /^(?:::ffff:)?127(?:\.\d+){3}$/.test(address);
}

function clockReply(clock: EmulatorClock): object {
  const now = clock.now();
  return { now, time: new Date(now).toISOString(), frozen: clock.isFrozen };
}

function pointInTime(given: number | string): number {
  const milliseconds = typeof given === "number" ? given : Date.parse(given);
  if (Number.isNaN(milliseconds) || Math.abs(milliseconds) > 8.64e15)
    throw invalidRequest("The set field must be milliseconds since 1970 or a time in ISO 8601");
  return milliseconds;
}

function faultReply({ id, asked, left }: Fault): object {
  return { ...asked, id, ...(left === undefined ? {} : { left }) };
}

function keysReply(project: Project): object {
  return { project: project.id, current: currentKey(project).kid, keys: signingKeys(project).map(jwkOf) };
}

/** The project that a request names; the first where it names none. */
function named({ world }: Call, id: string | null | undefined): Project {
  const wanted = id || (allProjects(world)[0]?.id ?? "");
  const found = findProject(world, wanted);
  if (found === undefined) throw projectNotFound(wanted);
  return found;
}
