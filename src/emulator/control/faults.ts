import { EmulatorError } from "../error.ts";
import { failureResponse, type Incoming, type Interceptor } from "../requests/server.ts";
import { CONTROL_PATH, type FaultInput } from "./operations.ts";

/** A fault that a test asked for. */
export interface Fault {
  readonly id: string;
  readonly asked: FaultInput;
  /** How often it still happens; undefined for until it is taken away. */
  left: number | undefined;
}

/** Makes requests fail as a test wants them to. The first fault that fits a request is the one that happens. */
export class Faults {
  private faults: Fault[] = [];
  private made = 0;

  add(asked: FaultInput): Fault {
    const fault = { id: asked.id || `fault-${++this.made}`, asked, left: asked.count ?? undefined };
    this.faults = [...this.faults.filter(({ id }) => id !== fault.id), fault];
    return fault;
  }

  all(): readonly Fault[] {
    return this.faults;
  }

  /** True when there was one. */
  remove(id: string): boolean {
    const before = this.faults.length;
    this.faults = this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  clear(): void {
    this.faults = [];
  }

  /** What stands around requests, and makes them fail. */
  readonly interceptor: Interceptor = async (incoming, next) => {
    const fault = incoming.path.startsWith(CONTROL_PATH) ? undefined : this.take(incoming);
    if (fault === undefined) return next();
    const { delay, after, status } = fault;
    const handled = after === true ? await next() : undefined;
    if (delay) await Bun.sleep(delay);
    if (fault.drop === true) return drop();
    if (status != null) return reply(status, fault);
    return handled ?? next();
  };

  private take({ method, path }: Incoming): FaultInput | undefined {
    const fault = this.faults.find(({ asked }) => fits(asked, method, path));
    if (fault === undefined) return undefined;
    if (fault.left !== undefined && --fault.left === 0) this.remove(fault.id);
    return fault.asked;
  }
}

/** Whether a path is like a pattern, in which `*` stands for anything, and so does `{name}`. */
export function isLike(pattern: string, path: string): boolean {
  const source = pattern
    .split(/\*+|\{[^/{}]*\}/)
    .map((part) => part.replaceAll(/[.+?^$()|[\]\\{}]/g, String.raw`\$&`))
    .join(".*");
  return new RegExp(`^${source}$`).test(path);
}

function fits(asked: FaultInput, method: string, path: string): boolean {
  if (asked.method && asked.method.toUpperCase() !== method) return false;
  return !asked.path || isLike(asked.path, path);
}

const dropped = new WeakSet<Response>();

/** A reply that ends before it begins: the client sees its connection closed. */
function drop(): Response {
  const response = new Response(new ReadableStream({ start: (controller) => controller.error() }));
  dropped.add(response);
  return response;
}

/** Whether a reply is none: the connection is cut in its place. */
export function isDropped(response: Response): boolean {
  return dropped.has(response);
}

function reply(status: number, { body, headers, retryAfter }: FaultInput): Response {
  const response =
    body == null
      ? failureResponse(injected(status, retryAfter))
      : new Response(typeof body === "string" ? body : JSON.stringify(body), {
          status,
          headers: { "content-type": typeof body === "string" ? "text/plain" : "application/json" },
        });
  if (retryAfter != null) response.headers.set("retry-after", String(retryAfter));
  for (const [name, content] of Object.entries(headers ?? {})) response.headers.set(name, content);
  return response;
}

function injected(status: number, retryAfter: number | null | undefined): EmulatorError {
  const options = { retryAfter: retryAfter ?? (status === 429 ? 60 : undefined) };
  const [code, description] = KNOWN[status] ?? ["EMULATOR_INJECTED", "A fault that was asked for"];
  return new EmulatorError(
    status,
    code,
    description,
    "This fault was asked for by /_emulator/faults",
    options,
  );
}

const KNOWN: Readonly<Record<number, readonly [string, string]>> = {
  400: ["E011001", "Request is malformed"],
  401: ["E061005", "Invalid token"],
  403: ["E061004", "Forbidden"],
  404: ["E011004", "Not found"],
  429: ["E130429", "Rate limit exceeded"],
};
