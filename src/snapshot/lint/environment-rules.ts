import type { Found, Rule } from "../../lint/finding.ts";
import type { JsonFile } from "../../json/source.ts";
import type { Environment, Rule as EnvironmentRule } from "../environment/environment.ts";
import type { RuleProblem } from "../environment/overlay.ts";
import { matchesAddress, writePlace } from "../model/address.ts";
import { writePointer } from "../model/pointer.ts";
import type { Snapshot } from "../model/read.ts";
import { secretLabel, secretName, secretOwner, secretsIn } from "../plan/secrets.ts";
import type { Receipt } from "../receipt.ts";

const RULE_UNUSED: Rule = {
  code: "rule-unused",
  level: "error",
  summary: "A rule of an environment names nothing that the snapshot has",
  help: "It does nothing, and whoever wrote it believes that it does.",
};

const SET_IGNORED: Rule = {
  code: "set-ignored",
  level: "error",
  summary: "An environment sets what it also ignores",
  help: "What is ignored is no part of the comparison, so the value would never be brought over.",
};

const SET_SECRET: Rule = {
  code: "set-secret",
  level: "error",
  severity: 7.5,
  summary: "An environment sets a secret",
  help: "Secrets are named by their source, under secrets, and never stand in a file.",
};

const RULE_MALFORMED: Rule = {
  code: "rule-malformed",
  level: "error",
  summary: "A rule of an environment names a whole entity where it needs a place in one",
  help: "Whole entities are listed under delete.",
};

const DELETE_PRESENT: Rule = {
  code: "delete-present",
  level: "error",
  summary: "An environment wants deleted what the folder has",
  help: "What the folder has is brought over: the rule does nothing until it is gone from the folder.",
};

const SHARED_PROJECT: Rule = {
  code: "environment-shared-project",
  level: "error",
  summary: "Two environments are for the same project",
  help: "Each would undo what the other one brings over.",
};

const SECRET_WITHOUT_SOURCE: Rule = {
  code: "secret-without-source",
  level: "warning",
  summary: "A secret of something new has no source in the environment",
  help: "A new connector or provider cannot be imported without its secrets.",
};

/** The rules about environments' files. */
export const ENVIRONMENT_RULES: readonly Rule[] = [
  RULE_UNUSED,
  SET_IGNORED,
  SET_SECRET,
  RULE_MALFORMED,
  DELETE_PRESENT,
  SHARED_PROJECT,
  SECRET_WITHOUT_SOURCE,
];

const BY_CODE = new Map(ENVIRONMENT_RULES.map((rule) => [rule.code, rule]));

/** Files of environments by their paths, with their texts. */
export type EnvironmentFiles = (path: string) => JsonFile;

/** What is wrong with an environment's rules for a snapshot. Its variables are not asked for. */
export function environmentFindings(
  environment: Environment,
  snapshot: Snapshot,
  problems: readonly RuleProblem[],
  files: EnvironmentFiles,
): Found[] {
  const at = (rule: Rule, origin: EnvironmentRule["origin"], message: string, fix: string): Found => ({
    rule,
    address: `env/${environment.name}#/${origin.path.join("/")}`,
    key: message,
    message,
    fix,
    file: files(origin.file),
    path: origin.path,
  });
  const found: Found[] = problems.flatMap(({ code, origin, text }) => {
    const rule = BY_CODE.get(code);
    if (rule === undefined) return [];
    return [at(rule, origin, text, "Mend the rule, or take it out.")];
  });
  const addresses = [...snapshot.entities.keys()];
  const has = (rule: EnvironmentRule) => addresses.some((one) => matchesAddress(rule.at.address, one));
  for (const list of ["only", "keep", "ignore", "protect"] as const) {
    for (const rule of environment[list]) {
      if (has(rule)) continue;
      found.push({
        ...at(
          RULE_UNUSED,
          rule.origin,
          `"${list}" names ${writePlace(rule.at)}, and the snapshot has no ${rule.at.address}`,
          "Check its spelling, or take it out.",
        ),
        level: "warning",
      });
    }
  }
  for (const rule of environment.delete) {
    if (!has(rule)) continue;
    const what = `"delete" names ${writePlace(rule.at)}, which the folder has`;
    found.push(at(DELETE_PRESENT, rule.origin, what, "Take it out of the folder, or out of the list."));
  }
  for (const { address, name, origin } of environment.secrets) {
    if (snapshot.entities.has(address)) continue;
    const what = `"secrets" names ${name} of ${address}, and the snapshot has no ${address}`;
    found.push({
      ...at(RULE_UNUSED, origin, what, "Check its spelling, or take it out."),
      level: "warning",
    });
  }
  return found;
}

/** Environments that are for the same project. */
export function sharedProjects(environments: readonly Environment[], file: EnvironmentFiles): Found[] {
  return environments.flatMap((environment, i) => {
    const { project, name, files } = environment;
    const first = environments
      .slice(0, i)
      .find((other) => project !== undefined && other.project === project);
    if (first === undefined) return [];
    return [
      {
        rule: SHARED_PROJECT,
        address: `env/${name}#/project`,
        message: `${name} is for the same project as ${first.name}`,
        fix: "Give each environment a project of its own.",
        file: file(files.at(-1) ?? name),
        path: ["project"],
      },
    ];
  });
}

/** Secrets that something new needs: what the last receipt of the environment's project does not know. */
export function unsourcedSecrets(
  environment: Environment,
  snapshot: Snapshot,
  receipt: Receipt,
  file: (address: string) => JsonFile,
): Found[] {
  const named = new Set(
    environment.secrets.map(({ address, at: place, name }) =>
      secretLabel(address, writePointer(place.pointer), name),
    ),
  );
  return [...snapshot.entities.values()].flatMap(({ address, content }) => {
    if (Object.hasOwn(receipt.entities, address)) return [];
    return secretsIn(address, content).flatMap(({ pointer }) => {
      const owner = writePointer(secretOwner(address, pointer));
      if (named.has(secretLabel(address, owner, secretName(pointer)))) return [];
      return [
        {
          rule: SECRET_WITHOUT_SOURCE,
          address: `${address}#${writePointer(pointer)}`,
          key: environment.name,
          message: `${address} is new in ${environment.name}, and its secret ${secretName(pointer)} has no source`,
          fix: `Name one under "secrets" in ${environment.files.at(-1) ?? environment.name}.`,
          file: file(address),
          path: [],
        },
      ];
    });
  });
}
