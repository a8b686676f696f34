import { HttpReply } from "../service.ts";
import type { User } from "../users/user.ts";

/** Somebody whom the page offers. */
export type Account = Pick<User, "userId" | "loginIds" | "name" | "email">;

export interface IdentityProviderPage {
  /** Where its form goes, by GET. */
  readonly action: string;
  /** Members of the form that are not seen. */
  readonly hidden: Readonly<Record<string, string>>;
  /** What happens here: "Sign in with Google". */
  readonly title: string;
  readonly about: string;
  readonly accounts: readonly Account[];
  /** Whether there are more than those. */
  readonly isCut: boolean;
  readonly loginHint: string;
  /** What can be typed of somebody who is new, beside the address; nobody new may come where it is absent. */
  readonly fields?: readonly (readonly [name: string, label: string])[];
  readonly problem?: string | undefined;
}

/**
 * The page of the emulated identity provider, on which a developer says who signs in. It stands in for the real one and asks for no
 * proof. It is whole in itself: no scripts, nothing from elsewhere.
 */
export function identityProviderPage(page: IdentityProviderPage): HttpReply {
  const { title, problem, accounts } = page;
  const hidden = Object.entries(page.hidden)
    .map(([name, content]) => `<input type="hidden" name="${e(name)}" value="${e(content)}">`)
    .join("");
  const buttons = accounts
    .map(
      (account) =>
        `<button class="account" name="login_hint" value="${e(account.userId)}" formnovalidate><b>${e(nameOf(account))}</b>` +
        `<span>${e(account.loginIds[0] ?? account.userId)}</span></button>`,
    )
    .join("");
  // Enter presses the first button of a form: it must be the one of the fields.
  return htmlPage(
    problem === undefined ? 200 : 400,
    title,
    `<h1>${e(title)}</h1>` +
      `<p class="about">${e(page.about)}</p>` +
      (problem === undefined ? "" : `<p class="problem" role="alert">${e(problem)}</p>`) +
      `<form method="get" action="${e(page.action)}">${hidden}` +
      field(
        page.fields === undefined ? "Login id" : "E-mail",
        "typed",
        page.loginHint,
        "autofocus required",
      ) +
      (page.fields ?? []).map(([name, label]) => field(label, name)).join("") +
      `<button class="go">Sign in</button>` +
      (buttons === "" ? "" : `<h2>Or as somebody who is here already</h2>${buttons}`) +
      (page.isCut ? "<p>There are more; type the e-mail address of one who is not shown.</p>" : "") +
      `<button class="cancel" name="error" value="access_denied" formnovalidate>Cancel</button></form>`,
  );
}

/** A page that says why nobody can sign in here. */
export function providerProblemPage(status: number, problem: string): HttpReply {
  return htmlPage(status, "This sign-in is over", `<h1>This sign-in is over</h1><p>${e(problem)}</p>`);
}

function field(label: string, name: string, content = "", more = ""): string {
  return `<label>${e(label)} <input name="${name}" value="${e(content)}" autocomplete="off" ${more}></label>`;
}

function nameOf({ name, email, loginIds, userId }: Account): string {
  return name || email || (loginIds[0] ?? userId);
}

/** A page that sends its members to `action` by itself, as the POST bindings of SAML and WS-Federation have it. */
export function postingPage(action: string, members: Readonly<Record<string, string>>): HttpReply {
  const hidden = Object.entries(members)
    .map(([name, content]) => `<input type="hidden" name="${e(name)}" value="${e(content)}">`)
    .join("");
  const script = "document.forms[0].submit()";
  const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
  const form = `<form method="post" action="${e(action)}">${hidden}<noscript><button class="go">Go on</button></noscript></form>`;
  return htmlPage(200, "Signing in", `${form}<script>${script}</script>`, `; script-src 'sha256-${hash}'`);
}

function htmlPage(status: number, title: string, body: string, policy = ""): HttpReply {
  return new HttpReply(
    status,
    {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'${policy}`,
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
    },
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${e(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>\n`,
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

function e(text: string): string {
  return Bun.escapeHTML(text);
}
