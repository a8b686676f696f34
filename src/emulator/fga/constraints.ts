import type { Condition, Param, ParamType } from "./schema.ts";

/** What stands in the parentheses of a constraint. */
export type Argument = string | number | boolean;

/** A kind of condition that needs no expression of one's own. */
interface Kind {
  /** What a request has to say in any case. */
  readonly given: readonly Param[];
  /** What is fixed in the schema or, where the constraint has no arguments, comes with the request too. */
  readonly fixed: readonly (Param & { readonly argument: "string" | "number" | "boolean" })[];
  /** Several arguments make one list. */
  readonly isList?: boolean;
  /** True where the arguments cannot be left to the request. */
  readonly needsArguments?: boolean;
  readonly expression: string;
  /** What is wrong with the arguments. */
  readonly check?: (args: readonly Argument[]) => string | undefined;
}

const param = (name: string, type: ParamType) => ({ name, type });
const text = (name: string, type: ParamType = "string") => ({ name, type, argument: "string" as const });
const number = (name: string, type: ParamType = "int") => ({ name, type, argument: "number" as const });

const KINDS: Readonly<Record<string, Kind>> = {
  IpRange: {
    given: [param("ip", "ipaddress")],
    fixed: [text("ip_range")],
    expression: "ip.in_cidr(ip_range)",
  },
  IpList: {
    given: [param("ip", "ipaddress")],
    fixed: [text("allowed_ips", "list")],
    isList: true,
    expression: "allowed_ips.exists(allowed, ip == ipaddress(allowed))",
  },
  DateExpiryEpochSeconds: {
    given: [param("now_epoch_seconds", "int")],
    fixed: [number("expiry_epoch_seconds")],
    expression: "now_epoch_seconds < expiry_epoch_seconds",
  },
  StringMatchRegex: {
    given: [param("str", "string")],
    fixed: [text("pattern")],
    needsArguments: true,
    expression: "str.matches(pattern)",
  },
  NumAtLeast: { given: [param("num", "double")], fixed: [number("min")], expression: "num >= min" },
  NumAtMost: { given: [param("num", "double")], fixed: [number("max")], expression: "num <= max" },
  NumRange: {
    given: [param("num", "double")],
    fixed: [number("min"), number("max")],
    expression: "num >= min && num <= max",
    check: ([min, max]) => (Number(min) > Number(max) ? "its first number is the larger one" : undefined),
  },
  BoolCheck: {
    given: [param("bool", "bool")],
    fixed: [{ name: "expected", type: "bool", argument: "boolean" }],
    expression: "bool == expected",
  },
  GeoCountry: {
    given: [param("country_code", "string")],
    fixed: [text("allowed_countries", "list")],
    isList: true,
    expression: "country_code in allowed_countries",
    check: (args) => {
      const wrong = args.find((arg) => !/^[A-Z]{2}$/.test(String(arg)));
      return wrong === undefined ? undefined : `${JSON.stringify(wrong)} is not a country's code`;
    },
  },
  IntList: {
    given: [param("int", "int")],
    fixed: [number("allowed_ints", "list")],
    isList: true,
    expression: "int in allowed_ints",
  },
  LabelList: {
    given: [param("label", "string")],
    fixed: [text("allowed_labels", "list")],
    isList: true,
    expression: "label in allowed_labels",
  },
};

/**
 * The condition that a constraint is, its arguments written into the expression.
 *
 * @returns a sentence about what is wrong with it instead, where something is.
 */
export function constraint(name: string, kind: string, args: readonly Argument[]): Condition | string {
  const found = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (found === undefined)
    return `there is no kind of constraint ${kind}; there are ${Object.keys(KINDS).join(", ")}`;
  if (args.length === 0) {
    if (found.needsArguments === true) return `${kind} needs its argument in parentheses`;
    const params = [...found.given, ...found.fixed.map(({ name, type }) => ({ name, type }))];
    return { name, params, expression: found.expression, builtin: true };
  }
  const fixed = found.fixed;
  if (found.isList !== true && args.length !== fixed.length)
    return `${kind} takes ${fixed.length === 1 ? "1 argument" : `${fixed.length} arguments`}, not ${args.length}`;
  const wrong = args.find((arg, index) => typeof arg !== fixed[found.isList === true ? 0 : index]?.argument);
  if (wrong !== undefined) return `${kind} cannot take ${JSON.stringify(wrong)}`;
  const fault = found.check?.(args);
  if (fault !== undefined) return `${kind}: ${fault}`;
  const written = new Map(
    fixed.map(({ name }, index) => [
      name,
      found.isList === true
        ? `[${args.map((arg) => JSON.stringify(arg)).join(", ")}]`
        : JSON.stringify(args[index]),
    ]),
  );
  const expression = found.expression.replaceAll(/\w+/g, (word) => written.get(word) ?? word);
  return { name, params: found.given, expression, builtin: true };
}
