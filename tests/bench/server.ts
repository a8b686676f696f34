/**
 * The API as far as the measurements need it, in a process of its own so that it takes no time from what is measured. It prints its
 * address, counts what it is asked, and serves the snapshot that it is given as a file of JSON.
 */
import fs from "node:fs";

const [snapshotFile] = process.argv.slice(2);
// Bytes would be copied for each reply, and the one who asks would wait for that.
const snapshot = new Blob(snapshotFile === undefined ? [] : [fs.readFileSync(snapshotFile)]);
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
    // It is let go as it comes: to collect it takes longer than to send it.
    for await (const _ of request.body ?? []);
    return new Response("{}", { headers: json });
  },
});
console.log(`http://127.0.0.1:${server.port}`);
