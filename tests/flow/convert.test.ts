import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { Failure } from "../../src/failure.ts";
import { formOf, readFlowFile } from "../../src/flow/file-forms.ts";
import { exportedJson, type ExportedFlow } from "../../src/flow/exported.ts";
import { flowOfFolder, folderOfFlow, readFolderMetadata } from "../../src/flow/folder.ts";
import { parseJson } from "../../src/json/parse.ts";
import { printJson } from "../../src/json/print.ts";
import type { Json, JsonObject } from "../../src/json/value.ts";
import { anyJson, anyObject, names, unsortedKeys } from "./json.ts";

const object = (text: string): JsonObject => parseJson(text) as JsonObject;

function readFile(text: string) {
  const raw = object(text);
  const form = formOf(raw);
  if (form === undefined) throw new Error("this holds no flow");
  return readFlowFile(raw, form, "f.json");
}

/** A file's flow in the exported form, compact, and what was lost. */
function toExported(text: string) {
  const { flow, lost } = readFile(text);
  return { text: printJson(exportedJson(flow), "compact"), lost };
}

/** A file's flow as the files of a folder, compact, and what was lost. */
function toFolder(text: string) {
  const read = readFile(text);
  const { files, lost } = folderOfFlow(read.flow, "f.json");
  const printed = [...files].map(([name, content]) => [name, printJson(content, "compact")] as const);
  return { files: Object.fromEntries(printed), lost: [...read.lost, ...lost] };
}

/** The flow that a folder's files hold. */
function ofFolder(flowId: string, files: ReadonlyMap<string, JsonObject>): ExportedFlow {
  const read = readFolderMetadata(files.get("metadata.json") ?? {}, "metadata.json");
  const screens = read.screens.map((name) => ({
    file: String(name),
    raw: files.get(`screen-${String(name)}.json`) as JsonObject,
  }));
  return flowOfFolder(flowId, read, files.get("contents.json") ?? {}, screens);
}

describe("forms are told apart", () => {
  test.each([
    ['{"flow":{},"screens":[]}', "console"],
    ['{"flow":"x","screens":0}', "console"],
    ['{"flow":{},"screens":[],"contents":{},"metadata":{}}', "console"],
    ['{"contents":{},"metadata":{}}', "exported"],
    ['{"contents":[],"metadata":""}', "exported"],
    ['{"flow":{},"contents":{},"metadata":{}}', "exported"],
    ['{"flow":{"contents":{},"metadata":{}}}', "wrapped"],
    ['{"flow":{"contents":{},"metadata":{}},"ok":true}', "wrapped"],
    ['{"flow":{"contents":{},"metadata":{}},"screens":null}', "wrapped"],
    ["{}", undefined],
    ['{"tasks":{}}', undefined],
    ['{"flow":{"id":"x"}}', undefined],
    ['{"flow":null,"screens":[]}', undefined],
    ['{"flow":{},"screens":null}', undefined],
    ['{"Flow":{},"Screens":[]}', undefined],
    ['{"contents":{},"metadata":null}', undefined],
    ['{"contents":{}}', undefined],
  ] as const)("%s", (text, form) => {
    expect(formOf(object(text))).toBe(form as never);
  });
});

describe("a console file becomes an exported one", () => {
  test.each([
    ["nothing", "{}", "[]", '{"metadata":{}}'],
    [
      "everything",
      '{"id":"f","version":3,"name":"n","description":"d","dsl":{"10":1,"9":2},"modifiedTime":17,"etag":"e","disabled":true,"translate":true,' +
        '"translateConnectorID":"c","translateSourceLang":"en","translateTargetLangs":["fr"],"fingerprint":true,"widget":true,"sharedInteractions":[{"id":""}]}',
      '[{"id":"b","version":1,"flowId":"f","inputs":[{"x":1}],"interactions":[{"id":""}],"htmlTemplate":{"e":""},"componentsVersion":"2"}]',
      '{"contents":{"10":1,"9":2},"flowId":"f","metadata":{"componentsVersion":"2","description":"d","disabled":true,"fingerprint":true,"name":"n",' +
        '"sharedInteractions":[{"id":""}],"translation":{"connectorId":"c","enabled":true,"sourceLanguage":"en","targetLanguages":["fr"]},"widget":true},' +
        '"screens":[{"contents":{"e":""},"interactions":[{"id":""}],"screenId":"b"}]}',
    ],
    [
      "empty values",
      '{"id":"","name":"","dsl":{},"disabled":false,"translate":false,"translateConnectorID":"","translateSourceLang":"","translateTargetLangs":[],"sharedInteractions":[]}',
      '[{"id":"","interactions":[],"htmlTemplate":{}}]',
      '{"metadata":{},"screens":[{}]}',
    ],
    [
      "null",
      '{"id":null,"version":null,"dsl":null,"translate":null}',
      '[{"inputs":null}]',
      '{"metadata":{},"screens":[{}]}',
    ],
    [
      "one part of a translation",
      '{"translateTargetLangs":["fr",null]}',
      "[]",
      '{"metadata":{"translation":{"targetLanguages":["fr",""]}}}',
    ],
    [
      "keys in another case",
      '{"ID":"f","translateConnectorId":"c"}',
      '[{"HtmlTemplate":{"a":1}}]',
      '{"flowId":"f","metadata":{"translation":{"connectorId":"c"}},"screens":[{"contents":{"a":1}}]}',
    ],
    [
      "the order of screens",
      "{}",
      '[{"id":"b"},{"id":"a"},{"id":"b"}]',
      '{"metadata":{},"screens":[{"screenId":"b"},{"screenId":"a"},{"screenId":"b"}]}',
    ],
    [
      "the last version of components that is one",
      "{}",
      '[{"componentsVersion":"1"},{"componentsVersion":"2"},{"componentsVersion":""},{}]',
      '{"metadata":{"componentsVersion":"2"},"screens":[{},{},{},{}]}',
    ],
    [
      "null among interactions",
      "{}",
      '[{"interactions":[null,{"x":null}]}]',
      '{"metadata":{},"screens":[{"interactions":[null,{"x":null}]}]}',
    ],
    [
      "unknown keys",
      '{"management":true,"x":{"9":1.0,"10":1e2}}',
      '[{"y":[0]}]',
      '{"metadata":{"management":true,"x":{"10":1e2,"9":1.0}},"screens":[{"y":[0]}]}',
    ],
  ])("%s", (_what, flow, screens, exported) => {
    expect(toExported(`{"flow":${flow},"screens":${screens}}`)).toEqual({ text: exported, lost: [] });
  });

  test("what has no place is named", () => {
    const given =
      '{"flow":{"translation":"x","componentsVersion":"9"},"screens":[{},{"screenId":"s","Contents":{}}],"references":{"a":1}}';
    expect(toExported(given)).toEqual({
      text: '{"metadata":{},"screens":[{},{}]}',
      lost: [
        "references",
        "flow.translation",
        "flow.componentsVersion",
        "screens[1].screenId",
        "screens[1].Contents",
      ],
    });
  });

  const notWhole = [
    '"x"',
    "1.5",
    "1.0",
    "1e2",
    "1e21",
    "9223372036854775808",
    "-9223372036854775809",
    "[]",
    "true",
  ];
  test.each([
    ...["version", "modifiedTime"].flatMap((key) => notWhole.map((bad) => [key, bad] as const)),
    ["id", "1"],
    ["name", "[]"],
    ["description", "false"],
    ["dsl", "[]"],
    ["etag", "1"],
    ["disabled", '"true"'],
    ["translate", "0"],
    ["translateConnectorID", "1"],
    ["translateSourceLang", "1"],
    ["translateTargetLangs", '"fr"'],
    ["translateTargetLangs", "[1]"],
    ["fingerprint", "1"],
    ["widget", '"x"'],
    ["sharedInteractions", "{}"],
    ["sharedInteractions", '["x"]'],
  ])("refused: flow.%s = %s", (key, bad) => {
    const text = `{"flow":{"${key}":${bad}},"screens":[]}`;
    expect(() => toExported(text)).toThrow(Failure);
    expect(() => toExported(text)).toThrow(`f.json: flow.${key}`);
  });

  test.each(["0", "-0", "9223372036854775807", "-9223372036854775808"])(
    "accepted: flow.version = %s",
    (version) => {
      expect(toExported(`{"flow":{"version":${version}},"screens":[]}`).text).toBe('{"metadata":{}}');
    },
  );

  test.each([
    ["id", "1"],
    ["version", "1.5"],
    ["flowId", "1"],
    ["inputs", "{}"],
    ["inputs", "[1]"],
    ["interactions", '["x"]'],
    ["htmlTemplate", '"x"'],
    ["componentsVersion", "1"],
  ])("refused: screens[1].%s = %s", (key, bad) => {
    const text = `{"flow":{},"screens":[{},{"${key}":${bad}}]}`;
    expect(() => toExported(text)).toThrow(Failure);
    expect(() => toExported(text)).toThrow(`f.json: screens[1].${key}`);
  });

  test.each([
    ['"x"', "[]"],
    ["[]", "[]"],
    ["{}", "{}"],
    ["{}", '"x"'],
    ["{}", "[1]"],
    ["{}", "[null]"],
  ])("refused: flow = %s, screens = %s", (flow, screens) => {
    expect(() => toExported(`{"flow":${flow},"screens":${screens}}`)).toThrow(Failure);
  });
});

describe("an exported file becomes a folder", () => {
  test.each([
    [
      "the least",
      '{"contents":{},"metadata":{}}',
      { "contents.json": "{}", "metadata.json": '{"screens":[]}' },
    ],
    [
      "everything but the widget",
      '{"flowId":"f","contents":{"e":""},"metadata":{"name":"n","description":"d","componentsVersion":"1","disabled":true,"fingerprint":true,' +
        '"translation":{"enabled":true,"connectorId":"c","sourceLanguage":"s","targetLanguages":["a"]},"sharedInteractions":[{"id":""}]},' +
        '"screens":[{"screenId":"b","interactions":[{"e":""}],"contents":{"e":""}},{"screenId":"a"}],"references":{"r":{}}}',
      {
        "contents.json": '{"e":""}',
        "metadata.json":
          '{"componentsVersion":"1","description":"d","disabled":true,"fingerprint":true,"name":"n","references":{"r":{}},"screens":["a","b"],' +
          '"sharedInteractions":[{"id":""}],"translation":{"connectorId":"c","enabled":true,"sourceLanguage":"s","targetLanguages":["a"]}}',
        "screen-a.json": '{"screenId":"a"}',
        "screen-b.json": '{"contents":{"e":""},"interactions":[{"e":""}],"screenId":"b"}',
      },
    ],
    [
      "empty values, an empty translation kept",
      '{"contents":{"a":1},"metadata":{"name":"","disabled":false,"widget":false,"sharedInteractions":[],"translation":{"enabled":false}},"screens":null,"references":{}}',
      { "contents.json": '{"a":1}', "metadata.json": '{"screens":[],"translation":{}}' },
    ],
    [
      "a translation that is null",
      '{"contents":{"a":1},"metadata":{"translation":null}}',
      { "contents.json": '{"a":1}', "metadata.json": '{"screens":[]}' },
    ],
    [
      "ids by code point, an empty one among them",
      '{"contents":{},"metadata":{},"screens":[{"screenId":"\u{1f600}"},{"screenId":"\uffff"},{"screenId":"9"},{"screenId":"10"},{}]}',
      {
        "contents.json": "{}",
        "metadata.json": '{"screens":["","10","9","\uffff","\u{1f600}"]}',
        "screen-.json": "{}",
        "screen-10.json": '{"screenId":"10"}',
        "screen-9.json": '{"screenId":"9"}',
        "screen-\uffff.json": '{"screenId":"\uffff"}',
        "screen-\u{1f600}.json": '{"screenId":"\u{1f600}"}',
      },
    ],
    [
      "unknown keys",
      '{"contents":{},"metadata":{"management":false,"translation":{"x":1.0}},"screens":[{"screenId":"a","y":{"z":""}}]}',
      {
        "contents.json": "{}",
        "metadata.json": '{"management":false,"screens":["a"],"translation":{"x":1.0}}',
        "screen-a.json": '{"screenId":"a","y":{"z":""}}',
      },
    ],
    [
      "a saved reply",
      '{"flow":{"contents":{"a":1},"metadata":{"name":"n"}},"ok":true}',
      { "contents.json": '{"a":1}', "metadata.json": '{"name":"n","screens":[]}' },
    ],
  ])("%s", (_what, given, files) => {
    expect(toFolder(given)).toEqual({ files: files as Record<string, string>, lost: [] });
  });

  test("what has no place is named, an overwritten screen too", () => {
    const given =
      '{"contents":{},"metadata":{"widget":true,"screens":["x"],"references":{}},"changelog":"c",' +
      '"screens":[{"screenId":"a","contents":{"n":1}},{"screenId":"a","contents":{"n":2}}]}';
    expect(toFolder(given)).toEqual({
      files: {
        "contents.json": "{}",
        "metadata.json": '{"screens":["a"]}',
        "screen-a.json": '{"contents":{"n":2},"screenId":"a"}',
      },
      lost: ["changelog", "metadata.widget", "metadata.screens", "metadata.references", "screens[0]"],
    });
    expect(toFolder('{"flow":{"contents":{},"metadata":{},"x":1},"more":2,"ok":true}').lost).toEqual([
      "more",
      "flow.x",
    ]);
  });

  test.each([
    '"flowId":1',
    '"metadata":[]',
    '"metadata":{"name":1}',
    '"metadata":{"description":[]}',
    '"metadata":{"componentsVersion":1}',
    '"metadata":{"disabled":"x"}',
    '"metadata":{"fingerprint":0}',
    '"metadata":{"widget":1}',
    '"metadata":{"sharedInteractions":["x"]}',
    '"metadata":{"translation":[]}',
    '"metadata":{"translation":{"enabled":1}}',
    '"metadata":{"translation":{"connectorId":1}}',
    '"metadata":{"translation":{"sourceLanguage":false}}',
    '"metadata":{"translation":{"targetLanguages":[1]}}',
    '"contents":"x"',
    '"screens":{}',
    '"screens":[1]',
    '"screens":[null]',
    '"screens":[{"screenId":1}]',
    '"screens":[{"interactions":{}}]',
    '"screens":[{"contents":[]}]',
    '"references":[]',
  ])("refused: %s", (member) => {
    const text = `{"contents":{},"metadata":{},${member}}`;
    expect(() => toFolder(text)).toThrow(Failure);
    expect(() => toFolder(text)).toThrow("f.json: ");
  });

  test.each(["/../../../evil", "../evil", "/etc/passwd", "a/b", "a\\b", "..\\evil", "a\0b"])(
    "refused: the screenId %j",
    (screenId) => {
      const text = printJson({ contents: {}, metadata: {}, screens: [{ screenId }] });
      expect(() => toFolder(text)).toThrow("cannot have a file");
    },
  );
});

describe("a folder's metadata", () => {
  test.each([
    [
      "screens that are no list",
      '{"screens":"x","name":"n"}',
      { metadata: '{"name":"n"}', references: "{}", screens: 0 },
    ],
    ["references that are no object", '{"references":[1]}', { metadata: "{}", references: "{}", screens: 0 }],
    [
      "null everywhere",
      '{"references":null,"screens":null,"name":null}',
      { metadata: "{}", references: "{}", screens: 0 },
    ],
    [
      "unknown keys, and known ones in another case",
      '{"Name":"n","references":{"a":{}},"screens":["x","y"],"more":{"e":""}}',
      { metadata: '{"more":{"e":""},"name":"n"}', references: '{"a":{}}', screens: 2 },
    ],
  ])("%s", (_what, text, wanted) => {
    const { metadata, references, screens } = readFolderMetadata(object(text), "metadata.json");
    expect({
      metadata: printJson(metadata, "compact"),
      references: printJson(references, "compact"),
      screens: screens.length,
    }).toEqual(wanted);
  });
});

const words = fc.string({ unit: "grapheme", maxLength: 4 });
const listOfObjects = fc.array(anyObject, { maxLength: 2 });

/** Members that no form knows. */
const unknownMembers = fc.dictionary(
  names.map((name) => `x-${name}`),
  anyJson,
  { maxKeys: 2 },
);

function withUnknownMembers(known: fc.Arbitrary<object>): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(unknownMembers, known)
    .map(([unknown, members]) => ({ ...unknown, ...members }) as JsonObject);
}

const consoleFlow = withUnknownMembers(
  fc.record(
    {
      id: words,
      version: fc.integer(),
      name: words,
      description: words,
      dsl: anyObject,
      disabled: fc.boolean(),
      translate: fc.boolean(),
      translateConnectorID: words,
      translateSourceLang: words,
      translateTargetLangs: fc.array(words, { maxLength: 2 }),
      fingerprint: fc.boolean(),
      widget: fc.boolean(),
      sharedInteractions: listOfObjects,
    },
    { requiredKeys: [] },
  ),
);

const consoleScreen = withUnknownMembers(
  fc.record(
    {
      id: fc.constantFrom("a", "b", "10", "9", "\u{1f600}", "\uffff", ""),
      inputs: listOfObjects,
      interactions: listOfObjects,
      htmlTemplate: anyObject,
      componentsVersion: words,
    },
    { requiredKeys: [] },
  ),
);

const consoleFile = fc.record({ flow: consoleFlow, screens: fc.array(consoleScreen, { maxLength: 4 }) });

test("from the console's form to an exported file, a folder and back, nothing is lost but what is named", () => {
  fc.assert(
    fc.property(consoleFile, (file) => {
      const { flow, lost } = readFlowFile(file as unknown as JsonObject, "console", "c.json");
      expect(lost).toEqual([]);
      expect(printJson(flow.contents)).toBe(printJson((file.flow.dsl as Json | undefined) ?? {}));
      for (const [i, { record }] of flow.screens.entries()) {
        const { htmlTemplate, interactions } = file.screens[i] as JsonObject;
        expect(printJson(record.contents ?? {})).toBe(printJson(htmlTemplate ?? {}));
        expect(printJson(record.interactions ?? [])).toBe(printJson(interactions ?? []));
      }
      const written = printJson(exportedJson(flow));
      const reread = readFlowFile(object(written), "exported", "b.json");
      expect(printJson(exportedJson(reread.flow))).toBe(written);

      const folder = folderOfFlow(reread.flow, "b.json");
      const back = ofFolder(reread.flow.flowId, folder.files);
      const { widget, ...metadata } = flow.metadata;
      const survivors = new Map(flow.screens.map((screen) => [screen.screenId, screen.record]));
      const lostScreens = folder.lost.filter((name) => name.startsWith("screens["));
      expect(folder.lost.includes("metadata.widget")).toBe(widget === true);
      expect(lostScreens).toHaveLength(flow.screens.length - survivors.size);
      expect(printJson(back.metadata)).toBe(printJson(metadata));
      expect(printJson(back.contents)).toBe(printJson(flow.contents));
      expect(back.screens.map(({ record }) => printJson(record)).sort()).toEqual(
        [...survivors.values()].map((record) => printJson(record)).sort(),
      );
      const again = ofFolder(back.flowId, folderOfFlow(back, "b.json").files);
      expect(printJson(exportedJson(again))).toBe(printJson(exportedJson(back)));
    }),
    { numRuns: 200 },
  );
});

test("what is written has its keys by code point at every level, and reads as it was", () => {
  fc.assert(
    fc.property(consoleFile, (file) => {
      const { flow } = readFlowFile(file as unknown as JsonObject, "console", "c.json");
      const written = [exportedJson(flow), ...folderOfFlow(flow, "c.json").files.values()];
      for (const text of written.map((json) => printJson(json))) {
        expect(unsortedKeys(text)).toEqual([]);
        expect(printJson(object(text))).toBe(text);
      }
    }),
    { numRuns: 200 },
  );
});

const number = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?$/);

test("numbers go through every form as they are spelled", () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 5 }), (numbers) => {
      const list = `[${numbers.join(",")}]`;
      const { text } = toExported(
        `{"flow":{"dsl":{"n":${list}},"x":${list}},"screens":[{"id":"s","interactions":[{"n":${list}}],"htmlTemplate":{"n":${list}},"y":${list}}]}`,
      );
      expect(text.split(list)).toHaveLength(6);
      expect(Object.values(toFolder(text).files).join("").split(list)).toHaveLength(6);
    }),
    { numRuns: 200 },
  );
});
