import { expect } from "bun:test";
import type { Answer, TestEmulator } from "./emulator.ts";

/** The sign-in calls of an emulator, as a browser or an application makes them. */
export interface SignInClient {
  /** Sends a call with the project alone, or with a token or key behind it. */
  call(path: string, body?: unknown, token?: string, method?: string): Promise<Answer>;
  /** The same, and the body alone. @throws when the status is another than 200. */
  ok(path: string, body?: unknown, token?: string): Promise<any>;
  /** The same for a refusal: its status and code are checked. */
  refused(status: number, code: string, path: string, body?: unknown, token?: string): Promise<any>;
  /** What was sent last to a login id. */
  sent(loginId: string): Promise<any>;
  /** Opens a session by a password, for a user who is made on the way. */
  session(loginId: string, options?: object): Promise<any>;
  /** A call of the emulator's own. */
  control(method: string, path: string, body?: unknown): Promise<any>;
  /** Moves time on by seconds. */
  advance(seconds: number): Promise<void>;
}

/** A password that the policy of a new project takes. */
export const PASSWORD = "Correct-Horse-1";

export function signInClient(emulator: TestEmulator, project = emulator.project): SignInClient {
  const call: SignInClient["call"] = (path, body, token, method) =>
    emulator.call(path, body, {
      authorization: `Bearer ${project}${token === undefined ? "" : `:${token}`}`,
      ...(method === undefined ? {} : { method }),
    });
  const ok: SignInClient["ok"] = async (path, body, token) => {
    const { status, body: content } = await call(path, body, token);
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(content)}`);
    return content;
  };
  const control: SignInClient["control"] = async (method, path, body) => {
    const { status, body: content } = await emulator.call(`/_emulator/${path}`, body, { method });
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
      return messages.at(-1);
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
export function claimsOf(token: string): any {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** What a token's header says. */
export function headerOf(token: string): any {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

/** What stands behind `t=` in a link. */
export function tokenOf(link: string): string {
  return new URL(link).searchParams.get("t") ?? "";
}
