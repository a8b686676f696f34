import * as operations from "../../api/operations/user-attributes.ts";
import {
  attributeDefinitions,
  attributesChanged,
  attributesReply,
  declareAttributes,
  removeAttributes,
} from "../attributes/definitions.ts";
import { on, type Service } from "../service.ts";

export const userAttributeService: Service = [
  on(operations.loadAll, (_input, { project }) => attributesReply(attributeDefinitions(project, "user"))),
  on(operations.create, ({ attributes }, call) =>
    attributesChanged(call, declareAttributes(call.project, "user", attributes)),
  ),
  on(operations.remove, ({ names }, call) =>
    attributesChanged(call, removeAttributes(call.project, "user", names)),
  ),
  on(operations.loadFamilyScoped, (_input, { project }) =>
    attributesReply(attributeDefinitions(project, "familyMember")),
  ),
  on(operations.createFamilyScoped, ({ attributes }, call) =>
    attributesChanged(call, declareAttributes(call.project, "familyMember", attributes)),
  ),
  on(operations.removeFamilyScoped, ({ names }, call) =>
    attributesChanged(call, removeAttributes(call.project, "familyMember", names)),
  ),
];
