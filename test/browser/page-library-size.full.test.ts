import { expect } from "chai";
import * as z from "zod";
import { seedVideos } from "../../bench/seed-videos.ts";
import { findCard } from "./library-page.ts";
import { expectAccessible, openPageSite, type PageSite, type PageTab } from "./page-site.ts";

const videoCount = 10_000;
/** A window of 1360 × 900 pixels shows about 16 cards. */
const maxCards = 60;

describe("the library with 10,000 videos", function () {
  this.timeout(400_000);
  let site: PageSite;
  let tab: PageTab;
  before(async () => {
    site = await openPageSite();
    await site.restart((data) => seedVideos(data, videoCount));
    tab = await site.open("/", { viewport: { width: 1360, height: 900 } });
  });
  after(() => site?.close());

  const countCards = () => tab.page.getByRole("listitem").count();

  it("loads all of them while the user scrolls, with few cards in the document", async () => {
    const { page, failures } = tab;
    await findCard(page, "lesson 9999").waitFor();
    const counts = page.locator(".library-count p");
    for (
      let text = await counts.textContent();
      text?.includes("more below");
      text = await counts.textContent()
    ) {
      await page.keyboard.press("End");
      await page.locator(".library-count p", { hasNotText: new RegExp(`^${text}`) }).waitFor();
      expect(await countCards()).to.be.within(1, maxCards);
    }
    await page.keyboard.press("End");
    await findCard(page, "lesson 0").waitFor();
    await page.getByText("10,000 videos", { exact: true }).waitFor();
    expect(await findCard(page, "lesson 0").getAttribute("aria-posinset")).to.equal("10000");
    expect(await findCard(page, "lesson 0").getAttribute("aria-setsize")).to.equal("10000");
    await expectAccessible(page);
    expect(failures).to.deep.equal([]);
  });

  it("selects, scrolls and searches without a task that blocks the page", async () => {
    const { page, failures } = tab;
    await page.evaluate(`{
      globalThis.longTasks = [];
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) globalThis.longTasks.push(duration);
      }).observe({ type: "longtask" });
    }`);
    const findCheckbox = (title: string) =>
      page.getByRole("checkbox", { name: `Select ${title}`, exact: true });
    await page.keyboard.press("Home");
    await findCheckbox("lesson 9999").check();
    await findCheckbox("lesson 9994").click({ modifiers: ["Shift"] });
    await page.getByText("6 videos selected").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Home");
    await page.getByRole("button", { name: "Select all 10,000" }).click();
    await page.getByText("10,000 videos selected").waitFor();
    await page.getByRole("button", { name: "Clear the selection" }).click();
    for (let step = 0; step < 10; step += 1) await page.mouse.wheel(0, 800);
    await page.getByRole("searchbox").fill("lesson 777");
    await page.getByText("11 videos", { exact: true }).waitFor();
    const longTasks = z.array(z.number()).parse(await page.evaluate("globalThis.longTasks"));
    // The bench `page` measures times; a task of a list that renders all cards takes seconds.
    expect(Math.max(0, ...longTasks)).to.be.lessThan(500);
    expect(failures).to.deep.equal([]);
  });

  it("comes back from a video to the same place", async () => {
    const { page, failures } = tab;
    await page.getByRole("searchbox").fill("");
    await page.getByText("10,000 videos", { exact: true }).waitFor();
    await page.evaluate("window.scrollTo(0, 100000)");
    const card = page.getByRole("listitem").nth(20);
    await findCard(page, "lesson 9999").waitFor({ state: "detached" });
    const title = (await card.getByRole("link").textContent()) ?? "";
    await card.getByRole("link").click();
    await page.waitForURL("**/watch/*");
    await page.goBack();
    await findCard(page, title).waitFor();
    const scrollTop = z.number().parse(await page.evaluate("window.scrollY"));
    expect(scrollTop).to.be.greaterThan(50_000);
    expect(await countCards()).to.be.within(1, maxCards);
    expect(failures).to.deep.equal([]);
  });
});
