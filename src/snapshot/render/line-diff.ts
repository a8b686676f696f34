/** One line of a comparison of two texts. */
export interface DiffLine {
  /** " " for what both have, "…" for lines that are left out. */
  readonly sign: "+" | "-" | " " | "…";
  readonly text: string;
}

const CONTEXT = 3;
/** Above this product of line counts two texts are told apart as a whole. */
const LARGEST = 4_000_000;

/** Compares two texts line by line, with three lines around each change. */
export function diffLines(left: string, right: string): DiffLine[] {
  const a = left === "" ? [] : left.split("\n");
  const b = right === "" ? [] : right.split("\n");
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const all: DiffLine[] = [
    ...a.slice(0, head).map((text) => ({ sign: " ", text }) as const),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...a.slice(a.length - tail).map((text) => ({ sign: " ", text }) as const),
  ];
  return withContext(all);
}

function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  const gone = (lines: readonly string[]) => lines.map((text) => ({ sign: "-", text }) as const);
  const come = (lines: readonly string[]) => lines.map((text) => ({ sign: "+", text }) as const);
  if (a.length === 0 || b.length === 0 || a.length * b.length > LARGEST) return [...gone(a), ...come(b)];
  // Lengths of the longest common parts of what is left of both.
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
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      out.push({ sign: " ", text: a[i] as string });
      i++;
      j++;
    } else if (
      i < a.length &&
      (j === b.length || (lengths[(i + 1) * width + j] as number) >= (lengths[i * width + j + 1] as number))
    ) {
      out.push({ sign: "-", text: a[i++] as string });
    } else out.push({ sign: "+", text: b[j++] as string });
  }
  return out;
}

function withContext(all: readonly DiffLine[]): DiffLine[] {
  const shown = all.map(() => false);
  all.forEach(({ sign }, i) => {
    if (sign === " ") return;
    for (let k = Math.max(0, i - CONTEXT); k <= Math.min(all.length - 1, i + CONTEXT); k++) shown[k] = true;
  });
  const out: DiffLine[] = [];
  let hidden = 0;
  const flush = () => {
    if (hidden > 0) out.push({ sign: "…", text: `${hidden} line${hidden === 1 ? "" : "s"} as before` });
    hidden = 0;
  };
  all.forEach((line, i) => {
    if (shown[i] !== true) hidden++;
    else {
      flush();
      out.push(line);
    }
  });
  flush();
  return out;
}
