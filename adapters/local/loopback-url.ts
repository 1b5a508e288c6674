const loopbackHosts = ["127.0.0.1", "localhost", "[::1]"];

/** Normalizes an HTTP URL on loopback; undefined for any other URL. */
export const parseLoopbackUrl = (text: string): string | undefined => {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(text);
  return protocol === "http:" && loopbackHosts.includes(hostname) && `${username}${password}` === ""
    ? href
    : undefined;
};
