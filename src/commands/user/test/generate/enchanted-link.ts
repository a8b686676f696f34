import { generateEnchantedLink } from "../../../../api/operations/users.ts";
import { member } from "../../../../api/record.ts";
import { command } from "../../../../command/command.ts";
import { id } from "../../../../command/flags.ts";
import { value } from "../../../../command/result.ts";
import { Ordered, type Json } from "../../../../json/value.ts";
import { linkFlags, usableLink } from "./test-link.ts";

export default command({
  operations: [generateEnchantedLink],
  args: { loginId: id("Login id of the test user") },
  flags: linkFlags,
  examples: ["descope user test generate enchanted-link tester -u https://a.example/ok"],
  async run({ api }, { loginId }, { redirectUrl }) {
    const reply = await api.call(generateEnchantedLink, { loginId, URI: redirectUrl });
    const entries: [string, Json][] = [["link", usableLink(reply)]];
    const pendingRef = member(reply, "pendingRef");
    if (typeof pendingRef === "string" && pendingRef !== "") entries.push(["pendingRef", pendingRef]);
    return value("result", new Ordered(entries), "Generated enchanted link for test user");
  },
});
