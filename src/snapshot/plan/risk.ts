import { isJsonObject, type Json, type JsonObject } from "../../json/value.ts";
import { kindOf, nameOf, type Address } from "../model/address.ts";
import { compare, type FieldChange } from "../model/compare.ts";
import { readSegment } from "../model/pointer.ts";
import type { Risk } from "./plan.ts";

/**
 * What a reviewer should look at first: what a change weakens, opens or shortens. Told from what an entity meant before and means
 * after; either is undefined where there is none. What a flow's steps say of it is told where flows are compared.
 */
export function risksOf(address: Address, before: Json | undefined, after: Json | undefined): Risk[] {
  const kind = kindOf(address);
  if (after === undefined)
    return [{ code: "delete", level: "high", text: `${kind} "${nameOf(address) || address}" is deleted` }];
  const old = asObject(before);
  const next = asObject(after);
  const fields = compare(before ?? {}, after);
  const risks = [...urlRisks(fields)];
  if (address === "project") risks.push(...projectRisks(old, next));
  else if (address === "auth/password") risks.push(...passwordRisks(old, next));
  else if (address === "auth/oauth") risks.push(...oauthRisks(old, next));
  else if (kind === "role") risks.push(...roleRisks(old, next, before === undefined));
  else if (kind === "connector") risks.push(...connectorRisks(old, next));
  else if (kind === "flow" && isDisabled(next) && before !== undefined && !isDisabled(old))
    risks.push(high("flow-disabled", "the flow is turned off"));
  if (kind === "auth") risks.push(...methodRisks(nameOf(address), old, next, before === undefined));
  return risks;
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

const high = (code: string, text: string): Risk => ({ code, level: "high", text });
const medium = (code: string, text: string): Risk => ({ code, level: "medium", text });
const note = (code: string, text: string): Risk => ({ code, level: "note", text });

const SECONDS: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
  weeks: 604_800,
  months: 2_592_000,
  years: 31_536_000,
};

/** A member and its `…Unit` in seconds, with its words; undefined when there is no such time. */
function time(of: JsonObject, key: string): { seconds: number; words: string } | undefined {
  const amount = of[key];
  const unit = of[`${key}Unit`];
  const factor = typeof unit === "string" ? SECONDS[unit.endsWith("s") ? unit : `${unit}s`] : undefined;
  if (typeof amount !== "number" || factor === undefined) return undefined;
  return { seconds: amount * factor, words: `${amount} ${unit as string}` };
}

function longer(before: JsonObject, after: JsonObject, key: string, code: string, what: string): Risk[] {
  const old = time(before, key);
  const next = time(after, key);
  if (old === undefined || next === undefined || next.seconds <= old.seconds) return [];
  return [medium(code, `${what} ${old.words} -> ${next.words}`)];
}

function turned(before: JsonObject, after: JsonObject, key: string, to: boolean): boolean {
  return before[key] === !to && after[key] === to;
}

function projectRisks(before: JsonObject, after: JsonObject): Risk[] {
  const risks = [
    ...longer(before, after, "sessionTokenExpiration", "session-longer", "session token"),
    ...longer(before, after, "refreshTokenExpiration", "session-longer", "refresh token"),
    ...longer(before, after, "stepupTokenExpiration", "session-longer", "step-up token"),
    ...longer(before, after, "keySessionTokenExpiration", "session-longer", "access key session token"),
    ...longer(before, after, "inactivityTime", "session-longer", "time of inactivity"),
    ...longer(before, after, "inviteExpirationTime", "code-longer", "invitation"),
  ];
  if (turned(before, after, "enableInactivity", false))
    risks.push(medium("session-longer", "sessions no longer end after a time of inactivity"));
  const gained = domains(after.trustedDomains).filter((one) => !domains(before.trustedDomains).includes(one));
  if (gained.length > 0) {
    const wild = gained.some((one) => one.includes("*"));
    const text = `trusted domains gain ${gained.join(", ")}`;
    risks.push(wild ? high("domain-widened", text) : medium("domain-widened", text));
  }
  if (domains(before.trustedDomains).length > 0 && domains(after.trustedDomains).length === 0)
    risks.push(high("domain-widened", "trusted domains are no longer limited"));
  if (turned(before, after, "testUserAllowFixedAuth", true))
    risks.push(high("static-test-code", "test users may sign in with a fixed code"));
  if (turned(before, after, "rotateJwt", false))
    risks.push(medium("rotation-off", "refresh tokens are no longer rotated"));
  if (before.tokenResponseMethod !== after.tokenResponseMethod && after.tokenResponseMethod === "onBody")
    risks.push(note("tokens-in-body", "tokens are sent in the body instead of in cookies"));
  if (turned(before, after, "projectSelfProvisioning", true))
    risks.push(medium("sign-up-opened", "anybody may create a tenant"));
  return risks;
}

function domains(value: Json | undefined): string[] {
  const texts = Array.isArray(value)
    ? value.map(String)
    : typeof value === "string"
      ? value.split(/[\s,;]+/)
      : [];
  return texts.filter((text) => text !== "");
}

function methodRisks(method: string, before: JsonObject, after: JsonObject, isNew: boolean): Risk[] {
  const risks = longer(before, after, "expirationTime", "code-longer", `${method} code or link`);
  if (turned(before, after, "enabled", false))
    risks.push(high("method-disabled", `the method ${method} is turned off`));
  if (turned(before, after, "enabled", true) && !isNew)
    risks.push(note("method-enabled", `the method ${method} is turned on`));
  if (turned(before, after, "mergeUsers", true))
    risks.push(medium("merge-users", `users of ${method} are merged with existing ones`));
  if (turned(before, after, "maskError", false))
    risks.push(medium("user-enumeration", `errors of ${method} tell whether a user exists`));
  return risks;
}

/** Members of the password policy where more is stricter, and where true is. */
const STRICTER_MORE = ["minLength", "reuseAmount", "passwordStrengthScore"];
const STRICTER_LESS = ["lockAttempts", "expirationWeeks"];
const STRICTER_TRUE = [
  "lowercase",
  "uppercase",
  "number",
  "nonAlphanumeric",
  "expiration",
  "reuse",
  "lock",
  "enablePasswordStrength",
];

function passwordRisks(before: JsonObject, after: JsonObject): Risk[] {
  const weaker: string[] = [];
  const compareNumbers = (keys: readonly string[], isWeaker: (old: number, next: number) => boolean) => {
    for (const key of keys) {
      const old = before[key];
      const next = after[key];
      if (typeof old === "number" && typeof next === "number" && isWeaker(old, next))
        weaker.push(`${key} ${old} -> ${next}`);
    }
  };
  compareNumbers(STRICTER_MORE, (old, next) => next < old);
  compareNumbers(STRICTER_LESS, (old, next) => next > old);
  for (const key of STRICTER_TRUE) if (turned(before, after, key, false)) weaker.push(`${key} off`);
  return weaker.length === 0
    ? []
    : [high("password-policy-weaker", `the password policy gets weaker: ${weaker.join(", ")}`)];
}

function oauthRisks(before: JsonObject, after: JsonObject): Risk[] {
  const old = asObject(before.providerSettings);
  const next = asObject(after.providerSettings);
  const risks: Risk[] = [];
  for (const [provider, settings] of Object.entries(next)) {
    const was = asObject(old[provider]);
    const is = asObject(settings);
    if (turned(was, is, "enabled", false))
      risks.push(high("method-disabled", `sign-in with ${provider} is turned off`));
    if (turned(was, is, "trustProvidedEmails", true))
      risks.push(
        high("unverified-email-trusted", `e-mail addresses from ${provider} are trusted without proof`),
      );
    for (const key of ["scopes", "defaultScopes"]) {
      const gained = list(is[key]).filter((scope) => !list(was[key]).includes(scope));
      if (gained.length > 0 && Object.hasOwn(old, provider))
        risks.push(note("scope-widened", `${provider} is asked for ${gained.join(", ")}`));
    }
  }
  for (const provider of Object.keys(old))
    if (!Object.hasOwn(next, provider))
      risks.push(high("method-disabled", `the provider ${provider} is removed`));
  return risks;
}

function list(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function isDisabled(flow: JsonObject): boolean {
  return asObject(flow.metadata).disabled === true;
}

function roleRisks(before: JsonObject, after: JsonObject, isNew: boolean): Risk[] {
  const of = (role: JsonObject) => [...list(role.permissionNames), ...list(role.permissions)];
  const gained = of(after).filter((permission) => !of(before).includes(permission));
  if (gained.length === 0 || isNew) return [];
  return [high("role-gained-permission", `everybody with this role gains ${gained.join(", ")}`)];
}

function connectorRisks(before: JsonObject, after: JsonObject): Risk[] {
  const old = asObject(before.configuration);
  const next = asObject(after.configuration);
  const risks: Risk[] = [];
  for (const key of Object.keys(next)) {
    const from = hostOf(old[key]);
    const to = hostOf(next[key]);
    if (from !== undefined && to !== undefined && from !== to)
      risks.push(medium("connector-host-changed", `it talks to ${to} instead of ${from}`));
    else if (
      key === "host" &&
      typeof old.host === "string" &&
      typeof next.host === "string" &&
      old.host !== next.host
    )
      risks.push(medium("connector-host-changed", `it talks to ${next.host} instead of ${old.host}`));
  }
  if (turned(old, next, "insecure", true))
    risks.push(high("connector-tls-off", "certificates are no longer checked"));
  if (before.type !== undefined && before.type !== after.type)
    risks.push(
      medium(
        "connector-type-changed",
        `its type changes from ${String(before.type)} to ${String(after.type)}`,
      ),
    );
  return risks;
}

function hostOf(value: Json | undefined): string | undefined {
  return typeof value === "string" && /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && URL.canParse(value)
    ? new URL(value).host
    : undefined;
}

/** Addresses that came newly: without TLS, or of the machine itself. */
function urlRisks(fields: readonly FieldChange[]): Risk[] {
  const risks: Risk[] = [];
  for (const { pointer, new: value } of fields) {
    const step = readSegment(pointer.at(-1) ?? "");
    const key = step.kind === "key" ? step.key : "";
    for (const [member, text] of textsOf(value, key)) {
      if (!/url|uri|domain|host|endpoint|origin|issuer/i.test(member)) continue;
      if (/^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/i.test(text))
        risks.push(high("localhost-url", `${member} leads to this machine: ${text}`));
      else if (/^http:\/\//i.test(text))
        risks.push(high("redirect-insecure", `${member} is not encrypted: ${text}`));
    }
  }
  return risks;
}

function textsOf(value: Json | undefined, key: string): [string, string][] {
  if (typeof value === "string") return value.length < 2000 ? [[key, value]] : [];
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, key));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([inner, member]) => textsOf(member, inner));
}
