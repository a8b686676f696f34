/** Conditions joined: what stands behind `with`. */
export type ConditionExpression =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "not"; readonly of: ConditionExpression }
  | { readonly kind: "and" | "or"; readonly left: ConditionExpression; readonly right: ConditionExpression };

/** The expression as it is written, with no more parentheses than it needs. */
export function writeConditions(expression: ConditionExpression): string {
  switch (expression.kind) {
    case "name":
      return expression.name;
    case "not": {
      const inner = writeConditions(expression.of);
      return expression.of.kind === "and" || expression.of.kind === "or" ? `!(${inner})` : `!${inner}`;
    }
    case "and": {
      const part = (side: ConditionExpression) =>
        side.kind === "or" ? `(${writeConditions(side)})` : writeConditions(side);
      return `${part(expression.left)} & ${part(expression.right)}`;
    }
    case "or":
      return `${writeConditions(expression.left)} | ${writeConditions(expression.right)}`;
  }
}

/** Reads what {@link writeConditions} wrote, or what stands in a schema's `conditionExpr`. Undefined for text that is none. */
export function readConditions(text: string): ConditionExpression | undefined {
  const tokens = text.match(/[A-Za-z_]\w*|[&|!()]|\S/g) ?? [];
  let position = 0;
  const accept = (token: string): boolean => {
    if (tokens[position] !== token) return false;
    position++;
    return true;
  };
  const factor = (): ConditionExpression | undefined => {
    if (accept("!")) {
      const of = factor();
      return of && { kind: "not", of };
    }
    if (accept("(")) {
      const inner = either();
      return accept(")") ? inner : undefined;
    }
    const name = tokens[position++];
    return name !== undefined && /^\w+$/.test(name) ? { kind: "name", name } : undefined;
  };
  const chain = (
    operator: string,
    kind: "and" | "or",
    part: () => ConditionExpression | undefined,
  ): ConditionExpression | undefined => {
    let left = part();
    while (left !== undefined && accept(operator)) {
      const right = part();
      left = right && { kind, left, right };
    }
    return left;
  };
  const both = () => chain("&", "and", factor);
  function either(): ConditionExpression | undefined {
    return chain("|", "or", both);
  }
  const whole = either();
  return position === tokens.length ? whole : undefined;
}

/** The names of the conditions in an expression. */
export function conditionNames(expression: ConditionExpression): string[] {
  if (expression.kind === "name") return [expression.name];
  if (expression.kind === "not") return conditionNames(expression.of);
  return [...conditionNames(expression.left), ...conditionNames(expression.right)];
}
