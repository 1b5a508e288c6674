import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import * as z from "zod";

const played = z.object({
  /** Errors of hls.js, fatal or not. */
  errors: z.array(z.string()),
  /** Seconds. */
  duration: z.number(),
  endedAt: z.number(),
  /** Pixels of the rendition that was played last. */
  height: z.number(),
  /** Renditions that the player found. */
  levels: z.number(),
  frames: z.number(),
});
/** The result of playing a playlist. */
export type PlaybackResult = z.infer<typeof played>;

/** Plays a multivariant playlist through hls.js to its last frame. */
export const playHls = async (browser: Browser, url: string): Promise<PlaybackResult> => {
  const page = await browser.newPage();
  try {
    // A page of the media's own origin: no request is cross-origin.
    await page.route("**/player.html", (route) =>
      route.fulfill({ contentType: "text/html", body: "<!doctype html><video muted></video>" }),
    );
    await page.goto(new URL("/player.html", url).href);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("hls.js/dist/hls.min.js") });
    await page.addScriptTag({ path: join(import.meta.dirname, "player.js") });
    return played.parse(await page.evaluate(`playToEnd(${JSON.stringify(url)})`));
  } finally {
    await page.close();
  }
};
