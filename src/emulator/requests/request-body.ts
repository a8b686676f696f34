import { isTooDeep } from "../../json/depth.ts";
import { JsonSyntaxError, parseJson } from "../../json/parse.ts";
import { isJsonObject, type Json } from "../../json/value.ts";
import { malformed } from "../error.ts";

/** The longest body that is taken, in bytes. */
export const LONGEST_BODY = 50 * 1024 * 1024;

/**
 * Reads a request's whole body.
 *
 * @throws {EmulatorError} 413 when it is too long, 400 when it ends before it should.
 */
export async function readBody(request: Request): Promise<string> {
  if (request.body === null) return "";
  const announced = request.headers.get("content-length");
  if (Number(announced) > LONGEST_BODY) {
    await passOver(request.body, Number(announced));
    throw tooLong();
  }
  const decoder = new TextDecoder();
  let length = 0;
  let text = "";
  try {
    if (announced !== null) return await request.text();
    for await (const chunk of request.body) {
      length += chunk.length;
      if (length > MOST_PASSED_OVER) break;
      if (length > LONGEST_BODY) text = "";
      else text += decoder.decode(chunk, { stream: true });
    }
  } catch {
    throw malformed("The body ends before it should");
  }
  if (length > LONGEST_BODY) throw tooLong();
  return text + decoder.decode();
}

/**
 * Most clients look for a reply only once they have sent all: a body that is refused is read all the same, up to this many bytes, for
 * they would see nothing but a broken connection.
 */
const MOST_PASSED_OVER = 1024 * 1024 * 1024;

async function passOver(body: ReadableStream<Uint8Array>, length: number): Promise<void> {
  if (length > MOST_PASSED_OVER) return;
  try {
    for await (const _ of body);
  } catch {
    // It was cut: nobody is there to be answered.
  }
}

/** The JSON of a body; nothing and `null` are an empty object. @throws {EmulatorError} naming line and column. */
export function parseBody(text: string): Json {
  if (text.trim() === "") return {};
  try {
    const content = parseJson(text) ?? {};
    if (isTooDeep(content)) throw malformed("The body is nested too deeply");
    return /\\u[dD][89a-fA-F]/.test(text) ? wellFormed(content) : content;
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw malformed(`The body is not JSON: ${error.message}`);
    throw error;
  }
}

/** The same with a mark in place of each half of a character that stands alone, as Descope has it: such a text is of no use to anybody. */
function wellFormed(content: Json): Json {
  if (typeof content === "string") return content.toWellFormed();
  if (Array.isArray(content)) return content.map(wellFormed);
  if (!isJsonObject(content)) return content;
  return Object.fromEntries(
    Object.entries(content).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]),
  );
}

function tooLong() {
  return malformed(`The body is longer than ${LONGEST_BODY} bytes`, 413);
}
