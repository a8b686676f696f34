/**
 * The line of a YAML text at which the value at `path` stands, counted from 1: found by keys and dashes and how far they are indented.
 * Where a part of it is written in another way (in braces), the line of the nearest value around it.
 */
export function lineInYaml(text: string, path: readonly (string | number)[]): number {
  const stack: Frame[] = [{ column: -1, step: undefined, items: 0 }];
  const top = () => stack.at(-1) as Frame;
  let found = 1;
  let deepest = 0;
  for (const [index, line] of text.split("\n").entries()) {
    for (const marker of markersOf(line)) {
      while (endsAt(top(), marker)) stack.pop();
      const step = marker.key ?? top().items++;
      stack.push({ column: marker.column, step, items: 0 });
      const depth = stack.length - 1;
      if (depth > deepest && depth <= path.length && stack.slice(1).every((one, i) => one.step === path[i])) {
        deepest = depth;
        found = index + 1;
      }
    }
  }
  return found;
}

/** A key or an item that lines further down may belong to. */
interface Frame {
  readonly column: number;
  readonly step: string | number | undefined;
  items: number;
}

/** A dash, or a key with its colon. */
interface Marker {
  readonly column: number;
  readonly key?: string;
}

/** Whether what a marker begins is no part of a frame. A list may stand at the column of its own key. */
function endsAt(frame: Frame, { column, key }: Marker): boolean {
  if (frame.column > column) return true;
  return frame.column === column && (key !== undefined || typeof frame.step === "number");
}

const KEY = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#&*!|>'"%@`{}[\],][^:]*?)\s*:(?:\s|$)/;

function markersOf(line: string): Marker[] {
  const markers: Marker[] = [];
  let column = 0;
  for (;;) {
    while (line[column] === " ") column++;
    if (!/^-(?:\s|$)/.test(line.slice(column))) break;
    markers.push({ column });
    column++;
  }
  const key = KEY.exec(line.slice(column))?.[1];
  if (key !== undefined) markers.push({ column, key: key.replace(/^(["'])(.*)\1$/, "$2") });
  return markers;
}
