/** The address that an emulator listens on which was told no other: this machine's alone. */
export const DEFAULT_HOST = "127.0.0.1";

/** Its port. */
export const DEFAULT_PORT = 8400;

/** Where it is reached. */
export const DEFAULT_URL = `http://${DEFAULT_HOST}:${DEFAULT_PORT}`;
