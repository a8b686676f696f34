import type * as operations from "../../api/operations/user-attributes.ts";
import { audit } from "../audit.ts";
import { on, type Call, type Service } from "../service.ts";
import {
  attributeDefinitions,
  attributesReply,
  declareAttributes,
  removeAttributes,
  type AttributeDefinition,
  type AttributeScope,
} from "./definitions.ts";

/** The calls by which the attributes of one kind of thing are listed, declared and taken away. */
export function attributeCalls(
  loadAll: typeof operations.loadAll,
  create: typeof operations.create,
  remove: typeof operations.remove,
  scope: AttributeScope,
): Service {
  return [
    on(loadAll, (_input, { project }) => attributesReply(attributeDefinitions(project, scope))),
    on(create, ({ attributes }, call) => changed(call, declareAttributes(call.project, scope, attributes))),
    on(remove, ({ names }, call) => changed(call, removeAttributes(call.project, scope, names))),
  ];
}

function changed({ project, actorId }: Call, definitions: readonly AttributeDefinition[]) {
  audit(project, { action: "CustomAttributesModified", actorId });
  return attributesReply(definitions);
}
