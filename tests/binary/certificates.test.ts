import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import path from "node:path";
import { connected, spawnBinary } from "../support/binary.ts";
import { authority, type Authority, type Certificate } from "../support/certificate.ts";
import { credentials } from "../support/cli.ts";
import { temporaryFolder, type TemporaryFolder } from "../support/folder.ts";

const DAY = 86_400_000;
let folder: TemporaryFolder;
let ours: Authority;
let caFile: string;

beforeAll(async () => {
  folder = temporaryFolder();
  ours = await authority();
  caFile = folder.at("ca.pem");
  folder.put("ca.pem", ours.cert);
});
afterAll(() => folder[Symbol.dispose]());

/** Runs a command against a server with that certificate, and gives back what it did and which requests arrived. */
async function against(
  tls: Certificate,
  env: Readonly<Record<string, string>> = {},
  { host = "localhost", args = ["tenant", "load", "x", "--json"] } = {},
) {
  const seen: (string | null)[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    tls,
    fetch(request) {
      seen.push(request.headers.get("authorization"));
      return Response.json({ id: "x", name: "X" });
    },
  });
  const ran = await spawnBinary(args, { env: connected(`https://${host}:${server.port}`, env) });
  await server.stop(true);
  expect(ran.out + ran.err).not.toContain(credentials.DESCOPE_MANAGEMENT_KEY);
  return { ...ran, seen };
}

type Outcome = Awaited<ReturnType<typeof against>>;

function refused(outcome: Outcome, words: RegExp): void {
  expect(outcome.seen).toEqual([]);
  expect(outcome.status).toBe(1);
  const { error, code, hint } = JSON.parse(outcome.out) as Record<string, string>;
  expect(code).toBe("network");
  expect(error).toMatch(words);
  expect(hint).toContain("SSL_CERT_FILE");
}

function worked(outcome: Outcome): void {
  expect(JSON.parse(outcome.out)).toMatchObject({ ok: true, tenant: { id: "x" } });
  expect(outcome.status).toBe(0);
  expect(outcome.seen.length).toBe(1);
}

describe("a certificate that proves nothing is refused before the key is sent", () => {
  test("one that signed itself", async () => {
    refused(await against(await authority("localhost")), /cannot be verified/);
  });

  test("one of an authority that is not known", async () => {
    refused(await against(await ours.issue(["localhost"])), /cannot be verified/);
  });

  test("one of another authority than the one that is named", async () => {
    const other = await authority();
    refused(await against(await other.issue(["localhost"]), { SSL_CERT_FILE: caFile }), /cannot be verified/);
  });

  test("one for another host", async () => {
    refused(await against(await ours.issue(["other.test"]), { SSL_CERT_FILE: caFile }), /for another host/);
  });

  test("one for another address", async () => {
    const tls = await ours.issue(["127.0.0.2", "localhost"]);
    refused(await against(tls, { SSL_CERT_FILE: caFile }, { host: "127.0.0.1" }), /for another host/);
  });

  test("one that has expired", async () => {
    const tls = await ours.issue(["localhost"], {
      from: new Date(Date.now() - 2 * DAY),
      to: new Date(Date.now() - DAY),
    });
    refused(await against(tls, { SSL_CERT_FILE: caFile }), /has expired/);
  });

  test("one that is not valid yet", async () => {
    const tls = await ours.issue(["localhost"], {
      from: new Date(Date.now() + DAY),
      to: new Date(Date.now() + 2 * DAY),
    });
    refused(await against(tls, { SSL_CERT_FILE: caFile }), /cannot be verified|not valid yet/);
  });

  for (const env of [
    { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    { DESCOPE_INSECURE_SKIP_VERIFY: "0" },
    { DESCOPE_INSECURE_SKIP_VERIFY: "" },
    { SSL_CERT_FILE: "/nowhere/ca.pem" },
    { SSL_CERT_DIR: "/nowhere" },
    { NODE_EXTRA_CA_CERTS: "/nowhere/ca.pem" },
    { SSL_CERT_FILE: "/dev/null" },
  ] as Record<string, string>[]) {
    test(`whatever ${JSON.stringify(env)} says`, async () => {
      refused(await against(await ours.issue(["localhost"]), env), /cannot be verified/);
    });
  }
});

describe("a certificate of an authority that is named is trusted", () => {
  for (const [variable, place] of [
    ["SSL_CERT_FILE", () => caFile],
    ["SSL_CERT_DIR", () => path.dirname(caFile)],
    ["NODE_EXTRA_CA_CERTS", () => caFile],
  ] as const) {
    test(`by ${variable}, for a name`, async () => {
      worked(await against(await ours.issue(["localhost"]), { [variable]: place() }));
    });
    test(`by ${variable}, for an address`, async () => {
      worked(await against(await ours.issue(["127.0.0.1"]), { [variable]: place() }, { host: "127.0.0.1" }));
    });
  }
});

describe("verification can be turned off in so many words", () => {
  for (const json of [[], ["--json"]]) {
    test(`which is said aloud: ${["tenant load", ...json].join(" ")}`, async () => {
      const ran = await against(
        await ours.issue(["other.test"]),
        { DESCOPE_INSECURE_SKIP_VERIFY: "1" },
        { args: ["tenant", "load", "x", ...json] },
      );
      expect(ran.status).toBe(0);
      expect(ran.seen.length).toBe(1);
      expect(ran.err).toContain("DESCOPE_INSECURE_SKIP_VERIFY=1");
      expect(ran.err).toContain("NOT verified");
    });
  }

  test("and nothing is said where there is no certificate to verify", async () => {
    const ran = await spawnBinary(["--version"], { env: { DESCOPE_INSECURE_SKIP_VERIFY: "1" } });
    expect(ran).toMatchObject({ status: 0, err: "" });
  });
});

describe("a server that speaks something else", () => {
  test("HTTP where HTTPS is wanted", async () => {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response("{}") });
    const ran = await spawnBinary(["tenant", "load", "x", "--json", "--timeout", "5s"], {
      env: connected(`https://127.0.0.1:${server.port}`),
    });
    await server.stop(true);
    expect(ran.status).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ ok: false, code: "network" });
  });

  test("HTTPS where HTTP is wanted", async () => {
    const tls = await ours.issue(["localhost"]);
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", tls, fetch: () => new Response("{}") });
    const ran = await spawnBinary(["tenant", "create", "x", "--json", "--timeout", "5s"], {
      env: connected(`http://127.0.0.1:${server.port}`),
    });
    await server.stop(true);
    expect(ran.status).toBe(1);
    expect(["network", "server"]).toContain((JSON.parse(ran.out) as { code: string }).code);
  });
});
