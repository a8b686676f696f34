import type { HttpReply } from "../service.ts";
import type { User } from "../users/user.ts";
import {
  accountButton,
  escaped as e,
  hiddenFields,
  htmlPage,
  nameOf,
  notePage,
  problemNote,
  type Account,
} from "./html-page.ts";

/** Somebody whom the page offers, by name or address. */
export type ProviderAccount = Account & Pick<User, "email">;

export interface IdentityProviderPage {
  /** Where its form goes, by GET. */
  readonly action: string;
  /** Members of the form that are not seen. */
  readonly hidden: Readonly<Record<string, string>>;
  /** What happens here: "Sign in with Google". */
  readonly title: string;
  readonly about: string;
  readonly accounts: readonly ProviderAccount[];
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
    .map((account) => accountButton("login_hint", account, account.name || account.email || nameOf(account)))
    .join("");
  // Enter presses the first button of a form: it must be the one of the fields.
  return htmlPage(
    problem === undefined ? 200 : 400,
    title,
    `<h1>${e(title)}</h1>` +
      `<p class="about">${e(page.about)}</p>` +
      problemNote(problem) +
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
  return notePage(status, "This sign-in is over", problem);
}

function field(label: string, name: string, content = "", more = ""): string {
  return `<label>${e(label)} <input name="${name}" value="${e(content)}" autocomplete="off" ${more}></label>`;
}
