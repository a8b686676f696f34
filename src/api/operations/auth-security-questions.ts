import * as v from "valibot";
import { operation } from "../operation.ts";
import { anyObject, filled, flag } from "./schemas.ts";

const answers = () => v.array(v.looseObject({ id: filled(), answer: v.string() }));

export const setup = operation({
  noun: "SecurityQuestions",
  verb: "Setup",
  method: "POST",
  path: "/v1/auth/security-questions/setup",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), answers: answers() }),
  secretInput: ["answers.*.answer"],
});

export const questions = operation({
  noun: "SecurityQuestions",
  verb: "Questions",
  method: "GET",
  path: "/v1/auth/security-questions/verify",
  effect: "read",
  output: anyObject,
});

export const verify = operation({
  noun: "SecurityQuestions",
  verb: "Verify",
  method: "POST",
  path: "/v1/auth/security-questions/verify",
  effect: "write",
  input: () => v.looseObject({ loginId: filled(), answers: answers(), stepup: flag() }),
  output: anyObject,
  secretInput: ["answers.*.answer"],
  secretOutput: ["sessionJwt", "refreshJwt"],
});
