import { expect, test } from "bun:test";
import fs from "node:fs";
import path from "node:path";
import fc from "fast-check";
import type { Json, JsonObject } from "../../../../src/json/value.ts";
import { PRODUCTION, workplace } from "../../../support/promotion.ts";
import { connector, snapshot, withFile } from "../../../support/snapshot.ts";

const production = snapshot({ environment: "production" });

/** Secrets as people have them: long enough to be told from other text, with what needs escaping in JSON, HTML and URLs. */
const secret = fc
  .array(fc.constantFrom("aZ", "9", '"', "\\", "<", "&", "%", "é", "/", "+", " ", "'", "|", "`"), {
    minLength: 4,
    maxLength: 12,
  })
  .map((pieces) => `s3cr${pieces.join("")}t`);

/** All forms in which a secret would give itself away. */
function forms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const html = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
  return [
    value,
    json,
    html,
    html.replaceAll("'", "&#39;"),
    json.replaceAll("<", "\\u003c").replaceAll("&", "\\u0026"),
    encodeURIComponent(value),
    Buffer.from(value).toString("base64").replace(/=+$/, ""),
    new Bun.CryptoHasher("sha256").update(value).digest("hex"),
  ];
}

test("no secret is in any byte that is written or shown", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(secret, { minLength: 5, maxLength: 5 }), async (secrets) => {
      const [inVariable = "", inFile = "", supplied = "", atTarget = "", inFolder = ""] = secrets;
      await using place = workplace();
      const { managementKey } = place.emulator;
      await place.put(PRODUCTION, production);
      const names = ["by-variable", "by-file", "supplied"];
      const wanted = names.reduce(
        (content, name) =>
          content.set(`connectors/${name}.json`, connector("staging", name, "https://a.example.com")),
        withFile(
          withFile(production, "project.json", (document) => ({ ...document, rotateJwt: false })),
          "connectors/connectors.json",
          (document) => ({ connectors: [...(document.connectors as Json[]), ...names] }),
        ),
      );
      place.write("config", wanted);
      // A folder that holds a secret itself, which is refused.
      place.write(
        "leaky",
        withFile(wanted, "connectors/my-http.json", (document) => ({
          ...document,
          configuration: { authentication: { method: "bearerToken", bearerToken: inFolder } },
        })),
      );
      // A target that gives a secret back in its export.
      await place.emulator.ok(
        "/v1/mgmt/project/snapshot/import",
        {
          files: {
            ...Object.fromEntries(production),
            "project.json": {
              ...(production.get("project.json") as JsonObject),
              testUserFixedAuthToken: atTarget,
            },
          },
        },
        { project: PRODUCTION },
      );
      fs.mkdirSync("envs");
      fs.mkdirSync("private");
      fs.writeFileSync("private/token", `${inFile}\n`, { mode: 0o600 });
      const id = (wanted.get("connectors/supplied.json") as JsonObject).id as string;
      fs.writeFileSync(
        "private/secrets.json",
        JSON.stringify({ [`connector-${id}`]: { name: "supplied", secrets: { bearertoken: supplied } } }),
      );
      fs.writeFileSync(
        "envs/prod.json",
        JSON.stringify({
          schema: "descope-env/1",
          project: PRODUCTION,
          secrets: {
            "connector/by-variable": { bearertoken: { from: "env:BY_VARIABLE" } },
            "connector/by-file": { bearertoken: { from: "file:private/token" } },
          },
        }),
      );
      let shown = "";
      const run = async (status: number, ...words: string[]) => {
        const ran = await place.snapshot([...words, "--debug"], { env: { BY_VARIABLE: inVariable } });
        shown += ran.out + ran.err;
        expect([words, ran.status, ran.out]).toEqual([words, status, expect.any(String)]);
      };
      const config = ["--path", "config", "--env", "prod", "--secrets-input", "private/secrets.json"];
      for (const format of ["text", "json", "markdown", "html"])
        await run(
          0,
          "plan",
          PRODUCTION,
          ...config,
          "--format",
          format,
          "--show",
          "noise",
          "--out",
          "plan.json",
        );
      for (const format of ["text", "json", "markdown", "html"]) {
        await run(0, "show", "plan.json", "--format", format);
        await run(0, "diff", "leaky", `project:${PRODUCTION}`, "--format", format);
        await run(0, "plan", PRODUCTION, "--path", "leaky", "--format", format, "--out", "leaky.json");
      }
      // Without its value, with an answer of no, and as it should be.
      await run(2, "apply", PRODUCTION, "--plan", "plan.json", "--yes");
      const given = ["--yes", "--secrets-input", "private/secrets.json"];
      await run(0, "apply", PRODUCTION, "--plan", "plan.json", ...given);
      await run(0, "apply", PRODUCTION, "--plan", "plan.json", ...given, "--json");
      await run(2, "apply", PRODUCTION, "--plan", "leaky.json", "--yes");
      expect((await place.export(PRODUCTION))["project.json"]?.testUserFixedAuthToken).toBe(atTarget);
      await run(0, "validate", PRODUCTION, "--path", "leaky");
      await run(2, "drift", PRODUCTION, "--against", "config", "--env", "prod", "--who");
      await run(0, "record", PRODUCTION, "--path", "config", "--env", "prod", "--yes");
      const files = fs
        .readdirSync(".", { recursive: true, encoding: "utf8" })
        .filter((name) => fs.statSync(name).isFile() && !/^(?:private|leaky)\//.test(name));
      expect(files.filter((name) => name.startsWith(".descope/")).length).toBeGreaterThan(10);
      const written = files.map((name) => [name, fs.readFileSync(name, "utf8")] as const);
      const ours = [inVariable, inFile, supplied, managementKey];
      for (const value of ours)
        for (const form of forms(value)) {
          expect(shown.includes(form)).toBe(false);
          expect(written.filter(([, text]) => text.includes(form)).map(([name]) => name)).toEqual([]);
        }
      // What the folder or the target holds in clear stays where it is: in the folder, and in the backup of the target.
      for (const value of [inFolder, atTarget])
        for (const form of forms(value)) {
          expect(shown.includes(form)).toBe(false);
          const names = written.filter(([, text]) => text.includes(form)).map(([name]) => name);
          expect(
            names.filter((name) => !/^(?:\.descope\/backups\/[^/]+|config)\/project\.json$/.test(name)),
          ).toEqual([]);
        }
      for (const name of [
        "plan.json",
        ...files.filter((one) => /^\.descope\/(?:pending|backups)\//.test(one)),
      ])
        expect([path.basename(name), fs.statSync(name).mode & 0o077]).toEqual([path.basename(name), 0]);
    }),
    { numRuns: 6, seed: 20260106 },
  );
}, 40_000);
