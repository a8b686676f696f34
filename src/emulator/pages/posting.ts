import type { HttpReply } from "../service.ts";
import { escaped as e, hiddenFields, htmlPage } from "./html-page.ts";

/** A page that sends its members to `action` by itself, as OpenID Connect, SAML and WS-Federation have answers posted. */
export function postingPage(action: string, members: Readonly<Record<string, string>>): HttpReply {
  const hidden = hiddenFields(members);
  const script = "document.forms[0].submit()";
  const hash = new Bun.CryptoHasher("sha256").update(script).digest("base64");
  const form = `<form method="post" action="${e(action)}">${hidden}<noscript><button class="go">Go on</button></noscript></form>`;
  return htmlPage(200, "Signing in", `${form}<script>${script}</script>`, `; script-src 'sha256-${hash}'`);
}
