/** What comes from outside has no type until somebody checks it; the library gives it the type that nothing is checked of. */
interface JSON {
  parse(text: string, reviver?: (this: unknown, key: string, value: unknown) => unknown): unknown;
}

interface Body {
  json(): Promise<unknown>;
}

interface Response {
  json(): Promise<unknown>;
}
