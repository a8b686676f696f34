import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson } from "../../src/json/parse.ts";
import { printJson } from "../../src/json/print.ts";
import { ExportedFiles } from "../../src/snapshot/received.ts";
import { ReplyReader } from "../../src/snapshot/reply.ts";
import { anyObject } from "../flow/json.ts";

class Kept extends ExportedFiles {
  readonly files = new Map<string, string>();

  write(path: string, content: Uint8Array): void {
    this.files.set(path, Buffer.from(content).toString());
  }

  clear(): void {
    this.files.clear();
  }
}

/** Reads a reply that comes in these parts; each part's memory is used for the next one, as a network may do. */
function read(...parts: readonly Uint8Array[]): Record<string, string> {
  const kept = new Kept();
  const reader = new ReplyReader(kept);
  for (const part of parts) {
    const lent = new Uint8Array(part);
    reader.take(lent);
    lent.fill(0x2c);
  }
  reader.end();
  return Object.fromEntries(kept.files);
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** What reading it ends with: the files, or the error's words. */
function outcome(...parts: readonly Uint8Array[]): unknown {
  try {
    return read(...parts);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The same bytes, cut at these places. */
function cut(whole: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [0, ...places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b), whole.length];
  return at.slice(1).map((end, i) => whole.subarray(at[i], end));
}

const name = fc.stringMatching(/^[a-z]{1,3}$/);
const file = fc.oneof(
  anyObject.map((value): [string, string] => [".json", printJson(value, "compact")]),
  fc.string({ unit: "grapheme" }).map((text): [string, string] => [".txt", JSON.stringify(text)]),
  fc
    .uint8Array()
    .map((data): [string, string] => [".png", JSON.stringify(Buffer.from(data).toString("base64"))]),
  fc
    .uint8Array()
    .map((data): [string, string] => [
      ".jpg",
      JSON.stringify(Buffer.from(data).toString("base64")).replaceAll("/", "\\/"),
    ]),
);
const space = fc.constantFrom("", " ", "\n\t", "\r\n  ");
/** A reply with files of all forms, some twice, and what they are to become. */
const reply = fc
  .array(fc.tuple(name, file, space), { maxLength: 6 })
  .chain((files) => fc.tuple(fc.constant(files), fc.constantFrom('"more":[1,{"a":"}"}],', "", '"n" : 12 ,')))
  .map(([files, before]) => {
    const members = files.map(
      ([one, [kind, text], gap]) => `${gap}"${one}${kind}"${gap}:${gap}${text}${gap}`,
    );
    const expected = files.map(([one, [kind, text]]): [string, string] => [
      one + kind,
      kind === ".json"
        ? `${printJson(parseJson(text))}\n`
        : kind === ".txt"
          ? (JSON.parse(text) as string).replace(/[^\n]$/, "$&\n")
          : Buffer.from(JSON.parse(text) as string, "base64").toString(),
    ]);
    return { text: ` {${before}"files":{${members.join(",")}} }\n`, expected: Object.fromEntries(expected) };
  });

describe("a reply that arrives in parts", () => {
  test("gives its files, wherever it is cut", () => {
    fc.assert(
      fc.property(reply, fc.array(fc.nat(), { maxLength: 8 }), ({ text, expected }, places) => {
        expect(read(...cut(bytes(text), places))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("byte by byte", () => {
    fc.assert(
      fc.property(reply, ({ text, expected }) => {
        const whole = bytes(text);
        expect(read(...cut(whole, [...whole.keys()]))).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });

  test("is refused when its end is missing, wherever that is", () => {
    fc.assert(
      fc.property(reply, fc.nat(), ({ text }, place) => {
        const whole = bytes(text.trimEnd());
        const part = whole.subarray(0, place % whole.length);
        expect(() => read(part)).toThrow("it is not JSON (byte");
      }),
      { numRuns: 500 },
    );
  });

  test("is refused for the same reason, wherever it is cut", () => {
    fc.assert(
      fc.property(reply, fc.nat(), fc.string({ maxLength: 2 }), fc.nat(), ({ text }, at, junk, place) => {
        const broken = bytes(text.slice(0, at % text.length) + junk + text.slice(at % text.length));
        const whole = outcome(broken);
        let parsed: unknown;
        try {
          parsed = JSON.parse(new TextDecoder().decode(broken));
        } catch {
          expect(whole).toBeString();
        }
        if (typeof whole === "object") expect(parsed).toBeObject();
        // Where a file is not JSON its own lines and columns are told, which do not depend on what is around it.
        expect(outcome(...cut(broken, [place]))).toEqual(whole);
      }),
      { numRuns: 1000 },
    );
  });

  test("gives each file as soon as it is whole", () => {
    const kept = new Kept();
    const reader = new ReplyReader(kept);
    const seen = ['{"files":{"a.json":{}', ',"b.json":{"n":', "[1,2,3]", '},"c.txt":"c"', "}", "}"].map(
      (part) => {
        reader.take(bytes(part));
        const names = [...kept.files.keys()];
        kept.clear();
        return names;
      },
    );
    expect(seen).toEqual([["a.json"], [], [], ["b.json", "c.txt"], [], []]);
    reader.end();
  });

  test("may hold a file of many parts", () => {
    const text = "é".repeat(300_000);
    const whole = bytes(JSON.stringify({ files: { "a.txt": text, "b.json": { text } } }));
    const parts = cut(
      whole,
      Array.from({ length: 400 }, (_, i) => i * 3001),
    );
    const files = read(...parts);
    expect(files["a.txt"]).toBe(`${text}\n`);
    expect(files["b.json"]).toBe(`{\n  "text": "${text}"\n}\n`);
  });
});

describe("of what is there twice the last one counts", () => {
  test("of files, and of lists of files", () => {
    expect(read(bytes('{"files":{"a.json":{"n":1},"a.json":{"n":2}}}'))).toEqual({
      "a.json": '{\n  "n": 2\n}\n',
    });
    expect(read(bytes('{"files":{"a.json":{}},"Files":{"b.json":{}}}'))).toEqual({ "b.json": "{}\n" });
    expect(read(bytes('{"files":{"a":"YQ=="},"files":{"a/b.json":{}}}'))).toEqual({ "a/b.json": "{}\n" });
    expect(read(bytes('{"files":[],"files":{"b.json":{}}}'))).toEqual({ "b.json": "{}\n" });
    expect(read(bytes('{"files":{"a.json":{}},"files":null}'))).toEqual({});
    expect(() => read(bytes('{"files":{"a.json":{}},"files":[1]}'))).toThrow('"files" is not an object');
  });

  test("a list of files may be without any", () => {
    for (const text of ["{}", '{"files":{}}', '{"files":null}', '{"other":{"files":1}}'])
      expect(read(bytes(text))).toEqual({});
  });
});

describe("what cannot be used is refused", () => {
  const bad: [what: string, reply: string | Uint8Array, words: string][] = [
    ["text behind the reply", '{"files":{}} x', "byte 14: text after the end of the value"],
    ["a list", "[]", "byte 1: an object is expected"],
    ["an empty key's end", '{"files":{"a.json" {}}}', 'byte 20: ":" is expected'],
    ["no separator", '{"files":{"a.json":{} "b.json":{}}}', 'byte 23: "," or "}" is expected'],
    ["a comma too many", '{"files":{"a.json":{},}}', "byte 23: a key in double quotes"],
    ["no value", '{"n":}', "byte 6: a value is expected"],
    ["a key with a wrong escape", '{"files":{"\\x":{}}}', "byte 11: this key is not a JSON string"],
    ["a control character in a text", '{"files":{"a.txt":"a\u0001"}}', "the file a.txt is not JSON (line 1"],
    ["a line break in base64", '{"files":{"a.png":"YQ\n=="}}', "the file a.png is not JSON (line 1"],
    ["a space in base64", '{"files":{"a.png":"YWJj YQ=="}}', "the file a.png is not base64"],
    ["base64 for addresses", '{"files":{"a.png":"-_--"}}', "the file a.png is not base64"],
    [
      "bytes that are no text in a file",
      Buffer.from('{"files":{"a.json":{"\xff":1}}}', "latin1"),
      "not UTF-8",
    ],
    ["bytes that are no text elsewhere", Buffer.from('{"\xff":1,"files":{}}', "latin1"), "not UTF-8"],
  ];
  for (const [what, given, words] of bad) {
    test(what, () => {
      expect(() => read(typeof given === "string" ? bytes(given) : given)).toThrow(words);
    });
  }

  test("line breaks that are written as such in base64 are none of it", () => {
    expect(read(bytes('{"files":{"a.png":"YW\\r\\nJj"}}'))).toEqual({ "a.png": "abc" });
  });
});
