import * as operations from "../../api/operations/auth-oauth.ts";
import { signedInUser } from "../auth/current-session.ts";
import type { Intent } from "../auth/start.ts";
import { requireMethod } from "../auth/settings.ts";
import { Transactions } from "../auth/transactions.ts";
import { missingArgument, unauthorized } from "../error.ts";
import { readIdToken } from "../federation/id-token.ts";
import { requireProvider } from "../federation/oauth-provider.ts";
import { exchangeCode, signInProved } from "../federation/proof.ts";
import {
  beginRequest,
  codeFor,
  codes,
  type Proved,
  type ProviderRequest,
  type StartInput,
} from "../federation/request.ts";
import { methodSettings, text } from "../project-settings.ts";
import { on, type Call, type InputOf, type Service } from "../service.ts";
import type { LoginOptions } from "../auth/sign-in.ts";

/** Signing in by providers such as Google, for which the emulator stands in. */
export const oauthService: Service = [
  on(operations.signUpOrIn, (input, call) => begin(call, input, "signUpOrIn")),
  on(operations.signIn, (input, call) => begin(call, input, "signIn")),
  on(operations.signUp, (input, call) => begin(call, input, "signUp")),
  on(operations.update, (input, call) =>
    begin(call, input, "update", input.allowAllMerge === true || input.allowAllMerge === "true"),
  ),
  on(operations.exchange, ({ code }, call) => exchangeCode(call, "oauth", code)),
  on(operations.startNative, ({ provider, loginOptions, implicit }, call) => {
    const { clientId } = enabledProvider(call, provider);
    const options = loginOptions ?? {};
    const base = baseOf(call, options);
    const nonce = call.project.ids.text(32);
    const stateId = natives.begin(call.project, { provider, options, nonce, ...base });
    return { clientId, stateId, nonce, implicit: implicit === true };
  }),
  on(operations.finishNative, ({ provider, stateId, idToken, code }, call) => {
    enabledProvider(call, provider);
    const begun = natives.take(call.project, stateId);
    if (begun === undefined || begun.provider !== provider)
      throw unauthorized("The stateId is not known, was finished before, or has expired");
    if (!idToken && !code) throw missingArgument("One of the fields idToken and code is required");
    const identity = idToken
      ? readIdToken(call, provider, idToken, begun.nonce)
      : identityOfCode(call, provider, code ?? "");
    return signInProved(call, { request: directly(begun), identity });
  }),
  on(operations.oneTapClientId, ({ provider }, call) => ({
    clientId: enabledProvider(call, provider).clientId,
  })),
  on(operations.verifyOneTap, (input, call) => ({ code: codeFor(call.project, byIdToken(call, input)) })),
  on(operations.exchangeOneTap, (input, call) => signInProved(call, byIdToken(call, input))),
];

/** A sign-in that an app does with the provider's own library. */
interface Native extends Pick<ProviderRequest, "options" | "base"> {
  readonly provider: string;
  readonly nonce: string;
}

const natives = new Transactions<Native>("nativeSignIn", 600_000);

function begin(
  call: Call,
  { provider: name, ...input }: StartInput & { readonly provider: string },
  intent: Intent | "update",
  merges = false,
): object {
  const provider = enabledProvider(call, name);
  return beginRequest(call, input, {
    provider: { kind: "oauth", name },
    intent,
    merges,
    settled: provider.redirectUrl || text(methodSettings(call.project, "oauth").redirectUrl),
  });
}

function enabledProvider(call: Call, name: string) {
  requireMethod(call.project, "oauth");
  return requireProvider(call.project, name);
}

type OneTapInput = InputOf<typeof operations.verifyOneTap>;

function byIdToken(call: Call, { provider, idToken, nonce, loginOptions }: OneTapInput): Proved {
  enabledProvider(call, provider);
  const options = loginOptions ?? {};
  const identity = readIdToken(call, provider, idToken, nonce || undefined);
  return { request: directly({ provider, options, ...baseOf(call, options) }), identity };
}

/** A request of an application that has been to the provider by itself. */
function directly({ provider, options, base }: Omit<Native, "nonce">): ProviderRequest {
  return {
    provider: { kind: "oauth", name: provider },
    intent: "signUpOrIn",
    redirectUrl: "",
    options,
    ...(base === undefined ? {} : { base }),
  };
}

function baseOf(call: Call, { stepup, mfa }: LoginOptions): Pick<ProviderRequest, "base"> {
  if (stepup !== true && mfa !== true) return {};
  const { session, user } = signedInUser(call);
  return { base: { sessionId: session.id, userId: user.userId } };
}

/** Whom a provider's own code is for: the emulated provider makes one with each id token. */
function identityOfCode(call: Call, provider: string, code: string) {
  const found = codes.find(call.project, code);
  const named = found?.request.provider;
  if (found === undefined || named?.kind !== "oauth" || named.name !== provider)
    throw unauthorized("The code is not one of this provider, was used, or has expired");
  codes.take(call.project, code);
  return found.identity;
}
