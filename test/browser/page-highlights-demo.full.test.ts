import { expect } from "chai";
import type { Browser } from "playwright-core";
import * as z from "zod";
import { openBrowser } from "./browser.ts";
import { type HighlightsDemo, startHighlightsDemo } from "./highlights-demo-program.ts";
import { expectAccessible } from "./page-site.ts";

const documentSchema = z.object({
  appearances: z.array(z.object({ clip: z.object({ durationSeconds: z.number() }) })),
});
/** How a clip was played, in the page. */
const playedSchema = z.object({ seconds: z.number(), duration: z.number() });

describe("the highlights of the demo", function () {
  this.timeout(240_000);
  let browser: Browser;
  let demo: HighlightsDemo | undefined;
  before(async () => {
    browser = await openBrowser();
  });
  after(async () => {
    await demo?.stop();
    await browser.close();
  });

  it("appear in the page while the channel runs, and a clip plays to its end", async () => {
    demo = await startHighlightsDemo();
    const page = await browser.newPage();
    const [failures, requestedPaths]: [string[], string[]] = [[], []];
    page.on("pageerror", (error) => failures.push(error.message));
    page.on("request", (request) => {
      const { pathname } = new URL(request.url());
      if (/^\/channels/.test(pathname)) requestedPaths.push(pathname);
    });
    await page.goto(demo.address);
    await page.evaluate("window.marker = 'same document'");
    const section = (name: string) => page.getByRole("region", { name, exact: true });
    const timeout = { timeout: 120_000 };

    const cards = section("Clips").getByRole("heading", { level: 3 });
    await page.getByText("Live", { exact: true }).waitFor(timeout);
    await cards.first().waitFor(timeout);
    await section("Labels").getByRole("link", { name: "Person" }).waitFor(timeout);
    await page.getByText("Ended", { exact: true }).waitFor(timeout);
    const plays = section("Clips").getByRole("link", { name: /^Play / });
    await plays.nth(3).waitFor(timeout);
    expect(await cards.allTextContents()).to.deep.equal(["Cup", "Person", "Cup", "Person"]);
    await expectAccessible(page);

    await plays.first().click();
    // A source that is set just after `play` would interrupt it.
    await page.locator("video[src]").waitFor();
    const played = playedSchema.parse(
      await page.evaluate(`new Promise((resolve, reject) => {
        const video = document.querySelector("video");
        video.addEventListener("ended", () =>
          resolve({ seconds: video.currentTime, duration: video.duration }));
        video.addEventListener("error", () => reject(video.error));
        video.play().catch(reject);
      })`),
    );
    await demo.finished;
    const { appearances } = documentSchema.parse(JSON.parse(await demo.stop()));
    demo = undefined;

    const newest = appearances.at(-1)?.clip.durationSeconds ?? 0;
    expect(played.seconds).to.be.closeTo(played.duration, 0.05);
    expect(played.duration).to.be.closeTo(newest, 0.05);
    expect(await page.evaluate("window.marker")).to.equal("same document");
    expect([...new Set(requestedPaths)]).to.deep.equal(["/channels", "/channels/demo/highlights"]);
    expect(failures).to.deep.equal([]);
  });
});
