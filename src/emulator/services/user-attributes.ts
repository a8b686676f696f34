import * as operations from "../../api/operations/user-attributes.ts";
import { attributeCalls } from "../attributes/calls.ts";
import type { Service } from "../service.ts";

export const userAttributeService: Service = [
  ...attributeCalls(operations.loadAll, operations.create, operations.remove, "user"),
  ...attributeCalls(
    operations.loadFamilyScoped,
    operations.createFamilyScoped,
    operations.removeFamilyScoped,
    "familyMember",
  ),
];
