import type { CelValue } from "./cel.ts";

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
export const MACROS = ["exists", "exists_one", "all", "filter", "map"];

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
