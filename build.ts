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
import { signAdHoc, signatureFault } from "./packaging/mach-o.ts";
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
  if (name.startsWith("darwin")) mendSignature(made);
  return made;
}

/** Puts a signature that fits where the compiler left one that does not. @throws when it cannot be mended. */
function mendSignature(file: string): void {
  const program = fs.readFileSync(file);
  if (signatureFault(program) === undefined) return;
  const signed = signAdHoc(program, "descope");
  const fault = signatureFault(signed);
  if (fault !== undefined) throw new Error(`${file} cannot be signed: ${fault}`);
  fs.writeFileSync(file, signed);
}

function sha256(file: string): string {
  return new Bun.CryptoHasher("sha256").update(fs.readFileSync(file)).digest("hex");
}

/** This machine's target. */
export function hostTarget(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const musl = os === "linux" && !GLIBC_LOADERS.some((loader) => fs.existsSync(loader));
  return `${os}-${process.arch}${musl ? "-musl" : ""}`;
}

/** A Linux that has neither of them, the one of its processor, has musl. */
const GLIBC_LOADERS = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

function build(args: readonly string[]): void {
  const all = args.includes("--all");
  const quiet = args.includes("--quiet");
  const unknown = args.filter((arg) => arg !== "--all" && arg !== "--quiet");
  if (unknown.length > 0) throw new Error(`Unknown option ${unknown.join(" ")}; there are --all and --quiet`);
  const wanted = all ? targets : targets.filter(({ name }) => name === hostTarget());
  if (wanted.length === 0) throw new Error(`There is no target for ${hostTarget()}`);
  const sumsFile = path.join(dist, "SHA256SUMS");
  // It would name files that are about to change.
  fs.rmSync(sumsFile, { force: true });
  const sums: string[] = [];
  for (const target of wanted) {
    const file = compile(target);
    const sum = sha256(file);
    sums.push(`${sum}  ${path.relative(dist, file).replaceAll(path.sep, "/")}`);
    const size = (fs.statSync(file).size / 1e6).toFixed(1);
    if (!quiet) console.log(`${path.relative(root, file)}  ${size} MB  sha256 ${sum}`);
  }
  if (all) fs.writeFileSync(sumsFile, `${sums.join("\n")}\n`);
}

if (import.meta.main) {
  try {
    build(process.argv.slice(2));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
