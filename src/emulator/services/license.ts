import { load } from "../../api/operations/license.ts";
import { on, type Service } from "../service.ts";

/** The plan whose limits the SDKs are told of. The emulator itself has no limits. */
const TIER = "tier4";

export const license: Service = [on(load, () => ({ rateLimitTier: TIER, licenseType: "enterprise" }))];
