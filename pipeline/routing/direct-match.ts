import type { Route } from "./route.ts";
import { getExtension } from "./template.ts";

/** Spellings of an extension that the pattern of a rule lists: lower case, upper case, capitalized. */
export const listSpellings = (extension: string): readonly string[] => [
  ...new Set([
    extension,
    extension.toUpperCase(),
    `${extension.slice(0, 1).toUpperCase()}${extension.slice(1)}`,
  ]),
];

/**
 * True if a key may pass through EventBridge's input transformer, which does not escape the values that it inserts (user
 * guide, "Input transformation"): a quotation mark or a backslash could change the task's overrides. Control characters
 * are not valid in JSON.
 */
export const isSafeInTemplate = (key: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
  !/["\\<>\u0000-\u001f\u007f]/.test(key);

/**
 * True if EventBridge starts the task of an upload of this route. The router starts all other uploads of the route: those
 * whose extension is spelled in another way, and those with a key that must not pass through the input transformer.
 */
export const isStartedDirectly = (
  { trigger, prefix, extensions }: Pick<Route, "trigger" | "prefix" | "extensions">,
  key: string,
): boolean =>
  trigger === "eventbridge" &&
  key.startsWith(prefix) &&
  extensions.includes(getExtension(key)) &&
  isSafeInTemplate(key) &&
  // Without a prefix, the pattern is a suffix, which ignores case.
  (prefix === "" ||
    extensions.some((extension) =>
      listSpellings(extension).some((spelling) => key.endsWith(`.${spelling}`)),
    ));
