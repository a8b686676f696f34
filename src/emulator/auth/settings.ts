import { forbidden } from "../error.ts";
import type { Project } from "../project.ts";
import { methodSettings, projectSettings, text } from "../project-settings.ts";

/** @throws {EmulatorError} 403 where the project has the method switched off. */
export function requireMethod(project: Project, settings: string): void {
  if (methodSettings(project, settings).enabled === false)
    throw forbidden(`The method ${settings} is switched off in this project`);
}

/** Whether people may become users of the project by themselves. */
export function maySignUp(project: Project): boolean {
  return projectSettings(project).projectSelfProvisioning !== false;
}

/** @throws {EmulatorError} 403 where nobody may sign up. */
export function requireSignUp(project: Project): void {
  if (!maySignUp(project)) throw forbidden("Nobody may sign up to this project: users must be created");
}

/** Whether the project makes whoever signs up so a test user. */
export function isTestLoginId(project: Project, loginId: string): boolean {
  const pattern = text(projectSettings(project).testUserRegex);
  if (pattern === "") return false;
  try {
    return new RegExp(pattern).test(loginId);
  } catch {
    return false;
  }
}
