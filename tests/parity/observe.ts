import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  KEY,
  PROJECT,
  type Behaviour,
  type FileContent,
  type ParityCase,
  type Replies,
  type Reply,
  type SentRequest,
  type Wire,
} from "./case.ts";
import { isEmptyWire, isObject, lean, parseWire, printWire, wireDocument } from "./wire.ts";

/** What a program did, with the text that is not compared, for whoever looks for the reason. */
export interface Observed {
  readonly behaviour: Behaviour;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longer than the slowest case, which waits between repeats. */
const TIME_LIMIT = 60_000;

/** Runs a program over one case: in a folder of its own, against a server of its own. */
export async function observe(program: string, given: ParityCase, sharedReplies: Replies): Promise<Observed> {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "descope-parity-")));
  using server = serve({ ...sharedReplies, ...given.replies });
  try {
    const before = layOut(folder, given.files ?? {});
    const child = Bun.spawn([program, ...given.argv], {
      cwd: folder,
      env: environment(folder, given, server.url),
      stdin: new Blob([given.stdin ?? ""]),
      stdout: "pipe",
      stderr: "pipe",
      timeout: TIME_LIMIT,
      killSignal: "SIGKILL",
    });
    const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    await child.exited;
    const json = wireDocument(stdout);
    return {
      behaviour: {
        exit: child.exitCode ?? "timeout",
        requests: server.seen,
        ...(json === undefined ? {} : { json: withoutErrorWords(json) }),
        files: changedFiles(folder, before),
      },
      stdout,
      stderr,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function withoutErrorWords(json: Wire): Wire {
  return isObject(json) && json.ok === false && typeof json.error === "string" && json.error !== ""
    ? { ok: false, error: "…" }
    : json;
}

function environment(folder: string, given: ParityCase, url: string): Record<string, string> {
  const out: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    HOME: path.join(folder, ".home"),
    XDG_CONFIG_HOME: path.join(folder, ".home", "c"),
    NO_COLOR: "1",
    DESCOPE_BASE_URL: url,
    DESCOPE_PROJECT_ID: PROJECT,
    DESCOPE_MANAGEMENT_KEY: KEY,
  };
  for (const [name, content] of Object.entries(given.env ?? {})) {
    if (content === null) delete out[name];
    else out[name] = content.replaceAll("{url}", url);
  }
  return out;
}

/** Writes the files of a case and gives back their bytes by path. */
function layOut(folder: string, files: Readonly<Record<string, FileContent>>): Map<string, Buffer> {
  const written = new Map<string, Buffer>();
  for (const [file, content] of Object.entries(files)) {
    const bytes = Buffer.from(
      typeof content === "string"
        ? content
        : isBase64(content)
          ? Buffer.from(content.base64, "base64")
          : `${printWire(content, 2)}\n`,
    );
    const full = path.join(folder, file);
    fs.mkdirSync(path.dirname(full), { recursive: true });
    fs.writeFileSync(full, bytes);
    written.set(file, bytes);
  }
  return written;
}

function isBase64(content: Exclude<FileContent, string>): content is { readonly base64: string } {
  return Object.keys(content).length === 1 && typeof content.base64 === "string";
}

function changedFiles(folder: string, before: ReadonlyMap<string, Buffer>): Behaviour["files"] {
  const out: Record<string, string | { base64: string }> = {};
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const full = path.join(entry.parentPath, entry.name);
    const file = path.relative(folder, full).replaceAll(path.sep, "/");
    if (!entry.isFile() || file.startsWith(".home/")) continue;
    const bytes = fs.readFileSync(full);
    if (before.get(file)?.equals(bytes) === true) continue;
    out[file] = bytes.includes(0) ? { base64: bytes.toString("base64") } : bytes.toString();
  }
  for (const file of before.keys())
    if (!fs.existsSync(path.join(folder, file))) out[file] = { base64: "removed" };
  return out;
}

interface Server extends Disposable {
  readonly url: string;
  readonly seen: SentRequest[];
}

/** The look-up of a licence that the vendor's program makes before its work; it is not part of the comparison. */
const HANDSHAKE = "GET /v1/mgmt/license";

function serve(replies: Replies): Server {
  const left = new Map(
    Object.entries(replies).map(([to, given]) => [to, [given].flat() as Reply[]] as const),
  );
  const seen: SentRequest[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const url = new URL(request.url);
      const to = `${request.method} ${url.pathname}`;
      const body = readBody(await request.text());
      if (to !== HANDSHAKE) {
        const query: Record<string, string[]> = {};
        for (const [name, content] of url.searchParams) (query[name] ??= []).push(content);
        seen.push({
          to,
          ...(Object.keys(query).length === 0 ? {} : { query }),
          ...(isEmptyWire(body) ? {} : { body }),
          authorization: request.headers.get("authorization") ?? "",
        });
      }
      const queue = left.get(to) ?? left.get("*") ?? [{}];
      const reply = (queue.length > 1 ? queue.shift() : queue[0]) ?? {};
      const bare = reply.status === 204 || reply.status === 304;
      return new Response(bare ? null : (reply.raw ?? printWire(reply.body ?? {})), {
        status: reply.status ?? 200,
        headers: { "content-type": reply.type ?? "application/json", ...reply.headers },
      });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    seen,
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function readBody(text: string): Wire {
  if (text === "") return null;
  try {
    return lean(parseWire(text));
  } catch {
    return { notJson: text };
  }
}
