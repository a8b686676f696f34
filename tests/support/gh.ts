/**
 * A stand-in for the part of `gh` that the actions use: `gh api` with fields, paging and --jq. Runs against the server that
 * GITHUB_API_URL names. A flag that it does not know ends it with an error, as the real one does.
 */
const [command, ...rest] = process.argv.slice(2);
if (command !== "api") stop(`unknown command "${command ?? ""}"`);

let path: string | undefined;
let method: string | undefined;
let jq: string | undefined;
let paginate = false;
let silent = false;
const fields: Record<string, unknown> = {};
const words = [...rest];
for (let word = words.shift(); word !== undefined; word = words.shift()) {
  if (word === "--method" || word === "-X") method = words.shift();
  else if (word === "--jq" || word === "-q") jq = words.shift();
  else if (word === "--paginate") paginate = true;
  else if (word === "--silent") silent = true;
  else if (word === "-f" || word === "-F") {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/s.exec(words.shift() ?? "") ?? [];
    fields[key] = word === "-f" ? value : await magic(value);
  } else if (word.startsWith("-")) stop(`unknown flag: ${word}`);
  else if (path === undefined) path = word;
  else stop("accepts 1 arg(s)");
}
if (path === undefined) stop("accepts 1 arg(s)");

const token = process.env.GH_TOKEN;
if (token === undefined || token === "") stop("To use GitHub CLI in a GitHub Actions workflow, set GH_TOKEN");
const verb = method ?? (Object.keys(fields).length === 0 ? "GET" : "POST");
for (let cursor: string | undefined; ;) {
  const reply = await ask(cursor);
  const next = paginate ? pageAfter(reply) : undefined;
  if (!silent)
    process.stdout.write(jq === undefined ? `${JSON.stringify(reply)}\n` : await filtered(reply, jq));
  if (next === undefined) break;
  cursor = next;
}

/** What GitHub answers, as far as this looks at it. */
interface GitHubReply {
  readonly message?: string;
  readonly errors?: readonly { readonly message: string }[];
}

async function ask(cursor: string | undefined): Promise<GitHubReply> {
  const { query, ...variables } = fields;
  const isGraph = path === "graphql";
  const url = new URL(`${process.env.GITHUB_API_URL}/${path}`);
  if (verb === "GET")
    for (const [key, value] of Object.entries(fields)) url.searchParams.set(key, String(value));
  const body = isGraph
    ? { query, variables: { ...variables, ...(cursor === undefined ? {} : { endCursor: cursor }) } }
    : fields;
  const response = await fetch(url, {
    method: verb,
    headers: { authorization: `token ${token}` },
    ...(verb === "GET" ? {} : { body: JSON.stringify(body) }),
  });
  const reply = (await response.json()) as GitHubReply;
  if (!response.ok) stop(`${reply.message} (HTTP ${response.status})`);
  if (reply.errors !== undefined) stop(reply.errors[0]?.message ?? "");
  return reply;
}

/** The cursor of the page after this one, which stands wherever the query put it. */
function pageAfter(reply: unknown): string | undefined {
  if (typeof reply !== "object" || reply === null) return undefined;
  const { pageInfo } = reply as { pageInfo?: { hasNextPage: boolean; endCursor: string } };
  if (pageInfo !== undefined) return pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
  for (const inner of Object.values(reply)) {
    const found = pageAfter(inner);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function filtered(reply: unknown, expression: string): Promise<string> {
  const child = Bun.spawn(["jq", "--raw-output", expression], {
    stdin: new Blob([JSON.stringify(reply)]),
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0) stop("the jq expression failed");
  return text;
}

async function magic(value: string): Promise<unknown> {
  if (value.startsWith("@")) return Bun.file(value.slice(1)).text();
  if (/^-?\d+$/.test(value)) return Number(value);
  return value === "true" ? true : value === "false" ? false : value === "null" ? null : value;
}

function stop(message: string): never {
  process.stderr.write(`gh: ${message}\n`);
  process.exit(1);
}

export {};
