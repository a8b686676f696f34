import { expect } from "bun:test";
import type fc from "fast-check";
import type { Answer } from "../../support/emulator.ts";
import type { Model } from "./model.ts";
import type { System } from "./system.ts";

/** A step: done to the emulator and to the model, whose answers must be the same. */
export type Command = fc.AsyncCommand<Model, System>;

/** Makes a step; its words are what a failing run prints. */
export function command(words: string, run: (model: Model, system: System) => Promise<void>): Command {
  return { check: () => true, run, toString: () => words };
}

export function expectOk({ status, body }: Answer, reply: object = {}): void {
  if (status !== 200)
    throw new Error(`${status} ${JSON.stringify(body)} where the model says ${JSON.stringify(reply)}`);
  expect(body).toMatchObject(reply);
}

export function expectRefused({ status, body }: Answer, expected: number, errorCode: string): void {
  expect({ status, errorCode: body.errorCode }).toEqual({ status: expected, errorCode });
}
