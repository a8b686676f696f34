import { decodeRecord, decodeText, given, member } from "../../api/record.ts";
import { accessKey } from "../../api/records/access-key.ts";
import { create } from "../../api/operations/access-keys.ts";
import { command } from "../../command/command.ts";
import { id, int, list, text } from "../../command/flags.ts";
import { value } from "../../command/result.ts";
import { Failure } from "../../failure.ts";
import { Ordered, rawNumber, unordered } from "../../json/value.ts";

export default command({
  description: "The key's secret (cleartext) is shown this once and cannot be loaded again.",
  operations: [create],
  args: { name: id("Name of the new key") },
  flags: {
    description: text("What the key is for", { short: "d" }),
    expires: int("When it expires, in seconds since 1970 (0: never)", { short: "e", value: "time" }),
    tenants: list("Ids of tenants that the key is for", { short: "t", value: "ids" }),
    userId: text("Id of the user whose rights the key takes", { short: "u", long: "userId", value: "id" }),
  },
  examples: [
    'descope access-key create ci --description "for CI"',
    "descope access-key create ci --tenants acme,globex --expires 1795345322 --json",
  ],
  async run({ api }, { name }, { description, expires, tenants, userId }) {
    const reply = await api.call(create, {
      name,
      description: description ?? "",
      expireTime: expires === undefined ? 0 : rawNumber(String(expires)),
      userId: userId ?? "",
      keyTenants: (tenants ?? []).map((tenantId) => ({ tenantId })),
    });
    const cleartext = member(reply, "cleartext");
    try {
      const created = decodeRecord(accessKey, member(reply, "key"), "key");
      const secret = decodeText(cleartext, "cleartext");
      const printed = unordered(new Ordered([...created.entries, ["cleartext", secret]]));
      return value("accessKey", printed, "Created access key");
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // The key exists, and this is the only time that its secret is shown.
      throw new Failure(`The access key was created, but: ${error.message}`, {
        ...error.details,
        extra: given({ id: member(member(reply, "key"), "id"), cleartext }),
      });
    }
  },
});
