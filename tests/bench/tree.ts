/**
 * Writes a snapshot of 2,400 files and 25 MB below the folder that is named first, and the reply that exports it to the file that is
 * named second: flows with their screens for the most part, texts, pages and images beside them. Always the same one. Prints how many
 * bytes the files have.
 *
 * It runs in a process of its own: a process that is started takes over the peak memory of the one that starts it.
 */
import fs from "node:fs";
import path from "node:path";

const FILES = 2_400;
const BYTES = 25_000_000;

/** A file's path, its bytes on disk, and what the API sends of it. */
function makeFile(i: number, size: number): [string, Buffer, unknown] {
  if (i % 40 === 0) {
    const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
    return [`assets/image-${i}.png`, bytes, bytes.toString("base64")];
  }
  if (i % 20 === 1) {
    const text = `${sentence(size - 1)}\n`;
    return [`assets/page-${i}.${i % 40 === 1 ? "html" : "txt"}`, Buffer.from(text), text];
  }
  const value = screen(i, size);
  return [
    `flows/flow-${Math.floor(i / 12)}/screen-SC${i}.json`,
    Buffer.from(`${JSON.stringify(value, null, 2)}\n`),
    value,
  ];
}

function screen(i: number, size: number): unknown {
  const parts: unknown[] = [];
  // What a part takes when it is printed with its indentation.
  const partSize = 330;
  for (let left = size - 120; left > 0; left -= partSize) {
    parts.push({
      enabled: random() < 0.5,
      id: `part-${parts.length}`,
      order: Math.floor(random() * 1e6),
      style: { color: "#0082B5", width: Math.floor(random() * 1000) / 4 },
      text: sentence(120),
    });
  }
  return { contents: { parts }, screenId: `SC${i}` };
}

/** What texts are made of. */
const WORDS = "sign in with your e-mail or phone number and continue 你好 über".split(" ");

function sentence(length: number): string {
  let out = "";
  while (out.length < length) out += `${WORDS[Math.floor(random() * WORDS.length)]} `;
  return out.slice(0, length);
}

/** Numbers from 0 to 1 that are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const [folder = "", reply = ""] = process.argv.slice(2);
const random = generator(FILES);
const files: Record<string, unknown> = {};
let bytes = 0;
for (let i = 0; i < FILES; i++) {
  const size = Math.round(((BYTES - bytes) / (FILES - i)) * (0.5 + random()));
  const [file, content, sent] = makeFile(i, size);
  const full = path.join(folder, file);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, content);
  files[file] = sent;
  bytes += content.length;
}
fs.writeFileSync(reply, JSON.stringify({ files }));
console.log(bytes);
