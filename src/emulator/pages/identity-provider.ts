import { HttpReply } from "../service.ts";
import type { User } from "../users/user.ts";
import { escaped as e, hiddenFields, htmlPage } from "./html-page.ts";

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
  const hidden = hiddenFields(page.hidden);
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

/** A page that sends its members to `action` by itself, as OpenID Connect, SAML and WS-Federation have answers posted. */
export function postingPage(action: string, members: Readonly<Record<string, string>>): HttpReply {
  const hidden = hiddenFields(members);
  const script = "document.forms[0].submit()";
  const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
  const form = `<form method="post" action="${e(action)}">${hidden}<noscript><button class="go">Go on</button></noscript></form>`;
  return htmlPage(200, "Signing in", `${form}<script>${script}</script>`, `; script-src 'sha256-${hash}'`);
}
