import { loadPage } from "../../api/pages.ts";
import { decodeRecords } from "../../api/record.ts";
import { user } from "../../api/records/user.ts";
import { search } from "../../api/operations/users.ts";
import { command } from "../../command/command.ts";
import { bool, boundedInt } from "../../command/flags.ts";
import { list } from "../../command/result.ts";

export default command({
  description: "Loads one page, or with --all every page. Test users are not among them.",
  operations: [search],
  flags: {
    limit: boundedInt(
      "Users on a page, 100 at most",
      { default: 100, minimum: 0, maximum: 100 },
      { short: "l" },
    ),
    page: boundedInt(
      "Number of the page, from 0",
      { default: 0, minimum: 0, maximum: 2 ** 31 - 1 },
      { short: "p" },
    ),
    all: bool("Load every page"),
  },
  examples: [
    "descope user load-all --limit 20",
    "descope user load-all --limit 20 --page 2 --json",
    "descope user load-all --all --json",
  ],
  async run({ api, progress }, _args, { limit, page, all }) {
    const input = (size: number, number: number) => ({
      limit: size,
      page: number,
      // In the order of their ids, pages do not move when users come and go.
      ...(all ? { sort: [{ field: "id", desc: false }] } : {}),
      text: "",
      testUsersOnly: false,
      withTestUser: false,
      fromCreatedTime: 0,
      toCreatedTime: 0,
      fromModifiedTime: 0,
      toModifiedTime: 0,
      includeSubTenants: false,
    });
    const loaded = await loadPage(api, search, { all, size: limit, page }, input, progress("Loading users"));
    return list("users", decodeRecords(user, loaded.items, "users"), {
      verb: "Loaded",
      noun: ["user", "users"],
      item: "User",
      columns: ["userId", "loginIds", "name", "email", "phone", "status", "roleNames", "userTenants"],
      more: loaded.more("users"),
    });
  },
});
