import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDirectory } from "./package-directory.ts";

/** What belongs to the compiled page. */
export interface PageManifest {
  /** Paths of the files below the page's root, sorted. */
  readonly paths: readonly string[];
  /** Source expressions for `style-src`, e.g. `'sha256-…'`. */
  readonly styleHashes: readonly string[];
}

/** Folder of the compiled page, as `npm run build` writes it. */
export const pageDirectory = join(packageDirectory, "dist", "web");
/** Name of the manifest in that folder; it is not served. */
export const pageManifestName = "manifest.json";

/** Media types of the page's files, by extension. */
const contentTypes: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** How a file of the page is served. */
export interface PageFileHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Returns how a file of the page is served. @param path below the page's root */
export const getPageFileHeaders = (path: string): PageFileHeaders => ({
  contentType: contentTypes[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream",
  // The name of an asset changes with its content.
  cacheControl: path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache",
});

/** Reads index.html. @param policy content security policy of the document */
export const readPageDocument = (policy: string): string =>
  readFileSync(join(pageDirectory, "index.html"), "utf8").replace("CONTENT_SECURITY_POLICY", policy);

/** Reads the manifest of the compiled page. */
export const readPageManifest = (): PageManifest =>
  JSON.parse(readFileSync(join(pageDirectory, pageManifestName), "utf8"));
