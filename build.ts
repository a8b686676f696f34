/**
 * Compiles the program.
 *
 *     bun run build            for this machine, into dist/<os>-<arch>/descope
 *     bun run build --all      for every target, with dist/SHA256SUMS
 *
 * The reasons for each flag are in docs/architecture.md, "The build".
 */
import fs from "node:fs";
import path from "node:path";
import { version } from "./package.json";

interface Target {
  /** Folder below dist. */
  readonly name: string;
  /** Bun's name for it. */
  readonly bun: string;
}

const targets: readonly Target[] = [
  { name: "linux-x64", bun: "bun-linux-x64" },
  { name: "linux-arm64", bun: "bun-linux-arm64" },
  { name: "linux-x64-musl", bun: "bun-linux-x64-musl" },
  { name: "linux-arm64-musl", bun: "bun-linux-arm64-musl" },
  { name: "darwin-x64", bun: "bun-darwin-x64" },
  { name: "darwin-arm64", bun: "bun-darwin-arm64" },
  { name: "windows-x64", bun: "bun-windows-x64" },
  { name: "windows-arm64", bun: "bun-windows-arm64" },
];

/** The flags that every target is compiled with, but for the target itself. Also used for the empty program of the benchmarks. */
export const compileFlags = [
  "--compile",
  "--minify-syntax",
  "--minify-whitespace",
  "--splitting",
  "--bytecode",
  "--format=esm",
  "--sourcemap",
  "--env=disable",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
  "--compile-exec-argv=--disallow-code-generation-from-strings=strict --use-system-ca",
  "--reject-unresolved",
];

const root = import.meta.dir;
const dist = path.join(root, "dist");

/** Compiles one target and gives back the path of the executable. @throws when the compiler fails. */
function compile({ name, bun }: Target): string {
  const folder = path.join(dist, name);
  const outfile = path.join(folder, "descope");
  const made = name.startsWith("windows") ? `${outfile}.exe` : outfile;
  fs.mkdirSync(folder, { recursive: true });
  // A failed build would leave the old file in place.
  fs.rmSync(made, { force: true });
  const ran = Bun.spawnSync(
    [
      process.execPath,
      "build",
      ...compileFlags,
      `--define=VERSION=${JSON.stringify(version)}`,
      `--target=${bun}`,
      path.join("src", "main.ts"),
      "--outfile",
      outfile,
    ],
    { cwd: root, stdout: "pipe", stderr: "pipe" },
  );
  if (ran.exitCode !== 0 || !fs.existsSync(made)) {
    throw new Error(`${name} did not compile:\n${ran.stderr.toString()}${ran.stdout.toString()}`);
  }
  for (const file of fs.readdirSync(folder)) if (file.endsWith(".map")) fs.rmSync(path.join(folder, file));
  return made;
}

function sha256(file: string): string {
  return new Bun.CryptoHasher("sha256").update(fs.readFileSync(file)).digest("hex");
}

/** This machine's target. */
export function hostTarget(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const musl =
    os === "linux" && fs.existsSync(`/lib/ld-musl-${process.arch === "x64" ? "x86_64" : "aarch64"}.so.1`);
  return `${os}-${process.arch}${musl && !fs.existsSync("/lib64/ld-linux-x86-64.so.2") ? "-musl" : ""}`;
}

if (import.meta.main) {
  const args = process.argv.slice(2);
  const quiet = args.includes("--quiet");
  const unknown = args.filter((arg) => arg !== "--all" && arg !== "--quiet");
  if (unknown.length > 0) throw new Error(`Unknown option ${unknown.join(" ")}; there are --all and --quiet`);
  const wanted = args.includes("--all") ? targets : targets.filter(({ name }) => name === hostTarget());
  if (wanted.length === 0) throw new Error(`There is no target for ${hostTarget()}`);
  const sums: string[] = [];
  for (const target of wanted) {
    const file = compile(target);
    const sum = sha256(file);
    sums.push(`${sum}  ${path.relative(dist, file).replaceAll(path.sep, "/")}`);
    if (!quiet)
      console.log(
        `${path.relative(root, file)}  ${(fs.statSync(file).size / 1e6).toFixed(1)} MB  sha256 ${sum}`,
      );
  }
  if (args.includes("--all")) fs.writeFileSync(path.join(dist, "SHA256SUMS"), `${sums.join("\n")}\n`);
}
