import { loadPage } from "../../../api/pages.ts";
import { loadAll } from "../../../api/operations/inbound-apps.ts";
import { decodeRecords } from "../../../api/record.ts";
import { inboundApp } from "../../../api/records/inbound-app.ts";
import { command } from "../../../command/command.ts";
import { bool } from "../../../command/flags.ts";
import { list } from "../../../command/result.ts";

export default command({
  description: "Loads the first page that the server gives, or with --all every page.",
  operations: [loadAll],
  flags: { all: bool("Load every page") },
  examples: ["descope apps inbound load-all", "descope apps inbound load-all --all --json"],
  async run({ api, progress }, _args, { all }) {
    const input = (limit: number, page: number) => ({ limit: String(limit), page: String(page) });
    const loaded = await loadPage(
      api,
      loadAll,
      { all, size: 0, page: 0 },
      input,
      progress("Loading applications"),
    );
    return list("apps", decodeRecords(inboundApp, loaded.items, "apps"), {
      verb: "Loaded",
      noun: ["inbound app", "inbound apps"],
      item: "App",
      columns: ["id", "name", "description", "clientId", "loginPageUrl", "permissionsScopes"],
      more: loaded.more("applications"),
    });
  },
});
