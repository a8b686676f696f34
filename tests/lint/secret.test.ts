import { expect, test } from "bun:test";
import { looksSecret, secretsInCode, withoutSecrets } from "../../src/lint/secret.ts";
import { cleartextHost } from "../../src/lint/address.ts";

test("what looks like a secret, and what does not", () => {
  const table: [name: string, text: string, secret: boolean][] = [
    ["apiKey", "hJ82kfoaQ93kfpXz71", true],
    ["Authorization", "Bearer hJ82kfoaQ93kfpXz71", true],
    ["client_secret", "8c1f5e0a-97d3-4b60-8a12-2f0d9e7b31c4", true],
    ["url", "sk_live_abcdefghijklmnop", true],
    ["x", "-----BEGIN PRIVATE KEY-----", true],
    ["note", "K2abcdefghijklmnopqrstuvwxyzAB", true],
    ["apiKey", "PLACEHOLDER_VALUE", false],
    ["apiKey", "{{connectors.key}}", false],
    ["apiKey", "your-api-key-here", false],
    ["password", "asset:value-1.txt", false],
    ["endpoint", "hJ82kfoaQ93kfpXz71", false],
    ["passwordLabel", "Enter your password", false],
    ["token", "", false],
    ["secretUrl", "https://example.com/path/to/1234567", false],
  ];
  for (const [name, text, secret] of table)
    expect({ name, text, secret: looksSecret(name, text) }).toEqual({ name, text, secret });
});

test("secrets in code are named and hidden, the rest of the code is not", () => {
  const code =
    'const apiKey = "hJ82kfoaQ93kfpXz71";\nconst greeting = "hello there friend";\nfetch(url, { "client-secret": \'zK92mfoaQ93kfpXz71\' });';
  expect(secretsInCode(code)).toEqual(["apiKey", "client-secret"]);
  const shown = withoutSecrets("", code);
  expect(shown).not.toMatch(/hJ82|zK92/);
  expect(shown).toContain('const greeting = "hello there friend";');
  expect(withoutSecrets("apiKey", "hJ82kfoaQ93kfpXz71")).toBe("(hidden: it looks like a secret)");
});

test("addresses in clear", () => {
  const table: [string, string | undefined][] = [
    ["http://api.example.com/x", "api.example.com"],
    ["HTTP://API.example.com:80", "api.example.com"],
    ["https://api.example.com", undefined],
    ["http://localhost:3000", undefined],
    ["http://127.0.0.1/", undefined],
    ["http://app.localhost", undefined],
    ["http://{{form.host}}/x", undefined],
    ["see http://x.example", undefined],
  ];
  for (const [text, host] of table) expect([text, cleartextHost(text)]).toEqual([text, host]);
});
