import { invalidArgument } from "../error.ts";
import type { Call } from "../service.ts";
import type { Message } from "../control/outbox.ts";

/** What it is sent to. */
export type Channel = "email" | "phone";

export function channelOf(method: string): Channel {
  return method === "email" ? "email" : "phone";
}

/** What a token says of a proof by this method. */
export function factorOf(method: string): string {
  if (method === "email" || method === "embedded") return "email";
  return method === "whatsapp" || method === "im" ? "whatsapp" : "sms";
}

/**
 * The address to send to: the user's own, else the login id where it is one.
 *
 * @throws {EmulatorError} when there is none.
 */
export function addressFor(
  channel: Channel,
  user: { readonly email?: string | undefined; readonly phone?: string | undefined },
  loginId: string,
): string {
  const own = channel === "email" ? user.email : user.phone;
  if (own !== undefined && own !== "") return requireAddress(channel, own);
  if (isAddress(channel, loginId)) return loginId;
  throw invalidArgument(
    channel === "email"
      ? "The user has no e-mail address, and the loginId field is none"
      : "The user has no phone number, and the loginId field is none",
  );
}

/** @throws {EmulatorError} for something that is no address of the kind. */
export function requireAddress(channel: Channel, given: string): string {
  if (isAddress(channel, given)) return given;
  throw invalidArgument(
    channel === "email"
      ? "The email field is not an e-mail address"
      : "The phone field is not a phone number",
  );
}

function isAddress(channel: Channel, given: string): boolean {
  return channel === "email" ? isEmail(given) : /^\+?[\d\s().-]{4,}$/.test(given);
}

/** True for what can be an e-mail address. */
export function isEmail(given: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(given);
}

/** The address as replies show it: enough to know it again, too little to write to. */
export function masked(channel: Channel, address: string): { maskedEmail: string } | { maskedPhone: string } {
  if (channel === "phone")
    return { maskedPhone: address.slice(0, -2).replaceAll(/\d/g, "*") + address.slice(-2) };
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const dot = domain.lastIndexOf(".");
  const [name, end] = dot === -1 ? [domain, ""] : [domain.slice(0, dot), domain.slice(dot)];
  return { maskedEmail: `${stars(address.slice(0, at))}@${stars(name)}${end}` };
}

function stars(text: string): string {
  return text.slice(0, 1) + "*".repeat(Math.max(3, text.length - 1));
}

/** Puts a message where tests find it, in place of sending it. */
export function send(call: Call, message: Omit<Message, "projectId" | "sentAt">): void {
  const { project, world } = call;
  world.outbox.send({ ...message, projectId: project.id, sentAt: project.clock.now() });
}
