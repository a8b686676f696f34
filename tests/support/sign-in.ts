import { expect } from "bun:test";
import type { Answer, TestEmulator } from "./emulator.ts";
import type { Claims, Data, Message, Reply } from "./replies.ts";

/** The sign-in calls of an emulator, as a browser or an application makes them. */
export interface SignInClient {
  /** Sends a call with the project alone, or with a token or key behind it. */
  call<R = Reply>(path: string, body?: unknown, token?: string, method?: string): Promise<Answer<R>>;
  /** The same, and the body alone. @throws when the status is another than 200. */
  ok<R = Reply>(path: string, body?: unknown, token?: string): Promise<R>;
  /** The same for a refusal: its status and code are checked. */
  refused(status: number, code: string, path: string, body?: unknown, token?: string): Promise<Reply>;
  /** What was sent last to a login id. @throws when nothing was. */
  sent(loginId: string): Promise<Message>;
  /** Opens a session by a password, for a user who is made on the way. */
  session(loginId: string, options?: object): Promise<Reply>;
  /** A call of the emulator's own. */
  control<R = Reply>(method: string, path: string, body?: unknown): Promise<R>;
  /** Moves time on by seconds. */
  advance(seconds: number): Promise<void>;
}

/** A password that the policy of a new project takes. */
export const PASSWORD = "Correct-Horse-1";

export function signInClient(emulator: TestEmulator, project = emulator.project): SignInClient {
  const call = <R = Reply>(path: string, body?: unknown, token?: string, method?: string) =>
    emulator.call<R>(path, body, {
      authorization: `Bearer ${project}${token === undefined ? "" : `:${token}`}`,
      ...(method === undefined ? {} : { method }),
    });
  const ok = async <R = Reply>(path: string, body?: unknown, token?: string) => {
    const { status, body: content } = await call<R>(path, body, token);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(content)}`);
    return content;
  };
  const control = async <R = Reply>(method: string, path: string, body?: unknown) => {
    const { status, body: content } = await emulator.call<R>(`/_emulator/${path}`, body, { method });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(content)}`);
    return content;
  };
  return {
    call,
    ok,
    control,
    async refused(status, code, path, body, token) {
      const answer = await call(path, body, token);
      expect({ status: answer.status, code: answer.body.errorCode, path }).toEqual({ status, code, path });
      expect(answer.body.errorDescription).toBeString();
      return answer.body;
    },
    async sent(loginId) {
      const { messages } = await control("GET", `messages?loginId=${encodeURIComponent(loginId)}`);
      const last = messages.at(-1);
      if (last === undefined) throw new Error(`Nothing was sent to ${loginId}`);
      return last;
    },
    async session(loginId, options = {}) {
      await emulator.ok(
        "/v1/mgmt/user/create",
        { loginId, ...options },
        { authorization: `Bearer ${project}:${emulator.managementKey}` },
      );
      await emulator.ok(
        "/v1/mgmt/user/password/set/active",
        { loginId, password: PASSWORD },
        { authorization: `Bearer ${project}:${emulator.managementKey}` },
      );
      return ok("/v1/auth/password/signin", { loginId, password: PASSWORD });
    },
    async advance(seconds) {
      await control("POST", "clock", { advance: seconds });
    },
  };
}

/** What a token says, unchecked. */
export function claimsOf(token: string): Claims {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as Claims;
}

/** What a token's header says. */
export function headerOf(token: string): Data {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()) as Data;
}

/** What stands behind `t=` in a link. */
export function tokenOf(link: string): string {
  return new URL(link).searchParams.get("t") ?? "";
}
