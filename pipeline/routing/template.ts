/** A key's parts as a template sees them. */
interface KeyParts {
  readonly key: string;
  /** The folders below the route's prefix, with a trailing slash; empty for none. */
  readonly path: string;
  readonly name: string;
  /** As uploaded, without the dot; empty for none. */
  readonly ext: string;
}

/** Splits a key for a route's prefix. A leading dot does not make an extension. */
export const keyParts = (key: string, prefix: string): KeyParts => {
  const below = key.slice(prefix.length);
  const slash = below.lastIndexOf("/");
  const file = below.slice(slash + 1);
  const dot = file.lastIndexOf(".");
  const split = dot > 0 ? dot : file.length;
  return { key, path: below.slice(0, slash + 1), name: file.slice(0, split), ext: file.slice(split + 1) };
};

/** The lower-case extension that routes are matched by; empty for none. */
export const extensionOf = (key: string): string => keyParts(key, "").ext.toLowerCase();

const placeholder = /\{(key|path|name|ext)(?:\|([a-z0-9]+))?\}/g;

const value = (parts: KeyParts, field: string, kept: string | undefined): string => {
  if (field === "path") return parts.path;
  if (field === "ext") return parts.ext;
  const dotted = parts.ext === "" ? "" : `.${parts.ext}`;
  if (field === "key")
    return kept !== undefined && parts.ext.toLowerCase() === kept
      ? parts.key.slice(0, -dotted.length)
      : parts.key;
  if (kept === undefined || parts.ext.toLowerCase() === kept) return parts.name;
  return `${parts.name}${dotted}`;
};

/**
 * An output key from a route's template: `{path}`, `{name}`, `{ext}`, `{key}`, and `{name|mp4}` or `{key|mp4}`,
 * which keep the extension unless it is that one (in any case).
 */
export const renderTemplate = (template: string, key: string, prefix: string): string => {
  const parts = keyParts(key, prefix);
  return template.replace(placeholder, (_, field: string, kept: string | undefined) =>
    value(parts, field, kept),
  );
};

/** What of a template is not understood; undefined for a good one. */
export const templateProblem = (template: string): string | undefined => {
  const rest = template.replace(placeholder, "");
  if (/[{}]/.test(rest))
    return `has a placeholder that does not exist (known: {key}, {path}, {name}, {ext}, {name|EXT}, {key|EXT}), got: ${template}`;
  if (template.startsWith("/")) return `must not begin with a slash, got: ${template}`;
  return undefined;
};

/** What every key of a template begins with. */
export const literalPrefix = (template: string): string => template.slice(0, template.search(/\{|$/));
