/** The kinds of device that the audit trail knows. */
export type Device = "Bot" | "Mobile" | "Tablet" | "Desktop" | "Unknown";

/** What kind of device a `User-Agent` header names. */
export function deviceOf(userAgent: string): Device {
  if (/bot\b|crawler|spider/i.test(userAgent)) return "Bot";
  if (/ipad|tablet|android(?!.*mobile)/i.test(userAgent)) return "Tablet";
  if (/mobile|iphone|android/i.test(userAgent)) return "Mobile";
  if (/windows nt|macintosh|x11|linux/i.test(userAgent)) return "Desktop";
  return "Unknown";
}
