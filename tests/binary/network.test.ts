import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import http from "node:http";
import net from "node:net";
import { binary, connected, spawnBinary } from "../support/binary.ts";
import { authority, type Authority } from "../support/certificate.ts";
import { credentials } from "../support/cli.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/folder.ts";
import { scriptedServer } from "../support/server.ts";

const load = ["tenant", "load", "x", "--json"];
const create = ["tenant", "create", "x", "--json"];
const KEY = credentials.DESCOPE_MANAGEMENT_KEY;

let folder: TemporaryFolder;
let ours: Authority;
beforeAll(async () => {
  folder = temporaryFolder();
  ours = await authority();
  folder.put("ca.pem", ours.cert);
});
afterAll(() => folder[Symbol.dispose]());

interface Proxy {
  readonly url: string;
  /** What it was asked for: "GET http://host/path" or "CONNECT host:port". */
  readonly asked: string[];
  readonly authorizations: (string | undefined)[];
}

/** A proxy that answers plain requests itself with a tenant, and leads tunnels to a port of this machine. */
async function withProxy<T>(tunnelTo: number, work: (proxy: Proxy) => Promise<T>, status = 200): Promise<T> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    authorizations.push(request.headers["proxy-authorization"]);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "x", name: "through the proxy" }));
  });
  server.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    authorizations.push(request.headers["proxy-authorization"]);
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    const target = net.connect(tunnelTo, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      target.pipe(socket).pipe(target);
    });
    target.on("error", () => socket.destroy());
    socket.on("error", () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as net.AddressInfo;
    return await work({ url: `http://127.0.0.1:${port}`, asked, authorizations });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const FINE = { "GET /v1/mgmt/tenant": { body: { id: "x", name: "direct" } } };

describe("a proxy", () => {
  for (const variable of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) {
    test(`named in ${variable} is used for other machines`, async () => {
      await withProxy(0, async (proxy) => {
        const ran = await spawnBinary(load, {
          env: connected("http://api.example.test/p", { [variable]: proxy.url }),
        });
        expect(proxy.asked).toEqual(["GET http://api.example.test/p/v1/mgmt/tenant?id=x"]);
        expect(JSON.parse(ran.out)).toMatchObject({ tenant: { name: "through the proxy" } });
        expect(ran.status).toBe(0);
      });
    });
  }

  for (const host of ["127.0.0.1", "localhost"]) {
    test(`is never used for ${host}`, async () => {
      using server = scriptedServer(FINE);
      await withProxy(0, async (proxy) => {
        const all = Object.fromEntries(
          ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"].map((name) => [
            name,
            proxy.url,
          ]),
        );
        const ran = await spawnBinary(load, { env: connected(server.url.replace("127.0.0.1", host), all) });
        expect(JSON.parse(ran.out)).toMatchObject({ tenant: { name: "direct" } });
        expect(proxy.asked).toEqual([]);
        expect(server.seen.length).toBe(1);
      });
    });
  }

  for (const NO_PROXY of [
    "api.example.test",
    ".example.test",
    "example.test",
    "*",
    "other, api.example.test",
  ]) {
    test(`is not used where NO_PROXY=${NO_PROXY}`, async () => {
      await withProxy(0, async (proxy) => {
        const ran = await spawnBinary([...load, "--timeout", "500ms"], {
          env: connected("http://api.example.test", { HTTP_PROXY: proxy.url, NO_PROXY }),
        });
        expect(proxy.asked).toEqual([]);
        // The name is nobody's, so that without the proxy there is no answer.
        expect(ran.status).toBe(1);
        expect(["network", "timeout"]).toContain((JSON.parse(ran.out) as { code: string }).code);
      });
    });
  }

  test("is asked with the name and password of its own address, which are never shown", async () => {
    await withProxy(0, async (proxy) => {
      const HTTP_PROXY = proxy.url.replace("//", "//someone:pr0xy-s3cret@");
      const ran = await spawnBinary([...load, "--debug"], {
        env: connected("http://api.example.test", { HTTP_PROXY }),
      });
      expect(ran.status).toBe(0);
      expect(proxy.authorizations).toEqual([`Basic ${btoa("someone:pr0xy-s3cret")}`]);
      expect(ran.out + ran.err).not.toContain("pr0xy-s3cret");
      expect(ran.err).not.toContain(btoa("someone:pr0xy-s3cret"));
    });
  });

  test("carries snapshots of many megabytes in a tunnel, there and back", async () => {
    const bodies: [length: string | null, text: string][] = [];
    const files = { "a.txt": `${"é".repeat(2_000_000)}\n`, "b.json": { text: "<".repeat(1_000_000) } };
    const tls = await ours.issue(["api.example.test"]);
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls,
      async fetch(request) {
        bodies.push([request.headers.get("content-length"), await request.text()]);
        return Response.json({ files });
      },
    });
    await withProxy(server.port ?? 0, async (proxy) => {
      using made = temporaryFolder();
      const env = connected("https://api.example.test", {
        HTTPS_PROXY: proxy.url,
        SSL_CERT_FILE: folder.at("ca.pem"),
      });
      const snapshot = (verb: string) =>
        spawnBinary(["project", "snapshot", verb, "P1", "-p", made.at("out")], { env });
      expect((await snapshot("export")).status).toBe(0);
      expect((await snapshot("import")).status).toBe(0);
      const [length, text = ""] = bodies.at(-1) ?? [];
      expect(Number(length)).toBe(Buffer.byteLength(text));
      // What stands escaped in the file is sent as it stands.
      expect(JSON.parse(text)).toEqual({ files });
    });
    await server.stop(true);
  });

  test("carries HTTPS in a tunnel, whose end proves itself", async () => {
    const names: string[] = [];
    const tls = await ours.issue(["api.example.test"]);
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls,
      fetch(request) {
        names.push(request.headers.get("authorization") ?? "");
        return Response.json({ id: "x", name: "at the end" });
      },
    });
    await withProxy(server.port ?? 0, async (proxy) => {
      const env = { HTTPS_PROXY: proxy.url, SSL_CERT_FILE: folder.at("ca.pem") };
      const trusted = await spawnBinary(load, { env: connected("https://api.example.test", env) });
      expect(trusted.err).toBe("");
      expect(JSON.parse(trusted.out)).toMatchObject({ tenant: { name: "at the end" } });
      expect(proxy.asked).toEqual(["CONNECT api.example.test:443"]);
      expect(names.splice(0)).toEqual([`Bearer ${credentials.DESCOPE_PROJECT_ID}:${KEY}`]);

      const unknown = await spawnBinary(load, {
        env: connected("https://api.example.test", { HTTPS_PROXY: proxy.url }),
      });
      expect(JSON.parse(unknown.out)).toMatchObject({ ok: false, code: "network" });
      const other = await spawnBinary(load, { env: connected("https://api.example.invalid", env) });
      expect(JSON.parse(other.out)).toMatchObject({ ok: false, code: "network" });
      // The address that is used where none is named is verified too, and so are those of the regions.
      for (const DESCOPE_PROJECT_ID of ["P1", `Puse1${"x".repeat(30)}`]) {
        const ran = await spawnBinary(load, { env: connected("", { ...env, DESCOPE_PROJECT_ID }) });
        expect(JSON.parse(ran.out)).toMatchObject({ ok: false, code: "network" });
      }
      expect(proxy.asked.slice(-2)).toEqual([
        "CONNECT api.descope.com:443",
        "CONNECT api.use1.descope.com:443",
      ]);
      expect(names).toEqual([]);
    });
    await server.stop(true);
  });

  test("that refuses is named as the one who did", async () => {
    await withProxy(
      0,
      async (proxy) => {
        const ran = await spawnBinary(load, {
          env: connected("https://api.example.test", { HTTPS_PROXY: proxy.url }),
        });
        expect(ran.status).toBe(1);
        expect((JSON.parse(ran.out) as { error: string }).error).toContain("proxy");
      },
      407,
    );
  });

  test("of a kind that is not supported is refused in words", async () => {
    const ran = await spawnBinary(load, {
      env: connected("https://api.example.test", { HTTPS_PROXY: "socks5://127.0.0.1:1" }),
    });
    expect(ran.status).toBe(1);
    expect((JSON.parse(ran.out) as { error: string }).error).toContain("proxy");
  });
});

describe("a redirect is never followed", () => {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const args of [load, create, ["user", "test", "delete-all", "--json"]]) {
      test(`${status} of ${args.join(" ")}`, async () => {
        using elsewhere = scriptedServer({ "*": { body: { id: "x", name: "elsewhere" } } });
        using server = scriptedServer({
          "*": { status, headers: { location: `${elsewhere.url}/v1/mgmt/tenant?id=x` }, body: { id: "x" } },
        });
        const ran = await spawnBinary(args, { env: connected(server.url) });
        expect(elsewhere.seen).toEqual([]);
        expect(server.seen.length).toBe(1);
        expect(ran.status).toBe(1);
        expect(JSON.parse(ran.out)).toMatchObject({ ok: false, code: "server", status });
      });
    }
  }
});

/** A server at the level of connections: `answer` says what is written to each before it is closed; null leaves it open. */
async function withSocketServer<T>(
  answer: (connection: number) => string | null,
  work: (url: string, requests: () => number) => Promise<T>,
): Promise<T> {
  let requests = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      const text = answer(requests++);
      if (text === null) return;
      socket.write(text);
      socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}`, () => requests);
  } finally {
    for (const socket of open) socket.destroy();
    server.close();
  }
}

const OK =
  'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{"id":"x"} \n';

describe("a connection that breaks", () => {
  test("is tried again where a repeat does no harm", async () => {
    await withSocketServer(
      (n) => (n === 0 ? "" : OK.replace('{"id":"x"} \n', '{"id":"x"}  ')),
      async (url, requests) => {
        const ran = await spawnBinary(load, { env: connected(url) });
        expect(ran.err).toBe("");
        expect(ran.status).toBe(0);
        expect(requests()).toBe(2);
      },
    );
  });

  test("is not tried again where it is not known what became of the request", async () => {
    await withSocketServer(
      () => "",
      async (url, requests) => {
        const ran = await spawnBinary(create, { env: connected(url) });
        expect(ran.status).toBe(1);
        expect(JSON.parse(ran.out)).toMatchObject({ code: "network" });
        expect(requests()).toBe(1);
      },
    );
  });

  for (const [name, answer] of [
    ["in the middle of the body", OK.replace("12", "1200")],
    ["with something that is not HTTP", "hello\r\n\r\n"],
    ["in the middle of the head", "HTTP/1.1 200 OK\r\ncontent-ty"],
  ] as const) {
    test(`${name} is a failure in words`, async () => {
      await withSocketServer(
        () => answer,
        async (url, requests) => {
          const ran = await spawnBinary([...create, "--timeout", "5s"], { env: connected(url) });
          expect(ran.status).toBe(1);
          expect(JSON.parse(ran.out)).toMatchObject({ ok: false });
          expect(ran.out + ran.err).not.toContain("verbose");
          expect(requests()).toBe(1);
        },
      );
    });
  }

  test("a server that comes up in the meantime is found", async () => {
    const before = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("") });
    const { port } = before;
    await before.stop(true);
    const child = Bun.spawn([binary, ...create, "--debug"], {
      env: connected(`http://127.0.0.1:${port}`),
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    let said = "";
    let server: Bun.Server<undefined> | undefined;
    let asked = 0;
    for await (const chunk of child.stderr) {
      said += new TextDecoder().decode(chunk);
      if (server === undefined && said.includes("repeated in")) {
        server = Bun.serve({
          port: port ?? 0,
          hostname: "127.0.0.1",
          fetch() {
            asked++;
            return Response.json({ id: "T1" });
          },
        });
      }
    }
    expect(JSON.parse(await child.stdout.text())).toMatchObject({ ok: true, tenantId: "T1" });
    expect(await child.exited).toBe(0);
    expect(asked).toBe(1);
    await server?.stop(true);
  });
});

describe("the deadline", () => {
  for (const [name, args, env] of [
    ["--timeout 300ms", ["--timeout", "300ms"], {}],
    ["--timeout=0.3", ["--timeout=0.3"], {}],
    ["DESCOPE_TIMEOUT=300ms", [], { DESCOPE_TIMEOUT: "300ms" }],
  ] as const) {
    test(`ends a call without an answer: ${name}`, async () => {
      await withSocketServer(
        () => null,
        async (url, requests) => {
          const ran = await spawnBinary([...load, ...args], { env: connected(url, env) });
          expect(ran.status).toBe(1);
          expect(JSON.parse(ran.out)).toMatchObject({ ok: false, code: "timeout" });
          expect(requests()).toBe(1);
        },
      );
    });
  }

  test("ends a reply that does not end", async () => {
    const server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      idleTimeout: 0,
      fetch: () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              await Bun.sleep(20);
              controller.enqueue(new TextEncoder().encode(" "));
            },
          }),
        ),
    });
    const ran = await spawnBinary([...load, "--timeout", "300ms"], {
      env: connected(`http://127.0.0.1:${server.port}`),
    });
    await server.stop(true);
    expect(JSON.parse(ran.out)).toMatchObject({ ok: false, code: "timeout" });
  });

  test("holds for a call with all its repeats", async () => {
    using server = scriptedServer({ "GET /v1/mgmt/tenant": { status: 503, body: { errorCode: "E9" } } });
    const ran = await spawnBinary([...load, "--timeout", "60ms"], { env: connected(server.url) });
    expect(ran.status).toBe(1);
    expect(server.seen.length).toBeLessThan(3);
  });

  test("says of a request that changes something that it may have been done", async () => {
    await withSocketServer(
      () => null,
      async (url) => {
        const ran = await spawnBinary([...create, "--timeout", "200ms"], { env: connected(url) });
        expect((JSON.parse(ran.out) as { hint: string }).hint).toContain("look before you repeat it");
      },
    );
  });

  for (const wrong of ["0", "soon", "-1", "1h", "", "99999999"]) {
    test(`must be a time: ${JSON.stringify(wrong)}`, async () => {
      using server = scriptedServer({});
      const ran = await spawnBinary([...load, `--timeout=${wrong}`], { env: connected(server.url) });
      expect(ran.status).toBe(1);
      expect((JSON.parse(ran.out) as { error: string }).error).toContain("--timeout");
      expect(server.seen).toEqual([]);
    });
  }
});

describe("Retry-After", () => {
  for (const [name, header] of [
    ["seconds", () => "1"],
    ["a date", () => new Date(Date.now() + 2000).toUTCString()],
  ] as const) {
    test(`in ${name} is waited for`, async () => {
      let asked = 0;
      const server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch() {
          if (asked++ > 0) return Response.json({ id: "x", name: "X" });
          return Response.json(
            { errorCode: "E130429" },
            { status: 429, headers: { "retry-after": header() } },
          );
        },
      });
      const ran = await spawnBinary([...load, "--debug"], {
        env: connected(`http://127.0.0.1:${server.port}`),
      });
      await server.stop(true);
      expect(ran.status).toBe(0);
      expect(asked).toBe(2);
      const waited = Number(/repeated in (\d+) ms/.exec(ran.err)?.[1]);
      // Longer than a wait that nobody asked for.
      expect(waited).toBeGreaterThan(150);
      expect(waited).toBeLessThanOrEqual(2000);
    });
  }

  test("that does not fit the deadline ends the command at once, with what the server said", async () => {
    using server = scriptedServer({
      "GET /v1/mgmt/tenant": {
        status: 429,
        body: { errorCode: "E130429" },
        headers: { "retry-after": "3600" },
      },
    });
    const ran = await spawnBinary(load, { env: connected(server.url) });
    expect(JSON.parse(ran.out)).toMatchObject({
      ok: false,
      status: 429,
      errorCode: "E130429",
      error: "[E130429] Server error [Retry-After:3600 Status-Code:429]",
    });
    expect(server.seen.length).toBe(1);
  });
});
