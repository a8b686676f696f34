import { cleartextHost, isThisMachine } from "../../lint/address.ts";
import { asObject, asText, entriesOf, member } from "../../json/look.ts";
import type { Path } from "../../json/locate.ts";
import type { JsonFile } from "../../json/source.ts";
import { isJsonObject, isRawNumber, type Json } from "../../json/value.ts";
import type { Found, Level, Rule } from "../../lint/finding.ts";
import { looksSecret } from "../../lint/secret.ts";
import type { Limits } from "../../lint/settings.ts";

/** What a rule about a project's settings looks at: the JSON files of a snapshot by their paths in it. */
export interface SettingsLint {
  readonly files: ReadonlyMap<string, JsonFile>;
  readonly limits: Limits;
}

/** A rule about a project's settings. */
export interface SettingsRule extends Rule {
  find(lint: SettingsLint): Iterable<Found>;
}

interface Words {
  readonly message: string;
  readonly fix: string;
  readonly key?: string;
  readonly level?: Level;
}

function atSetting(rule: Rule, path: string, file: JsonFile, place: Path, words: Words): Found {
  const inside = place.length === 0 ? "" : `#/${place.join("/")}`;
  return { rule, address: `${entityOf(path, file)}${inside}`, file, path: place, ...words };
}

/** The address of what a file configures. */
function entityOf(path: string, file: JsonFile): string {
  const name = path.replace(/\.json$/, "");
  const tree = /^(flow|widget)s\/([^/]+)\//.exec(name);
  if (tree !== null) return `${tree[1]}/${tree[2]}`;
  if (!name.startsWith("connectors/")) return name;
  return `connector/${asText(member(file.content, "name")) || name.slice("connectors/".length)}`;
}

const SOCIAL_WITH_UNVERIFIED = new Set(["microsoft"]);
const SOCIAL_VERIFIED = new Set(["google", "apple"]);

const trustUnverifiedEmail: SettingsRule = {
  code: "oauth-trust-unverified-email",
  level: "error",
  severity: 8.8,
  summary: "A provider's e-mail addresses are trusted though it does not verify them",
  help: "Users are merged by their address: whoever sets somebody else's address at such a provider takes the account over.",
  *find({ files }) {
    const file = files.get("auth/oauth.json");
    for (const [provider, settings] of entriesOf(member(file?.content, "providerSettings"))) {
      if (
        file === undefined ||
        member(settings, "enabled") !== true ||
        member(settings, "trustProvidedEmails") !== true
      )
        continue;
      const isCustom = member(settings, "custom") === true;
      const isBad = SOCIAL_WITH_UNVERIFIED.has(provider) || isCustom;
      const level: Level = isBad ? "error" : SOCIAL_VERIFIED.has(provider) ? "note" : "warning";
      yield atSetting(this, "auth/oauth.json", file, ["providerSettings", provider, "trustProvidedEmails"], {
        message: `${provider} is trusted to deliver verified e-mail addresses (merge user accounts)`,
        fix: isBad
          ? "Turn merging by e-mail off for this provider."
          : "Make sure that the provider verifies addresses.",
        level,
      });
    }
  },
};

const secretInFile: SettingsRule = {
  code: "secret-in-file",
  level: "error",
  severity: 7.5,
  summary: "A secret stands in a file in clear",
  help: "Whoever can read the repository can use it. Put it into a connector, where Descope keeps it, and change it at its service.",
  *find({ files }) {
    for (const [path, file] of files) {
      if (/^connectors\/(?!connectors\.json$)/.test(path)) {
        for (const { name, value, place } of texts(member(file.content, "configuration"), [
          "configuration",
        ])) {
          if (!looksSecret(name, value)) continue;
          yield atSetting(this, path, file, place, {
            message: `${place.join(".")} looks like a secret in clear`,
            fix: "Write PLACEHOLDER_VALUE here and give the secret at import, and change it.",
          });
        }
      }
      if (path !== "auth/oauth.json") continue;
      for (const [provider, settings] of entriesOf(member(file.content, "providerSettings"))) {
        const secret = asText(member(settings, "clientSecret"));
        if (secret === "" || secret === "PLACEHOLDER_VALUE") continue;
        yield atSetting(this, path, file, ["providerSettings", provider, "clientSecret"], {
          message: `The client secret of ${provider} stands here in clear`,
          fix: "Write PLACEHOLDER_VALUE here and give the secret at import, and change it.",
        });
      }
    }
  },
};

const connectorTlsOff: SettingsRule = {
  code: "connector-tls-off",
  level: "error",
  severity: 7.4,
  summary: "A connector ignores certificate errors",
  help: "Anybody between Descope and the service can read and change what is sent.",
  *find({ files }) {
    for (const [path, file] of files) {
      if (
        !path.startsWith("connectors/") ||
        member(member(file.content, "configuration"), "insecure") !== true
      )
        continue;
      yield atSetting(this, path, file, ["configuration", "insecure"], {
        message: `The connector "${asText(member(file.content, "name"))}" ignores certificate errors`,
        fix: "Set insecure to false and mend the service's certificate.",
      });
    }
  },
};

const URL_KEY = /(?:url|uri|endpoint|baseUrl)$/i;

const cleartextUrl: SettingsRule = {
  code: "cleartext-url",
  level: "error",
  severity: 5.9,
  summary: "An address is http:// and not this machine",
  help: "Everything that is sent there can be read and changed on the way.",
  *find({ files }) {
    for (const [path, file] of files) {
      if (!/^(?:project\.json|applications\.json|auth\/|connectors\/)/.test(path)) continue;
      for (const { name, value, place } of texts(file.content, [])) {
        const host = URL_KEY.test(name) ? cleartextHost(value) : undefined;
        if (host !== undefined)
          yield atSetting(this, path, file, place, {
            message: `${place.join(".")} leads to ${host} by http://`,
            fix: "Write https://.",
          });
      }
    }
  },
};

/** Addresses that no test user has. */
const ORDINARY = ["zq7k2.user@customer-mail.example", "+15557340192", "jordan.smith@gmail.com"];

const staticTestOtp: SettingsRule = {
  code: "static-test-otp",
  level: "error",
  severity: 9.1,
  summary: "Test users sign in with a fixed code",
  help: "Whoever has an address that the pattern takes signs in with that code. It belongs into environments for tests alone.",
  *find({ files }) {
    const file = files.get("project.json");
    if (file === undefined || member(file.content, "testUserAllowFixedAuth") !== true) return;
    const patterns = ["testUserRegex", "testUserFixedAuthVerifierRegex"].map((key) =>
      asText(member(file.content, key)),
    );
    const isOpen = patterns.some((pattern) => pattern.trim() === "" || takesAnybody(pattern));
    yield atSetting(this, "project.json", file, ["testUserAllowFixedAuth"], {
      message: isOpen
        ? "A fixed code signs anybody in: the pattern for test users is empty or takes every address"
        : "A fixed code signs test users in",
      fix: isOpen
        ? "Turn it off, or give a pattern that only test addresses match."
        : "Turn it off outside of test environments, or allow it for them.",
      ...(isOpen ? {} : { level: "warning" as const }),
    });
  },
};

function takesAnybody(pattern: string): boolean {
  // Long or nested patterns could run for ever here; those that take everybody are short.
  if (pattern.length > 200 || /\([^)]*[+*][^)]*\)[+*{]/.test(pattern)) return false;
  try {
    const tried = new RegExp(pattern);
    return ORDINARY.some((address) => tried.test(address));
  } catch {
    return false;
  }
}

const mergeUsers: SettingsRule = {
  code: "merge-users",
  level: "warning",
  severity: 6.8,
  summary: "A step may merge two users, which deletes one of them",
  help: "Single sign-on that merges by e-mail lets a tenant's identity provider take over users of other domains.",
  *find({ files }) {
    const file = files.get("auth/sso.json");
    if (file === undefined || member(file.content, "mergeUsers") !== true) return;
    if (member(file.content, "blockIfEmailDomainMismatch") === true) return;
    yield atSetting(this, "auth/sso.json", file, ["mergeUsers"], {
      message: "Single sign-on merges users by their e-mail address, whatever its domain",
      fix: "Block addresses of other domains (blockIfEmailDomainMismatch), or turn merging off.",
    });
  },
};

const userEnumeration: SettingsRule = {
  code: "user-enumeration",
  level: "warning",
  severity: 5.3,
  summary: "A failed sign-in tells whether the user exists",
  help: "Anybody can find out who has an account. Mask the errors of passwords.",
  *find({ files }) {
    const file = files.get("auth/password.json");
    if (
      file === undefined ||
      member(file.content, "enabled") !== true ||
      member(file.content, "maskError") !== false
    )
      return;
    yield atSetting(this, "auth/password.json", file, ["maskError"], {
      message: "A wrong password and an unknown user give different errors",
      fix: "Set maskError to true.",
    });
  },
};

const weakPassword: SettingsRule = {
  code: "no-lockout-weak-password",
  level: "warning",
  severity: 6.5,
  summary: "Passwords may be short, or tried without end",
  help: "Without a lock after some attempts, or with short passwords that are not checked for strength, guessing is a matter of time.",
  *find({ files, limits }) {
    const file = files.get("auth/password.json");
    if (file === undefined || member(file.content, "enabled") !== true) return;
    const isOn = (key: string) => member(file.content, key) === true;
    if (!isOn("lock") && !isOn("temporaryLock") && !isOn("tempLock")) {
      yield atSetting(this, "auth/password.json", file, ["lock"], {
        message: "Passwords can be tried without end: no lock is set",
        fix: "Lock users after some attempts.",
      });
    }
    const length = numberOf(member(file.content, "minLength"));
    if (length !== undefined && length < limits.passwordLength && !isOn("enablePasswordStrength")) {
      yield atSetting(this, "auth/password.json", file, ["minLength"], {
        message: `Passwords of ${length} characters are taken, without a check of their strength`,
        fix: `Ask for ${limits.passwordLength} or more, or check the strength.`,
      });
    }
  },
};

const MINUTES: Readonly<Record<string, number | undefined>> = {
  seconds: 1 / 60,
  minutes: 1,
  hours: 60,
  days: 1440,
  weeks: 10_080,
  months: 43_200,
  years: 525_600,
};

const lifetimeTooLong: SettingsRule = {
  code: "lifetime-too-long",
  level: "warning",
  severity: 5.4,
  summary: "A session, code or link lives long",
  help: "What is stolen can be used as long as it lives. The limits can be set in the rules file.",
  *find({ files, limits }) {
    const places: [path: string, key: string, most: number, what: string][] = [
      ["project.json", "sessionTokenExpiration", limits.sessionMinutes, "A session token"],
      ["project.json", "refreshTokenExpiration", limits.refreshDays * 1440, "A refresh token"],
      ["auth/otp.json", "expirationTime", limits.codeMinutes, "A one-time code"],
      ["auth/magiclink.json", "expirationTime", limits.codeMinutes, "A magic link"],
      ["auth/enchantedlink.json", "expirationTime", limits.codeMinutes, "An enchanted link"],
    ];
    for (const [path, key, most, what] of places) {
      const file = files.get(path);
      const time = numberOf(member(file?.content, key));
      const unit = asText(member(file?.content, `${key}Unit`));
      const factor = Object.hasOwn(MINUTES, unit) ? MINUTES[unit] : undefined;
      if (file === undefined || time === undefined || factor === undefined || time * factor <= most) continue;
      if (path.startsWith("auth/") && member(file.content, "enabled") === false) continue;
      yield atSetting(this, path, file, [key], {
        message: `${what} lives ${time} ${time === 1 ? unit.replace(/s$/, "") : unit}`,
        fix: `Make it shorter, or raise the limit in the rules file.`,
      });
    }
  },
};

const redirectDomains: SettingsRule = {
  code: "redirect-domains",
  level: "warning",
  severity: 6.1,
  summary: "Codes and tokens can be sent to domains that nobody approved",
  help: "The trusted domains decide where users are sent back to. Empty means anywhere; a wildcard or this machine takes more than one's own sites.",
  *find({ files }) {
    const file = files.get("project.json");
    if (file === undefined) return;
    const listed = asText(member(file.content, "trustedDomains"))
      .split(/[\s,;]+/)
      .filter((one) => one !== "");
    if (listed.length === 0) {
      yield atSetting(this, "project.json", file, ["trustedDomains"], {
        message: "No trusted domains are set: users may be sent back anywhere",
        fix: "List the domains of the applications.",
      });
    }
    for (const domain of listed) {
      const what = domain.includes("*")
        ? "is a wildcard"
        : isThisMachine(hostOf(domain))
          ? "is the user's own machine"
          : undefined;
      if (what !== undefined)
        yield atSetting(this, "project.json", file, ["trustedDomains"], {
          key: domain,
          message: `The trusted domain ${domain} ${what}`,
          fix: "List the domains of the applications one by one.",
        });
    }
    if (listed.length === 0) return;
    for (const path of ["auth/magiclink.json", "auth/enchantedlink.json", "auth/oauth.json"]) {
      const method = files.get(path);
      const host = hostOf(asText(member(method?.content, "redirectUrl")));
      if (method === undefined || host === "" || host.includes("{{")) continue;
      const isTrusted = listed.some(
        (domain) => host === hostOf(domain) || host.endsWith(`.${hostOf(domain).replace(/^\*\./, "")}`),
      );
      if (!isTrusted)
        yield atSetting(this, path, method, ["redirectUrl"], {
          message: `${path} sends users to ${host}, which is no trusted domain`,
          fix: "Add it to the trusted domains, or change the address.",
        });
    }
  },
};

function hostOf(text: string): string {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/:?#\s]*)/i.exec(text.trim())?.[1]?.toLowerCase() ?? "";
}

const refreshInBody: SettingsRule = {
  code: "refresh-in-body",
  level: "note",
  severity: 3.1,
  summary: "Refresh tokens are handed to scripts of the page, or stay the same",
  help: "In a cookie that scripts cannot read, and changed at each use, a stolen token is worth less. The documentation advises cookies in production.",
  *find({ files }) {
    const file = files.get("project.json");
    if (file === undefined) return;
    if (asText(member(file.content, "tokenResponseMethod")) === "onBody") {
      yield atSetting(this, "project.json", file, ["tokenResponseMethod"], {
        message: "Refresh tokens are sent in the body, where scripts of the page can read them",
        fix: "Send them in cookies where the application allows it.",
      });
    }
    if (member(file.content, "rotateJwt") === false) {
      yield atSetting(this, "project.json", file, ["rotateJwt"], {
        message: "A refresh token stays the same as long as it lives",
        fix: "Turn rotation on.",
      });
    }
  },
};

const duplicateConnectorName: SettingsRule = {
  code: "duplicate-connector-name",
  level: "error",
  summary: "Two connectors have one name",
  help: "Between environments connectors are paired by their names; with two of one name nobody can tell which is meant.",
  *find({ files }) {
    // What is not listed is no part of the snapshot, and told of by itself.
    const index = files.get("connectors/connectors.json");
    const listed = index === undefined ? undefined : member(index.content, "connectors");
    const named = [...files].filter(([path]) => {
      const slug = /^connectors\/(?!connectors\.json$)(.+)\.json$/.exec(path)?.[1];
      return slug !== undefined && (!Array.isArray(listed) || listed.includes(slug));
    });
    for (const [name, same] of Map.groupBy(named, ([, file]) => asText(member(file.content, "name")))) {
      for (const [path, file] of same.slice(1)) {
        yield atSetting(this, path, file, ["name"], {
          key: path,
          message: `${same.length} connectors are called "${name}"`,
          fix: "Give each a name of its own.",
        });
      }
    }
  },
};

const PROJECT_ID = /\bP[0-9A-Za-z]{27,31}\b/;

const projectIdInText: SettingsRule = {
  code: "project-id-in-text",
  level: "note",
  summary: "A free text names a project's id",
  help: "In another environment it is another project's: the text is wrong there.",
  *find({ files }) {
    for (const [path, file] of files) {
      if (!/(?:project|applications)\.json$|^(?:flows|widgets)\/[^/]+\/metadata\.json$/.test(path)) continue;
      for (const { name, value, place } of texts(file.content, [])) {
        if (!/^(?:name|description|logo|loginPageUrl|inviteUrl)$/.test(name) || !PROJECT_ID.test(value))
          continue;
        yield atSetting(this, path, file, place, {
          message: `${place.join(".")} names the id of a project`,
          fix: "Take it out, or set it for each environment.",
        });
      }
    }
  },
};

/** Every text in a value, with the name of what holds it. */
function* texts(
  value: Json | undefined,
  path: Path,
): Generator<{ name: string; value: string; place: Path }> {
  if (typeof value === "string") {
    yield { name: String(path.findLast((step) => typeof step === "string") ?? ""), value, place: path };
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      // A list of headers holds names and values side by side.
      const key = asText(member(item, "key")) || asText(member(item, "name"));
      const held = member(item, "value");
      if (key !== "" && typeof held === "string")
        yield { name: key, value: held, place: [...path, i, "value"] };
      else yield* texts(item, [...path, i]);
    }
  } else if (isJsonObject(value)) {
    for (const [key, member_] of Object.entries(asObject(value))) yield* texts(member_, [...path, key]);
  }
}

function numberOf(value: Json | undefined): number | undefined {
  const number = isRawNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === "number" ? number : undefined;
}

/** All rules about a project's settings. */
export const SETTINGS_RULES: readonly SettingsRule[] = [
  trustUnverifiedEmail,
  secretInFile,
  connectorTlsOff,
  cleartextUrl,
  staticTestOtp,
  mergeUsers,
  userEnumeration,
  weakPassword,
  lifetimeTooLong,
  redirectDomains,
  refreshInBody,
  duplicateConnectorName,
  projectIdInText,
];

/** What the rules find in a project's settings. */
export function lintSettings(lint: SettingsLint): Found[] {
  return SETTINGS_RULES.flatMap((rule) => [...rule.find(lint)]);
}
