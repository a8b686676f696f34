/** Why some declared calls are not served, and are not going to be soon: by path. */
export const REASONS: ReadonlyMap<string, string> = new Map(
  ["/v1/flow/start", "/v1/flow/next"].map((path) => [
    path,
    "flows are kept, checked and drawn, but not run: their screens and the behaviour of their actions are the real " +
      "service's alone. Sign in by the method's own call (otp, magiclink, password, oauth, webauthn) in its place",
  ]),
);
