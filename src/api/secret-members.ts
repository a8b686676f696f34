/**
 * Names of members that hold a secret in the files of connectors, providers and outbound apps. They are compared without regard to
 * case.
 */
export const SECRET_MEMBERS: readonly string[] = [
  "clientSecret",
  "secretKey",
  "secret",
  "password",
  "bearerToken",
  "token",
  "apiKey",
  "apiSecret",
  "authToken",
  "accessToken",
  "refreshToken",
  "privateKey",
  "signingKey",
  "signingSecret",
  "hmacSecret",
  "webhookSecret",
  "serviceAccountKey",
  "accessKeySecret",
  "secretAccessKey",
];
