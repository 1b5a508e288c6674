const maxLength = 200;

/**
 * Shortens a URL for messages and logs to its origin and path, at most 200 characters. A query or a fragment may contain
 * a token, the part before the host a password, and a `data:` URL a key.
 */
export const shortenUrl = ({ protocol, origin, pathname }: URL): string => {
  if (origin === "null") return `${protocol}…`;
  const text = `${origin}${pathname}`;
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
};
