/** Serves from the state file that is its argument and says where; started by tests as a process of its own, to be killed. */
import { startEmulator } from "../../src/emulator/emulator.ts";

const emulator = startEmulator({ stateFile: process.argv[2] as string });
console.log(JSON.stringify({ url: emulator.url, key: emulator.managementKey }));
