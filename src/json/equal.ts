import { isJsonObject, isRawNumber, Ordered, type Json } from "./value.ts";

/** True where two values mean the same: the order of keys and the spelling of a number that a float holds exactly are no difference. */
export function equalJson(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, i) => equalJson(item, right[i] ?? null));
  }
  if (left instanceof Ordered) return equalJson(Object.fromEntries(left.entries), right);
  if (right instanceof Ordered) return equalJson(left, Object.fromEntries(right.entries));
  if (isJsonObject(left) && isJsonObject(right)) {
    const keys = Object.keys(left);
    if (keys.length !== Object.keys(right).length) return false;
    return keys.every((key) => Object.hasOwn(right, key) && equalJson(left[key] ?? null, right[key] ?? null));
  }
  return isNumber(left) && isNumber(right) && equalNumbers(numberText(left), numberText(right));
}

function isNumber(value: Json): boolean {
  return typeof value === "number" || isRawNumber(value);
}

function numberText(value: Json): string {
  return isRawNumber(value) ? value.rawJSON : String(value);
}

/** Spelled in two ways, numbers are equal where a float can tell; beyond that only the same spelling is. */
function equalNumbers(left: string, right: string): boolean {
  if (left === right) return true;
  const [a, b] = [Number(left), Number(right)];
  return a === b && Math.abs(a) <= Number.MAX_SAFE_INTEGER && left.length < 16 && right.length < 16;
}

/** True where two values are the same JSON, order of keys aside: a number that is spelled in another way is another one. */
export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  if (Array.isArray(left))
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, i) => sameJson(item, right[i]))
    );
  if (isRawNumber(left)) return isRawNumber(right) && left.rawJSON === right.rawJSON;
  if (!isJsonObject(left) || !isJsonObject(right)) return false;
  let count = 0;
  for (const key in left) {
    count++;
    if (!Object.hasOwn(right, key) || !sameJson(left[key], right[key])) return false;
  }
  for (const _ in right) count--;
  return count === 0;
}
