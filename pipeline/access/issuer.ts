const isLoopback = ({ hostname }: URL): boolean => ["127.0.0.1", "[::1]", "localhost"].includes(hostname);

/** Checks the URL of an issuer: https, or http on loopback. Returns undefined if it is not valid. */
export const parseIssuer = (text: string): URL | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url))) &&
    [url.search, url.hash, url.username, url.password].every((part) => part === "") &&
    !url.pathname.includes("/.well-known/")
    ? url
    : undefined;
};
