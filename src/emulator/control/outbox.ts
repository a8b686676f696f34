/** Something that Descope would have sent by mail, text message or voice. */
export interface Message {
  readonly projectId: string;
  readonly loginId: string;
  readonly kind:
    "otp" | "magiclink" | "enchantedlink" | "invite" | "passwordReset" | "notp" | "adminLink" | "ciba";
  /** How it would go: "email", "sms", "voice", "whatsapp". */
  readonly method: string;
  /** The address or number. */
  readonly to: string;
  readonly code?: string;
  readonly link?: string;
  /** The number by which an enchanted link is the right one. */
  readonly linkId?: string;
  /** All links of the message, the wrong ones too: they open nothing. */
  readonly links?: readonly { readonly linkId: string; readonly link: string }[];
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

  /** Those that fit, the oldest first. `loginId` also finds what was sent to that address. */
  find(wanted: {
    readonly projectId?: string | undefined;
    readonly loginId?: string | undefined;
    readonly kind?: string | undefined;
  }): Message[] {
    return this.messages.filter(
      ({ projectId, loginId, to, kind }) =>
        (wanted.projectId === undefined || wanted.projectId === projectId) &&
        (wanted.loginId === undefined || wanted.loginId === loginId || wanted.loginId === to) &&
        (wanted.kind === undefined || wanted.kind === kind),
    );
  }

  clear(): void {
    this.messages = [];
  }
}
