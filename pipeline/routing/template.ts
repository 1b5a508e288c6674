/** Parts of a key for a template. */
interface KeyParts {
  readonly key: string;
  /** Folders after the route's prefix, with a trailing slash; may be empty. */
  readonly path: string;
  readonly name: string;
  /** As uploaded, without the dot; may be empty. */
  readonly ext: string;
}

/** Splits a key after a route's prefix. A leading dot does not start an extension. */
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

/** Extension of a key in lower case, for matching routes; may be empty. */
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
 * Renders an output key from a route's template with `{path}`, `{name}`, `{ext}`, `{key}`. `{name|mp4}` and `{key|mp4}`
 * keep the extension unless it is mp4, ignoring case.
 */
export const renderTemplate = (template: string, key: string, prefix: string): string => {
  const parts = splitKey(key, prefix);
  return template.replace(placeholder, (_, field: string, removableExtension: string | undefined) =>
    resolvePlaceholder(parts, field, removableExtension),
  );
};

/** Describes what is wrong with a template; undefined if it is valid. */
export const findTemplateProblem = (template: string): string | undefined => {
  const rest = template.replace(placeholder, "");
  if (/[{}]/.test(rest))
    return `has an unknown placeholder (valid: {key}, {path}, {name}, {ext}, {name|EXT}, {key|EXT}), got: ${template}`;
  if (template.startsWith("/")) return `must not begin with a slash, got: ${template}`;
  return undefined;
};

/** The prefix of every key of a template, up to its first placeholder. */
export const getLiteralPrefix = (template: string): string => template.slice(0, template.search(/\{|$/));
