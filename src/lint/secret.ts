/** Prefixes that services give to their keys, so that they can be found. */
const PREFIXED =
  /\b(?:sk_live_|rk_live_|sk_test_|whsec_|AKIA|ASIA|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abprs]-|SG\.|AIza|ya29\.|npm_|dop_v1_|shpat_|hf_|pat-na1-)[0-9A-Za-z_-]{10,}|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\beyJ[0-9A-Za-z_-]{15,}\.eyJ[0-9A-Za-z_-]{15,}\./;

/** Management and access keys of Descope itself. */
const DESCOPE_KEY = /\bK[0-9][0-9A-Za-z]{26,}\b/;

/** Names of what holds a secret. */
const SECRET_NAME =
  /(?:secret|passw(?:or)?d|api[-_ ]?key|apikey|access[-_ ]?key|private[-_ ]?key|auth[-_ ]?token|bearer|credential|^authorization$|^token$|signing[-_ ]?key|x-api-key)/i;

/**
 * True for a text that is very likely a secret: it has the form of a known kind of key, or it is called one and is as random as one.
 * Placeholders, references to the context and examples are none.
 */
export function looksSecret(name: string, text: string): boolean {
  const value = text.trim().replace(/^(?:bearer|basic|token)\s+/i, "");
  if (
    value === "" ||
    value === "PLACEHOLDER_VALUE" ||
    value.includes("{{") ||
    /^(?:asset:|\$\{|##)/.test(value)
  )
    return false;
  if (PREFIXED.test(text) || DESCOPE_KEY.test(text)) return true;
  return SECRET_NAME.test(name) && isRandom(value);
}

/** A name that is given a literal text. */
const LITERAL = /([A-Za-z_$][\w$-]*)["']?\s*[:=]\s*(["'`])((?:(?!\2)[^\\\n]|\\.){8,}?)\2/g;

/** Names of secrets in a script that are given a literal text which looks like one. The texts themselves are not given back. */
export function secretsInCode(code: string): string[] {
  const out = new Set<string>();
  for (const [, name = "", , text = ""] of code.matchAll(LITERAL)) if (looksSecret(name, text)) out.add(name);
  if (out.size === 0 && (PREFIXED.test(code) || DESCOPE_KEY.test(code))) out.add("a key");
  return [...out];
}

/** What is shown in the place of a secret. */
const HIDDEN = "(hidden: it looks like a secret)";

/** A text as it may be shown: hidden where it looks like a secret, and with such literals hidden where it is code. */
export function withoutSecrets(name: string, text: string): string {
  if (!text.includes("\n") && looksSecret(name, text)) return HIDDEN;
  return text
    .replace(LITERAL, (whole, key: string, _quote: string, literal: string) =>
      looksSecret(key, literal) ? whole.replace(literal, () => HIDDEN) : whole,
    )
    .replace(new RegExp(PREFIXED, "g"), HIDDEN)
    .replace(new RegExp(DESCOPE_KEY, "g"), HIDDEN);
}

/** True for 12 characters and more without spaces that are mixed as chance mixes them. */
function isRandom(text: string): boolean {
  if (text.length < 12 || /\s/.test(text)) return false;
  if (/^(?:[a-z]+[._-])*[a-z]+$/i.test(text) && !/[A-Z].*[a-z].*[A-Z]/.test(text)) return false;
  if (/^(?:https?:\/\/|\/)/.test(text)) return false;
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy > 3 && (/\d/.test(text) || text.length > 30);
}
