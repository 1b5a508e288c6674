import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { type Context, Hono } from "hono";
import {
  pageCacheControl,
  pageContentTypes,
  pageDirectory,
  readPageDocument,
  readPageManifest,
} from "../../build/page-files.ts";
import { isNavigation } from "../../lambdas/api/authentication.ts";
import { buildPagePolicy, isViewPath, pageHeaderPolicy } from "../../pipeline/api/page.ts";

const contentTypes: Readonly<Record<string, string>> = pageContentTypes;

const buildHeaders = (path: string, cacheControl: string) => ({
  "content-type": contentTypes[extname(path).slice(1)] ?? "application/octet-stream",
  "cache-control": cacheControl,
  "content-security-policy": pageHeaderPolicy,
  "x-frame-options": "DENY",
});

/** Reads an asset; undefined if another version of the page has replaced it since the start. */
const readAsset = (path: string): Promise<Buffer | undefined> =>
  readFile(join(pageDirectory, path)).catch(() => undefined);

/** Serves the page: its assets, and its document at the paths of its views. */
export const createPage = () => {
  const manifest = readPageManifest();
  const assets = new Set(manifest.assets);
  const document = readPageDocument(buildPagePolicy(manifest));
  const respond = (status: 200 | 404): Response =>
    new Response(document, { status, headers: buildHeaders("index.html", pageCacheControl.document) });
  const app = new Hono();
  app.get("/assets/*", async ({ req }, next) => {
    const path = req.path.slice(1);
    const content = assets.has(path) ? await readAsset(path) : undefined;
    if (content === undefined) return next();
    return new Response(content, { headers: buildHeaders(path, pageCacheControl.asset) });
  });
  app.get("*", async ({ req }, next) => (isViewPath(req.path) ? respond(200) : next()));
  return {
    app,
    /** Responds to a browser that opens a path that does not exist; undefined for programs. */
    respondNotFound: (context: Context): Response | undefined =>
      isNavigation(context) ? respond(404) : undefined,
  };
};
