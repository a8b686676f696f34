import * as operations from "../../api/operations/consents.ts";
import { audit } from "../audit.ts";
import { consentReply, consents, type Consent } from "../entities/consent.ts";
import { missingArgument } from "../error.ts";
import { pageOf } from "../page.ts";
import { on, type Call, type Service } from "../service.ts";

export const consentService: Service = [
  on(operations.search, (query, { project }) => {
    const found = consents
      .all(project)
      .filter(
        (consent) =>
          (!query.consentId || consent.id === query.consentId) &&
          (!query.appId || consent.appId === query.appId) &&
          (!query.userId || consent.userId === query.userId) &&
          (!query.tenantId || consent.tenantId === query.tenantId),
      );
    return { consents: pageOf(found, query).map(consentReply), total: found.length };
  }),
  on(operations.remove, ({ consentIds, appId, userIds, tenantId }, call) => {
    const named = {
      consentIds: consentIds ?? [],
      appId: appId ?? "",
      userIds: userIds ?? [],
      tenantId: tenantId ?? "",
    };
    removeThose(call, named, ({ userId }) => userId !== "");
    return {};
  }),
  on(operations.removeOfTenants, ({ consentIds, appId, tenantId }, call) => {
    const named = { consentIds: consentIds ?? [], appId: appId ?? "", userIds: [], tenantId: tenantId ?? "" };
    removeThose(call, named, ({ userId }) => userId === "");
    return {};
  }),
];

interface Named {
  readonly consentIds: readonly string[];
  readonly appId: string;
  readonly userIds: readonly string[];
  readonly tenantId: string;
}

/** Deletes the consents of one `kind` that fit everything that is named. */
function removeThose({ project, actorId }: Call, named: Named, kind: (consent: Consent) => boolean): void {
  const { consentIds, appId, userIds, tenantId } = named;
  if (consentIds.length === 0 && userIds.length === 0 && appId === "" && tenantId === "")
    throw missingArgument(
      "One of the fields consentIds, appId, userIds and tenantId must say which consents",
    );
  for (const consent of consents.all(project)) {
    if (!kind(consent)) continue;
    if (consentIds.length > 0 && !consentIds.includes(consent.id)) continue;
    if (userIds.length > 0 && !userIds.includes(consent.userId)) continue;
    if (appId !== "" && consent.appId !== appId) continue;
    if (tenantId !== "" && consent.tenantId !== tenantId) continue;
    consents.delete(project, consent.id);
    audit(project, {
      action: "ThirdPartyAppConsentDeleted",
      actorId,
      ...(consent.userId === "" ? {} : { userId: consent.userId }),
      tenants: consent.tenantId === "" ? [] : [consent.tenantId],
      data: { appId: consent.appId, consentId: consent.id },
    });
  }
}
