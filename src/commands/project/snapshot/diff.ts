import { exportSnapshot } from "../../../api/operations/projects.ts";
import { command } from "../../../command/command.ts";
import { bool, id, list } from "../../../command/flags.ts";
import { compareSides } from "../../../snapshot/diff/compare-sides.ts";
import { Meanings } from "../../../snapshot/model/meanings.ts";
import { places, requireKnown } from "./planning.ts";
import { comparisonReport, formatFlags } from "./report.ts";
import { ignoredBySides, readSide, SIDE_FORMS } from "./sides.ts";

export default command({
  description: `Compares two snapshots by what they mean. A side is ${SIDE_FORMS}.`,
  operations: [exportSnapshot],
  connection: "named",
  args: { left: id("What is compared"), right: id("What it is compared with") },
  flags: {
    only: list("Only these entities or places", { value: "addresses" }),
    except: list("Everything but these entities or places", { value: "addresses" }),
    exitCode: bool("Exit with status 2 when they differ"),
    ...formatFlags,
  },
  examples: [
    "descope project snapshot diff config project:P2abc",
    "descope project snapshot diff git:main:config config --exit-code",
    "descope project snapshot diff project:P2abc project:P2xyz --only flow/sign-in",
  ],
  async run(context, { left, right }, flags) {
    const meanings = new Meanings(await ignoredBySides(context, [left, right]));
    const only = places(flags.only, "--only");
    const [before, after] = [
      await readSide(context, left, meanings),
      await readSide(context, right, meanings),
    ];
    requireKnown(only, [before.addresses, after.addresses]);
    const comparison = compareSides(before, after, {
      only,
      except: places(flags.except, "--except"),
    });
    for (const warning of comparison.warnings) context.note(`* Warning: ${warning}`);
    const differs = comparison.differences.length > 0;
    return comparisonReport(
      comparison,
      { ...flags, listNoise: flags.show !== undefined },
      flags.exitCode && differs ? "differences_found" : undefined,
    );
  },
});
