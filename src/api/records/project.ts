import * as v from "valibot";

const tags = () => v.array(v.string());

/** A project in a list, as the vendor's tools print it. */
export const project = v.object({ id: v.string(), name: v.string(), environment: v.string(), tags: tags() });

/** What cloning a project gives back. */
export const clonedProject = v.object({
  projectId: v.string(),
  projectName: v.string(),
  environment: v.string(),
  tags: tags(),
});
