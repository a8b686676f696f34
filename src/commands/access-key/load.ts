import { decodeRecord, member } from "../../api/record.ts";
import { accessKey } from "../../api/records/access-key.ts";
import { load } from "../../api/operations/access-keys.ts";
import { command } from "../../command/command.ts";
import { id } from "../../command/flags.ts";
import { value } from "../../command/result.ts";

export default command({
  operations: [load],
  args: { id: id("Id of the key") },
  examples: ["descope access-key load AK2abc --json"],
  async run({ api }, { id: key }) {
    const reply = await api.call(load, { id: key });
    return value("accessKey", decodeRecord(accessKey, member(reply, "key"), "key"), "Loaded access key");
  },
});
