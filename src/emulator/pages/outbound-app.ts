import type { HttpReply } from "../service.ts";
import { escaped as e, hiddenFields, htmlPage, notePage, scopeList } from "./html-page.ts";

export interface ConnectPage {
  /** Where its form goes, by GET. */
  readonly action: string;
  /** Members of the form that are not seen. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly appName: string;
  readonly projectName: string;
  readonly scopes: readonly string[];
}

/** The page that stands in for the consent of an application elsewhere: whoever allows it has a token of it. */
export function connectPage({ action, hidden, appName, projectName, scopes }: ConnectPage): HttpReply {
  const asked =
    scopes.length === 0 ? "<p>It asks for no scopes.</p>" : scopeList(scopes.map((scope) => [scope, ""]));
  return htmlPage(
    200,
    `Connect ${appName}`,
    `<h1>Connect ${e(appName)}</h1>` +
      `<p class="about">Descope emulator, project ${e(projectName)}. It stands in for the real application, and makes a token that only the emulator knows.</p>` +
      `${asked}<form method="get" action="${e(action)}">${hiddenFields(hidden)}` +
      `<button class="go" name="answer" value="allow">Allow</button> ` +
      `<button class="cancel" name="answer" value="deny">Deny</button></form>`,
  );
}

/** What is shown where nothing was begun, or it is over. */
export function connectProblemPage(): HttpReply {
  return notePage(
    400,
    "This connection is over",
    "It was ended before, or took too long. Begin again in the application.",
  );
}
