declare const VERSION: string | undefined;

/** The program's version, put in by the build. */
export const version: string = typeof VERSION === "string" ? VERSION : "0.0.0-dev";
