import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import blankTypes from "ts-blank-space";

/**
 * Loads TypeScript with blanks in place of its types. Every character stays where it was, so coverage is counted
 * on the source itself; source maps of compiled code count lines as missed that ran.
 *
 * @type {import("node:module").LoadHook}
 */
export const load = async (url, context, next) => {
  // Packages made for bundlers import JSON without saying that it is JSON.
  if (url.endsWith(".json"))
    return next(url, { ...context, importAttributes: { ...context.importAttributes, type: "json" } });
  if (!url.endsWith(".ts") || url.includes("/node_modules/")) return next(url, context);
  const path = fileURLToPath(url);
  const source = blankTypes(await readFile(path, "utf8"), (node) => {
    throw new SyntaxError(`${path}: this TypeScript has no JavaScript under its types: ${node.getText()}`);
  });
  return { format: "module", source, shortCircuit: true };
};
