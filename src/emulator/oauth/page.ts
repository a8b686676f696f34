import { HttpReply } from "../service.ts";
import type { User } from "../users/user.ts";
import { NOT_STORED } from "./error.ts";

/** Somebody whom the sign-in page offers. */
export type Offered = Pick<User, "userId" | "loginIds" | "name" | "test">;

/** What the sign-in page shows. */
export interface SignInPage {
  /** Where its form goes. */
  readonly action: string;
  /** Members of the form that are not seen. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly appName: string;
  readonly projectName: string;
  /** What the application wants, with what it means; nothing where nobody has to agree. */
  readonly scopes: readonly (readonly [name: string, description: string])[];
  readonly users: readonly Offered[];
  /** Whether the list leaves users out. */
  readonly isCut: boolean;
  /** Set where somebody is signed in already, and only has to agree. */
  readonly signedIn?: Offered | undefined;
  readonly loginHint?: string | undefined;
  /** What was wrong with what was typed. */
  readonly problem?: string | undefined;
  /** What the user is asked about, for a device or a client elsewhere. */
  readonly message?: string | undefined;
  /** Whether whoever is not a user yet becomes one by typing a login id. */
  readonly mayCreate: boolean;
}

/** The page on which a developer chooses who signs in. It asks for no proof: an emulator has nothing to protect. */
export function signInPage(page: SignInPage): HttpReply {
  const { appName, scopes, signedIn, problem, message } = page;
  const wanted =
    scopes.length === 0
      ? ""
      : `<p>It asks for:</p><ul class="scopes">${scopes
          .map(([name, about]) => `<li><b>${e(name)}</b>${about === "" ? "" : ` – ${e(about)}`}</li>`)
          .join("")}</ul><p>Who goes on agrees to it.</p>`;
  const choice =
    signedIn === undefined
      ? chooser(page)
      : `<p>Signed in as <b>${e(nameOf(signedIn))}</b>.</p><button class="user" name="login_id" value="${e(signedIn.userId)}">Allow</button>`;
  return htmlReply(
    200,
    `Sign in to ${appName}`,
    `<h1>Sign in to ${e(appName)}</h1><p class="of">${e(page.projectName)} · Descope emulator</p>` +
      (message === undefined ? "" : `<p class="message">${e(message)}</p>`) +
      (problem === undefined ? "" : `<p class="problem" role="alert">${e(problem)}</p>`) +
      wanted +
      `<form method="post" action="${e(page.action)}">${hiddenFields(page.hidden)}${choice}` +
      `<button class="deny" name="action" value="deny" formnovalidate>Deny</button></form>`,
  );
}

/** A page that says one thing. */
export function notePage(status: number, title: string, text: string): HttpReply {
  return htmlReply(status, title, `<h1>${e(title)}</h1><p>${e(text)}</p>`);
}

/** The page on which the code of a device is typed. */
export function codePage(action: string, problem?: string): HttpReply {
  return htmlReply(
    problem === undefined ? 200 : 404,
    "Connect a device",
    `<h1>Connect a device</h1>${problem === undefined ? "" : `<p class="problem" role="alert">${e(problem)}</p>`}` +
      `<form method="get" action="${e(action)}"><label>The code that the device shows ` +
      `<input name="user_code" autocomplete="off" autofocus required></label><button>Go on</button></form>`,
  );
}

/** A page that sends its members to `action` by itself (`response_mode=form_post`). */
export function postingPage(action: string, members: Readonly<Record<string, string>>): HttpReply {
  const body = `<form method="post" action="${e(action)}">${hiddenFields(members)}<noscript><button>Go on</button></noscript></form>`;
  const script = "document.forms[0].submit()";
  const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
  return htmlReply(200, "Signing in", `${body}<script>${script}</script>`, `; script-src 'sha256-${hash}'`);
}

function chooser({ users, isCut, loginHint, mayCreate }: SignInPage): string {
  const buttons = users
    .map(
      (user) =>
        `<button class="user" name="login_id" value="${e(user.userId)}" formnovalidate><b>${e(nameOf(user))}</b> ` +
        `<span>${e(user.loginIds[0] ?? user.userId)}${user.test ? " · test user" : ""}</span></button>`,
    )
    .join("");
  // Enter in the field presses the first button of a form: it must be the one beside the field.
  return (
    `<label>Login id <input name="typed_login_id" value="${e(loginHint ?? "")}" autocomplete="off" autofocus required></label>` +
    `<button>${mayCreate ? "Sign in or sign up" : "Sign in"}</button>` +
    (buttons === "" ? "<p>The project has no users yet.</p>" : `<p>Or as one of them:</p>${buttons}`) +
    (isCut ? "<p>There are more users; type the login id of one who is not here.</p>" : "")
  );
}

function nameOf({ name, loginIds, userId }: Offered): string {
  return name || (loginIds[0] ?? userId);
}

function hiddenFields(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, content]) => `<input type="hidden" name="${e(name)}" value="${e(content)}">`)
    .join("");
}

function htmlReply(status: number, title: string, body: string, policy = ""): HttpReply {
  return new HttpReply(
    status,
    {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'${policy}`,
      // Without any, browsers send the forms of the page as from nowhere, and the emulator's own calls are refused.
      "referrer-policy": "same-origin",
      "x-content-type-options": "nosniff",
      ...NOT_STORED,
    },
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>${e(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>\n`,
  );
}

const STYLE =
  "body{font:16px/1.5 system-ui,sans-serif;background:#f4f5f7;color:#1c1e21;margin:0}" +
  "main{max-width:26rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border-radius:.75rem}" +
  "h1{font-size:1.3rem;margin:0;overflow-wrap:anywhere}.of{color:#5f6673;margin:0 0 1rem}" +
  "button{font:inherit;display:block;width:100%;padding:.6rem .8rem;margin:.4rem 0;border:1px solid #c6cbd3;border-radius:.5rem;background:#fff;text-align:left;overflow-wrap:anywhere;cursor:pointer}" +
  "button:hover,button:focus{border-color:#1760d1}.user span{color:#5f6673}.deny{border-color:transparent;color:#a3261a}" +
  "input{font:inherit;box-sizing:border-box;width:100%;padding:.5rem;border:1px solid #8b919c;border-radius:.5rem}" +
  ".problem{color:#a3261a}.message{font-weight:600}";

function e(text: string): string {
  return Bun.escapeHTML(text);
}
