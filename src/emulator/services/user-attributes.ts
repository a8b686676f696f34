import * as operations from "../../api/operations/user-attributes.ts";
import {
  attributeDefinitions,
  attributesReply,
  declareAttributes,
  removeAttributes,
  type AttributeDefinition,
} from "../attributes/definitions.ts";
import { audit } from "../audit.ts";
import { on, type Call, type Service } from "../service.ts";

export const userAttributeService: Service = [
  on(operations.loadAll, (_input, { project }) => attributesReply(attributeDefinitions(project, "user"))),
  on(operations.create, ({ attributes }, call) =>
    changed(call, declareAttributes(call.project, "user", attributes)),
  ),
  on(operations.remove, ({ names }, call) => changed(call, removeAttributes(call.project, "user", names))),
  on(operations.loadFamilyScoped, (_input, { project }) =>
    attributesReply(attributeDefinitions(project, "familyMember")),
  ),
  on(operations.createFamilyScoped, ({ attributes }, call) =>
    changed(call, declareAttributes(call.project, "familyMember", attributes)),
  ),
  on(operations.removeFamilyScoped, ({ names }, call) =>
    changed(call, removeAttributes(call.project, "familyMember", names)),
  ),
];

function changed({ project, actorId }: Call, definitions: readonly AttributeDefinition[]) {
  audit(project, { action: "CustomAttributesModified", actorId });
  return attributesReply(definitions);
}
