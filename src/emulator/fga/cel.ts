import { isAddress, isInRange } from "../ip-range.ts";
import { CelError, MACROS, type Cel } from "./cel-syntax.ts";

/** Whole numbers are bigints, so that they are told from doubles as the language does. */
export type CelValue =
  null | boolean | bigint | number | string | IpAddress | CelValue[] | Map<string, CelValue>;

/** An address, in the form in which equal ones are equal. */
class IpAddress {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** More steps than this are refused, as an evaluator that serves many must. */
const MOST_STEPS = 100_000;

/** The value of an expression. @throws {CelError} where it has none. */
export function evaluateCel(cel: Cel, names: ReadonlyMap<string, CelValue>): CelValue {
  let steps = 0;
  const run = (part: Cel, scope: ReadonlyMap<string, CelValue>): CelValue => {
    if (++steps > MOST_STEPS) throw new CelError("the expression takes too many steps");
    const bool = (inner: Cel): boolean => {
      const value = run(inner, scope);
      if (typeof value === "boolean") return value;
      throw new CelError(`${typeName(value)} stands where true or false is needed`);
    };
    switch (part.kind) {
      case "literal":
        return part.value;
      case "name": {
        const value = scope.get(part.name);
        if (value === undefined) throw new CelError(`there is no ${part.name}`);
        return value;
      }
      case "list":
        return part.items.map((item) => run(item, scope));
      case "map":
        return new Map(
          part.entries.map(([key, value]) => [keyText(run(key, scope)), run(value, scope)] as const),
        );
      case "call":
        return call(
          part.name,
          part.args.map((arg) => run(arg, scope)),
        );
      case "method": {
        const on = run(part.on, scope);
        if (MACROS.includes(part.name)) return macro(part.name, on, part.args, scope, run);
        return method(
          part.name,
          on,
          part.args.map((arg) => run(arg, scope)),
        );
      }
      case "member":
        return at(run(part.on, scope), part.name);
      case "index":
        return at(run(part.on, scope), run(part.at, scope));
      case "not":
        return !bool(part.of);
      case "minus": {
        const value = run(part.of, scope);
        if (typeof value === "bigint" || typeof value === "number") return -value;
        throw new CelError(`${typeName(value)} has no negative`);
      }
      case "choice":
        return bool(part.test) ? run(part.yes, scope) : run(part.no, scope);
      case "binary":
        if (part.operator === "&&") return bool(part.left) && bool(part.right);
        if (part.operator === "||") return bool(part.left) || bool(part.right);
        return operate(part.operator, run(part.left, scope), run(part.right, scope));
    }
  };
  return run(cel, names);
}

function macro(
  name: string,
  on: CelValue,
  [variable, body]: readonly Cel[],
  scope: ReadonlyMap<string, CelValue>,
  run: (part: Cel, scope: ReadonlyMap<string, CelValue>) => CelValue,
): CelValue {
  if (variable?.kind !== "name" || body === undefined)
    throw new CelError(`${name} takes a name and an expression`);
  const items = Array.isArray(on) ? on : on instanceof Map ? [...on.keys()] : undefined;
  if (items === undefined) throw new CelError(`${typeName(on)} has no ${name}`);
  const results = items.map((item) => run(body, new Map([...scope, [variable.name, item]])));
  if (name === "map") return results;
  const yes = results.map((result) => {
    if (typeof result === "boolean") return result;
    throw new CelError(`${name} needs an expression that is true or false`);
  });
  if (name === "filter") return items.filter((_, index) => yes[index]);
  const count = yes.filter(Boolean).length;
  if (name === "exists") return count > 0;
  return name === "all" ? count === yes.length : count === 1;
}

function call(name: string, args: readonly CelValue[]): CelValue {
  const [value] = args;
  if (args.length !== 1 || value === undefined)
    throw new CelError(`there is no function ${name} of that kind`);
  switch (name) {
    case "size":
      return BigInt(size(value));
    case "int":
      if (typeof value === "bigint") return value;
      if (typeof value === "number") return BigInt(Math.trunc(value));
      if (typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
      break;
    case "double":
      if (typeof value === "bigint" || typeof value === "number") return Number(value);
      if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value)))
        return Number(value);
      break;
    case "string":
      return keyText(value);
    case "bool":
      if (typeof value === "boolean") return value;
      break;
    case "ipaddress":
      if (typeof value === "string") return ipAddress(value);
      break;
    default:
      throw new CelError(`there is no function ${name}`);
  }
  throw new CelError(`${name} cannot be made of ${typeName(value)}`);
}

function method(name: string, on: CelValue, args: readonly CelValue[]): CelValue {
  const [argument] = args;
  if (name === "size" && args.length === 0) return BigInt(size(on));
  if (on instanceof IpAddress && typeof argument === "string" && name === "in_cidr")
    return inRange(on.text, argument);
  if (typeof on === "string" && typeof argument === "string") {
    if (name === "startsWith") return on.startsWith(argument);
    if (name === "endsWith") return on.endsWith(argument);
    if (name === "contains") return on.includes(argument);
    if (name === "matches") return matches(on, argument);
  }
  throw new CelError(`${typeName(on)} has no function ${name} of that kind`);
}

function matches(text: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    throw new CelError(`${JSON.stringify(pattern)} is not a regular expression`);
  }
}

function size(value: CelValue): number {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  throw new CelError(`${typeName(value)} has no size`);
}

function at(on: CelValue, place: CelValue): CelValue {
  const found =
    on instanceof Map ? on.get(keyText(place)) : Array.isArray(on) ? on[Number(place)] : undefined;
  if (found === undefined) throw new CelError(`${typeName(on)} has nothing at ${keyText(place)}`);
  return found;
}

function operate(operator: string, left: CelValue, right: CelValue): CelValue {
  if (operator === "==") return equal(left, right);
  if (operator === "!=") return !equal(left, right);
  if (operator === "in") {
    if (Array.isArray(right)) return right.some((item) => equal(left, item));
    if (right instanceof Map) return right.has(keyText(left));
    throw new CelError(`${typeName(right)} holds nothing`);
  }
  if (["<", "<=", ">", ">="].includes(operator)) return compare(operator, left, right);
  if (operator === "+" && typeof left === "string" && typeof right === "string") return left + right;
  if (operator === "+" && Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (typeof left === "bigint" && typeof right === "bigint") {
    if ((operator === "/" || operator === "%") && right === 0n) throw new CelError("division by zero");
    if (operator === "+") return left + right;
    if (operator === "-") return left - right;
    if (operator === "*") return left * right;
    return operator === "/" ? left / right : left % right;
  }
  if (typeof left === "number" && typeof right === "number" && operator !== "%") {
    if (operator === "+") return left + right;
    if (operator === "-") return left - right;
    return operator === "*" ? left * right : left / right;
  }
  throw new CelError(`${typeName(left)} ${operator} ${typeName(right)} is not defined`);
}

function compare(operator: string, left: CelValue, right: CelValue): boolean {
  const numbers = isNumber(left) && isNumber(right);
  if (!numbers && (typeof left !== "string" || typeof right !== "string"))
    throw new CelError(`${typeName(left)} and ${typeName(right)} have no order`);
  if (operator === "<") return left < right;
  if (operator === "<=") return left <= right;
  return operator === ">" ? left > right : left >= right;
}

function isNumber(value: CelValue): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}

function equal(left: CelValue, right: CelValue): boolean {
  // One and one point nothing are equal in this language.
  if (isNumber(left) && isNumber(right)) return left == right;
  if (left instanceof IpAddress && right instanceof IpAddress) return left.text === right.text;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => equal(item, right[index] as CelValue));
  if (left instanceof Map && right instanceof Map)
    return (
      left.size === right.size &&
      [...left].every(([key, value]) => right.has(key) && equal(value, right.get(key) as CelValue))
    );
  return left === right;
}

function keyText(value: CelValue): string {
  if (value instanceof IpAddress) return value.text;
  if (value === null || Array.isArray(value) || value instanceof Map)
    throw new CelError(`${typeName(value)} is no text`);
  return String(value);
}

function typeName(value: CelValue): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return "a bool";
  if (typeof value === "bigint") return "an int";
  if (typeof value === "number") return "a double";
  if (typeof value === "string") return "a string";
  if (value instanceof IpAddress) return "an address";
  return Array.isArray(value) ? "a list" : "a map";
}

/** Reads an address. @throws {CelError} when it is none. */
export function ipAddress(text: string): IpAddress {
  if (!isAddress(text)) throw new CelError(`${JSON.stringify(text)} is not an address`);
  return new IpAddress(text.toLowerCase());
}

function inRange(address: string, range: string): boolean {
  const inside = isInRange(address, range);
  if (inside === undefined) throw new CelError(`${JSON.stringify(range)} is not a range of addresses`);
  return inside;
}
