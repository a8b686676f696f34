import { expect, test } from "bun:test";
import { formula } from "../../packaging/homebrew.ts";

const targets = ["linux-x64", "linux-arm64", "linux-x64-musl", "darwin-x64", "darwin-arm64", "windows-x64"];
const sums = targets.map((target, i) => `${String(i).repeat(64)}  ${target}/descope`).join("\n");

test("the formula names each machine's executable with its own sum", () => {
  const text = formula("https://downloads.example.com/1.2.3", `${sums}\n`);
  const found = [
    ...text.matchAll(/url "https:\/\/downloads\.example\.com\/1\.2\.3\/(.*)\/descope"\n\s+sha256 "(.)/g),
  ];
  expect(found.map(([, target, digit]) => [target, digit])).toEqual([
    ["darwin-arm64", "4"],
    ["darwin-x64", "3"],
    ["linux-arm64", "1"],
    ["linux-x64", "0"],
  ]);
});

test("a release that lacks an executable has no formula", () => {
  expect(() =>
    formula("https://downloads.example.com/1.2.3", sums.replace("darwin-x64/", "darwin-x32/")),
  ).toThrow("darwin-x64/descope");
});
