import { HttpReply } from "../service.ts";
import type { User } from "../users/user.ts";

/**
 * A page that is whole in itself: it loads nothing, and nobody may keep it or frame it.
 *
 * @param body what it shows, escaped.
 * @param policy more directives of its content security policy.
 */
export function htmlPage(status: number, title: string, body: string, policy = ""): HttpReply {
  return new HttpReply(
    status,
    {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'${policy}`,
      // Without any, browsers send the forms of the page as from nowhere, and the emulator's own calls are refused.
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${escaped(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>\n`,
  );
}

const STYLE =
  "body{margin:0;background:#f3f4f7;color:#1b1f27;font:16px/1.5 system-ui,sans-serif}" +
  "main{max-width:26rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border:1px solid #d9dce3;border-radius:8px}" +
  "h1{font-size:1.25rem;margin:0}h2{font-size:1rem;margin:1.5rem 0 .5rem}.about{color:#5a6272;font-size:.875rem}" +
  ".problem{color:#a11;font-weight:600}label{display:block;margin:.75rem 0;font-size:.875rem}" +
  "input{display:block;width:100%;box-sizing:border-box;padding:.5rem;font:inherit;border:1px solid #b6bcc8;border-radius:4px}" +
  "button{font:inherit;padding:.5rem .75rem;border-radius:4px;border:1px solid #b6bcc8;background:#fff;cursor:pointer}" +
  ".account{display:block;width:100%;margin:.25rem 0;text-align:left}.account span{display:block;color:#5a6272;font-size:.875rem}" +
  ".go{background:#2b4acb;border-color:#2b4acb;color:#fff}.cancel{margin-top:1rem}" +
  "@media(prefers-color-scheme:dark){body{background:#14161b;color:#e7e9ee}main,button,input{background:#1d2027;color:inherit;border-color:#3b414d}.go{background:#3f5fe0}.about,.account span{color:#a3abba}.problem{color:#ff8a80}}";

/** A page that says one thing. */
export function notePage(status: number, title: string, text: string): HttpReply {
  return htmlPage(status, title, `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`);
}

/** What was wrong with what was typed; nothing where nothing was. */
export function problemNote(problem: string | undefined): string {
  return problem === undefined ? "" : `<p class="problem" role="alert">${escaped(problem)}</p>`;
}

/**
 * A button of a form that chooses somebody, whatever stands in the fields.
 *
 * @param member what the form calls the choice.
 * @param name what is shown large; the login id stands below, and `about` behind it.
 */
export function accountButton(member: string, user: Account, name: string, about = ""): string {
  return (
    `<button class="account" name="${member}" value="${escaped(user.userId)}" formnovalidate><b>${escaped(name)}</b> ` +
    `<span>${escaped(user.loginIds[0] ?? user.userId)}${about}</span></button>`
  );
}

/** Somebody whom a page offers. */
export type Account = Pick<User, "userId" | "loginIds" | "name">;

/** What somebody is called on a page. */
export function nameOf({ name, loginIds, userId }: Account): string {
  return name || (loginIds[0] ?? userId);
}

/** What an application asks for. */
export function scopeList(scopes: readonly (readonly [name: string, about: string])[]): string {
  const items = scopes.map(
    ([name, about]) => `<li><b>${escaped(name)}</b>${about === "" ? "" : ` – ${escaped(about)}`}</li>`,
  );
  return `<p>It asks for:</p><ul>${items.join("")}</ul>`;
}

/** Members of a form that are not seen. */
export function hiddenFields(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, content]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(content)}">`)
    .join("");
}

/** A text as it may stand in a page. */
export function escaped(text: string): string {
  return Bun.escapeHTML(text);
}
