/** Something that Descope would have sent by mail, text message or voice. */
export interface Message {
  readonly projectId: string;
  readonly loginId: string;
  readonly kind: "otp" | "magiclink" | "enchantedlink" | "invite" | "passwordReset" | "adminLink";
  /** How it would go: "email", "sms", "voice", "whatsapp". */
  readonly method: string;
  /** The address or number. */
  readonly to: string;
  readonly code?: string;
  readonly link?: string;
  /** Which of the three links of an enchanted link is the right one. */
  readonly linkId?: string;
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly sentAt: number;
}

/** More messages than anybody looks at; the oldest ones go. */
const KEPT = 10_000;

/** Everything that would have been sent, the latest last. */
export class Outbox {
  private messages: Message[] = [];

  send(message: Message): void {
    this.messages.push(message);
    if (this.messages.length > KEPT * 2) this.messages = this.messages.slice(-KEPT);
  }

  /** Those that fit, the oldest first. */
  find(wanted: { readonly projectId?: string; readonly loginId?: string }): Message[] {
    return this.messages.filter(
      ({ projectId, loginId }) =>
        (wanted.projectId === undefined || wanted.projectId === projectId) &&
        (wanted.loginId === undefined || wanted.loginId === loginId),
    );
  }

  clear(): void {
    this.messages = [];
  }
}
