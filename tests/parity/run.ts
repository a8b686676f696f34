/**
 * Holds this program against another one, on the wire and at the terminal.
 *
 *     bun run parity check  [--bin PROGRAM] [--recorded FILE] [--only START-OF-ID] [-v]
 *     bun run parity record  --bin PROGRAM --out FILE [--only START-OF-ID]
 *
 * `record` runs a program over the cases and writes what it did: the requests that it sent, its exit status, its JSON, the files it
 * left. `check` runs a program (the compiled one, where none is named) and says where it did otherwise.
 */
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { binary } from "../support/binary.ts";
import { allCases, recordings, replies, wanted } from "./all.ts";
import type { Behaviour, Wire } from "./case.ts";
import { differences } from "./compare.ts";
import { observe } from "./observe.ts";
import { parseWire, printWire } from "./wire.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    bin: { type: "string", default: binary },
    recorded: { type: "string" },
    out: { type: "string" },
    only: { type: "string", default: "" },
    verbose: { type: "boolean", short: "v", default: false },
  },
});

const program = path.resolve(values.bin);
const cases = allCases.filter(({ id }) => id.startsWith(values.only));

switch (positionals.join(" ")) {
  case "record":
    process.exitCode = await record();
    break;
  case "check":
    process.exitCode = await check();
    break;
  default:
    console.error("Say what to do: check or record");
    process.exitCode = 1;
}

async function record(): Promise<number> {
  if (values.out === undefined) {
    console.error("Name the file to write: --out FILE");
    return 1;
  }
  const out: Record<string, Behaviour> = {};
  for (const given of cases) out[given.id] = (await observe(program, given, replies)).behaviour;
  fs.writeFileSync(values.out, `${printWire(out as unknown as Wire, 2)}\n`);
  console.log(`${cases.length} cases recorded`);
  return 0;
}

async function check(): Promise<number> {
  const from =
    values.recorded === undefined
      ? recordings
      : (parseWire(fs.readFileSync(values.recorded, "utf8")) as unknown as Record<string, Behaviour>);
  let failed = 0;
  for (const given of cases) {
    const { behaviour, stdout, stderr } = await observe(program, given, replies);
    const found = differences(given, wanted(given, from), behaviour);
    if (found.length === 0) continue;
    failed++;
    console.log(`${given.id}: ${given.argv.join(" ")}`);
    for (const difference of found) console.log(`    ${difference.slice(0, 600)}`);
    if (values.verbose)
      console.log(`    stdout: ${stdout.slice(0, 600)}\n    stderr: ${stderr.slice(0, 600)}`);
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 && cases.length > 0 ? 0 : 1;
}
