import { testEmulator, type Answer, type TestEmulator } from "../../support/emulator.ts";
import type { Reply } from "../../support/replies.ts";
import { SCHEMA, type Model } from "./model.ts";

/** The emulator that a model is held against. Its time is the model's. */
export class System {
  private readonly model: Model;
  private readonly stateFile: string | undefined;
  private emulator: TestEmulator;

  /** @param stateFile keeps the state, so that the emulator can be opened again. */
  constructor(model: Model, stateFile?: string) {
    this.model = model;
    this.stateFile = stateFile;
    this.emulator = this.start();
  }

  async prepare(): Promise<void> {
    await this.ok("/v1/mgmt/fga/schema", { dsl: SCHEMA });
  }

  manage(path: string, body?: unknown, method?: string): Promise<Answer> {
    return this.emulator.call(path, body, method === undefined ? {} : { method });
  }

  /** A management call that must succeed. */
  ok(path: string, body?: unknown, method?: string): Promise<Reply> {
    return this.emulator.ok(path, body, method === undefined ? {} : { method });
  }

  /** A call of a user or application, with a token or key. */
  sign(path: string, body: unknown, token?: string): Promise<Answer> {
    const { project } = this.emulator;
    const authorization = `Bearer ${project}${token === undefined ? "" : `:${token}`}`;
    return this.emulator.call(path, body, { authorization });
  }

  /** Stops, and starts again from the same file. */
  async reopen(): Promise<void> {
    await this.emulator.stop();
    this.emulator = this.start();
  }

  stop(): Promise<void> {
    return this.emulator.stop();
  }

  private start(): TestEmulator {
    return testEmulator({
      machineTime: () => this.model.now,
      ...(this.stateFile === undefined ? {} : { stateFile: this.stateFile }),
    });
  }
}
