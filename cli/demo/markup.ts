/** Escapes a text for HTML elements and quoted attributes. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** Converts a relative path to a relative URL for a quoted attribute. */
export const toRelativeUrl = (path: string): string => {
  const url = path
    .split(/[\\/]/)
    .map((segment) => encodeURIComponent(segment).replaceAll("'", "%27"))
    .join("/");
  return url.startsWith(".") || url.startsWith("/") ? url : `./${url}`;
};
