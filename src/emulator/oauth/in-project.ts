import type { Project } from "../project.ts";
import type { Call } from "../service.ts";

/** The call as one that works in `project`: these requests name no project in their authorization, but a client. */
export function inProject(call: Call, project: Project): Call {
  return Object.create(call, { project: { value: project } }) as Call;
}
