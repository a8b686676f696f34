import { CelError, freeNames, parseCel } from "./cel-syntax.ts";
import type { ConditionExpression } from "./condition-expression.ts";
import { constraint, type Argument } from "./constraints.ts";
import { PARAM_TYPES, type Condition, type ParamType } from "./schema.ts";

/** A schema's text cannot be read, or does not hold together. The message says where. */
export class DslError extends Error {
  constructor(message: string, { line, column }: Place) {
    super(`line ${line}, column ${column}: ${message}`);
    this.name = "DslError";
  }
}

interface Place {
  readonly line: number;
  readonly column: number;
}

interface Token extends Place {
  readonly kind: "name" | "number" | "string" | "operator" | "end";
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
}

const TOKEN =
  /[ \t\r\n]*(?:(?<name>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|(?<string>"(?:[^"\\\n]|\\.)*")|(?<operator>[:|&\-()#.!,{}]))/y;

/** Deeper parentheses than anybody writes are refused. */
const DEEPEST = 100;

const KEYWORDS = ["model", "type", "relation", "permission", "condition", "constraint", "with"];

/** What an expression says before it is known what its names are of. */
export type Term =
  | { readonly kind: "reference"; readonly name: Token; readonly of?: Token }
  | { readonly kind: "union" | "intersect" | "sub"; readonly parts: readonly Term[] }
  | { readonly kind: "gated"; readonly term: Term; readonly conditions: ConditionExpression };

export interface WrittenRelation {
  readonly name: Token;
  readonly isPermission: boolean;
  /** Of a relation: what it may be created for. */
  readonly targets: readonly { readonly name: Token; readonly relation?: Token; readonly member?: Token }[];
  /** Of a permission: what it follows from. */
  readonly term?: Term;
  readonly conditions?: ConditionExpression;
}

export interface WrittenType {
  readonly name: Token;
  readonly relations: readonly WrittenRelation[];
}

export class Parser {
  private readonly source: string;
  /** Offsets at which lines begin. */
  private readonly lines: readonly number[];
  private position = 0;
  private depth = 0;
  private ahead: Token;
  private readonly conditions = new Map<string, Condition>();

  constructor(source: string) {
    this.source = source;
    this.lines = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
    this.ahead = this.read();
  }

  schema(): { conditions: readonly Condition[]; types: readonly WrittenType[] } {
    this.keyword("model");
    const name = this.next();
    const version = this.next();
    if (name.text !== "AuthZ" || version.text !== "1.0")
      throw new DslError('the schema must begin with "model AuthZ 1.0"', name);
    const types: WrittenType[] = [];
    while (this.ahead.kind !== "end") {
      const start = this.next();
      if (start.text === "constraint") this.constraint();
      else if (start.text === "condition") this.condition();
      else if (start.text === "type") types.push(this.type());
      else
        throw new DslError(
          `"type", "condition" or "constraint" is expected, but ${shown(start)} stands there`,
          start,
        );
    }
    return { conditions: [...this.conditions.values()], types };
  }

  private constraint(): void {
    const name = this.name("a constraint's name");
    const kind = this.accept(":") ? this.name("a kind of constraint") : name;
    const args: Argument[] = [];
    if (this.accept("(") && !this.accept(")")) {
      do args.push(this.argument());
      while (this.accept(","));
      this.expect(")");
    }
    const made = constraint(name.text, kind.text, args);
    if (typeof made === "string") throw new DslError(made, kind);
    this.declare(made, name);
  }

  private argument(): Argument {
    const token = this.next();
    if (token.kind === "number") return Number(token.text);
    if (token.kind === "string") return JSON.parse(token.text) as string;
    if (token.text === "true" || token.text === "false") return token.text === "true";
    throw new DslError(
      `a text in quotes, a number, true or false is expected, but ${shown(token)} stands there`,
      token,
    );
  }

  private condition(): void {
    const name = this.name("a condition's name");
    const params: { name: string; type: ParamType }[] = [];
    this.expect("(");
    if (!this.accept(")")) {
      do {
        const param = this.name("a parameter's name");
        const type = this.name("a parameter's type");
        if (!(PARAM_TYPES as readonly string[]).includes(type.text))
          throw new DslError(
            `there is no type ${type.text} of parameters; there are ${PARAM_TYPES.join(", ")}`,
            type,
          );
        params.push({ name: param.text, type: type.text as ParamType });
      } while (this.accept(","));
      this.expect(")");
    }
    const open = this.ahead;
    if (open.text !== "{") throw new DslError(`"{" is expected, but ${shown(open)} stands there`, open);
    const expression = this.body(open);
    try {
      const unknown = freeNames(parseCel(expression)).find(
        (used) => !params.some((one) => one.name === used),
      );
      if (unknown !== undefined)
        throw new DslError(`the condition ${name.text} has no parameter ${unknown}`, open);
    } catch (error) {
      if (error instanceof CelError)
        throw new DslError(`the expression of ${name.text} cannot be read: ${error.message}`, open);
      throw error;
    }
    this.declare({ name: name.text, params, expression, builtin: false }, name);
  }

  /** The text between the brace that stands ahead and the one that closes it. */
  private body(open: Token): string {
    let depth = 0;
    for (let at = open.at; at < this.source.length; at++) {
      const char = this.source[at];
      if (char === '"' || char === "'") {
        do {
          if (this.source[at] === "\\") at++;
          at++;
        } while (at < this.source.length && this.source[at] !== char);
      } else if (char === "{") depth++;
      else if (char === "}" && --depth === 0) {
        this.position = at + 1;
        this.ahead = this.read();
        return this.source.slice(open.at + 1, at).trim();
      }
    }
    throw new DslError("this brace is not closed", open);
  }

  private declare(condition: Condition, name: Token): void {
    if (this.conditions.has(condition.name))
      throw new DslError(
        `${condition.name} is declared twice; give one of them a name of its own (name:Kind)`,
        name,
      );
    this.conditions.set(condition.name, condition);
  }

  private type(): WrittenType {
    const name = this.name("a type's name");
    const relations: WrittenRelation[] = [];
    for (;;) {
      const { text } = this.ahead;
      if (text !== "relation" && text !== "permission") return { name, relations };
      this.next();
      relations.push(text === "relation" ? this.relation() : this.permission());
    }
  }

  private relation(): WrittenRelation {
    const name = this.name("a relation's name");
    this.expect(":");
    const targets: { name: Token; relation?: Token; member?: Token }[] = [];
    do {
      const type = this.name("a type");
      if (this.accept("#")) targets.push({ name: type, relation: this.name("a relation's name") });
      else if (this.accept(".")) targets.push({ name: type, member: this.name("a relation's name") });
      else targets.push({ name: type });
    } while (this.accept("|"));
    const conditions = this.ahead.text === "with" ? this.gate() : undefined;
    return { name, isPermission: false, targets, ...(conditions === undefined ? {} : { conditions }) };
  }

  private permission(): WrittenRelation {
    const name = this.name("a permission's name");
    this.expect(":");
    return { name, isPermission: true, targets: [], term: this.union() };
  }

  /** `|` and `-` bind alike, from the left; `&` binds tighter. */
  private union(): Term {
    let term = this.intersection();
    for (;;) {
      if (this.accept("|")) term = joined("union", term, this.intersection());
      else if (this.accept("-")) term = joined("sub", term, this.intersection());
      else return term;
    }
  }

  private intersection(): Term {
    let term = this.gated();
    while (this.accept("&")) term = joined("intersect", term, this.gated());
    return term;
  }

  private gated(): Term {
    let term = this.operand();
    while (this.ahead.text === "with") term = { kind: "gated", term, conditions: this.gate() };
    return term;
  }

  private operand(): Term {
    if (this.accept("(")) {
      this.deeper();
      const inner = this.union();
      this.expect(")");
      this.depth--;
      // Parentheses end a chain: (a - b) - c and a - (b - c) differ.
      return inner.kind === "union" || inner.kind === "intersect" || inner.kind === "sub"
        ? { kind: inner.kind, parts: [...inner.parts] }
        : inner;
    }
    const name = this.name("a relation or permission");
    return this.accept(".")
      ? { kind: "reference", name, of: this.name("a relation or permission") }
      : { kind: "reference", name };
  }

  private gate(): ConditionExpression {
    this.keyword("with");
    return this.eitherCondition();
  }

  private eitherCondition(): ConditionExpression {
    let left = this.bothConditions();
    while (this.conditionFollows("|")) left = { kind: "or", left, right: this.bothConditions() };
    return left;
  }

  private bothConditions(): ConditionExpression {
    let left = this.oneCondition();
    while (this.conditionFollows("&")) left = { kind: "and", left, right: this.oneCondition() };
    return left;
  }

  /** Takes an operator where a condition stands behind it; before a relation it belongs to what is gated. */
  private conditionFollows(operator: string): boolean {
    if (this.ahead.text !== operator || this.ahead.kind !== "operator") return false;
    const before = { ahead: this.ahead, position: this.position };
    this.next();
    const start = { ahead: this.ahead, position: this.position };
    while (this.ahead.text === "!" || this.ahead.text === "(") this.next();
    const isCondition = this.conditions.has(this.ahead.text);
    const { ahead, position } = isCondition ? start : before;
    this.ahead = ahead;
    this.position = position;
    return isCondition;
  }

  private oneCondition(): ConditionExpression {
    if (this.accept("!")) {
      this.deeper();
      const of = this.oneCondition();
      this.depth--;
      return { kind: "not", of };
    }
    if (this.accept("(")) {
      this.deeper();
      const inner = this.eitherCondition();
      this.expect(")");
      this.depth--;
      return inner;
    }
    const name = this.name("a condition");
    if (!this.conditions.has(name.text))
      throw new DslError(`there is no condition or constraint ${name.text} above this line`, name);
    return { kind: "name", name: name.text };
  }

  private deeper(): void {
    if (++this.depth > DEEPEST) throw new DslError("this is nested too deeply", this.ahead);
  }

  private keyword(text: string): void {
    const token = this.next();
    if (token.kind !== "name" || token.text !== text)
      throw new DslError(`"${text}" is expected, but ${shown(token)} stands there`, token);
  }

  private name(what: string): Token {
    const token = this.next();
    if (token.kind === "name" && !KEYWORDS.includes(token.text)) return token;
    throw new DslError(`${what} is expected, but ${shown(token)} stands there`, token);
  }

  private expect(text: string): void {
    if (!this.accept(text))
      throw new DslError(`"${text}" is expected, but ${shown(this.ahead)} stands there`, this.ahead);
  }

  private accept(text: string): boolean {
    if (this.ahead.kind !== "operator" || this.ahead.text !== text) return false;
    this.next();
    return true;
  }

  private next(): Token {
    const token = this.ahead;
    this.ahead = this.read();
    return token;
  }

  private placeOf(at: number): Place {
    let from = 0;
    let to = this.lines.length;
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if ((this.lines[middle] as number) <= at) from = middle;
      else to = middle;
    }
    return { line: from + 1, column: at - (this.lines[from] as number) + 1 };
  }

  private read(): Token {
    const rest = /[ \t\r\n]*/y;
    rest.lastIndex = this.position;
    const at = this.position + (rest.exec(this.source)?.[0].length ?? 0);
    const place = this.placeOf(at);
    if (at >= this.source.length) return { kind: "end", text: "", at, ...place };
    TOKEN.lastIndex = this.position;
    const groups = TOKEN.exec(this.source)?.groups;
    if (groups === undefined)
      throw new DslError(`${JSON.stringify(this.source[at])} is not understood`, place);
    this.position = TOKEN.lastIndex;
    const [kind, text] = Object.entries(groups).find(([, content]) => content !== undefined) as [
      Token["kind"],
      string,
    ];
    return { kind, text, at, ...place };
  }
}

function shown({ kind, text }: Token): string {
  return kind === "end" ? "the end" : kind === "string" ? text : `"${text}"`;
}

/** Joins a term to a chain of the same operator. */
function joined(kind: "union" | "intersect" | "sub", left: Term, right: Term): Term {
  return left.kind === kind && kind !== "sub"
    ? { kind, parts: [...left.parts, right] }
    : { kind, parts: [left, right] };
}
