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
export const splitKey = (key: string, prefix: string): KeyParts => {
  const relativeKey = key.slice(prefix.length);
  const slash = relativeKey.lastIndexOf("/");
  const file = relativeKey.slice(slash + 1);
  const dot = file.lastIndexOf(".");
  const nameEnd = dot > 0 ? dot : file.length;
  return {
    key,
    path: relativeKey.slice(0, slash + 1),
    name: file.slice(0, nameEnd),
    ext: file.slice(nameEnd + 1),
  };
};

/** The lower-case extension that routes are matched by; empty for none. */
export const getExtension = (key: string): string => splitKey(key, "").ext.toLowerCase();

const placeholder = /\{(key|path|name|ext)(?:\|([a-z0-9]+))?\}/g;

const resolvePlaceholder = (
  parts: KeyParts,
  field: string,
  removableExtension: string | undefined,
): string => {
  if (field === "path") return parts.path;
  if (field === "ext") return parts.ext;
  const suffix = parts.ext === "" ? "" : `.${parts.ext}`;
  if (field === "key")
    return removableExtension !== undefined && parts.ext.toLowerCase() === removableExtension
      ? parts.key.slice(0, -suffix.length)
      : parts.key;
  if (removableExtension === undefined || parts.ext.toLowerCase() === removableExtension) return parts.name;
  return `${parts.name}${suffix}`;
};

/**
 * An output key from a route's template: `{path}`, `{name}`, `{ext}`, `{key}`, and `{name|mp4}` or `{key|mp4}`,
 * which keep the extension unless it is that one (in any case).
 */
export const renderTemplate = (template: string, key: string, prefix: string): string => {
  const parts = splitKey(key, prefix);
  return template.replace(placeholder, (_, field: string, removableExtension: string | undefined) =>
    resolvePlaceholder(parts, field, removableExtension),
  );
};

/** What of a template is not understood; undefined for a good one. */
export const findTemplateProblem = (template: string): string | undefined => {
  const rest = template.replace(placeholder, "");
  if (/[{}]/.test(rest))
    return `has a placeholder that does not exist (known: {key}, {path}, {name}, {ext}, {name|EXT}, {key|EXT}), got: ${template}`;
  if (template.startsWith("/")) return `must not begin with a slash, got: ${template}`;
  return undefined;
};

/** What every key of a template begins with. */
export const getLiteralPrefix = (template: string): string => template.slice(0, template.search(/\{|$/));
