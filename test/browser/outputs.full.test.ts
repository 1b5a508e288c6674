import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import * as z from "zod";
import { makeClip } from "../e2e/program.ts";
import { type ServedApp, serveApp } from "../runtime/server/serve-app.ts";
import { openBrowser } from "./browser.ts";

const seconds = 2;

/** Serves one page from its own origin. */
const servePage = async (): Promise<{ server: Server; origin: string }> => {
  const server = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><a></a>"),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { server, origin: `http://127.0.0.1:${port}` };
};

/** In a page: the result of loading a video. */
const loadVideo = (url: string, crossOrigin: boolean) => `new Promise((resolve) => {
  const video = document.createElement("video");
  if (${crossOrigin}) video.crossOrigin = "anonymous";
  video.onloadeddata = () => resolve("loaded");
  video.onerror = () => resolve("failed");
  video.src = ${JSON.stringify(url)};
})`;

/** In a page: the result of a fetch. */
const fetchText = (url: string, init: object = {}) =>
  `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then(
    async (answer) => answer.status + " " + answer.headers.get("content-range") + " " + (await answer.arrayBuffer()).byteLength,
    () => "refused")`;

describe("outputs in a browser", function () {
  this.timeout(120_000);
  let browser: Browser;
  let app: ServedApp;
  let film: string;
  let foreignOrigin: Awaited<ReturnType<typeof servePage>>;
  let allowed: Awaited<ReturnType<typeof servePage>>;
  let lists = 0;
  before(async () => {
    [foreignOrigin, allowed, browser] = await Promise.all([servePage(), servePage(), openBrowser()]);
    const list = async () => {
      lists += 1;
      return { jobs: [] };
    };
    app = await serveApp({ control: { list }, listen: { allowedOrigins: [allowed.origin] } });
    const path = join(app.root, "film.mp4");
    await makeClip(path, seconds);
    await app.objects.write(
      { bucket: "output", key: "film.mp4" },
      { file: path },
      { contentType: "video/mp4" },
    );
    film = `http://127.0.0.1:${app.server.port}/output/film.mp4`;
  });
  after(async () => {
    await browser.close();
    for (const { server } of [foreignOrigin, allowed]) server.close();
    await app.close();
  });

  const on = async <Answer>(origin: string, act: (page: Page) => Promise<Answer>): Promise<Answer> => {
    const page = await browser.newPage();
    try {
      await page.goto(origin);
      return await act(page);
    } finally {
      await page.close();
    }
  };
  /** Seconds of the video shown by the browser, once it can be played. */
  const playedSeconds = async (page: Page): Promise<number> => {
    await page.waitForFunction("document.querySelector('video')?.readyState >= 2");
    return z.number().parse(await page.evaluate("document.querySelector('video').duration"));
  };

  it("plays a video opened by its address", async () => {
    expect(await on(film, playedSeconds)).to.be.closeTo(seconds, 0.25);
  });

  it("plays a video opened by a link of another site, also after a reload", async () => {
    const played = await on(foreignOrigin.origin, async (page) => {
      await page.evaluate(
        `Object.assign(document.querySelector("a"), { href: "${film}", textContent: "film" })`,
      );
      await page.click("a");
      await page.waitForURL(film);
      const first = await playedSeconds(page);
      await page.reload();
      return [first, await playedSeconds(page)];
    });
    for (const duration of played) expect(duration).to.be.closeTo(seconds, 0.25);
  });

  it("gives a page of another origin nothing by fetch, video element or no-cors request", async () => {
    const jobs = new URL("/jobs", film).href;
    lists = 0;
    await on(foreignOrigin.origin, async (page) => {
      for (const url of [film, jobs]) expect(await page.evaluate(fetchText(url)), url).to.equal("refused");
      for (const crossOrigin of [true, false])
        expect(await page.evaluate(loadVideo(film, crossOrigin))).to.equal("failed");
      await page.evaluate(fetchText(jobs, { mode: "no-cors" }));
    });
    expect(lists).to.equal(0);
  });

  it("lets a page of an allowed origin read and play", async () => {
    await on(allowed.origin, async (page) => {
      const rangeResponse = await page.evaluate(fetchText(film, { headers: { range: "bytes=0-9" } }));
      expect(rangeResponse).to.match(/^206 bytes 0-9\/\d+ 10$/);
      expect(await page.evaluate(loadVideo(film, true))).to.equal("loaded");
      const abort = new URL("/s3/multipart/none?key=a.mp4", film).href;
      expect(await page.evaluate(fetchText(abort, { method: "DELETE" }))).to.match(/^404 /);
    });
  });
});
