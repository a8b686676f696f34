/**
 * The API as far as the measurements need it, in a process of its own so that it takes no time from what is measured. It prints its
 * address, counts what it is asked, and serves the snapshot that it is given as a file of JSON.
 */
import fs from "node:fs";

const [snapshotFile] = process.argv.slice(2);
const snapshot = snapshotFile === undefined ? new Uint8Array() : fs.readFileSync(snapshotFile);
const json = { "content-type": "application/json" };
const tenant = new TextEncoder().encode('{"id":"acme","name":"Acme","selfProvisioningDomains":["acme.com"]}');
let asked = 0;

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  maxRequestBodySize: 1e9,
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/asked") return new Response(String(asked));
    asked++;
    if (pathname === "/v1/mgmt/tenant") return new Response(tenant, { headers: json });
    if (pathname.endsWith("/snapshot/export")) return new Response(snapshot, { headers: json });
    await request.arrayBuffer();
    return new Response("{}", { headers: json });
  },
});
console.log(`http://127.0.0.1:${server.port}`);
