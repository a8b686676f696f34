/** One line of a comparison of two texts. */
export interface DiffLine {
  readonly op: "same" | "add" | "remove";
  readonly text: string;
}

/** Lines that belong together, with the numbers of their first lines on either side, from 1. */
export interface Hunk {
  readonly left: number;
  readonly right: number;
  readonly lines: readonly DiffLine[];
}

/** Above this product of changed lines the middle is shown as replaced whole: finding the best match would take too long. */
const MOST_CELLS = 4_000_000;

/** Compares two texts line by line; line ends of either kind are the same. */
export function diffLines(left: string, right: string): DiffLine[] {
  const a = splitLines(left);
  const b = splitLines(right);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const same = (lines: readonly string[]) => lines.map((text): DiffLine => ({ op: "same", text }));
  return [
    ...same(a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ];
}

/** The parts of a comparison that changed, with `context` lines around them. */
export function hunks(lines: readonly DiffLine[], context = 3): Hunk[] {
  const near = new Set<number>();
  for (const [i, { op }] of lines.entries()) {
    if (op !== "same") for (let j = i - context; j <= i + context; j++) near.add(j);
  }
  const out: { left: number; right: number; lines: DiffLine[] }[] = [];
  let [left, right] = [1, 1];
  for (const [i, line] of lines.entries()) {
    if (near.has(i)) {
      if (!near.has(i - 1) || out.length === 0) out.push({ left, right, lines: [] });
      out.at(-1)?.lines.push(line);
    }
    if (line.op !== "add") left++;
    if (line.op !== "remove") right++;
  }
  return out;
}

function splitLines(text: string): string[] {
  return text === "" ? [] : text.replaceAll("\r\n", "\n").split("\n");
}

/** The longest common subsequence, by the table of its lengths. */
function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const removed = a.map((text): DiffLine => ({ op: "remove", text }));
  const added = b.map((text): DiffLine => ({ op: "add", text }));
  if (a.length === 0 || b.length === 0 || a.length * b.length > MOST_CELLS) return [...removed, ...added];
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? (lengths[(i + 1) * width + j + 1] as number) + 1
          : Math.max(lengths[(i + 1) * width + j] as number, lengths[i * width + j + 1] as number);
    }
  }
  const out: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ op: "same", text: a[i] as string });
      i++;
      j++;
    } else if (
      i < a.length &&
      (j === b.length || (lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number))
    ) {
      out.push(removed[i++] as DiffLine);
    } else out.push(added[j++] as DiffLine);
  }
  return out;
}
