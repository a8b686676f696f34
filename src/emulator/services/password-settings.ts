import * as operations from "../../api/operations/password-settings.ts";
import { type Json, type JsonObject } from "../../json/value.ts";
import { audit } from "../audit.ts";
import { passwordSettings, putPasswordSettings } from "../entities/password-settings.ts";
import { requireTenant } from "../entities/tenant.ts";
import { invalidArgument } from "../error.ts";
import { present } from "../present.ts";
import { number, text } from "../project-settings.ts";
import { on, type Service } from "../service.ts";

/** What is asked of passwords, in a project and in its tenants. */
export const passwordSettingsService: Service = [
  on(operations.load, ({ tenantId }, { project }) => {
    const tenant = tenantId ? requireTenant(project, tenantId).id : undefined;
    return reply(passwordSettings(project, tenant), tenant ?? "");
  }),
  on(operations.configure, ({ tenantId, ...input }, { project, actorId }) => {
    const tenant = tenantId ? requireTenant(project, tenantId).id : undefined;
    const changes = present(
      Object.fromEntries(Object.entries(input).filter(([name]) => SETTINGS.has(name))),
    ) as JsonObject;
    for (const [name, value] of Object.entries(changes))
      if ((number(value) ?? 0) < 0) throw invalidArgument(`The ${name} field must not be negative`);
    putPasswordSettings(project, tenant, changes);
    audit(project, {
      action: "PasswordSettingsModified",
      actorId,
      ...(tenant === undefined ? {} : { tenants: [tenant] }),
    });
    return {};
  }),
];

const FLAGS = [
  ...["enabled", "lowercase", "uppercase", "number", "nonAlphanumeric", "anyLetter", "disallowEmailMatch"],
  ...["expiration", "reuse", "lock", "tempLock", "enablePasswordStrength"],
];
const NUMBERS = [
  ...["minLength", "expirationWeeks", "reuseAmount", "lockAttempts"],
  ...["tempLockAttempts", "tempLockDuration", "passwordStrengthScore"],
];
const SETTINGS = new Set([...FLAGS, ...NUMBERS, "disallowedCharacters"]);

function reply(settings: JsonObject, tenantId: string): JsonObject {
  const members: [string, Json][] = [
    ...FLAGS.map((name): [string, Json] => [name, settings[name] === true]),
    ...NUMBERS.map((name): [string, Json] => [name, number(settings[name]) ?? 0]),
  ];
  return {
    ...Object.fromEntries(members),
    disallowedCharacters: text(settings.disallowedCharacters),
    tenantId,
  };
}
