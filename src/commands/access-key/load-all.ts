import { decodeRecords, member } from "../../api/record.ts";
import { accessKey } from "../../api/records/access-key.ts";
import { loadAll } from "../../api/operations/access-keys.ts";
import { command } from "../../command/command.ts";
import { list } from "../../command/result.ts";

export default command({
  operations: [loadAll],
  examples: ["descope access-key load-all", "descope access-key load-all --json"],
  async run({ api }) {
    const reply = await api.call(loadAll);
    return list("accessKeys", decodeRecords(accessKey, member(reply, "keys"), "keys"), {
      verb: "Loaded",
      noun: ["access key", "access keys"],
      item: "Access key",
      columns: ["id", "name", "status", "roleNames", "keyTenants", "expireTime", "description"],
    });
  },
});
