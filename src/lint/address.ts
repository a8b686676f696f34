/** An `http://` address of another machine; undefined for any other text. Placeholders in it are no harm. */
export function cleartextHost(text: string): string | undefined {
  const host = /^http:\/\/(\[[0-9a-f:]+\]|[^/:?#\s]+)/i.exec(text.trim())?.[1]?.toLowerCase();
  if (host === undefined || host.includes("{{")) return undefined;
  return isThisMachine(host) ? undefined : host;
}

/** True for the names of the machine itself. */
export function isThisMachine(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    host === "0.0.0.0" ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}
