import { isAddress, isInRange } from "../ip-range.ts";

/**
 * The part of the Common Expression Language that conditions of authorization schemas are written in: literals, parameters,
 * arithmetic, comparison, `in`, `&&`, `||`, `!`, `?:`, lists, maps, the functions of strings and addresses, and the macros over
 * lists.
 */
export type Cel =
  | { readonly kind: "literal"; readonly value: CelValue }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Cel[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Cel, Cel])[] }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Cel[] }
  | { readonly kind: "method"; readonly on: Cel; readonly name: string; readonly args: readonly Cel[] }
  | { readonly kind: "member"; readonly on: Cel; readonly name: string }
  | { readonly kind: "index"; readonly on: Cel; readonly at: Cel }
  | { readonly kind: "not"; readonly of: Cel }
  | { readonly kind: "minus"; readonly of: Cel }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Cel; readonly right: Cel }
  | { readonly kind: "choice"; readonly test: Cel; readonly yes: Cel; readonly no: Cel };

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

/** An expression cannot be read, or not be evaluated. */
export class CelError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "CelError";
  }
}

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<name>[A-Za-z_]\w*)|(?<operator>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()[\]{}]))/y;

interface Token {
  readonly kind: "number" | "string" | "name" | "operator" | "end";
  readonly text: string;
}

function tokens(source: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (source.slice(TOKEN.lastIndex).trim() !== "") {
    const at = TOKEN.lastIndex;
    const groups = TOKEN.exec(source)?.groups;
    if (groups === undefined)
      throw new CelError(`${JSON.stringify(source.slice(at).trim()[0])} is not understood`);
    const [kind, text] = Object.entries(groups).find(([, content]) => content !== undefined) as [
      Token["kind"],
      string,
    ];
    found.push({ kind, text });
  }
  return [...found, { kind: "end", text: "the end" }];
}

/** Deeper expressions than anybody writes are refused. */
const DEEPEST = 100;

/** How tightly operators bind, the loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+", "-"],
  ["*", "/", "%"],
];

/** Reads an expression. @throws {CelError} saying what was expected. */
export function parseCel(source: string): Cel {
  const all = tokens(source);
  let position = 0;
  const peek = () => all[position] as Token;
  const next = () => all[position++] as Token;
  const isOperator = (text: string) => peek().kind === "operator" && peek().text === text;
  const accept = (text: string): boolean => {
    if (!isOperator(text)) return false;
    position++;
    return true;
  };
  const expect = (text: string) => {
    if (!accept(text)) throw new CelError(`"${text}" is expected, but ${peek().text} stands there`);
  };

  const list = (end: string): Cel[] => {
    const items: Cel[] = [];
    if (accept(end)) return items;
    do items.push(choice());
    while (accept(","));
    expect(end);
    return items;
  };
  const primary = (): Cel => {
    const { kind, text } = next();
    if (kind === "number") {
      const value = /[.eE]/.test(text) ? Number(text) : BigInt(text);
      return { kind: "literal", value };
    }
    if (kind === "string") return { kind: "literal", value: unquote(text) };
    if (kind === "name") {
      if (text === "true" || text === "false") return { kind: "literal", value: text === "true" };
      if (text === "null") return { kind: "literal", value: null };
      return accept("(") ? { kind: "call", name: text, args: list(")") } : { kind: "name", name: text };
    }
    if (text === "(") {
      const inner = choice();
      expect(")");
      return inner;
    }
    if (text === "[") return { kind: "list", items: list("]") };
    if (text === "{") {
      const entries: [Cel, Cel][] = [];
      if (!accept("}")) {
        do {
          const key = choice();
          expect(":");
          entries.push([key, choice()]);
        } while (accept(","));
        expect("}");
      }
      return { kind: "map", entries };
    }
    throw new CelError(`a value is expected, but ${text} stands there`);
  };
  const postfix = (): Cel => {
    let on = primary();
    for (;;) {
      if (accept("[")) {
        const at = choice();
        expect("]");
        on = { kind: "index", on, at };
      } else if (accept(".")) {
        const { kind, text } = next();
        if (kind !== "name") throw new CelError(`a name is expected behind ".", but ${text} stands there`);
        on = accept("(")
          ? { kind: "method", on, name: text, args: list(")") }
          : { kind: "member", on, name: text };
      } else return on;
    }
  };
  let depth = 0;
  const unary = (): Cel => {
    if (++depth > DEEPEST) throw new CelError("the expression is nested too deeply");
    const part: Cel = accept("!")
      ? { kind: "not", of: unary() }
      : accept("-")
        ? { kind: "minus", of: unary() }
        : postfix();
    depth--;
    return part;
  };
  const binary = (level: number): Cel => {
    const operators = LEVELS[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (;;) {
      const { kind, text } = peek();
      if ((kind !== "operator" && text !== "in") || !operators.includes(text)) return left;
      position++;
      left = { kind: "binary", operator: text, left, right: binary(level + 1) };
    }
  };
  function choice(): Cel {
    const test = binary(0);
    if (!accept("?")) return test;
    const yes = choice();
    expect(":");
    return { kind: "choice", test, yes, no: choice() };
  }

  const whole = choice();
  if (peek().kind !== "end") throw new CelError(`${peek().text} is not expected`);
  return whole;
}

function unquote(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(u[0-9a-fA-F]{4}|.)/g, (_, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return { n: "\n", t: "\t", r: "\r" }[escaped] ?? escaped;
  });
}

/** The macros that bind a name of their own. */
const MACROS = ["exists", "exists_one", "all", "filter", "map"];

/** The names that an expression takes from outside. */
export function freeNames(cel: Cel, bound: readonly string[] = []): string[] {
  const inner = (...parts: readonly Cel[]) => parts.flatMap((part) => freeNames(part, bound));
  switch (cel.kind) {
    case "literal":
      return [];
    case "name":
      return bound.includes(cel.name) ? [] : [cel.name];
    case "list":
      return inner(...cel.items);
    case "map":
      return inner(...cel.entries.flat());
    case "call":
      return inner(...cel.args);
    case "method": {
      const [variable, ...rest] = cel.args;
      if (!MACROS.includes(cel.name) || variable?.kind !== "name") return inner(cel.on, ...cel.args);
      const names = rest.flatMap((part) => freeNames(part, [...bound, variable.name]));
      return [...inner(cel.on), ...names];
    }
    case "member":
      return inner(cel.on);
    case "index":
      return inner(cel.on, cel.at);
    case "not":
    case "minus":
      return inner(cel.of);
    case "binary":
      return inner(cel.left, cel.right);
    case "choice":
      return inner(cel.test, cel.yes, cel.no);
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
