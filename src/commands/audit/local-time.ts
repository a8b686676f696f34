/**
 * A time in the local time zone as Go prints it (RFC 3339): the fraction without trailing zeros, `Z` for UTC.
 * `1712070205123` in New York → `2024-04-02T11:03:25.123-04:00`.
 */
export function localTime(milliseconds: number): string {
  const time = new Date(milliseconds);
  const offset = -time.getTimezoneOffset();
  const shifted = new Date(milliseconds + offset * 60_000).toISOString();
  const [seconds = "", fraction = ""] = shifted.replace("Z", "").split(".");
  const trimmed = fraction.replace(/0+$/, "");
  return seconds + (trimmed === "" ? "" : `.${trimmed}`) + zone(offset);
}

function zone(offset: number): string {
  if (offset === 0) return "Z";
  const minutes = Math.abs(offset);
  const two = (part: number) => String(Math.trunc(part)).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
