import { createHash } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";

/** Minimal DOM in which media-chrome's modules define their elements. */
const environment = `{
  class EventTarget { addEventListener() {} removeEventListener() {} dispatchEvent() { return true; } }
  class Node extends EventTarget {}
  class Element extends Node {}
  class HTMLElement extends Element {}
  const templates = [];
  const elements = new Map();
  Object.assign(globalThis, {
    EventTarget, Node, Element, HTMLElement, templates, elements,
    DocumentFragment: class extends Node {},
    ResizeObserver: class { observe() {} disconnect() {} },
    MutationObserver: class { observe() {} disconnect() {} },
    DOMParser: class {},
    CustomEvent: class {},
    window: globalThis,
    navigator: { languages: [], language: "en", userAgent: "" },
    localStorage: { getItem: () => null, setItem() {} },
    getComputedStyle: () => ({}),
    matchMedia: (media) => ({ media, matches: false, addEventListener() {} }),
    document: {
      addEventListener() {},
      createElement() {
        const element = new HTMLElement();
        templates.push(element);
        return element;
      },
    },
    customElements: {
      define: (name, element) => elements.set(name, element),
      get: (name) => elements.get(name),
      whenDefined: async () => {},
    },
  });
}
`;

/** Reads the HTML of all elements that the bundle has defined. */
const readTemplates = `JSON.stringify([
  ...[...elements.values()].map((element) => element.getTemplateHTML?.({}, {})),
  ...templates.map(({ innerHTML }) => innerHTML),
].filter((html) => typeof html === "string"))`;

/**
 * Lists the hashes of the style blocks of the player's elements, for `style-src` of the page's content security policy.
 * The elements write them as HTML into their shadow roots, so a browser applies only those that the policy names.
 *
 * @param root folder of `web/` and `node_modules/`
 * @returns source expressions, e.g. `'sha256-…'`, sorted
 */
export const collectStyleHashes = async (root: string): Promise<readonly string[]> => {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["web/player/elements.ts"],
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "silent",
  });
  const context = createContext({ AbortController, Event, console, setTimeout, clearTimeout });
  runInContext(`${environment}${outputFiles[0]?.text ?? ""}`, context);
  const templates: unknown = JSON.parse(String(runInContext(readTemplates, context)));
  const html = Array.isArray(templates) ? templates.join("\n") : "";
  const styles = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, style = ""]) => style);
  if (styles.length === 0)
    throw new Error("The player's elements have no style block: media-chrome has changed.");
  return [
    ...new Set(styles.map((style) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`)),
  ].sort();
};
