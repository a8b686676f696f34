/**
 * Prints the Homebrew formula of a release: which executable for which machine, with its sum out of dist/SHA256SUMS.
 *
 *     bun run build --all
 *     bun run packaging/homebrew.ts https://downloads.example.com/descope/1.2.3 > descope.rb
 *
 * The address is the folder that holds what `dist` holds.
 */
import fs from "node:fs";
import path from "node:path";
import { version } from "../package.json";

/** The machines that Homebrew knows, and the folders of their executables. */
const machines = {
  on_macos: { on_arm: "darwin-arm64", on_intel: "darwin-x64" },
  on_linux: { on_arm: "linux-arm64", on_intel: "linux-x64" },
} as const;

/**
 * @param base the address of the release's files, without a slash at the end.
 * @param sums the text of SHA256SUMS.
 * @throws when a machine's executable has no sum.
 */
export function formula(base: string, sums: string): string {
  const bySum = new Map(
    sums
      .trim()
      .split("\n")
      .map((line) => line.split(/\s+/).reverse() as [string, string]),
  );
  const blocks = Object.entries(machines).map(([system, folders]) => {
    const inner = Object.entries(folders).map(([processor, folder]) => {
      const file = `${folder}/descope`;
      const sum = bySum.get(file);
      if (sum === undefined || !/^[0-9a-f]{64}$/.test(sum))
        throw new Error(`SHA256SUMS has no sum of ${file}`);
      return [`    ${processor} do`, `      url "${base}/${file}"`, `      sha256 "${sum}"`, "    end"].join(
        "\n",
      );
    });
    return [`  ${system} do`, ...inner, "  end"].join("\n");
  });
  return `class Descope < Formula
  desc "Work with Descope: a drop-in command line, safe promotion, a local emulator"
  homepage "${base}"
  version "${version}"
  license "MIT"

${blocks.join("\n\n")}

  # The program's code lies behind its runtime in one file, which stripping would cut off.
  skip_clean "bin"

  def install
    bin.install "descope"
    generate_completions_from_executable(bin/"descope", "completion")
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/descope --version")
    assert_match "tenant", shell_output("#{bin}/descope emulator exec -- #{bin}/descope tenant create Acme")
  end
end
`;
}

if (import.meta.main) {
  const [base] = process.argv.slice(2);
  if (base === undefined || !/^https:\/\/[^"#\s]+$/.test(base))
    throw new Error("Name the https address of the release's files");
  const sums = fs.readFileSync(path.join(import.meta.dir, "../dist/SHA256SUMS"), "utf8");
  await Bun.write(Bun.stdout, formula(base.replace(/\/+$/, ""), sums));
}
