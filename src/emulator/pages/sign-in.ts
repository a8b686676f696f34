import type { HttpReply } from "../service.ts";
import type { User } from "../users/user.ts";
import {
  accountButton,
  escaped as e,
  hiddenFields,
  htmlPage,
  nameOf,
  problemNote,
  scopeList,
  type Account,
} from "./html-page.ts";

/** Somebody whom the sign-in page offers. */
export type Offered = Account & Pick<User, "test">;

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
  const wanted = scopes.length === 0 ? "" : `${scopeList(scopes)}<p>Who goes on agrees to it.</p>`;
  const choice =
    signedIn === undefined
      ? chooser(page)
      : `<p>Signed in as <b>${e(nameOf(signedIn))}</b>.</p><button class="account" name="login_id" value="${e(signedIn.userId)}">Allow</button>`;
  return htmlPage(
    200,
    `Sign in to ${appName}`,
    `<h1>Sign in to ${e(appName)}</h1><p class="about">${e(page.projectName)} · Descope emulator</p>` +
      (message === undefined ? "" : `<p><b>${e(message)}</b></p>`) +
      problemNote(problem) +
      wanted +
      `<form method="post" action="${e(page.action)}">${hiddenFields(page.hidden)}${choice}` +
      `<button class="cancel" name="action" value="deny" formnovalidate>Deny</button></form>`,
  );
}

/** The page on which the code of a device is typed. */
export function codePage(action: string, problem?: string): HttpReply {
  return htmlPage(
    problem === undefined ? 200 : 404,
    "Connect a device",
    `<h1>Connect a device</h1>${problemNote(problem)}` +
      `<form method="get" action="${e(action)}"><label>The code that the device shows ` +
      `<input name="user_code" autocomplete="off" autofocus required></label><button class="go">Go on</button></form>`,
  );
}

function chooser({ users, isCut, loginHint, mayCreate }: SignInPage): string {
  const buttons = users
    .map((user) => accountButton("login_id", user, nameOf(user), user.test ? " · test user" : ""))
    .join("");
  // Enter in the field presses the first button of a form: it must be the one beside the field.
  return (
    `<label>Login id <input name="typed_login_id" value="${e(loginHint ?? "")}" autocomplete="off" autofocus required></label>` +
    `<button class="go">${mayCreate ? "Sign in or sign up" : "Sign in"}</button>` +
    (buttons === "" ? "<p>The project has no users yet.</p>" : `<h2>Or as one of them</h2>${buttons}`) +
    (isCut ? "<p>There are more users; type the login id of one who is not here.</p>" : "")
  );
}
