import { projectSettings, text } from "../project-settings.ts";
import type { Project } from "../project.ts";
import type { User } from "./user.ts";

/** What a request says of how somebody is invited. */
export interface InvitationInput {
  readonly invite?: boolean | null | undefined;
  readonly inviteUrl?: string | null | undefined;
  /** Default, like that of `sendSMS`: what the project is set to. */
  readonly sendMail?: boolean | null | undefined;
  readonly sendSMS?: boolean | null | undefined;
}

/** Puts the invitation of a user into the outbox, once for each way in which it is to go and can. */
export function sendInvitation(
  project: Project,
  user: User,
  input: InvitationInput,
): "sent" | "no address" | "not wanted" {
  const settings = projectSettings(project);
  const link = input.inviteUrl || text(settings.inviteUrl);
  const [loginId = ""] = user.loginIds;
  const email = user.email ?? user.loginIds.find((id) => id.includes("@"));
  const phone = user.phone ?? user.loginIds.find((id) => /^\+?\d[\d ().-]+$/.test(id));
  let outcome: "sent" | "no address" | "not wanted" = "not wanted";
  for (const [method, to, wanted] of [
    ["email", email, input.sendMail ?? settings.inviteSendEmail === true],
    ["sms", phone, input.sendSMS ?? settings.inviteSendSms === true],
  ] as const) {
    if (!wanted) continue;
    if (to === undefined) {
      if (outcome !== "sent") outcome = "no address";
      continue;
    }
    outcome = "sent";
    project.world.outbox.send({
      projectId: project.id,
      loginId,
      kind: "invite",
      method,
      to,
      link,
      sentAt: project.clock.now(),
    });
  }
  return outcome;
}
