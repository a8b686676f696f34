import { rawNumber, type Json, type RawNumber } from "../../json/value.ts";

/** A number by its value alone: `1.0` and `1e0` are 1. What no float can hold stays text, in one spelling for each value. */
export function numberByValue(number: RawNumber): Json {
  const decimal = decimalForm(number.rawJSON);
  const float = Number(number.rawJSON);
  if (Number.isFinite(float) && decimalForm(String(float)) === decimal) return float === 0 ? 0 : float;
  return rawNumber(decimal);
}

/** Digits without outer zeros and a power of ten: `12345e-2`. */
function decimalForm(text: string): string {
  const [, sign = "", whole = "", fraction = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const kept = digits.replace(/0+$/, "");
  const exponent = BigInt(power) - BigInt(fraction.length) + BigInt(digits.length - kept.length);
  return exponent === 0n ? sign + kept : `${sign}${kept}e${exponent}`;
}
