import { isRawNumber } from "../../json/value.ts";
import { evaluateCel, ipAddress, type CelValue } from "./cel.ts";
import { CelError, parseCel } from "./cel-syntax.ts";
import { readConditions, type ConditionExpression } from "./condition-expression.ts";
import type { Condition, Param, Schema } from "./schema.ts";
import type { Truth } from "./truth.ts";

/** What became of one condition. */
interface Outcome {
  readonly truth: Truth;
  /** Parameters that the request says nothing of. */
  readonly missing: readonly string[];
  /** Why it has no outcome, where its parameters are there. */
  readonly error?: string;
}

/** The circumstances of a request, in which conditions hold or do not. Each condition is looked at once. */
export class Context {
  private readonly schema: Schema;
  private readonly given: Readonly<Record<string, unknown>>;
  private readonly outcomes = new Map<string, Outcome>();
  private readonly expressions = new Map<string, ConditionExpression | undefined>();

  constructor(schema: Schema, given: Readonly<Record<string, unknown>> = {}) {
    this.schema = schema;
    this.given = given;
  }

  /** Whether what stands behind `with` holds. */
  holds(conditionExpr: string): Truth {
    if (!this.expressions.has(conditionExpr))
      this.expressions.set(conditionExpr, readConditions(conditionExpr));
    const expression = this.expressions.get(conditionExpr);
    return expression === undefined ? "unknown" : this.truth(expression);
  }

  /** Names of parameters that were needed and not given, each once. */
  get missing(): string[] {
    return [...new Set([...this.outcomes.values()].flatMap(({ missing }) => missing))];
  }

  /** What went wrong where a condition has no outcome although its parameters are there. */
  get errors(): string[] {
    return [...this.outcomes.values()].flatMap(({ error }) => error ?? []);
  }

  /** Numbers, from 1, of the conditions that were looked at and came out as `truth`. */
  numbered(truth: Truth): number[] {
    return this.schema.conditions.flatMap(({ name }, index) =>
      this.outcomes.get(name)?.truth === truth ? [index + 1] : [],
    );
  }

  private truth(expression: ConditionExpression): Truth {
    switch (expression.kind) {
      case "name":
        return this.outcome(expression.name).truth;
      case "not": {
        const truth = this.truth(expression.of);
        return truth === "unknown" ? truth : truth === "yes" ? "no" : "yes";
      }
      case "and":
      case "or": {
        const decisive = expression.kind === "and" ? "no" : "yes";
        const left = this.truth(expression.left);
        if (left === decisive) return left;
        const right = this.truth(expression.right);
        return right === decisive || left !== "unknown" ? right : left;
      }
    }
  }

  private outcome(name: string): Outcome {
    const known = this.outcomes.get(name);
    if (known !== undefined) return known;
    const condition = this.schema.conditions.find((one) => one.name === name);
    const outcome =
      condition === undefined
        ? { truth: "unknown" as const, missing: [], error: `there is no condition ${name}` }
        : this.evaluate(condition);
    this.outcomes.set(name, outcome);
    return outcome;
  }

  private evaluate({ name, params, expression }: Condition): Outcome {
    const missing = params.map((param) => param.name).filter((param) => this.given[param] == null);
    if (missing.length > 0) return { truth: "unknown", missing };
    try {
      const values = new Map(params.map((param) => [param.name, celValue(param, this.given[param.name])]));
      const value = evaluateCel(parseCel(expression), values);
      if (typeof value === "boolean") return { truth: value ? "yes" : "no", missing: [] };
      throw new CelError("it is neither true nor false");
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      return { truth: "unknown", missing: [], error: `${name}: ${error.message}` };
    }
  }
}

/** A value of a request's context as a parameter of its type. @throws {CelError} when it is of another type. */
function celValue({ name, type }: Param, given: unknown): CelValue {
  const value = anyValue(given);
  switch (type) {
    case "int":
      if (typeof value === "bigint") return value;
      break;
    case "double":
      if (typeof value === "bigint" || typeof value === "number") return Number(value);
      break;
    case "string":
      if (typeof value === "string") return value;
      break;
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "list":
      if (Array.isArray(value)) return value;
      break;
    case "ipaddress":
      if (typeof value === "string") return ipAddress(value);
      break;
  }
  throw new CelError(`the context's ${name} is not of the type ${type}`);
}

/** JSON as the language sees it: whole numbers are ints. */
function anyValue(given: unknown): CelValue {
  if (isRawNumber(given))
    return /^-?\d+$/.test(given.rawJSON) ? BigInt(given.rawJSON) : whole(Number(given.rawJSON));
  if (typeof given === "number") return whole(given);
  if (Array.isArray(given)) return given.map(anyValue);
  if (typeof given === "object" && given !== null)
    return new Map(Object.entries(given).map(([key, member]) => [key, anyValue(member)]));
  return typeof given === "string" || typeof given === "boolean" ? given : null;
}

function whole(number: number): bigint | number {
  return Number.isInteger(number) ? BigInt(number) : number;
}
