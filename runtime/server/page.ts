import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import {
  getPageFileHeaders,
  pageDirectory,
  readPageDocument,
  readPageManifest,
} from "../../build/page-files.ts";
import { isNavigation } from "../../lambdas/api/authentication.ts";
import { buildPagePolicy, isViewPath, pageHeaderPolicy } from "../../pipeline/api/page.ts";

const toHeaders = (path: string) => {
  const { contentType, cacheControl } = getPageFileHeaders(path);
  return {
    "content-type": contentType,
    "cache-control": cacheControl,
    "content-security-policy": pageHeaderPolicy,
    "x-frame-options": "DENY",
  };
};

/** Serves the page: its assets, and its document at the paths of its views. */
export const createPage = () => {
  const { paths, styleHashes } = readPageManifest();
  const assets = new Set(paths.filter((path) => path.startsWith("assets/")));
  const document = readPageDocument(buildPagePolicy({ styleHashes }));
  const respond = (status: 200 | 404): Response =>
    new Response(document, { status, headers: toHeaders("index.html") });
  const app = new Hono();
  app.get("/assets/*", async ({ req }, next) => {
    const path = req.path.slice(1);
    return assets.has(path)
      ? new Response(await readFile(join(pageDirectory, path)), { headers: toHeaders(path) })
      : next();
  });
  app.get("*", (context, next) => (isViewPath(context.req.path) ? Promise.resolve(respond(200)) : next()));
  return {
    app,
    /** Responds to a browser that opens a path that does not exist. */
    respondNotFound: (context: Parameters<typeof isNavigation>[0]): Response | undefined =>
      isNavigation(context) ? respond(404) : undefined,
  };
};
