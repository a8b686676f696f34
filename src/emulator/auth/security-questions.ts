import { isJsonObject } from "../../json/value.ts";
import { EmulatorError, invalidArgument } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, number, text } from "../project-settings.ts";
import type { SecurityAnswers, User } from "../users/user.ts";

export interface SecurityQuestion {
  readonly id: string;
  readonly text: string;
}

/** What the project asks, and how often somebody may be wrong. */
interface Rules {
  readonly questions: readonly SecurityQuestion[];
  /** How many a user must choose. */
  readonly setupCount: number;
  /** How many are asked. */
  readonly verifyCount: number;
  /** Wrong tries in a row until it is over for good; 0 for never. */
  readonly lockAttempts: number;
  /** Wrong tries in a row until it is over for a while; 0 for never. */
  readonly pauseAttempts: number;
  /** Milliseconds. */
  readonly pause: number;
}

type Answers = readonly { readonly id: string; readonly answer: string }[];

/** The questions that a user chose and is asked: so many as the project wants, in the order in which they were chosen. */
export function questionsFor(project: Project, user: User): readonly SecurityQuestion[] {
  const { questions, verifyCount } = rulesOf(project);
  const chosen = user.securityAnswers?.answers ?? [];
  return chosen
    .flatMap(({ id }) => questions.find((question) => question.id === id) ?? [])
    .slice(0, verifyCount);
}

/** What is kept of answers. @throws {EmulatorError} for too few, an empty one, or one to a question that the project does not ask. */
export function storeAnswers(project: Project, answers: Answers): SecurityAnswers {
  const { questions, setupCount } = rulesOf(project);
  const given = new Map(answers.map(({ id, answer }) => [id, answer]));
  for (const [id, answer] of given) {
    if (!questions.some((question) => question.id === id))
      throw invalidArgument(`The project has no security question ${id}`);
    if (plain(answer) === "") throw invalidArgument(`The answer to the question ${id} is empty`);
  }
  if (given.size < setupCount)
    throw invalidArgument(
      `${setupCount} different questions must be answered, and there are ${given.size} answers`,
    );
  const kept = [...given].map(([id, answer]) => {
    const salt = project.ids.text(16);
    return { id, salt, hash: digest(answer, salt) };
  });
  return { answers: kept, failures: 0 };
}

/** What is kept of a user's answers after a try, and what is wrong with it: nothing where it was right. */
export function tryAnswers(
  project: Project,
  kept: SecurityAnswers | undefined,
  answers: Answers,
): { readonly kept: SecurityAnswers | undefined; readonly fault?: string } {
  if (kept === undefined) return { kept, fault: "The user has set up no security questions" };
  const { verifyCount, lockAttempts, pauseAttempts, pause } = rulesOf(project);
  const now = project.clock.now();
  if (lockAttempts > 0 && kept.failures >= lockAttempts)
    return { kept, fault: "Too many wrong answers were tried; the questions must be set up anew" };
  if (kept.pausedUntil !== undefined && kept.pausedUntil > now)
    return { kept, fault: "Too many wrong answers were tried; it can be tried again in a while" };
  const given = new Map(answers.map(({ id, answer }) => [id, answer]));
  const right = [...given].filter(([id, answer]) => {
    const one = kept.answers.find((known) => known.id === id);
    return one !== undefined && one.hash === digest(answer, one.salt);
  });
  if (given.size >= verifyCount && right.length === given.size)
    return { kept: { answers: kept.answers, failures: 0 } };
  const failures = kept.failures + 1;
  const isPaused = pauseAttempts > 0 && failures % pauseAttempts === 0;
  return {
    kept: { answers: kept.answers, failures, ...(isPaused ? { pausedUntil: now + pause } : {}) },
    fault: given.size < verifyCount ? `${verifyCount} questions must be answered` : "An answer is wrong",
  };
}

/** @throws {EmulatorError} 401, keeping what was written. */
export function wrongAnswers(fault: string): EmulatorError {
  return new EmulatorError(401, "E062801", "Invalid credentials", fault, { keeps: true });
}

function rulesOf(project: Project): Rules {
  const settings = methodSettings(project, "securityquestions");
  const list = Array.isArray(settings.securityQuestions) ? settings.securityQuestions : [];
  const amount = (key: string) => number(settings[key]) ?? 0;
  return {
    questions: list.filter(isJsonObject).map((one) => ({ id: text(one.id), text: text(one.text) })),
    setupCount: Math.max(1, amount("setupQuestionsCount")),
    verifyCount: Math.max(1, amount("verifyQuestionsCount")),
    lockAttempts: settings.lock === true ? amount("lockAttempts") : 0,
    pauseAttempts: settings.tempLock === true ? amount("tempLockAttempts") : 0,
    pause: amount("tempLockDuration") * 60_000,
  };
}

/** Nobody remembers where they wrote a capital or a space. */
function plain(answer: string): string {
  return answer.trim().replaceAll(/\s+/g, " ").toLowerCase();
}

function digest(answer: string, salt: string): string {
  return new Bun.CryptoHasher("sha256").update(`${salt}\n${plain(answer)}`).digest("hex");
}
