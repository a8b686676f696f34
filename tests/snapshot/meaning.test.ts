import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseJson } from "../../src/json/parse.ts";
import type { Json, JsonObject } from "../../src/json/value.ts";
import { compare } from "../../src/snapshot/model/compare.ts";
import { Meanings } from "../../src/snapshot/model/meanings.ts";
import { sameJson } from "../../src/json/equal.ts";
import { placesOf, valueAt, withoutValue, withValue } from "../../src/snapshot/model/place.ts";
import {
  itemSegment,
  keySegment,
  readPointer,
  readSegment,
  writePointer,
} from "../../src/snapshot/model/pointer.ts";
import { readSnapshot } from "../../src/snapshot/model/read.ts";
import { randomFrom } from "../support/random.ts";
import { shuffledContent } from "../support/shuffled.ts";
import { flow, generatedId, snapshot, structuredCopy, withFile } from "../support/snapshot.ts";

const bounded = { numRuns: 150, seed: 20260101 };
const meanings = new Meanings([]);

function hashes(content: ReadonlyMap<string, Json>): Record<string, string> {
  const read = readSnapshot(content);
  return Object.fromEntries(
    [...read.entities].map(([address, entity]) => [address, meanings.of(entity, read).hash]),
  );
}

function meaning(content: ReadonlyMap<string, Json>, address: string): Json {
  const read = readSnapshot(content);
  const entity = read.entities.get(address);
  if (entity === undefined) throw new Error(`there is no ${address}`);
  return meanings.of(entity, read).meaning;
}

describe("the meaning of a snapshot", () => {
  const base = snapshot();
  const expected = hashes(base);

  test("does not depend on the order of keys, of sets and of files", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (seed) => {
        expect(hashes(shuffledContent(base, randomFrom(seed)))).toEqual(expected);
      }),
      { ...bounded, numRuns: 40 },
    );
  });

  test("does not depend on the ids that an environment makes", () => {
    const [staging, production] = ["staging", "production"].map((environment) =>
      hashes(snapshot({ environment })),
    );
    const differing = Object.keys(staging!).filter((address) => staging![address] !== production![address]);
    // These hold addresses of their environment, which are not ids.
    expect(differing).toEqual(["connector/My HTTP", "project"]);
  });

  test("does not depend on the ids of templates, lists and files of a newer version, nor on what refers to them", () => {
    const of = (environment: string) => {
      const id = (prefix: string, name: string) => generatedId(prefix, `${environment} ${name}`);
      const base = snapshot();
      const project = base.get("project.json") as JsonObject;
      return new Map<string, Json>([
        ...base,
        [
          "project.json",
          {
            ...project,
            userTemplateId: id("JT", "user"),
            inviteEmailTemplateId: id("ET", "invitation"),
            inviteEmailTemplates: [
              { id: "System", name: "System", emailBody: "a" },
              { id: id("ET", "invitation"), name: "Invitation", emailBody: "b" },
            ],
          },
        ],
        ["jwttemplates/user.json", { id: id("JT", "user"), name: "User", template: {} }],
        ["tests/tests.json", { tests: [{ id: id("TS", "works"), name: "works" }] }],
      ]);
    };
    expect(hashes(of("production"))).toEqual(hashes(of("staging")));
    const other = of("staging");
    const project = other.get("project.json") as JsonObject;
    other.set("project.json", { ...project, inviteEmailTemplateId: "System" });
    expect(hashes(other).project).not.toBe(hashes(of("staging")).project);
    const left = readSnapshot(of("staging"));
    expect([...meanings.of(left.entities.get("project")!, left).references]).toEqual([
      "file/jwttemplates/user.json",
    ]);
  });

  test("does not depend on whether images are assets or stand in their places", () => {
    const image = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><circle r='4'/></svg>").toString(
      "base64",
    );
    const logo = (value: Json) =>
      withFile(base, "styles/light.json", (document) => ({
        ...document,
        components: { logo: { url: value } },
      }));
    const asAsset = new Map([...logo("asset:img-1.svg"), ["assets/img-1.svg", image] as const]);
    expect(hashes(logo(image))).toEqual(hashes(asAsset));
    expect(hashes(logo(`data:image/svg+xml;base64,${image}`))).toEqual(hashes(asAsset));
    const other = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'></svg>").toString("base64");
    expect(hashes(logo(other))["style/light"]).not.toBe(hashes(asAsset)["style/light"]);
    // Any other text is told as it reads.
    const digest = "a".repeat(64);
    expect(meaning(logo(digest), "style/light")).toMatchObject({ components: { logo: { url: digest } } });
  });

  test("does not depend on where boxes stand on the canvas", () => {
    const moved = new Map([
      ...base,
      ...Object.entries(flow("sign-in", { connectors: ["CRM API"], subflow: "step-up", shift: 123.25 })),
    ]);
    expect(hashes(moved)).toEqual(expected);
  });

  test("is not touched by the component library's version, copies of screens and computed keys", () => {
    const contents = withFile(base, "flows/sign-in/contents.json", (document) => {
      const task = (document.tasks as JsonObject)["0"] as JsonObject;
      return {
        ...document,
        tasks: {
          ...(document.tasks as JsonObject),
          "0": {
            ...task,
            htmlTemplate: { ROOT: 1 },
            inputKeys: ["other"],
            contextKeys: ["a"],
            interactions: [],
          },
        },
      };
    });
    const versions = withFile(contents, "flows/sign-in/metadata.json", (document) => ({
      ...document,
      componentsVersion: "4.0.0",
    }));
    const styles = withFile(versions, "styles/styles.json", (document) => ({
      ...document,
      componentsVersion: "9",
    }));
    expect(hashes(styles)).toEqual(expected);
  });

  test("is not touched by the file name of a connector, a screen or an asset, nor by the newline that files end with", () => {
    const renamed = new Map(base);
    const mail = [...base.keys()].find((file) => file.startsWith("assets/body-")) as string;
    renamed.delete("connectors/crm-api.json");
    renamed.set("connectors/crm.json", base.get("connectors/crm-api.json") as Json);
    renamed.set("connectors/connectors.json", { connectors: ["crm", "my-http"] });
    renamed.delete("flows/step-up/screen-welcome.json");
    renamed.set("flows/step-up/screen-hello.json", base.get("flows/step-up/screen-welcome.json") as Json);
    renamed.set("flows/step-up/metadata.json", {
      ...(base.get("flows/step-up/metadata.json") as JsonObject),
      screens: ["hello"],
    });
    renamed.delete(mail);
    renamed.set("assets/body-other.html", `${base.get(mail) as string}\n`);
    renamed.set(
      "auth/magiclink.json",
      JSON.parse(
        JSON.stringify(base.get("auth/magiclink.json")).replace(/asset:[^"]+/, "asset:body-other.html"),
      ) as Json,
    );
    expect(hashes(renamed)).toEqual(expected);
  });

  test("sees an edited asset under its old name as a change of its owner alone", () => {
    const mail = [...base.keys()].find((file) => file.startsWith("assets/body-")) as string;
    const edited = hashes(new Map(base).set(mail, "<html>other</html>"));
    expect(Object.keys(edited).filter((address) => edited[address] !== expected[address])).toEqual([
      "auth/magiclink",
    ]);
  });

  test("sees every change of a value that means something", () => {
    const table: readonly [file: string, address: string, change: (document: JsonObject) => Json][] = [
      ["project.json", "project", (document) => ({ ...document, rotateJwt: false })],
      ["auth/otp.json", "auth/otp", (document) => ({ ...document, emailTemplates: [] })],
      ["flows/sign-in/metadata.json", "flow/sign-in", (document) => ({ ...document, disabled: true })],
      ["flows/sign-in/contents.json", "flow/sign-in", (document) => ({ ...document, startTask: "1" })],
      ["flows/sign-in/screen-welcome.json", "flow/sign-in", (document) => ({ ...document, more: 1 })],
      ["connectors/crm-api.json", "connector/CRM API", (document) => ({ ...document, description: "x" })],
      ["styles/light.json", "style/light", (document) => ({ ...document, more: { a: 0 } })],
      [
        "widgets/user-management/metadata.json",
        "widget/user-management",
        (document) => ({ ...document, name: "Other" }),
      ],
    ];
    for (const [file, address, change] of table) {
      const changed = hashes(withFile(base, file, change));
      expect(Object.keys(changed).filter((one) => changed[one] !== expected[one])).toEqual([address]);
    }
  });

  test("follows an edge from one step to another, but not the order of edges", () => {
    const moved = withFile(base, "flows/sign-in/contents.json", (document) => {
      const tasks = document.tasks as JsonObject;
      return {
        ...document,
        tasks: {
          ...tasks,
          "1": {
            ...(tasks["1"] as JsonObject),
            next: { rules: [{ interactionId: "success", taskId: "10" }] },
          },
        },
      };
    });
    expect(compare(meaning(base, "flow/sign-in"), meaning(moved, "flow/sign-in"))).toEqual([
      { pointer: ["tasks", "1", "next", "success"], op: "change", old: "2", new: "10" },
    ]);
  });

  test("reads numbers by their value, at any size", () => {
    const of = (text: string) => meaning(new Map([["project.json", parseJson(`{"n":${text}}`)]]), "project");
    for (const [left, right] of [
      ["1", "1.0"],
      ["100000", "1e5"],
      ["0", "-0"],
      ["12345678901234567890", "1234567890123456789e1"],
    ] as const)
      expect(sameJson(of(left), of(right))).toBe(true);
    for (const [left, right] of [
      ["9007199254740993", "9007199254740992"],
      ["12345678901234567890", "12345678901234567891"],
      ["0.1", "0.10000000000000001"],
    ] as const)
      expect([left, right, sameJson(of(left), of(right))]).toEqual([left, right, false]);
  });

  test("carries files and keys that nobody knows yet", () => {
    const future = new Map(base)
      .set("future/future.json", { future: ["b", "a"] })
      .set("future/a.json", { deep: [{ id: "x", value: 1 }] })
      .set("notes.txt", "text\n");
    const read = readSnapshot(future);
    expect([...read.entities.keys()].filter((address) => address.startsWith("file/"))).toEqual([
      "file/future/a.json",
      "file/future/future.json",
      "file/notes.txt",
    ]);
    expect(hashes(new Map(future).set("future/future.json", { future: ["a", "b"] }))).toEqual(hashes(future));
    expect(hashes(new Map(future).set("future/a.json", { deep: [{ id: "x", value: 2 }] }))).not.toEqual(
      hashes(future),
    );
  });
});

describe("what is wrong with a folder", () => {
  const base = snapshot();
  const codes = (content: ReadonlyMap<string, Json>) =>
    readSnapshot(content).problems.map(({ level, code, path }) => [level, code, path]);
  const without = (file: string) => new Map([...base].filter(([path]) => path !== file));

  test("a whole one has no problems", () => expect(codes(base)).toEqual([]));

  const table: readonly [name: string, content: ReadonlyMap<string, Json>, problem: readonly string[]][] = [
    [
      "two connectors of one name",
      withFile(base, "connectors/my-http.json", (document) => ({ ...document, name: "CRM API" })),
      ["error", "duplicate-name", "connectors/my-http.json"],
    ],
    [
      "two roles of one name",
      withFile(base, "roles.json", (document) => ({ ...document, roles: [{ name: "A" }, { name: "A" }] })),
      ["error", "duplicate-name", "roles.json"],
    ],
    [
      "a listed flow without a folder",
      withFile(base, "flows/flows.json", () => ({ flows: ["sign-in", "step-up", "gone"] })),
      ["error", "index-absent", "flows/flows.json"],
    ],
    [
      "a flow that is not listed",
      withFile(base, "flows/flows.json", () => ({ flows: ["sign-in"] })),
      ["warning", "index-unlisted", "flows/step-up"],
    ],
    [
      "a flow without contents",
      without("flows/step-up/contents.json"),
      ["error", "file-missing", "flows/step-up/contents.json"],
    ],
    [
      "a listed screen without a file",
      without("flows/step-up/screen-welcome.json"),
      ["error", "screen-absent", "flows/step-up/metadata.json"],
    ],
    [
      "an asset without a file",
      new Map([...base].filter(([path]) => !path.startsWith("assets/body"))),
      ["error", "asset-missing", "auth/magiclink.json"],
    ],
    [
      "an asset that nothing uses",
      new Map(base).set("assets/img-1.svg", "AAAA"),
      ["warning", "asset-unused", "assets/img-1.svg"],
    ],
  ];
  for (const [name, content, problem] of table)
    test(name, () => expect(codes(content)).toContainEqual([...problem]));

  test("what is not listed is no part of the snapshot", () => {
    const read = readSnapshot(withFile(base, "flows/flows.json", () => ({ flows: ["sign-in"] })));
    expect(read.entities.has("flow/step-up")).toBe(false);
  });
});

describe("places", () => {
  const key = fc.string({
    minLength: 0,
    maxLength: 6,
    unit: fc.constantFrom("a", "~", "/", "[", "]", "=", "*", "#", "1"),
  });
  const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, true, 1, "x", ""),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
    ),
  })).value;

  test("are written and read back", () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 4 }), key, (keys, name) => {
        const pointer = [...keys.map(keySegment), itemSegment("name", name)];
        expect(readPointer(writePointer(pointer))).toEqual(pointer);
        expect(keys.map((one) => readSegment(keySegment(one)))).toEqual(
          keys.map((one) => ({ kind: "key", key: one })),
        );
        expect(readSegment(itemSegment("name", name))).toEqual({ kind: "item", by: "name", value: name });
      }),
      bounded,
    );
  });

  test("of a difference lead to what differs, and putting the new values there makes the other side", () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        let patched: Json = left;
        for (const change of compare(left, right)) {
          expect(change.op === "reorder" || sameJson(valueAt(left, change.pointer), change.old)).toBe(true);
          if (change.op === "remove") patched = withoutValue(patched, change.pointer);
          else if (change.op !== "reorder")
            patched = withValue(patched, change.pointer, change.new as Json) as Json;
        }
        const left0 = compare(patched, right).filter(({ op }) => op !== "reorder");
        expect(left0).toEqual([]);
      }),
      bounded,
    );
  });

  test("changing a value leaves the original alone", () => {
    fc.assert(
      fc.property(json, json, (left, right) => {
        const before = JSON.stringify(left);
        for (const pointer of placesOf(left, ["*", "*"])) withValue(left, pointer, right);
        for (const pointer of placesOf(left, ["*"])) withoutValue(left, pointer);
        expect(JSON.stringify(left)).toBe(before);
      }),
      bounded,
    );
  });
});

test("generated ids look like an environment's own", () => {
  expect(generatedId("CI", "a")).toMatch(/^CI[0-9A-Za-z]{27}$/);
  expect(structuredCopy({ a: [1] })).toEqual({ a: [1] });
});
