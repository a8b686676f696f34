import { loadPage } from "../../api/pages.ts";
import { search } from "../../api/operations/audit.ts";
import { decodeRecords } from "../../api/record.ts";
import { auditRow } from "../../api/records/audit.ts";
import { command } from "../../command/command.ts";
import { bool, words } from "../../command/flags.ts";
import { list } from "../../command/result.ts";
import { Failure } from "../../failure.ts";
import { isEmpty, Ordered, type Json } from "../../json/value.ts";
import { localTime } from "./local-time.ts";

/** No bound: what the vendor's tools send for a time that was not given. */
const NO_TIME = -62135596800000;

export default command({
  description:
    "Finds records of the last 30 days that contain the text. Loads one page, or with --all every page.",
  operations: [search],
  args: { text: words("Text to look for; may be empty") },
  flags: { all: bool("Load every page") },
  examples: ["descope audit search LoginSucceed", 'descope audit search "" --all --json'],
  async run({ api, progress }, { text }, { all }) {
    const input = (size: number, page: number) => ({
      text,
      from: NO_TIME,
      to: NO_TIME,
      size,
      page,
      noTenants: false,
    });
    const loaded = await loadPage(api, search, { all, size: 0, page: 0 }, input, progress("Searching"));
    const records = decodeRecords(auditRow, loaded.items, "audits").map(printable);
    return list("records", records, {
      verb: "Found",
      noun: ["record", "records"],
      item: "Record",
      columns: [
        "occurred",
        "action",
        "loginIds",
        "userId",
        "actorId",
        "method",
        "device",
        "geo",
        "remoteAddress",
        "Tenants",
      ],
      more: loaded.more("records"),
    });
  },
});

/** A row in the form in which the vendor's tools print it: times in the local time zone, two members under other names. */
function printable(row: Ordered): Ordered {
  return new Ordered(
    row.entries.map(([key, content]): readonly [string, Json] => {
      if (key === "externalIds") return ["loginIds", content];
      if (key === "tenants") return ["Tenants", isEmpty(content) ? [] : content];
      if (key !== "occurred") return [key, content];
      if (typeof content === "string" && /^-?\d{1,15}$/.test(content))
        return [key, localTime(Number(content))];
      throw new Failure('The server\'s reply cannot be used: "occurred" of an audit record is not a time', {
        code: "bad_reply",
      });
    }),
  );
}
