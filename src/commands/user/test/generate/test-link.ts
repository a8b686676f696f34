import { decodeText, member } from "../../../../api/record.ts";
import { text } from "../../../../command/flags.ts";
import { Failure } from "../../../../failure.ts";
import type { Json } from "../../../../json/value.ts";

/** The flag of the commands that make a link. */
export const linkFlags = {
  redirectUrl: text("Where the link leads, instead of the address in the project's settings", {
    short: "u",
    value: "url",
  }),
};

/** The link of a reply. @throws {Failure} when it could not be opened: the project has no address for links, and none was given. */
export function usableLink(reply: Json): string {
  const found = member(reply, "link");
  const link = found === "" ? "" : decodeText(found, "link");
  if (link.startsWith("/") || URL.canParse(link)) return link;
  throw new Failure("The server's reply cannot be used: the link has no address", {
    code: "bad_reply",
    hint: "The project has no address for links: give one with --redirect-url.",
  });
}
