import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDirectory } from "./package-directory.ts";

/** What belongs to the compiled page. */
export interface PageManifest {
  /** Paths of the assets below the page's root, sorted. */
  readonly assets: readonly string[];
  /** Source expressions for `style-src`, e.g. `'sha256-…'`. */
  readonly styleHashes: readonly string[];
}

/** Folder of the compiled page, as `npm run build` writes it. */
export const pageDirectory = join(packageDirectory, "dist", "web");
/** Path of the manifest of the compiled page, which is not served. */
export const pageManifestPath = join(packageDirectory, "dist", "page-manifest.json");
/** What index.html has in the place of its content security policy, which differs between servers. */
export const pagePolicyPlaceholder = "CONTENT_SECURITY_POLICY";

/** Media types of the page's files, by extension. */
export const pageContentTypes = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
} as const satisfies Readonly<Record<string, string>>;

/** How long browsers may keep the page's files. The name of an asset changes with its content. */
export const pageCacheControl = {
  asset: "public, max-age=31536000, immutable",
  document: "no-cache",
} as const;

/** Reads index.html. @param policy content security policy of the document */
export const readPageDocument = (policy: string): string =>
  readFileSync(join(pageDirectory, "index.html"), "utf8").replace(pagePolicyPlaceholder, policy);

/** Reads the manifest of the compiled page. */
export const readPageManifest = (): PageManifest => JSON.parse(readFileSync(pageManifestPath, "utf8"));
