import { attributeTexts } from "../attributes/values.ts";
import type { User } from "./user.ts";

/**
 * Everything of a user that a search for text looks at, folded; each on a line of its own, so that nothing is found across two. The
 * user's id is not in it: its letters are random, and two or three of them would be found in many.
 */
export function userText(user: User): string {
  const texts = [
    user.name,
    user.givenName,
    user.middleName,
    user.familyName,
    user.email,
    user.phone,
    user.recoveryEmail,
    user.recoveryPhone,
    ...user.loginIds,
    ...attributeTexts(user.customAttributes),
  ];
  return fold([...new Set(texts.filter((text) => text !== undefined && text !== ""))].join("\n"));
}

/** What is compared where case does not matter. */
export function fold(text: string): string {
  return text.toLowerCase();
}

/** A text as the full-text index takes it: found as it is, wherever it stands. */
export function textPhrase(text: string): string {
  return `"${fold(text).replaceAll('"', '""')}"`;
}

/** True where an index of three characters can find the text. */
export function isIndexable(text: string): boolean {
  return [...fold(text)].length >= 3 && !text.includes("\0");
}
