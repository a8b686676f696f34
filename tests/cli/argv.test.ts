import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { flagValue, parseArgv, readLeniently, type FlagSpec } from "../../src/cli/argv.ts";
import { UsageFailure } from "../../src/failure.ts";

const flags: FlagSpec[] = [
  { key: "email", long: "email", short: "e", kind: "string", about: "" },
  { key: "name", long: "name", short: "n", kind: "string", about: "" },
  { key: "loginId", long: "login-id", short: "l", kind: "string", about: "" },
  { key: "userId", long: "user-id", short: "u", kind: "string", about: "" },
  { key: "tenants", long: "tenants", short: "t", kind: "list", about: "" },
  { key: "limit", long: "limit", kind: "int", about: "" },
  { key: "json", long: "json", short: "j", kind: "bool", about: "" },
  { key: "force", long: "force", short: "f", kind: "bool", about: "" },
  { key: "tag", long: "tag", kind: "string", about: "", deprecated: "use --tags" },
];

/** A line in short: flags as `key=value`, then the arguments. */
function read(...tokens: string[]): [string[], string[]] {
  const { occurrences, args } = parseArgv(tokens, flags, []);
  return [occurrences.map(({ flag, value }) => `${flag.key}=${value}`), [...args]];
}

function refusal(...tokens: string[]): UsageFailure {
  try {
    for (const one of parseArgv(tokens, flags, ["some", "words"]).occurrences)
      flagValue(one, ["some", "words"]);
  } catch (error) {
    if (error instanceof UsageFailure) return error;
    throw error;
  }
  throw new Error("it was taken");
}

test.each<[string[], string[], string[]]>([
  [["a", "b"], [], ["a", "b"]],
  [["-"], [], ["-"]],
  [["", "a"], [], ["", "a"]],
  [["--email", "x", "a"], ["email=x"], ["a"]],
  [["a", "--email=x", "b"], ["email=x"], ["a", "b"]],
  [["--email="], ["email="], []],
  [["--email", ""], ["email="], []],
  [["--email=a=b"], ["email=a=b"], []],
  [["--email==", "--email=="], ["email==", "email=="], []],
  [["--email", "--json"], ["email=--json"], []],
  [["--email", "--"], ["email=--"], []],
  [["--email", "-"], ["email=-"], []],
  [["-l", "-u"], ["loginId=-u"], []],
  [["-e", "x"], ["email=x"], []],
  [["-ex"], ["email=x"], []],
  [["-e=x"], ["email=x"], []],
  [["-e="], ["email=="], []],
  [["-n=="], ["name=="], []],
  [["-n=Eq"], ["name=Eq"], []],
  [["-jl", "ann"], ["json=true", "loginId=ann"], []],
  [["-jlann"], ["json=true", "loginId=ann"], []],
  [["-jn=Eq"], ["json=true", "name=Eq"], []],
  [["-jf"], ["json=true", "force=true"], []],
  [["-ejf"], ["email=jf"], []],
  [["-j", "false"], ["json=true"], ["false"]],
  [["-j=false"], ["json=false"], []],
  [["-fj=0"], ["force=true", "json=0"], []],
  [["--json=T", "--json"], ["json=T", "json=true"], []],
  [["--tenants", "a,b", "-t", "c"], ["tenants=a,b", "tenants=c"], []],
  [["--limit", "-5"], ["limit=-5"], []],
  [["--", "--email", "x", "--"], [], ["--email", "x", "--"]],
  [["a", "--", "-j"], [], ["a", "-j"]],
  [["-e😀"], ["email=😀"], []],
])("reads %j", (tokens, occurrences, args) => {
  expect(read(...tokens)).toEqual([occurrences, args]);
});

test("what stood behind -- is known as such", () => {
  expect(parseArgv(["a", "--", "b", "--", "c"], flags, []).afterDashes).toEqual(["b", "--", "c"]);
});

test.each<[string[], string, string | undefined]>([
  [["--bogus"], "Unknown flag: --bogus", undefined],
  [["--bogus=secret"], "Unknown flag: --bogus", undefined],
  [["--emial", "x"], "Unknown flag: --emial", "Did you mean --email?"],
  [["--Email"], "Unknown flag: --Email", "Did you mean --email?"],
  [["--loginId", "x"], "Unknown flag: --loginId", "Did you mean --login-id?"],
  [["--login_id"], "Unknown flag: --login_id", "Did you mean --login-id?"],
  [["--ten"], "Unknown flag: --ten", "Did you mean --tenants?"],
  [["--tagg"], "Unknown flag: --tagg", undefined],
  [["--x"], "Unknown flag: --x", undefined],
  [["-x"], "Unknown flag: -x", undefined],
  [["-jx"], "Unknown flag: -x in -jx", undefined],
  [["-json"], "Unknown flag: -s in -json", "Did you mean --json?"],
  [["-j="], "Unknown flag: -= in -j=", undefined],
  [["-é"], "Unknown flag: -é", undefined],
  [["---email"], "Bad flag syntax: ---email", undefined],
  [["--=x"], "Bad flag syntax: --=x", undefined],
  [["--email"], "The flag --email needs a value", undefined],
  [["-e"], "The flag -e needs a value", undefined],
  [["-je"], "The flag -e needs a value", undefined],
  [["--json=maybe"], "The flag --json is a switch: give it alone, or with =true or =false", undefined],
  [["--json="], "The flag --json is a switch: give it alone, or with =true or =false", undefined],
  [["--limit", "many"], "The flag --limit takes a whole number of at most 64 bits", undefined],
  [["--limit="], "The flag --limit takes a whole number of at most 64 bits", undefined],
])("refuses %j", (tokens, message, hint) => {
  const failure = refusal(...tokens);
  expect(failure.message).toBe(message);
  expect(failure.details.hint).toBe(hint);
  expect(failure.words).toEqual(["some", "words"]);
});

test("a list whose quotes are wrong is refused without repeating it", () => {
  const failure = refusal("-t", 'secret"x');
  expect(failure.message).toContain("--tenants");
  expect(failure.message).not.toContain("secret");
});

describe("whatever a value is, it comes out as it went in", () => {
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "",
      "-",
      "--",
      "=",
      "+15550001111",
      "00123",
      "1e3",
      "-secret-",
      "--json",
      "-j",
      "0x10",
      "null",
      "__proto__",
      "\u0001",
      " ",
    ),
  );
  const run = { seed: 4, numRuns: 500 };

  test.each([
    ["--email VALUE", (value: string) => ["--email", value]],
    ["--email=VALUE", (value: string) => [`--email=${value}`]],
    ["-e VALUE", (value: string) => ["-e", value]],
    ["-je VALUE", (value: string) => ["-je", value]],
  ])("%s", (_, spell) => {
    fc.assert(
      fc.property(anything, (value) => {
        const { occurrences, args } = parseArgv(spell(value), flags, []);
        expect(occurrences.at(-1)?.value).toBe(value);
        expect(flagValue(occurrences.at(-1)!, [])).toBe(value);
        expect(args).toEqual([]);
      }),
      run,
    );
  });

  test("-e=VALUE and -eVALUE, of which pflag takes one = away", () => {
    fc.assert(
      fc.property(
        anything.filter((value) => value !== ""),
        (value) => {
          expect(parseArgv([`-e=${value}`], flags, []).occurrences[0]?.value).toBe(value);
          if (!value.startsWith("="))
            expect(parseArgv([`-e${value}`], flags, []).occurrences[0]?.value).toBe(value);
        },
      ),
      run,
    );
  });

  test("arguments behind --, and any that do not look like a flag", () => {
    fc.assert(
      fc.property(
        fc.array(anything),
        fc.array(anything.filter((value) => !/^-./s.test(value))),
        (behind, before) => {
          const { args } = parseArgv([...before, "--json", "--", ...behind], flags, []);
          expect(args).toEqual([...before, ...behind]);
        },
      ),
      run,
    );
  });
});

test("any line is read or refused with a usage failure, and read leniently without one", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom(
      "-",
      "--",
      "--json",
      "-j",
      "-je",
      "--email",
      "--email=",
      "-e=",
      "--limit=1",
      "-t,",
      "--nope",
      "-x",
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (tokens) => {
      let strict: ReadonlyMap<string, string> | undefined;
      try {
        const { occurrences } = parseArgv(tokens, flags, []);
        strict = new Map(occurrences.map(({ flag, value }) => [flag.key, value]));
      } catch (error) {
        expect(error).toBeInstanceOf(UsageFailure);
      }
      const lenient = readLeniently(tokens, flags);
      if (strict !== undefined) expect(lenient).toEqual(strict);
    }),
    { seed: 5, numRuns: 1000 },
  );
});
