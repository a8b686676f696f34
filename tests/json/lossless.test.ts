import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { compactInto } from "../../src/json/compact.ts";
import { reprint } from "../../src/json/reprint.ts";
import { JsonSyntaxError, parseJson } from "../../src/json/parse.ts";
import { byCodePoint, printJson } from "../../src/json/print.ts";
import { Ordered, type Json } from "../../src/json/value.ts";

const numbers = [
  "0",
  "-0",
  "1.0",
  "1e5",
  "1E+2",
  "-0.0",
  "1e21",
  "0.00000012",
  "9007199254740993",
  "12345678901234567890",
  "1234567890123.12345678",
  "0.1234567890123456789",
  "1e400",
  "-1.50",
];

describe("numbers keep their spelling", () => {
  for (const number of numbers) {
    test(number, () => {
      for (const text of [number, `[${number}]`, `{"a": ${number}, "b":${number}}`]) {
        const value = parseJson(text);
        expect(parseJson(text + " ".repeat(5000))).toEqual(value);
        expect(printJson(value, "compact")).toBe(text.replace(/ /g, ""));
        expect(printJson(parseJson(printJson(value)))).toBe(printJson(value));
      }
    });
  }

  test("any number, anywhere", () => {
    const digits = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?$/);
    fc.assert(
      fc.property(fc.array(digits), (list) => {
        // Long texts are searched for such numbers, and the first short ones are not.
        for (const space of ["", " ".repeat(5000)])
          expect(printJson(parseJson(`[${list.join(" , ")}${space}]`), "compact")).toBe(
            `[${list.join(",")}]`,
          );
      }),
      { numRuns: 500 },
    );
  });
});

/** What Python prints for sorted keys, spelled out: the order that the language's own sort gets wrong. */
test("keys are sorted by code point, integer-like ones too", () => {
  const keys = ["\u{1f600}", "\uffff", "é", "a", "Z", "9", "10", "12.end", "2", "0", "", "__proto__"];
  const value = parseJson(`{${keys.map((key) => `${JSON.stringify(key)}:1`).join(",")}}`);
  const sorted = ["", "0", "10", "12.end", "2", "9", "Z", "__proto__", "a", "é", "\uffff", "\u{1f600}"];
  expect(printJson(value, "compact")).toBe(`{${sorted.map((key) => `${JSON.stringify(key)}:1`).join(",")}}`);
  expect([...keys].sort(byCodePoint)).toEqual(sorted);
});

test("code point order is the order of the UTF-8 bytes", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 4 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(byCodePoint(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test("the characters that HTML reads are escaped, and nothing else that need not be", () => {
  const value: Json = { "<k>": 'a<b>&c\u2028\u2029/\u007fé\u{1f600}\b\f\n\r\t"\\\u0001' };
  const printed = '"a\\u003cb\\u003e\\u0026c\\u2028\\u2029/\u007fé\u{1f600}\\b\\f\\n\\r\\t\\"\\\\\\u0001"';
  expect(printJson(value)).toBe(`{\n  "\\u003ck\\u003e": ${printed}\n}`);
  expect(printJson(new Ordered([["<k>", value["<k>"] as string]]), "compact")).toBe(
    `{"\\u003ck\\u003e":${printed}}`,
  );
});

test("a lone surrogate becomes U+FFFD, an escaped backslash before its letters does not", () => {
  expect(printJson(["\ud800", "\\ud800", "\\\ud800", "a\udfffb"])).toBe(
    '[\n  "\ufffd",\n  "\\\\ud800",\n  "\\\\\ufffd",\n  "a\ufffdb"\n]',
  );
});

/** The plain recursive printer that the quick path must agree with. */
function reference(value: unknown, indent: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[${value.map((item) => `\n${indent}  ${reference(item, `${indent}  `)}`).join(",")}\n${indent}]`;
  }
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : JSON.stringify(value);
  const keys = Object.keys(value).sort(byCodePoint);
  if (keys.length === 0) return "{}";
  const members = keys.map((key) => {
    const member = (value as Record<string, unknown>)[key];
    return `\n${indent}  ${JSON.stringify(key)}: ${reference(member, `${indent}  `)}`;
  });
  return `{${members.join(",")}\n${indent}}`;
}

test("the quick way of printing gives what the plain way gives", () => {
  const key = fc.oneof(
    fc.constantFrom("a", "b", "0", "10", "2", "12.end", "__proto__"),
    fc.string({ unit: "grapheme" }),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.string({ unit: "grapheme" }).filter((text) => !/[<>&\u2028\u2029]/.test(text)),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(
        key.filter((text) => !/[<>&\u2028\u2029]/.test(text)),
        tie("tree"),
        { maxKeys: 5 },
      ),
    ),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      expect(printJson(parseJson(JSON.stringify(value)))).toBe(reference(value, ""));
    }),
    { numRuns: 500 },
  );
});

describe("what is not JSON is placed", () => {
  const table: [text: string, line: number, column: number, reason: RegExp][] = [
    ["", 1, 1, /no value/],
    ["{", 1, 2, /key in double quotes/],
    ['{"a":1,}', 1, 8, /key in double quotes/],
    ['{\n  "a": tru\n}', 2, 8, /value is expected/],
    ['{"a":1} x', 1, 9, /after the end/],
    ["[1 2]", 1, 4, /"," or "\]"/],
    ['["a\nb"]', 1, 4, /control character/],
    ['["\\x"]', 1, 3, /escape/],
    ['"abc', 1, 1, /does not end/],
    ["[01]", 1, 3, /"," or "\]"/],
    ["\ufeff{}", 1, 1, /byte order mark/],
    ['{"a":1', 1, 7, /ends too early/],
  ];
  for (const [text, line, column, reason] of table) {
    test(JSON.stringify(text), () => {
      try {
        parseJson(text);
        throw new Error("it parsed");
      } catch (error) {
        expect(error).toBeInstanceOf(JsonSyntaxError);
        expect(error).toMatchObject({ line, column });
        expect((error as Error).message).toMatch(reason);
      }
    });
  }

  test("the error never repeats what stood there", () => {
    expect(() => parseJson('{"key": Ksecret123}')).toThrow(
      expect.not.stringContaining("Ksecret123") as unknown as Error,
    );
  });

  test("every text that the runtime refuses is refused with a place", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 2 }), (text, at, junk) => {
        const broken = text.slice(0, at % (text.length + 1)) + junk + text.slice(at % (text.length + 1));
        let fine = true;
        try {
          JSON.parse(broken);
        } catch {
          fine = false;
        }
        if (fine) parseJson(broken);
        else expect(() => parseJson(broken)).toThrow(JsonSyntaxError);
      }),
      { numRuns: 500 },
    );
  });
});

test.each(["[", '{"a":'])("text that is nested too deeply is refused as such: %p", (open) => {
  const close = open === "[" ? "]" : "}";
  const text = `{"n": 1.0, "deep": ${open.repeat(200_000)}1${close.repeat(200_000)}}`;
  expect(() => parseJson(text)).toThrow(JsonSyntaxError);
  expect(() => parseJson(text)).toThrow("nested too deeply");
});

describe("rewriting without parsing", () => {
  const text = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const bytes = (source: string) => new TextEncoder().encode(source);
  const printed = (source: string) => text(reprint(bytes(source))?.text ?? new Uint8Array());
  const compact = (source: Uint8Array) => {
    const out = new Uint8Array(source.length + 1);
    const end = compactInto(source, out, 1);
    expect(out[0]).toBe(0);
    return out.subarray(1, end);
  };
  const key = fc.oneof(
    fc.constantFrom(
      "a",
      "b",
      "ab",
      "0",
      "10",
      "2",
      "12.end",
      "__proto__",
      "<",
      "é",
      "\uffff",
      "\u{1f600}",
      "",
    ),
    fc.string({ unit: "grapheme", maxLength: 3 }),
    fc.string({ unit: "binary", maxLength: 2 }),
  );
  const raw = fc.constantFrom(
    "0",
    "-0",
    "1.0",
    "1e5",
    "12345678901234567890",
    "-1.50E-7",
    "true",
    "false",
    "null",
  );
  /** JSON source: members in any order and more than once, escapes and white space as they come. */
  const source = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      raw,
      fc.string({ unit: "grapheme" }).map((one) => JSON.stringify(one)),
      fc.string({ unit: "binary", maxLength: 5 }).map(escapedWhole),
      fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(" , ")}]`),
      fc
        .array(
          fc.tuple(
            fc.oneof(
              key.map((one) => JSON.stringify(one)),
              key.map(escapedWhole),
            ),
            tie("value"),
          ),
          { maxLength: 50 },
        )
        .map((members) => `{\n${members.map(([name, value]) => `${name}\t:${value}`).join(",\r\n  ")} }`),
    ),
  })).value as fc.Arbitrary<string>;

  test("gives what parsing and printing give", () => {
    fc.assert(
      fc.property(source, (json) => {
        expect(printed(` ${json}\n`)).toBe(`${printJson(parseJson(json))}\n`);
      }),
      { numRuns: 1500 },
    );
  });

  test("takes out the white space between parts and nothing else", () => {
    fc.assert(
      fc.property(source, (json) => {
        const small = text(compact(bytes(` ${json}\n`)));
        expect(small.length).toBeLessThanOrEqual(json.length);
        expect(printJson(parseJson(small))).toBe(printJson(parseJson(json)));
        expect(text(compact(bytes(small)))).toBe(small);
      }),
      { numRuns: 500 },
    );
  });

  test("refuses what the runtime refuses, at the same place as the slow walk", () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.string({ maxLength: 2 }), (json, at, junk) => {
        const broken = json.slice(0, at % (json.length + 1)) + junk + json.slice(at % (json.length + 1));
        if (!broken.isWellFormed()) return;
        let fine = true;
        try {
          JSON.parse(broken);
        } catch {
          fine = false;
        }
        if (fine) compact(bytes(broken));
        else expect(() => compact(bytes(broken))).toThrow(JsonSyntaxError);
      }),
      { numRuns: 1500 },
    );
  });

  test("reprints an object that is none as little as the runtime parses it", () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.string({ maxLength: 2 }), (json, at, junk) => {
        const broken = `{"a":${json.slice(0, at % (json.length + 1))}${junk}${json.slice(at % (json.length + 1))}}`;
        if (!broken.isWellFormed()) return;
        let found: ReturnType<typeof reprint>;
        try {
          found = reprint(bytes(broken));
        } catch (error) {
          expect(error).toBeInstanceOf(JsonSyntaxError);
        }
        if (found === undefined) expect(() => JSON.parse(broken)).toThrow();
        else {
          const first = Buffer.from(broken).subarray(0, found.end).toString();
          // Keys that are half a character sort by what becomes of them, or by what they are.
          if (JSON.stringify(JSON.parse(first)).includes("\\ud")) return;
          expect(text(found.text)).toBe(`${printJson(parseJson(first))}\n`);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test("an object that goes on behind the bytes at hand is waited for, wherever they end", () => {
    fc.assert(
      fc.property(source, (json) => {
        const whole = bytes(`{"key": [${json}]}`);
        for (let end = 0; end < whole.length; end++) expect(reprint(whole, 0, end)).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });

  test("a part of some bytes is rewritten with nothing of what stands around it", () => {
    const whole = bytes('{"a":[1],"b":2}');
    for (const end of [8, 10, whole.length]) {
      const found = reprint(whole, 5, end);
      expect([text(found?.text ?? new Uint8Array()), found?.end]).toEqual(["[\n  1\n]\n", 8]);
    }
  });

  test("of members that stand twice the last one counts, in small objects and large ones", () => {
    for (const size of [2, 30, 41, 500]) {
      const names = Array.from({ length: size }, (_, i) => `"k${(i * 7) % Math.ceil(size / 2)}"`);
      const json = `{${names.map((name, i) => `${name}:${i}`).join(",")}}`;
      expect(printed(json)).toBe(`${printJson(parseJson(json))}\n`);
    }
  });

  test("characters that the canonical form escapes are escaped where they stand bare, and others of their kind are not", () => {
    const bare = '{"\u2028<é\u2027":"\u2029&>\u20ac\u2028"}';
    expect(printed(bare)).toBe(`${printJson(parseJson(bare))}\n`);
    expect(text(compact(bytes(bare)))).toBe(bare);
  });

  test("grows with what it is given", () => {
    const long = JSON.stringify({
      b: "<".repeat(300_000),
      a: Array.from({ length: 2000 }, (_, i) => ({ [`k${i}`]: [i] })),
    });
    expect(printed(long)).toBe(`${printJson(parseJson(long))}\n`);
  });
});

/** A string whose every character is an escape, as `json.dumps` and others may write it. */
function escapedWhole(one: string): string {
  const units = Array.from({ length: one.length }, (_, i) => one.charCodeAt(i).toString(16).padStart(4, "0"));
  return `"${units.map((unit) => `\\u${unit}`).join("")}"`;
}
